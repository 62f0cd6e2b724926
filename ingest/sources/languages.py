"""Languages by their two-letter code (ISO 639-1), from the three letters of MEDLINE (ISO 639-2/B)."""

from __future__ import annotations

from typing import Final

__all__ = ["two_letters"]

_CODES: Final = {
    "ara": "ar", "bul": "bg", "chi": "zh", "cze": "cs", "dan": "da", "dut": "nl", "eng": "en",
    "fin": "fi", "fre": "fr", "ger": "de", "gre": "el", "heb": "he", "hrv": "hr", "hun": "hu",
    "ita": "it", "jpn": "ja", "kor": "ko", "nor": "no", "per": "fa", "pol": "pl", "por": "pt",
    "rum": "ro", "rus": "ru", "scr": "hr", "slo": "sk", "slv": "sl", "spa": "es", "srp": "sr",
    "swe": "sv", "tur": "tr", "ukr": "uk",
}  # fmt: skip


def two_letters(code: str) -> str:
    """``two_letters("eng")`` is ``"en"``; a code that is not in the table stays as it is, in lower case."""
    code = code.strip().lower()
    return _CODES.get(code, code)
