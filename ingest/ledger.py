"""What a run does with a document: read it, or leave it because it is known; and which of two with one id
counts.

What was read in earlier runs stands in the document's own graph, so that it is known exactly when that graph
is there. What this run has come across stands in a private database on disk, so that memory does not grow
with it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import Enum

from pyoxigraph import Literal, NamedNode

from kg.model import Publication
from kg.store import Store
from kg.vocabulary import DCTERMS, IRKG, PROV
from ontology.iris import document_graph, document_iri

__all__ = ["Decision", "Known", "Ledger", "decide", "stored"]


class Decision(Enum):
    """What becomes of a document before it is read."""

    READ = "read"
    UNCHANGED = "unchanged"
    OLDER = "older"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Known:
    """One version of a document: its content hash, the date of its last revision ("" when unknown), and the
    pipeline that read it ("" when it is still to be read).
    """

    content: str
    revised: str = ""
    pipeline: str = ""


def decide(new: Known, *, before: Known | None, seen: Known | None) -> Decision:
    """What to do with a document, given the version in the graph and the one that this run came across.

    A version with an older date of revision than the other never replaces it. Within one run, two texts under
    one id of which neither is newer are a conflict: which of them is right, only a person can tell. Between
    runs the later one counts, for so a correction comes in.

    >>> decide(Known("b"), before=None, seen=Known("a"))
    <Decision.CONFLICT: 'conflict'>
    >>> decide(Known("b", "2021-05"), before=None, seen=Known("a", "2020-01-31"))
    <Decision.READ: 'read'>
    """
    if seen is not None and not _newer(new, seen):
        if new.content == seen.content:
            return Decision.UNCHANGED
        return Decision.OLDER if _newer(seen, new) else Decision.CONFLICT
    if before is not None:
        if (new.content, new.pipeline) == (before.content, before.pipeline):
            return Decision.UNCHANGED
        if _newer(before, new):
            return Decision.OLDER
    return Decision.READ


def _newer(one: Known, other: Known) -> bool:
    """True when both say when they were revised, and the first was revised later."""
    return bool(other.revised) and one.revised > other.revised


def stored(store: Store, document: str) -> Known | None:
    """The version of a document that the graph holds; None when it holds none."""
    node, name = NamedNode(document_iri(document)), document_graph(document)

    def value(predicate: NamedNode) -> str:
        found = store.quads(node, predicate, None, graph=name)
        return next((quad.object.value for quad in found if isinstance(quad.object, NamedNode | Literal)), "")

    content = value(IRKG.contentHash)
    return Known(content, value(DCTERMS.modified), value(PROV.wasGeneratedBy)) if content else None


class Ledger:
    """Decides on the documents of one run, in the order in which they come.

    Args:
        store: the graph, for what earlier runs have read.
        pipeline: the version under which documents are read now.
    """

    def __init__(self, store: Store, pipeline: str) -> None:
        self._store = store
        self._pipeline = pipeline
        # SQLite keeps an unnamed database in its cache and moves what does not fit to a file that it deletes
        # itself.
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.execute("PRAGMA journal_mode = OFF")
        self._seen.execute(
            "CREATE TABLE seen (id TEXT PRIMARY KEY, content TEXT, revised TEXT) WITHOUT ROWID"
        )

    def decide(self, publication: Publication) -> Decision:
        """What to do with the next document; it counts as come across."""
        new = Known(publication.content_hash, publication.revised, self._pipeline)
        found = self._seen.execute("SELECT content, revised FROM seen WHERE id = ?", (publication.id,))
        row: tuple[str, str] | None = found.fetchone()
        if row is not None and not row[0]:
            # Withdrawn earlier in this run: whatever the graph still holds of it is on its way out.
            decision, seen = Decision.READ, None
        else:
            seen = None if row is None else Known(*row)
            decision = decide(new, before=stored(self._store, publication.id), seen=seen)
        if seen is None or _newer(new, seen):
            self._note(publication.id, new.content, new.revised)
        return decision

    def withdraw(self, document: str) -> None:
        """The source withdrew a document; it may come again."""
        self._note(document, "", "")

    def _note(self, document: str, content: str, revised: str) -> None:
        self._seen.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (document, content, revised))

    def close(self) -> None:
        """Give the private database back."""
        self._seen.close()
