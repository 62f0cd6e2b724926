"""Dates as bibliographic records print them, in ISO 8601 at the precision that is given."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["iso_date", "loose_date"]

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_LOOSE: Final = re.compile(r"(1[5-9]\d\d|20\d\d)(?:[\s/.-]+([A-Za-z]{3,9}|\d{1,2}))?(?:[\s/.-]+(\d{1,2})\b)?")
_COMPACT: Final = re.compile(r"((?:1[5-9]|20)\d\d)(\d\d)(\d\d)")


def iso_date(year: str, month: str = "", day: str = "") -> str:
    """``iso_date("2019", "Mar", "5")`` is ``"2019-03-05"``; parts that are missing or wrong are left out.

    >>> iso_date("2019", "Spring"), iso_date("", "3")
    ('2019', '')
    """
    if not re.fullmatch(r"1[5-9]\d\d|20\d\d", year):
        return ""
    number = int(month) if month.isdecimal() and len(month) <= 2 else _MONTHS.get(month[:3].lower(), 0)
    if not 1 <= number <= 12:
        return year
    if not (day.isdecimal() and len(day) <= 2 and 1 <= int(day) <= 31):
        return f"{year}-{number:02}"
    return f"{year}-{number:02}-{int(day):02}"


def loose_date(text: str) -> str:
    """The first date in free text, such as ``"1998 Dec-1999 Jan"``, ``"2019/03/05/"`` or ``"20190305"``.

    >>> loose_date("1998 Dec-1999 Jan"), loose_date("20190305")
    ('1998-12', '2019-03-05')
    """
    if found := _COMPACT.search(text):
        return iso_date(*found.groups())
    found = _LOOSE.search(text)
    return iso_date(found[1], found[2] or "", found[3] or "") if found else ""
