"""Articles in JATS XML (ANSI/NISO Z39.96), as PMC and Europe PMC give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from ingest.document import (
    Part,
    PartOf,
    bare_doi,
    clean,
    clean_label,
    compose,
    document_id,
    initials,
    labelled_parts,
    left_out,
    section_kind,
    trial_ids,
)
from ingest.sources.dates import iso_date
from ingest.sources.items import BadRecordError, Item, Origin, Read, Skipped
from ingest.sources.markup import BLOCKS, DROPPED, block, local, paragraphs, plain
from kg.model import Author, Identifiers, Publication, Retraction, SectionKind

__all__ = ["article"]

_XLINK: Final = "{http://www.w3.org/1999/xlink}"
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"

# JATS article types by the names that PubMed uses; what is not here keeps its JATS name.
_TYPES: Final = {
    "research-article": "Journal Article",
    "case-report": "Case Reports",
    "review-article": "Review",
    "systematic-review": "Systematic Review",
    "meta-analysis": "Meta-Analysis",
    "clinical-trial": "Clinical Trial",
    "protocol": "Clinical Trial Protocol",
    "editorial": "Editorial",
    "letter": "Letter",
    "news": "News",
    "correction": "Published Erratum",
    "retraction": "Retraction Notice",
    "expression-of-concern": "Expression of Concern",
}
_NOTICES: Final = frozenset({"retraction", "partial-retraction"})
_RETRACTED_BY: Final = frozenset({"retraction-forward", "retraction", "retracted-by"})
_CONCERN_BY: Final = frozenset({"concern-forward", "expression-of-concern", "expression-of-concern-forward"})
_RETRACTED_TITLE: Final = re.compile(
    r"^\W*(?:retracted(?: article)?\s*[:\]]|retracted article\b)", re.IGNORECASE
)
# Kinds of abstract that stand in when there is no plain one.
_SUMMARIES: Final = ("section", "summary", "executive-summary", "author-summary", "short", "web-summary")
_CREATIVE_COMMONS: Final = re.compile(
    r"creativecommons\.org/(?:licenses/([a-z-]+)|publicdomain/(zero|mark))/(\d\.\d)"
)


def article(root: etree._Element, origin: Origin) -> Iterable[Item]:
    """One ``<article>`` as a publication with its abstract and its body."""
    meta = root.find("front/article-meta")
    if meta is None:
        meta = root.find("front-stub")
    if meta is None:
        yield Skipped(origin, "an article without <article-meta> carries no publication")
        return
    title = plain(meta.find("title-group/article-title"))
    parts = [*_abstract(meta), *_body(root.find("body"))]
    text, sections = compose(title, parts)
    if not text:
        raise BadRecordError("the article has neither title nor text", field="article-title")
    identifiers = _identifiers(meta, root, parts)
    year, date = _published(meta)
    yield Read(
        Publication(
            id=document_id(identifiers, text, full_text=True),
            text=text,
            sections=sections,
            title=clean(title),
            identifiers=identifiers,
            journal=_journal(root),
            year=year,
            date=date,
            authors=tuple(_authors(meta)),
            publication_types=_types(root, meta),
            mesh=tuple(
                clean(plain(k))
                for group in meta.findall("kwd-group")
                if "mesh" in (group.get("kwd-group-type") or "").lower()
                for k in group.findall("kwd")
            ),
            licence=_licence(meta),
            language=(root.get(f"{_XML}lang") or "").lower().partition("-")[0],
            retraction=_retraction(root, meta, title),
        ),
        origin,
        "" if parts else "title only: there is neither abstract nor body",
    )


def _identifiers(meta: etree._Element, root: etree._Element, parts: list[Part]) -> Identifiers:
    ids: dict[str, str] = {}
    for node in meta.findall("article-id"):
        ids.setdefault(node.get("pub-id-type") or "", clean(node.text or ""))
    pmc = ids.get("pmc") or ids.get("pmcid") or ids.get("pmcaid") or ""
    number = re.search(r"\d+", pmc)
    pmid = ids.get("pmid", "")
    links = " ".join(
        f"{node.get(f'{_XLINK}href') or ''} {node.text or ''}"
        for node in root.iter("ext-link", "uri")
        if (node.get("ext-link-type") or "").lower() in ("clintrialgov", "clinicaltrials", "isrctn")
    )
    named = " ".join(
        [
            plain(meta.find("title-group/article-title")),
            *ids.values(),
            *(node.text or "" for node in meta.iter("article-id", "object-id")),
        ]
    )
    trials = trial_ids(named, *(p.text for p in parts if p.part == "abstract"), _front_notes(meta))
    if not trials:
        # In the body a registration is this study's own where the methods or the registration are told;
        # elsewhere it is as likely another trial's.
        own = [p for p in parts if p.kind is SectionKind.METHODS or "regist" in p.label.lower()]
        trials = trial_ids(*(p.text for p in own)) or trial_ids(links)
    return Identifiers(
        pmid=pmid if pmid.isdigit() else None,
        pmcid=f"PMC{number[0]}" if number else None,
        doi=bare_doi(ids.get("doi")),
        trials=trials,
    )


def _front_notes(meta: etree._Element) -> str:
    return " ".join("".join(map(str, node.itertext())) for node in meta.iter("custom-meta", "ext-link", "fn"))


def _abstract(meta: etree._Element) -> list[Part]:
    found = meta.findall("abstract")
    chosen = next((a for a in found if a.get("abstract-type") in (None, "", "structured")), None)
    if chosen is None:
        chosen = next((a for kind in _SUMMARIES for a in found if a.get("abstract-type") == kind), None)
    if chosen is None:
        return []
    return list(_sections(chosen, "", SectionKind.ABSTRACT, "abstract"))


def _body(body: etree._Element | None) -> list[Part]:
    return [] if body is None else list(_sections(body, "", SectionKind.OTHER, "body"))


def _sections(element: etree._Element, path: str, kind: SectionKind, part: PartOf) -> Iterator[Part]:
    """The element's own paragraphs as one part, and each of its sections, in order."""
    own: list[str] = []

    def flush() -> Iterator[Part]:
        if own:
            text = "\n".join(own)
            own.clear()
            if part == "abstract" and not path:
                yield from labelled_parts(text)
            else:
                yield Part(path, text, kind, part)

    for child in element:
        tag = local(child)
        if tag == "p":
            own.extend(paragraphs(child))
        elif tag in ("sec", "boxed-text"):
            label = _NUMBER.sub("", clean_label(plain(_title(child))))
            if left_out(label) or child.get("sec-type") in ("supplementary-material", "display-objects"):
                continue
            yield from flush()
            below = section_kind(label, parent=kind, hint=child.get("sec-type") or "")
            yield from _sections(child, " > ".join(filter(None, (path, label))), below, part)
        elif tag in BLOCKS:
            own.extend(block(child))
        elif tag and tag not in DROPPED and tag not in ("title", "caption", "subtitle", "sec-meta"):
            own.extend(filter(None, [plain(child)]))
    yield from flush()


_NUMBER: Final = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[IVX]{1,4}[.)])\s+(?=[A-Z])")


def _title(section: etree._Element) -> etree._Element | None:
    title = section.find("title")
    return title if title is not None else section.find("caption/title")


def _journal(root: etree._Element) -> str:
    meta = root.find("front/journal-meta")
    if meta is None:
        return ""
    for path in (
        ".//journal-title",
        "journal-id[@journal-id-type='iso-abbrev']",
        "journal-id[@journal-id-type='nlm-ta']",
    ):
        if text := plain(meta.find(path)):
            return text
    return ""


_DATES: Final = ("ppub", "collection", "epub-ppub", "epub", "pub", "epreprint", "pmc-release")


def _published(meta: etree._Element) -> tuple[int | None, str]:
    """Year and date of the issue, as a citation prints them; without an issue, of the electronic version."""
    best: tuple[int, str] | None = None
    for node in meta.findall("pub-date"):
        kind = node.get("pub-type") or node.get("date-type") or ""
        rank = _DATES.index(kind) if kind in _DATES else len(_DATES)
        date = iso_date(*(clean(node.findtext(field) or "") for field in ("year", "month", "day")))
        # The better rank wins; a fuller date of the same year tells more.
        if date and (best is None or rank < best[0] or date.startswith(best[1])):
            if best is not None and best[1].startswith(date):
                date = best[1]
            best = (rank, date)
    return (int(best[1][:4]), best[1]) if best else (None, "")


def _authors(meta: etree._Element) -> Iterator[Author]:
    for contrib in meta.findall("contrib-group/contrib"):
        if contrib.get("contrib-type") not in (None, "author"):
            continue
        name = contrib.find("name")
        if name is None:
            name = contrib.find("name-alternatives/name")
        if name is not None:
            given = name.find("given-names")
            short = (given.get("initials") if given is not None else None) or initials(plain(given))
            suffix = plain(name.find("suffix"))
            if family := plain(name.find("surname")):
                yield Author(family, " ".join(filter(None, (short.replace(".", ""), suffix))))
            continue
        other = contrib.find("collab")
        if other is None:
            other = contrib.find("string-name")
        if text := plain(other).strip(" ,;"):
            yield Author(text)


def _types(root: etree._Element, meta: etree._Element) -> tuple[str, ...]:
    kind = root.get("article-type") or ""
    subjects = (
        plain(s) for s in meta.findall("article-categories/subj-group[@subj-group-type='heading']/subject")
    )
    return tuple(dict.fromkeys(filter(None, (_TYPES.get(kind, kind), *subjects))))


def _licence(meta: etree._Element) -> str:
    """The licence by its SPDX name where it is a Creative Commons one, else what the article says of it."""
    holder = meta.find("permissions/license")
    if holder is None:
        return ""
    links = [holder.get(f"{_XLINK}href") or ""]
    for node in holder.iter():
        links.append(node.get(f"{_XLINK}href") or "")
        links.append(node.text or "")
    if match := _CREATIVE_COMMONS.search(" ".join(links)):
        kind, public, version = match.groups()
        if public:
            return f"CC0-{version}" if public == "zero" else f"CC-PDM-{version}"
        return f"CC-{kind.upper()}-{version}"
    said = " ".join(links).lower()
    if "creative commons attribution" in said:
        extras = (("non", "-NC"), ("share", "-SA"), ("deriv", "-ND"))
        name = said.partition("creative commons attribution")[2].split("licen")[0]
        return "CC-BY" + "".join(code for word, code in extras if word in name)
    return holder.get("license-type") or clean(plain(holder))[:100]


def _retraction(root: etree._Element, meta: etree._Element, title: str) -> Retraction:
    kind = root.get("article-type") or ""
    if kind in _NOTICES:
        return Retraction.NOTICE
    related = {node.get("related-article-type") or "" for node in meta.iter("related-article")}
    if kind == "retracted-article" or related & _RETRACTED_BY or _RETRACTED_TITLE.match(title):
        return Retraction.RETRACTED
    if kind != "expression-of-concern" and related & _CONCERN_BY:
        return Retraction.CONCERN
    return Retraction.NONE
