"""A release: the files that users of the ontology load, with what changed since the last one.

| file | what it is |
|---|---|
| `irkg.{ttl,owl,ofn,json,obo}` | the ontology as stated |
| `irkg-reasoned.{ttl,owl,ofn,json,obo}` | with the subsumptions that the reasoner adds |
| `irkg.nq` | the graph of the store |
| `irkg.sssom.tsv` | every mapping, with the set's metadata (https://mapping-commons.github.io/sssom) |
| `imports/`, `source/` | the imported terms; all that the release was made from |
| `CHANGELOG.md`, `changes.json`, `check.json` | what changed, and what the check found |
| `release.json`, `SHA256SUMS` | version, date and numbers; a checksum of every other file |

Equal sources, version and date give equal bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from ontology import changelog
from ontology.build import ONTOLOGY, Built, build_root, load_imports
from ontology.diff import Diff, diff
from ontology.editions import Edition, edition
from ontology.findings import Level, Report
from ontology.formats import formats
from ontology.iris import PREFIXES, expand, graph
from ontology.problems import IrkgError, Problem
from ontology.quality import report
from ontology.reasoning import classify
from ontology.report import to_json
from ontology.sssom import MAPPING_COLUMNS
from ontology.tables import ROOT, load
from ontology.terms import Ontology

__all__ = ["Release", "ReleaseError", "last_release", "release", "sssom"]

_VERSION: Final = re.compile(r"\d+(?:\.\d+)*(?:[-.][0-9A-Za-z]+)*")
_OWL, _DC = PREFIXES["owl"], PREFIXES["dcterms"]
_A: Final = NamedNode(PREFIXES["rdf"] + "type")
_LICENCE: Final = "https://www.apache.org/licenses/LICENSE-2.0"
_SEMAPV: Final = "https://w3id.org/semapv/vocab/"
_SOURCES: Final = ("terms/*.tsv", "mappings/*.tsv", "imports/*", "*.tsv", "irkg.ttl", "scores/*.tsv")


class ReleaseError(IrkgError):
    """No release can be made."""


@dataclass(frozen=True)
class Release:
    """A release that was written: where, its version IRI, what changed, and the checksum of each file."""

    folder: Path
    version: str
    iri: str
    changes: Diff
    report: Report
    sums: dict[str, str]


def release(
    version: str,
    folder: Path,
    *,
    root: Path = ROOT,
    day: date | None = None,
    since: str = "",
    cache: Path | None = None,
) -> Release:
    """Write a release into a new folder: all of it, or nothing.

    Args:
        version: such as ``0.2.0``; it becomes part of the version IRI.
        folder: is made; must not exist, or be empty.
        root: what the release is made from.
        day: its date; None: today.
        since: the last release (its folder), or another edition to compare with; empty: the highest lower
            version beside `folder`, if there is one.
        cache: a folder for the reasoner's and the checks' results.

    Raises:
        ReleaseError: the check has an ERROR, the version is none, or the folder is in use.
        TableError, EditionError, ReasoningError: the sources, or those to compare with, cannot be used.
    """
    if not _VERSION.fullmatch(version):
        raise ReleaseError(
            "no release was made", [Problem("version", f"{version!r} is no version", mend="0.2.0")]
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        mend = "name a new folder; a release is never changed"
        raise ReleaseError("no release was made", [Problem(str(folder), "is in use", mend=mend)])
    checked = report(root, reason=True, cache=cache)
    if not checked.passed:
        wrong = [
            Problem(
                f.file or "ontology",
                f"{f.label or f.subject} {f.what}".strip(),
                f.row,
                f.field or None,
                f.mend,
            )
            for f in checked.findings
            if f.level is Level.ERROR
        ]
        raise ReleaseError(f"no release was made: the check has {len(wrong)} ERROR", wrong)
    load.cache_clear()  # the tables may have changed since this process read them last
    ontology, built = load(root), build_root(root)
    inferred = classify(built, cache).subsumptions
    new = Edition(version, ontology, load_imports(root, ontology), frozenset(inferred), built.version)
    before = since or str(last_release(folder.parent, version) or "")
    old = _edition(before, cache) if before else Edition("nothing", Ontology({}))
    changes = diff(old, new)
    day = day or date.today()
    files = dict(_files(version, day, built, new, changes, checked))
    files |= _copies(root)
    files["SHA256SUMS"] = _sums(files)
    _write(folder, files)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return Release(folder, version, f"{ONTOLOGY.value}/{version}", changes, checked, sums)


def last_release(folder: Path, version: str) -> Path | None:
    """The release with the highest version below `version` among the folders in `folder`."""
    found: list[tuple[tuple[tuple[int, str], ...], Path]] = []
    for path in sorted(folder.glob("*/release.json")) if folder.is_dir() else ():
        try:
            known = str(json.loads(path.read_text(encoding="utf-8"))["version"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if _rank(known) < _rank(version):
            found.append((_rank(known), path.parent))
    return max(found)[1] if found else None


def _rank(version: str) -> tuple[tuple[int, str], ...]:
    """Versions in their order: numbers as numbers, and `1.0-rc1` before `1.0`."""
    parts = [(int(p), "") if p.isdigit() else (-2, p) for p in re.split(r"[.\-]", version)]
    return (*parts, (-1, ""))


def _edition(place: str, cache: Path | None) -> Edition:
    """The edition of a release's folder, by its version, or of any other place."""
    path = Path(place)
    if (path / "release.json").is_file():
        name = str(json.loads((path / "release.json").read_text(encoding="utf-8"))["version"])
        return replace(edition(str(path / "source"), cache=cache), name=name)
    return edition(place, cache=cache)


def _files(
    version: str, day: date, built: Built, new: Edition, changes: Diff, checked: Report
) -> Iterator[tuple[str, bytes]]:
    yield from formats(_stamped(built.triples, version, f"{ONTOLOGY.value}/{version}", day)).items()
    above = NamedNode(PREFIXES["rdfs"] + "subClassOf")
    inferred = tuple(
        Triple(NamedNode(expand(child)), above, NamedNode(expand(parent)))
        for child, parent in sorted(new.subsumptions)
    )
    iri = f"{ONTOLOGY.value}/{version}/reasoned"
    yield from formats((*_stamped(built.triples, version, iri, day), *inferred), "irkg-reasoned").items()
    name = NamedNode(graph("ontology"))
    stamped = (*_stamped(built.store_graph, version, f"{ONTOLOGY.value}/{version}", day),)
    quads = (
        serialize((Quad(t.subject, t.predicate, t.object, name) for t in stamped), format=RdfFormat.N_QUADS)
        or b""
    )
    yield "irkg.nq", b"\n".join(sorted(quads.splitlines())) + b"\n"
    yield "irkg.sssom.tsv", sssom(new.ontology, version, day)
    yield "CHANGELOG.md", _changelog(version, day, changes).encode()
    yield "changes.json", _json(changes.to_json())
    found = to_json(checked)
    del found["seconds"]  # the one thing in it that differs from run to run
    yield "check.json", _json(found)
    yield (
        "release.json",
        _json(
            {
                "version": version,
                "date": day.isoformat(),
                "iri": f"{ONTOLOGY.value}/{version}",
                "content": built.version,
                "since": changes.old,
                "terms": len(new.ontology.terms),
                "obsolete": len(new.ontology.obsolete),
                "imported": len(new.imported),
                "mappings": len(new.ontology.mappings),
                "inferred": len(new.subsumptions),
            }
        ),
    )


def _stamped(triples: Iterable[Triple], version: str, iri: str, day: date) -> Iterator[Triple]:
    """The graph with the release's version IRI, version and date in its header."""
    issued = NamedNode(_DC + "issued")
    header: dict[NamedNode, NamedNode | Literal] = {
        NamedNode(_OWL + "versionIRI"): NamedNode(iri),
        NamedNode(_OWL + "versionInfo"): Literal(version),
        issued: Literal(day.isoformat(), datatype=NamedNode(PREFIXES["xsd"] + "date")),
    }
    for triple in triples:
        if triple.subject != ONTOLOGY or triple.predicate not in header:
            yield triple
    for predicate, value in header.items():
        yield Triple(ONTOLOGY, predicate, value)
    yield Triple(issued, _A, NamedNode(_OWL + "AnnotationProperty"))


def sssom(ontology: Ontology, version: str, day: date) -> bytes:
    """Every mapping as one SSSOM table with the set's metadata in front, as comments."""
    used = sorted({m.object_id.split(":")[0] for m in ontology.mappings} | {"IRKG", "skos"})
    known = {**{name: PREFIXES[name] for name in used if name in PREFIXES}, "semapv": _SEMAPV}
    lines = ["#curie_map:", *(f'#  {name}: "{iri}"' for name, iri in sorted(known.items()))]
    lines += [
        f'#license: "{_LICENCE}"',
        '#mapping_set_description: "What the terms of IR-KG are in other vocabularies."',
        f'#mapping_set_id: "{ONTOLOGY.value}/{version}/irkg.sssom.tsv"',
        '#mapping_set_title: "IR-KG mappings"',
        f'#mapping_set_version: "{version}"',
        f'#publication_date: "{day.isoformat()}"',
        "\t".join(MAPPING_COLUMNS),
    ]
    order = sorted(ontology.mappings, key=lambda m: (m.subject_id, m.predicate_id, m.object_id))
    for m in order:
        cells = (m.subject_id, ontology[m.subject_id].label, m.predicate_id, m.object_id, m.object_label)
        lines.append("\t".join((*cells, m.justification, m.comment)))
    return ("\n".join(lines) + "\n").encode()


def _changelog(version: str, day: date, changes: Diff) -> str:
    if changes.old == "nothing":
        return f"# {version} ({day.isoformat()})\n\nThe first release.\n"
    return changelog.markdown(changes, f"{version} ({day.isoformat()}), since {changes.old}")


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _copies(root: Path) -> dict[str, bytes]:
    """What the release is made from, and the imports once more where users look for them."""
    found: dict[str, bytes] = {}
    for pattern in _SOURCES:
        for path in sorted(root.glob(pattern)):
            if path.is_file() and not path.name.startswith("."):
                name = path.relative_to(root).as_posix()
                found[f"source/{name}"] = path.read_bytes()
                if name.startswith("imports/"):
                    found[name] = path.read_bytes()
    if "source/irkg.ttl" not in found:
        found["source/irkg.ttl"] = (ROOT / "irkg.ttl").read_bytes()
    return found


def _sums(files: dict[str, bytes]) -> bytes:
    """As ``sha256sum`` writes and ``sha256sum --check`` reads it."""
    return "".join(f"{hashlib.sha256(files[n]).hexdigest()}  {n}\n" for n in sorted(files)).encode()


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Write beside and rename, so that nobody finds half a release."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, content in files.items():
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            (part / name).write_bytes(content)
        part.chmod(0o755)
        part.replace(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
