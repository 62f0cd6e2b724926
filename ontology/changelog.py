"""A difference between two editions as text for a terminal, or as Markdown for a changelog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ontology.diff import Diff, Named
from ontology.terms import Xref

__all__ = ["listed", "markdown", "sections", "text"]

_LIMIT: Final = 50  # lines of one section in text


def sections(found: Diff) -> list[tuple[str, list[str]]]:
    """Title and lines of each kind of change that there is, the gravest first."""
    every: list[tuple[str, Iterable[str]]] = [
        ("Terms removed without a trace", map(_name, found.removed)),
        (
            "Terms made obsolete",
            (f"{_name(g.term)}: {_use(g.replaced_by)} ({g.reason})" for g in found.obsoleted),
        ),
        ("Terms in use again", map(_name, found.restored)),
        ("Terms added", map(_name, found.added)),
        (
            "Terms moved",
            (f"{_name(m.term)}: from {_names(m.old)} to {_names(m.new)}" for m in found.moved),
        ),
        (
            "Fields changed",
            (f"{_name(c.term)}, {c.field}: {_change(c.old, c.new)}" for c in found.changed),
        ),
        ("Inferred subsumptions gained", (f"{_name(s.child)} is a {_name(s.parent)}" for s in found.gained)),
        ("Inferred subsumptions lost", (f"{_name(s.child)} is no {_name(s.parent)}" for s in found.lost)),
        ("Mappings added", map(_mapping, found.mappings_added)),
        ("Mappings removed", map(_mapping, found.mappings_removed)),
        (
            "Mappings changed",
            (f"{_mapping(new)}: {_mapping_change(old, new)}" for old, new in found.mappings_changed),
        ),
        ("Terms imported", map(_name, found.imported)),
        ("Terms no longer imported", map(_name, found.no_longer_imported)),
    ]
    listed = [(title, list(lines)) for title, lines in every]
    return [(title, lines) for title, lines in listed if lines]


def _name(term: Named) -> str:
    return f"{term.label} ({term.id})"


def _names(terms: Sequence[Named]) -> str:
    return ", ".join(map(_name, terms)) or "nothing"


def _change(old: Sequence[str], new: Sequence[str]) -> str:
    """What went and what came; both in full where there is one value."""
    if len(old) <= 1 and len(new) <= 1:
        one, other = (repr(values[0]) if values else "nothing" for values in (old, new))
        return f"{one} -> {other}"
    gone = [f"-{value}" for value in old if value not in new]
    come = [f"+{value}" for value in new if value not in old]
    return ", ".join((*gone, *come))


def _mapping(xref: Xref) -> str:
    label = f" {xref.object_label}" if xref.object_label else ""
    return f"{xref.subject_id} {xref.predicate_id} {xref.object_id}{label}"


def _mapping_change(old: Xref, new: Xref) -> str:
    fields = ("predicate_id", "object_label", "justification", "comment")
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in fields)
    return "; ".join(f"{name} {one!r} -> {other!r}" for name, one, other in pairs if one != other)


def _use(replacement: Named | None) -> str:
    return f"use {_name(replacement)}" if replacement else "nothing replaces it"


def text(found: Diff, limit: int = _LIMIT) -> str:
    """The difference for a terminal.

    Args:
        found: the difference.
        limit: lines of one section; 0: all.
    """
    told = listed(sections(found), limit=limit) or "Nothing changed.\n"
    return f"{found.old} -> {found.new}\n{told}"


def markdown(found: Diff, title: str = "") -> str:
    """The difference as Markdown, all of it."""
    told = listed(sections(found), markdown=True) or "Nothing changed.\n"
    return f"# {title or f'From {found.old} to {found.new}'}\n\n{told}"


def listed(parts: Iterable[tuple[str, Sequence[str]]], *, limit: int = 0, markdown: bool = False) -> str:
    """Sections of lines as text or Markdown; Markdown has no limit."""
    lines: list[str] = []
    for title, entries in parts:
        if markdown:
            lines += [f"## {title} ({len(entries):,})", "", *(f"- {_plain(entry)}" for entry in entries), ""]
            continue
        lines.append(f"{title}: {len(entries):,}")
        lines += [f"  {entry}" for entry in entries[: limit or None]]
        if limit and len(entries) > limit:
            lines.append(f"  ... and {len(entries) - limit:,} more")
    return "".join(f"{line}\n" for line in lines)


def _plain(entry: str) -> str:
    """Text without what Markdown would read as emphasis, a link or HTML."""
    for sign in "\\`*_<>[]|":
        entry = entry.replace(sign, "\\" + sign)
    return entry
