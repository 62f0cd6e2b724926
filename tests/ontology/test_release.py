from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
import rdflib

from ontology.release import ReleaseError, last_release, release
from ontology.terms import Branch
from tests.ontology.small import tables

DAY = date(2026, 1, 2)
MAPPING = (
    "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tcomment\n"
    "IRKG:0001002\thepatocellular carcinoma\tskos:exactMatch\tMESH:D006528\tCarcinoma, Hepatocellular\t"
    "semapv:ManualMappingCuration\tnoted\n"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases of the small ontology, the second with a term more."""
    folder = tmp_path_factory.mktemp("releases")
    root = tables(folder / "root")
    (root / "mappings" / "disease.sssom.tsv").write_text(MAPPING)
    (root / "imports").mkdir()
    (root / "imports" / "README.md").write_text("about")
    release("0.9.0", folder / "0.9.0", root=root, day=DAY, cache=folder / "cache")
    tables(root, extra={Branch.DISEASE: [{"id": "IRKG:0001003", "label": "new", "parents": "disease"}]})
    release("0.10.0", folder / "0.10.0", root=root, day=DAY, cache=folder / "cache")
    return folder


def test_every_file_is_there_and_its_checksum_is_right(place: Path) -> None:
    folder = place / "0.10.0"
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert files == {*sums, "SHA256SUMS"}
    assert all(hashlib.sha256((folder / n).read_bytes()).hexdigest() == s for n, s in sums.items())
    kinds = ("ttl", "owl", "ofn", "json", "obo")
    assert {f"irkg{r}.{k}" for r in ("", "-reasoned") for k in kinds} <= files
    assert {"irkg.nq", "irkg.sssom.tsv", "imports/README.md", "source/terms/disease.tsv"} <= files


def test_the_same_release_has_the_same_bytes(place: Path, tmp_path: Path) -> None:
    before = str(place / "0.9.0")
    again = release("0.10.0", tmp_path / "x", root=place / "root", day=DAY, since=before)
    assert (
        again.sums["SHA256SUMS"] == hashlib.sha256((place / "0.10.0" / "SHA256SUMS").read_bytes()).hexdigest()
    )


def test_the_version_stands_in_the_header(place: Path) -> None:
    graph = rdflib.Graph().parse(place / "0.10.0" / "irkg.ttl")
    (iri,) = graph.objects(None, rdflib.OWL.versionIRI)
    assert str(iri) == "https://w3id.org/irkg/ontology/0.10.0"
    assert [str(o) for o in graph.objects(None, rdflib.OWL.versionInfo)] == ["0.10.0"]
    assert [str(o) for o in graph.objects(None, rdflib.DCTERMS.issued)] == ["2026-01-02"]


def test_the_reasoned_files_hold_what_is_inferred(place: Path) -> None:
    child, parent = (rdflib.URIRef(f"https://w3id.org/irkg/IRKG_000600{n}") for n in (3, 2))
    triple = (child, rdflib.RDFS.subClassOf, parent)
    assert triple in rdflib.Graph().parse(place / "0.10.0" / "irkg-reasoned.ttl")
    assert triple not in rdflib.Graph().parse(place / "0.10.0" / "irkg.ttl")


def test_the_changelog_is_that_since_the_last_version(place: Path) -> None:
    assert "The first release." in (place / "0.9.0" / "CHANGELOG.md").read_text()
    told = (place / "0.10.0" / "CHANGELOG.md").read_text()
    assert told.startswith("# 0.10.0 (2026-01-02), since 0.9.0\n")
    assert "- new (IRKG:0001003)" in told
    assert json.loads((place / "0.10.0" / "release.json").read_text())["since"] == "0.9.0"
    assert last_release(place, "0.10.0") == place / "0.9.0"
    assert last_release(place, "0.11") == place / "0.10.0"
    assert last_release(place, "0.10.0-rc1") == place / "0.9.0"
    assert last_release(place, "0.9.0") is None


def test_mappings_have_the_metadata_of_their_set(place: Path) -> None:
    lines = (place / "0.10.0" / "irkg.sssom.tsv").read_text().splitlines()
    header = [line[1:] for line in lines if line.startswith("#")]
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    told = yaml.safe_load("\n".join(header))
    assert {"curie_map", "license", "mapping_set_id", "mapping_set_version", "publication_date"} <= set(told)
    assert told["curie_map"]["MESH"] == "http://id.nlm.nih.gov/mesh/"
    assert lines[len(header)].split("\t") == MAPPING.split("\n")[0].split("\t")
    assert lines[len(header) + 1] == MAPPING.split("\n")[1]


def test_a_release_is_never_written_over(place: Path) -> None:
    with pytest.raises(ReleaseError, match="is in use"):
        release("0.11.0", place / "0.9.0", root=place / "root")


def test_an_error_of_the_check_stops_it(tmp_path: Path) -> None:
    root = tables(tmp_path / "root", {"IRKG:0001002": {"definition": "What disease is."}})
    with pytest.raises(ReleaseError, match=r"the check has 1 ERROR(.|\n)*disease.tsv, row"):
        release("1.0", tmp_path / "out", root=root)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("version", ["", "v1", "1.0/..", "latest", "1.0 "])
def test_what_is_no_version_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(ReleaseError, match="is no version"):
        release(version, tmp_path / "out", root=tmp_path)
