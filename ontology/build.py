"""From the tables and `irkg.ttl` to one graph: the OWL artefact, and its copy for the store.

The two differ in three ways. The OWL artefact has blank nodes for class expressions, as the OWL 2 mapping to
RDF asks; in the store each has an IRI made from its content, so that exports need no blank nodes. The store
has a plain triple for each slot beside its restriction (``TACE irkg:uses doxorubicin``), by which walks and
property chains go; in OWL terms these are statements about the term itself (punning). And only the store
needs no second pass to be queried.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from ontology.definitions import (
    PROPERTIES,
    All,
    AnyOf,
    Expression,
    Some,
    definitions,
    primitives,
    restrictions,
)
from ontology.external import read_imports
from ontology.formats import formats, rdf
from ontology.iris import BASE, PREFIXES, VOCAB, expand, graph
from ontology.owl import GENID
from ontology.tables import ROOT, TableError, load
from ontology.terms import Obsolete, Ontology, Term

__all__ = ["AXIOMS", "GENID", "ONTOLOGY", "Built", "build", "build_root", "load_imports", "write"]

AXIOMS: Final = ROOT / "irkg.ttl"
ONTOLOGY: Final = NamedNode(BASE + "ontology")

_A, _FIRST, _REST, _NIL = (NamedNode(PREFIXES["rdf"] + n) for n in ("type", "first", "rest", "nil"))
_LABEL, _COMMENT, _SUB = (NamedNode(PREFIXES["rdfs"] + n) for n in ("label", "comment", "subClassOf"))
_OWL_NAMES: Final = (
    "Class", "Restriction", "onProperty", "someValuesFrom", "unionOf", "intersectionOf", "equivalentClass",
    "Axiom", "annotatedSource", "annotatedProperty", "annotatedTarget",
)  # fmt: skip
_OWL: Final = {name: NamedNode(PREFIXES["owl"] + name) for name in _OWL_NAMES}
_DEFINITION, _SOURCE = NamedNode(PREFIXES["IAO"] + "0000115"), NamedNode(PREFIXES["IAO"] + "0000119")
_OBO_ID, _NAMESPACE, _XREF, _SYNONYM_TYPE = (
    NamedNode(PREFIXES["oboInOwl"] + n) for n in ("id", "hasOBONamespace", "hasDbXref", "hasSynonymType")
)
_ABBREVIATION: Final = NamedNode(PREFIXES["OMO"] + "0003000")
_SYNONYM: Final = {
    scope: NamedNode(f"{PREFIXES['oboInOwl']}has{scope.capitalize()}Synonym")
    for scope in ("exact", "narrow", "broad", "related")
}
_DEPRECATED: Final = NamedNode(PREFIXES["owl"] + "deprecated")
_REPLACED_BY: Final = NamedNode(PREFIXES["IAO"] + "0100001")
_REASON: Final = NamedNode(VOCAB + "obsolescenceReason")
_CONTENT_HASH: Final = NamedNode(VOCAB + "contentHash")


@dataclass(frozen=True)
class Built:
    """An ontology as RDF; `triples` is everything but the plain slot triples, with IRIs for nameless nodes,
    in a fixed order."""

    triples: tuple[Triple, ...]
    plain: tuple[Triple, ...]
    version: str
    """SHA-256 of the content, 64 hex digits; it stands in the graph as the ontology's `irkg:contentHash`."""

    @cached_property
    def store_graph(self) -> tuple[Triple, ...]:
        """The triples of graph `ontology` in the store; no blank nodes, no repetition."""
        return tuple(dict.fromkeys((*self.triples, *self.plain)))

    @cached_property
    def turtle(self) -> bytes:
        """The OWL artefact (OWL 2 DL, Turtle); equal bytes for equal input."""
        return rdf(self.triples, RdfFormat.TURTLE)

    @cached_property
    def ntriples(self) -> bytes:
        """The OWL artefact as N-Triples."""
        return rdf(self.triples, RdfFormat.N_TRIPLES)

    @cached_property
    def logical(self) -> bytes:
        """What a reasoner needs, as N-Triples: no literals, synonyms, mappings or other annotations."""
        return rdf(_logical(self.triples), RdfFormat.N_TRIPLES)

    def quads(self) -> Iterator[Quad]:
        """The store graph as quads of graph `ontology`."""
        name = NamedNode(graph("ontology"))
        return (Quad(t.subject, t.predicate, t.object, name) for t in self.store_graph)


def build(
    ontology: Ontology,
    imported: Iterable[Term] = (),
    *,
    axioms: Path = AXIOMS,
    primitive: frozenset[str] = frozenset(),
) -> Built:
    """The RDF of an ontology.

    Args:
        ontology: the terms and mappings.
        imported: terms of other vocabularies that become classes too.
        axioms: the header, the properties and the axioms between branches.
        primitive: ids of procedures that get no logical definition.
    """
    triples = list(_axioms(axioms))
    defined = definitions(ontology, primitive)
    plain: list[Triple] = []
    by_subject: dict[str, list[Triple]] = {}
    for xref in sorted(ontology.mappings, key=lambda x: (x.subject_id, x.predicate_id, x.object_id)):
        subject = NamedNode(expand(xref.subject_id))
        pair = Triple(subject, NamedNode(expand(xref.predicate_id)), NamedNode(expand(xref.object_id)))
        by_subject.setdefault(xref.subject_id, []).append(pair)
        if xref.predicate_id == "skos:exactMatch":
            by_subject[xref.subject_id].append(Triple(subject, _XREF, Literal(xref.object_id)))
    for term in (*sorted(ontology.terms.values(), key=lambda t: t.id), *sorted(imported, key=lambda t: t.id)):
        triples += _term(term, defined.get(term.id))
        triples += by_subject.get(term.id, ())
        node = NamedNode(expand(term.id))
        plain += [
            Triple(node, NamedNode(VOCAB + PROPERTIES[slot]), NamedNode(expand(value)))
            for slot, values in term.slots.items()
            if slot in PROPERTIES
            for value in values
        ]
    for old in sorted(ontology.obsolete.values(), key=lambda one: one.term.id):
        triples += _retired(old, ontology.current(old.term.id))
    unique = tuple(dict.fromkeys(triples))
    lines = sorted((serialize((*unique, *plain), format=RdfFormat.N_TRIPLES) or b"").splitlines())
    version = hashlib.sha256(b"\n".join(lines)).hexdigest()
    return Built((*unique, Triple(ONTOLOGY, _CONTENT_HASH, Literal(version))), tuple(plain), version)


def build_root(root: Path = ROOT) -> Built:
    """The RDF of a folder with `terms/`, `mappings/`, `imports/`, `irkg.ttl` and `primitive.tsv` (the last
    two may be missing).

    Raises:
        TableError: a table has a problem.
    """
    ontology = load(root)
    primitive, problems = primitives(root / "primitive.tsv", ontology)
    if problems:
        raise TableError("primitive.tsv cannot be used", problems)
    axioms = root / AXIOMS.name
    return build(
        ontology,
        load_imports(root, ontology),
        axioms=axioms if axioms.exists() else AXIOMS,
        primitive=primitive,
    )


def load_imports(root: Path, ontology: Ontology) -> tuple[Term, ...]:
    """The imported terms under `root`.

    Raises:
        TableError: a table of `imports/` has a problem.
    """
    imported, problems = read_imports(root / "imports", ontology.terms)
    if problems:
        raise TableError(f"the imports under {root} have {len(problems)} problem(s)", problems)
    return imported


def write(folder: Path, root: Path = ROOT) -> Built:
    """Build `root` and write its files (:mod:`ontology.formats`) and `irkg.nq` (the store's graph, sorted)
    into `folder`, which is made if missing.

    Raises:
        TableError: a table has a problem; nothing is written.
        OSError: the folder cannot be written.
    """
    built = build_root(root)
    lines = sorted((serialize(built.quads(), format=RdfFormat.N_QUADS) or b"").splitlines())
    contents = {**formats(built.triples), "irkg.nq": b"\n".join(lines) + b"\n"}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        part = folder / f".{name}.part"
        part.write_bytes(content)
        part.replace(folder / name)
    return built


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _node(*parts: str) -> NamedNode:
    """A name from content. The owner is one of the parts: OWL 2 lets no two axioms share a nameless node."""
    return NamedNode(GENID + _digest(*parts))


def _axioms(path: Path) -> Iterator[Triple]:
    """The triples of a Turtle file; its blank nodes, which must form trees, are named by where they hang and
    what they say."""
    said: dict[object, list[Triple]] = {}
    below: set[BlankNode] = set()
    order = [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
    for triple in order:
        said.setdefault(triple.subject, []).append(triple)
        if isinstance(triple.object, BlankNode):
            below.add(triple.object)

    def content(node: object) -> str:
        if not isinstance(node, BlankNode):
            return str(node)
        return (
            "[" + " ; ".join(sorted(f"{t.predicate} {content(t.object)}" for t in said.get(node, ()))) + "]"
        )

    def spell(node: object, name: NamedNode) -> Iterator[Triple]:
        for triple in said[node]:
            if isinstance(triple.object, BlankNode):
                child = _node(name.value, triple.predicate.value, content(triple.object))
                yield Triple(name, triple.predicate, child)
                yield from spell(triple.object, child)
            else:
                yield Triple(name, triple.predicate, triple.object)

    for subject in said:
        if isinstance(subject, NamedNode):
            yield from spell(subject, subject)
        elif subject not in below:
            yield from spell(subject, _node(path.name, content(subject)))


def _term(term: Term, definition: All | None) -> Iterator[Triple]:
    node = NamedNode(expand(term.id))
    yield Triple(node, _A, _OWL["Class"])
    yield Triple(node, _OBO_ID, Literal(term.id))
    yield Triple(node, _NAMESPACE, Literal(str(term.branch)))
    yield Triple(node, _LABEL, Literal(term.label))
    for text, prop in (
        (term.definition, _DEFINITION),
        (term.definition_source, _SOURCE),
        (term.comment, _COMMENT),
    ):
        if text:
            yield Triple(node, prop, Literal(text))
    for slot, values in term.slots.items():
        if slot not in PROPERTIES:
            for value in values:
                yield Triple(node, NamedNode(VOCAB + slot), Literal(value))
    for synonym in term.synonyms:
        yield Triple(node, _SYNONYM[synonym.scope], Literal(synonym.text))
    for parent in term.parents:
        yield Triple(node, _SUB, NamedNode(expand(parent)))
    if definition:
        yield from _axiom(node, _OWL["equivalentClass"], definition)
    else:
        for restriction in restrictions(term):
            yield from _axiom(node, _SUB, restriction)
    for synonym in term.synonyms:
        if synonym.abbreviation:
            axiom = _node(term.id, "synonym", synonym.text)
            yield Triple(axiom, _A, _OWL["Axiom"])
            yield Triple(axiom, _OWL["annotatedSource"], node)
            yield Triple(axiom, _OWL["annotatedProperty"], _SYNONYM[synonym.scope])
            yield Triple(axiom, _OWL["annotatedTarget"], Literal(synonym.text))
            yield Triple(axiom, _SYNONYM_TYPE, _ABBREVIATION)


def _retired(old: Obsolete, replacement: str | None) -> Iterator[Triple]:
    """An obsolete term: annotations and no axioms (OBO Foundry, "Obsoleting an existing ontology term")."""
    node = NamedNode(expand(old.term.id))
    yield Triple(node, _A, _OWL["Class"])
    yield Triple(node, _DEPRECATED, Literal(True))
    yield Triple(node, _OBO_ID, Literal(old.term.id))
    yield Triple(node, _NAMESPACE, Literal(str(old.term.branch)))
    yield Triple(node, _LABEL, Literal(f"obsolete {old.term.label}"))
    for text, prop in (
        (old.term.definition, _DEFINITION),
        (old.term.definition_source, _SOURCE),
        (old.term.comment, _COMMENT),
        (old.reason, _REASON),
    ):
        if text:
            yield Triple(node, prop, Literal(text))
    for synonym in old.term.synonyms:
        yield Triple(node, _SYNONYM[synonym.scope], Literal(synonym.text))
    if replacement:
        yield Triple(node, _REPLACED_BY, NamedNode(expand(replacement)))


def _axiom(node: NamedNode, predicate: NamedNode, expression: Expression) -> Iterator[Triple]:
    head, triples = _expression(expression, f"{node.value} {predicate.value}")
    yield Triple(node, predicate, head)
    yield from triples


def _expression(expression: Expression | str, owner: str) -> tuple[NamedNode, list[Triple]]:
    """The node of a class expression and the triples that spell it (OWL 2 mapping to RDF graphs, table 1)."""
    if isinstance(expression, str):
        return NamedNode(expand(expression)), []
    node = _node(owner, str(expression))
    if isinstance(expression, Some):
        filler, triples = _expression(expression.filler, node.value)
        prop = NamedNode(VOCAB + expression.property)
        head = [
            Triple(node, _A, _OWL["Restriction"]),
            Triple(node, _OWL["onProperty"], prop),
            Triple(node, _OWL["someValuesFrom"], filler),
        ]
        return node, [*head, *triples]
    members: tuple[str | Some, ...]
    if isinstance(expression, AnyOf):
        predicate, members = _OWL["unionOf"], expression.members
    else:
        predicate, members = _OWL["intersectionOf"], (*expression.genus, *expression.differentia)
    cells = [_node(node.value, str(i)) for i in range(len(members))]
    triples = [Triple(node, _A, _OWL["Class"]), Triple(node, predicate, cells[0])]
    for i, member in enumerate(members):
        value, more = _expression(member, cells[i].value)
        triples += [
            Triple(cells[i], _FIRST, value),
            *more,
            Triple(cells[i], _REST, cells[i + 1] if i + 1 < len(cells) else _NIL),
        ]
    return node, triples


def _logical(triples: Iterable[Triple]) -> Iterator[Triple]:
    every = tuple(triples)
    notes = {t.subject for t in every if t.predicate == _OWL["annotatedSource"]}
    skos = PREFIXES["skos"]
    for t in every:
        if not (isinstance(t.object, Literal) or t.subject in notes or t.predicate.value.startswith(skos)):
            yield t
