"""Inline markup of JATS and PubMed as running text: superscripts, citations, simple formulas.

``10<sup>9</sup>`` reads ``10^9``, ``m<sup>2</sup>`` reads ``m2``; a citation's number is left out with its
brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from ingest.document import clean

__all__ = ["BLOCKS", "DROPPED", "block", "local", "paragraphs", "plain"]

BLOCKS: Final = frozenset(
    {"list", "def-list", "disp-quote", "statement", "boxed-text", "verse-group", "speech"}
)
"""What stands in a paragraph but reads as paragraphs of its own."""

DROPPED: Final = frozenset(
    {
        "table-wrap", "table-wrap-group", "table-wrap-foot", "table", "array",
        "fig", "fig-group", "graphic", "media", "supplementary-material",
        "inline-supplementary-material", "inline-graphic", "disp-formula", "DispFormula",
        "disp-formula-group",
        "tex-math", "code", "preformat", "chem-struct", "chem-struct-wrap",
        "fn", "fn-group", "ref-list", "ref", "mixed-citation",
        "element-citation", "alt-text", "long-desc", "object-id", "permissions",
        "index-term", "target", "related-article", "related-object", "contrib-group",
        "glossary", "attrib", "label", "def-head", "term-head",
        "annotation", "annotation-xml",
    }
)  # fmt: skip
"""What is no running text, or is not read: tables, figures, displayed formulas, notes, references."""

# Private marks around citations while a paragraph is put together (Unicode private use area).
_CITED: Final = "\ue000"  # a citation that was a number
_OPEN, _CLOSE = "\ue001", "\ue002"  # around a citation in words, which may be part of the sentence

_NUMBERS: Final = re.compile(r"[\s\d,;.\[\]()–—‐‑−*-]*|\d+[a-z]?")
_YEAR: Final = re.compile(r"[(\[]?(?:1[89]|20)\d\d[a-z]?[)\]]?")
_NUMBER: Final = re.compile(r"[−–+-]?\d+(?:[.,]\d+)?")
_NUMBER_LIST: Final = re.compile(r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*")
_NOTE_MARK: Final = re.compile(r"[*∗†‡§¶‖#|✉]+|\([a-z]\)")
_NOTE_XREF: Final = frozenset({"fn", "table-fn", "aff", "corresp", "author-notes", "contrib", "app-fn"})
_TRADE: Final = frozenset({"®", "™", "©", "TM", "(TM)", "R", "r", "°", "º"})
_ORDINAL: Final = frozenset({"st", "nd", "rd", "th"})


def local(element: etree._Element) -> str:
    """The tag without its namespace; empty for what is no element."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2] if tag[0] == "{" else tag


def plain(element: etree._Element | None) -> str:
    """The element's running text on one line."""
    if element is None:
        return ""
    out: list[str] = []
    _inside(element, out)
    return _finish("".join(out))


def paragraphs(element: etree._Element) -> list[str]:
    """The text of a paragraph; lists, quotes and boxes in it become paragraphs of their own."""
    if len(element) == 0:
        text = _finish(element.text or "")
        return [text] if text else []
    found: list[str] = []
    out: list[str] = []
    for kind in _walk_blocks(element, out):
        text = _finish("".join(out))
        out.clear()
        if text:
            found.append(text)
        if kind is not None:
            found.extend(block(kind))
    return found


def _walk_blocks(element: etree._Element, out: list[str]) -> Iterator[etree._Element | None]:
    out.append(element.text or "")
    for child in element:
        tag = local(child)
        if tag in BLOCKS or tag == "p":
            yield child
        else:
            _one(child, tag, out)
        out.append(child.tail or "")
    yield None


def block(element: etree._Element) -> list[str]:
    """The paragraphs of a list, a quote, a box or the like."""
    if local(element) == "def-item":
        term, meaning = (
            plain(element.find("term")),
            " ".join(t for d in element.iter("def") for t in paragraphs(d)),
        )
        return [f"{term}: {meaning}"] if term and meaning else [term or meaning]
    if local(element) == "p":
        return paragraphs(element)
    return [text for child in element if local(child) not in DROPPED for text in _block_child(child)]


def _block_child(child: etree._Element) -> list[str]:
    tag = local(child)
    if tag in BLOCKS or tag in ("list-item", "def-item", "sec", "caption"):
        return block(child)
    return paragraphs(child)


def _inside(element: etree._Element, out: list[str]) -> None:
    if element.text:
        out.append(element.text)
    for child in element:
        _one(child, local(child), out)
        if child.tail:
            out.append(child.tail)


def _one(element: etree._Element, tag: str, out: list[str]) -> None:
    """Append one inline element (without its tail)."""
    if tag == "xref":
        _xref(element, out)
    elif tag == "sup":
        _sup(element, out)
    elif tag in ("break", "hr"):
        out.append(" ")
    elif tag in ("inline-formula", "math"):
        out.append(_formula(element))
    elif tag in DROPPED:
        out.append(" ")
    elif tag in ("bold", "b", "italic", "i", "underline", "u"):
        _inside(element, out)
        # A heading run into the text: <bold>Results.</bold>We found ...
        if out and out[-1][-1:] in (":", ".") and (element.tail or "")[:1].isalpha():
            out.append(" ")
        # Names set one after another: <italic>Panax ginseng</italic><italic>Serenoa repens</italic>
        elif out and not element.tail and out[-1][-1:].islower():
            following = element.getnext()
            if (
                following is not None
                and following.tag == element.tag
                and (following.text or "")[:1].isupper()
            ):
                out.append(" ")
    elif tag in BLOCKS or tag == "p":
        out.append(" ")
        out.append(" ".join(block(element)))
        out.append(" ")
    else:
        _inside(element, out)


def _xref(element: etree._Element, out: list[str]) -> None:
    kind = element.get("ref-type") or ""
    if kind in _NOTE_XREF:
        return
    inner: list[str] = []
    _inside(element, inner)
    text = "".join(inner)
    if kind in ("bibr", "ref"):
        bare = text.strip(f" ^{_CITED}")
        # In words ("Llovet et al.", "2002") it may be part of the sentence.
        cited = _NUMBERS.fullmatch(bare) and not _YEAR.fullmatch(bare)
        out.append(_CITED if cited else f"{_OPEN}{text}{_CLOSE}")
    else:
        out.append(text)


def _sup(element: etree._Element, out: list[str]) -> None:
    inner: list[str] = []
    _inside(element, inner)
    raw = "".join(inner)
    text = raw.strip()
    tail = " " if raw[-1:].isspace() else ""
    if _CITED in text and _NUMBERS.fullmatch(text.replace(_CITED, "").replace("and", "")):
        out.append(_CITED + tail)
        return
    if not text or _NOTE_MARK.fullmatch(text):
        out.append(tail)
        return
    before = next((piece for piece in reversed(out) if piece), "")
    last = before[-1:]
    if last.isdigit() and text not in _ORDINAL and text not in _TRADE and not text.startswith(("°", "º")):
        out.append(f"^{text}{tail}")
    elif _NUMBER_LIST.fullmatch(text) and _cites(before, text, tail + (element.tail or "")):
        out.append(_CITED + tail)
    elif text[0] in "−–-+" and _NUMBER.fullmatch(text) and last.isalpha():
        out.append(f"^{text}{tail}")
    else:
        out.append(f"{text}{tail}")


_WORD: Final = re.compile(r"[A-Za-z][a-z]{3,}$")


def _cites(before: str, text: str, after: str) -> bool:
    """True when a raised number is a citation: behind a full stop, a comma or a long word, and no isotope."""
    if before[-1:] in (".", ",", ";") and before[-2:-1].isalpha():
        return not after[:1].isalpha()  # "... with .<sup>90</sup>Y" is an isotope
    return bool(_WORD.search(before[-12:])) and not after[:1].isalnum()


def _formula(element: etree._Element) -> str:
    """A formula that is a few plain symbols (``p < 0.05``) as text; anything more is left out."""
    math = (
        element if local(element) == "math" else next((e for e in element.iter() if local(e) == "math"), None)
    )
    if math is None:
        if any(local(e) in ("tex-math", "inline-graphic", "graphic") for e in element.iter()):
            return " "
        inner: list[str] = []
        _inside(element, inner)
        return "".join(inner)
    text = "".join(_math(math))
    return f" {text} " if 0 < len(text) <= 40 else " "


def _math(element: etree._Element) -> Iterator[str]:
    tag = local(element)
    if tag in (
        "mtable",
        "mfrac",
        "mover",
        "munder",
        "munderover",
        "annotation",
        "annotation-xml",
        "mphantom",
    ):
        if tag == "mfrac" and len(element) == 2:
            top, bottom = ("".join(_math(child)) for child in element)
            yield f"{top}/{bottom}"
        elif tag in ("mover", "munder", "munderover") and len(element):
            yield from _math(element[0])
        return
    if tag == "msup" and len(element) == 2:
        yield from _math(element[0])
        yield "^"
        yield from _math(element[1])
        return
    if tag == "mo":
        sign = (element.text or "").strip()
        yield f" {sign} " if sign in ("=", "<", ">", "≤", "≥", "±", "×", "≈") else sign
        return
    if tag == "mspace":
        yield " "
        return
    if element.text:
        yield element.text.strip() if tag != "mtext" else element.text
    for child in element:
        yield from _math(child)


# What may stand around citations in a bracket of their own.
_SEPARATORS: Final = (
    r"(?:[\s\d,;:.&–—‐‑−+*-]|\b(?:and|or|e\.g\.|i\.e\.|see|also|reviewed in|refs?|references?|cf)\b)"
)
_CITATION: Final = rf"(?:{_CITED}|{_OPEN}[^{_CLOSE}]*{_CLOSE})"
_GROUP: Final = rf"[\[(]{_SEPARATORS}*{_CITATION}(?:{_SEPARATORS}|{_CITATION})*[\])]"
_BRACKETS: Final = re.compile(rf"\s*{_GROUP}(?:\s*[,;–-]?\s*{_GROUP})*", re.IGNORECASE)
_BARE: Final = re.compile(rf"\s*{_CITED}(?:[\s,;–—‐‑−-]*{_CITED})*[,–-]?(?=(.?))", re.S)
_EMPTY: Final = re.compile(r"\s*(?:\(\s*[,;.]*\s*\)|\[\s*[,;.–-]*\s*\])")
_COMMAS: Final = re.compile(r",(?:\s*,){1,9}(?=\s|$)|,(?=\.(?:\s|$))")
_STOPS: Final = re.compile(r"\.\s+\.(?=\s[A-Z]|$)")
_SPACE_BEFORE: Final = re.compile(r"(?<=[\w)\]%]) +(?=[,;.](?:\s(?!\.)|$))")
_SPACE_INSIDE: Final = re.compile(r"(?<=[(\[]) +| +(?=[)\]])")
_NO_SPACE: Final = re.compile(r"\.(?=[A-Z][a-z]+,? )")
_BULLET: Final = re.compile(r"^[•●▪■◦‣∙·]\s*")


def _stop(match: re.Match[str]) -> str:
    """A full stop to which the next sentence was glued; an initial or an abbreviation in capitals stays."""
    before = match.string[max(0, match.start() - 4) : match.start()].removesuffix(")")[-3:]
    return ". " if len(before) == 3 and before.isalpha() and before.islower() else "."


def _bare(match: re.Match[str]) -> str:
    # Words on both sides must not be glued together.
    before = match.string[match.start() - 1 : match.start()] if match.start() else ""
    trailing = match[0][-1:] if match[0][-1:] in ",–-" and match[1].isspace() else ""
    return f"{trailing} " if before.isalnum() and match[1].isalnum() else trailing


def _finish(text: str) -> str:
    if _CITED in text or _OPEN in text:
        text = clean(text)  # first of all: the patterns below take quadratic time on long runs of spaces
        text = _BRACKETS.sub("", text)
        if _CITED in text:
            text = _BARE.sub(_bare, text)
        text = _EMPTY.sub("", text.replace(_OPEN, "").replace(_CLOSE, ""))
        text = _STOPS.sub(".", _COMMAS.sub(lambda m: "," if len(m[0]) > 1 else "", text))
    text = clean(text)
    if " ," in text or " ." in text or " ;" in text:
        text = _SPACE_BEFORE.sub("", text)
    if "( " in text or " )" in text or "[ " in text or " ]" in text:
        text = _SPACE_INSIDE.sub("", text)
    return _BULLET.sub("", _NO_SPACE.sub(_stop, text))
