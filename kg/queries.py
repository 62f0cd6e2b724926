"""All SPARQL text of the package, and the one safe way to put values into it.

A template is SPARQL with ``$name`` where a value goes. :func:`bind` writes values as RDF terms (IRIs
validated, strings escaped), so that nothing a person typed is ever read as SPARQL. It works with any SPARQL
server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from kg.store.base import Store
from ontology.iris import PREFIXES, graph

__all__ = [
    "CITATIONS",
    "CLAIMS_ABOUT",
    "COUNT_ABOUT",
    "DESCRIBE_IN",
    "EVIDENCE_COUNT",
    "EVIDENCE_FILTERS",
    "EVIDENCE_PAGE",
    "OF_CLAIMS",
    "STATISTICS",
    "VERSIONED",
    "VOID_STUDIES",
    "Node",
    "bind",
    "properties",
    "rows",
]  # fmt: skip

Node: TypeAlias = NamedNode | Literal
_PLACE: Final = re.compile(r"\$([A-Za-z_]\w*)")
_USED: Final = ("rdf", "rdfs", "irkg", "oa", "dcterms", "fabio", "prism", "prov", "owl")
_HEADER: Final = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in _USED)


def bind(template: str, /, **values: Node | int | Iterable[Node]) -> str:
    """The query text with every ``$name`` replaced by its value; several values are separated by spaces.

    >>> bind("ASK { VALUES ?t { $terms } }", terms=[NamedNode("urn:a"), Literal("b\\"c")]).splitlines()[-1]
    'ASK { VALUES ?t { <urn:a> "b\\\\"c" } }'

    Raises:
        KeyError: a place has no value.
        ValueError: a value has no place.
    """
    left = set(values)

    def written(found: re.Match[str]) -> str:
        value = values[found.group(1)]
        left.discard(found.group(1))
        if isinstance(value, NamedNode | Literal | int):
            return str(value)
        return " ".join(str(one) for one in value)

    text = _PLACE.sub(written, template)
    if left:
        raise ValueError(f"no place in the query for {', '.join(sorted(left))}")
    return _HEADER + text


def rows(store: Store, sparql: str) -> Iterator[Mapping[str, Node]]:
    """The solutions of a SELECT query as mappings from variable names to nodes; unbound variables are left
    out.
    """
    result = store.query(sparql, union=False)
    if not isinstance(result, QuerySolutions):
        raise TypeError("not a SELECT query")
    names = [variable.value for variable in result.variables]
    for solution in result:
        values = ((name, solution[name]) for name in names)
        yield {name: v for name, v in values if v is not None and not isinstance(v, BlankNode | Triple)}


def properties(
    store: Store, subjects: Iterable[NamedNode], sparql: str | None = None
) -> dict[str, dict[str, list[Node]]]:
    """What is said of each subject in any graph: values by predicate IRI, by subject IRI. The text of
    documents is left out.
    """
    found: dict[str, dict[str, list[Node]]] = {}
    for row in rows(store, bind(sparql or DESCRIBE_IN, subjects=subjects)):
        about = found.setdefault(row["s"].value, {})
        about.setdefault(row["p"].value, []).append(row["o"])
    return found


DESCRIBE_IN: Final = """
SELECT DISTINCT ?s ?p ?o WHERE {
  VALUES ?s { $subjects }
  GRAPH ?g { ?s ?p ?o }
  FILTER(?p NOT IN (irkg:text, irkg:hasMention, irkg:hasSection))
}"""

# Claims: every piece of evidence of some claims.
OF_CLAIMS: Final = """
SELECT ?claim ?evidence ?stance ?document WHERE {
  VALUES ?claim { $claims }
  GRAPH ?g { ?evidence irkg:claim ?claim ; irkg:stance ?stance ; irkg:document ?document }
}"""

# Studies of which a document is retracted: nothing of them counts.
VOID_STUDIES: Final = """
SELECT DISTINCT ?study WHERE {
  VALUES ?state { $states }
  GRAPH ?g { ?document irkg:retraction ?state ; irkg:study ?study }
}"""

CITATIONS: Final = """
SELECT ?document ?study ?design ?year WHERE {
  VALUES ?document { $documents }
  GRAPH ?g { ?document irkg:study ?study
    OPTIONAL { ?document irkg:design ?design }
    OPTIONAL { ?document irkg:year ?year } }
}"""

VERSIONED: Final = """
SELECT ?id ?hash ?pipeline WHERE {
  GRAPH ?g { ?document irkg:contentHash ?hash ; dcterms:identifier ?id ; prov:wasGeneratedBy ?pipeline }
}"""

# Look-ups of evidence: the filters below are put together, then bound.
EVIDENCE_FILTERS: Final[Mapping[str, str]] = {
    "terms": "VALUES ?term { $terms } ?evidence irkg:about ?term .",
    "predicate": "?evidence rdf:predicate $predicate .",
    "claim": "?evidence irkg:claim $claim .",
    "document": "?evidence irkg:document $document .",
    "stance": "?evidence irkg:stance $stance .",
    "kind": "?evidence a $kind .",
    "design": "?document irkg:design $design .",
    "first_year": "FILTER(?year >= $first_year)",
    "last_year": "FILTER(?year <= $last_year)",
}
_MATCHED: Final = """
  GRAPH ?g {
    #FILTERS#
    ?evidence irkg:document ?document .
    OPTIONAL { ?document irkg:year ?year }
  }"""
EVIDENCE_PAGE: Final = (
    "SELECT DISTINCT ?evidence ?document ?year WHERE {" + _MATCHED + "\n}"
    " ORDER BY DESC(?year) ?document ?evidence LIMIT $limit OFFSET $offset"
)
EVIDENCE_COUNT: Final = "SELECT (COUNT(DISTINCT ?evidence) AS ?n) WHERE {" + _MATCHED + "\n}"

_ABOUT: Final = f"""
  VALUES ?term {{ $terms }}
  VALUES ?part {{ rdf:subject rdf:object irkg:intervention irkg:comparator irkg:outcome irkg:disease }}
  VALUES ?g {{ <{graph("claims")}> $inferred }}
  GRAPH ?g {{ ?claim ?part ?term ; rdfs:label ?label #FILTERS# }}
  OPTIONAL {{ GRAPH ?g {{ ?claim irkg:supporting ?supporting ; irkg:disputing ?disputing ; irkg:neutral
  ?neutral }} }}"""
CLAIMS_ABOUT: Final = (
    "SELECT DISTINCT ?claim ?n WHERE {"
    + _ABOUT
    + "\n  BIND(COALESCE(?supporting + ?disputing + ?neutral, 0) AS ?n)\n}"
    " ORDER BY DESC(?n) ?claim LIMIT $limit OFFSET $offset"
)
COUNT_ABOUT: Final = "SELECT (COUNT(DISTINCT ?claim) AS ?n) WHERE {" + _ABOUT + "\n}"

STATISTICS: Final[Mapping[str, str]] = {
    "documents": "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?mention irkg:term $term } }",
    "mentions": "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?mention irkg:term $term } }",
    "evidence": "SELECT (COUNT(DISTINCT ?e) AS ?n) WHERE { GRAPH ?g { ?e irkg:about $term } }",
    "studies": "SELECT (COUNT(DISTINCT ?study) AS ?n) WHERE { GRAPH ?g { ?e irkg:about $term ; "
    "irkg:document ?document . ?document irkg:study ?study } }",
    "claims": f"SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE {{ GRAPH <{graph('claims')}> {{ VALUES ?part {{ "
    "rdf:subject rdf:object irkg:intervention irkg:comparator irkg:outcome irkg:disease } "
    "?c ?part $term } }",
}
