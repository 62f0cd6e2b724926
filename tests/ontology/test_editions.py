from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ontology.editions import EditionError, edition, opened
from ontology.terms import Branch
from tests.ontology.small import tables


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose first commit lacks the last column of a table, and whose folder has a term more."""
    root = tables(tmp_path / "here")
    path = root / "terms" / "disease.tsv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line.rsplit("\t", 1)[0] for line in lines) + "\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "here")
    git(tmp_path, "commit", "-qm", "first")
    tables(root, extra={Branch.DISEASE: [{"id": "IRKG:0001003", "label": "new", "parents": "disease"}]})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder_and_a_revision_are_read(repository: Path) -> None:
    now = edition(str(repository / "here"), reason=False)
    before = edition("HEAD:here", reason=False)
    assert set(now.ontology.terms) - set(before.ontology.terms) == {"IRKG:0001003"}
    assert now.version != before.version


def test_the_reasoner_is_asked_when_wanted(tmp_path: Path) -> None:
    root = str(tables(tmp_path))
    assert edition(root, reason=False).subsumptions == frozenset()
    assert ("IRKG:0006003", "IRKG:0006002") in edition(root).subsumptions


def test_the_unpacked_folder_is_gone_afterwards(repository: Path) -> None:
    with opened("HEAD:here") as root:
        assert (root / "terms").is_dir()
    assert not root.exists()


@pytest.mark.parametrize("place", ["nowhere", "NOREV:here", "HEAD:nowhere", "--output=x:here"])
def test_what_holds_no_ontology_is_refused(repository: Path, place: str) -> None:
    with pytest.raises(EditionError, match=r"cannot be read|no ontology"):
        edition(place, reason=False)
