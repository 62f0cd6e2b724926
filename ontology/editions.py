"""A state of the ontology to compare with others: a folder, or a revision in git (``HEAD~3:``)."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ontology.build import build_root, load_imports
from ontology.problems import IrkgError, Problem
from ontology.reasoning import classify
from ontology.slots import columns, table_name
from ontology.tables import ROOT, load
from ontology.terms import Branch, Ontology, Term

__all__ = ["Edition", "EditionError", "edition", "opened"]


class EditionError(IrkgError):
    """A folder or revision holds no ontology."""


@dataclass(frozen=True)
class Edition:
    """The ontology at one time: its terms, what it imports, and what the reasoner adds, (child, parent)."""

    name: str
    ontology: Ontology
    imported: tuple[Term, ...] = ()
    subsumptions: frozenset[tuple[str, str]] = frozenset()
    version: str = ""


def edition(place: str, *, reason: bool = True, cache: Path | None = None) -> Edition:
    """The ontology of a folder or revision.

    Args:
        place: a folder with `terms/`; or ``REV:`` for a git revision of the installed ontology's repository,
            ``REV:PATH`` for a folder of the repository of the working folder.
        reason: classify it too (needs Java).
        cache: a folder for the reasoner's results.

    Raises:
        EditionError: there is no ontology.
        TableError: a table has a problem.
        ReasoningError: the reasoner cannot run.
    """
    with opened(place) as root:
        load.cache_clear()  # the tables may have changed since this process read them last
        ontology = load(root)
        built = build_root(root)
        found = classify(built, cache).subsumptions if reason else ()
        return Edition(place, ontology, load_imports(root, ontology), frozenset(found), built.version)


@contextmanager
def opened(place: str) -> Iterator[Path]:
    """The folder of a place; that of a revision is there only within the block.

    Raises:
        EditionError: there is no ontology.
    """
    if ":" not in place or Path(place).is_dir():
        root = Path(place)
        if not (root / "terms").is_dir():
            mend = "a folder that holds terms/, or REV: for a git revision"
            raise EditionError(
                "there is no ontology to compare", [Problem(place, "no folder terms/", mend=mend)]
            )
        yield root
        return
    revision, _, inside = place.partition(":")
    with tempfile.TemporaryDirectory() as folder:
        root = _unpack(place, revision, inside, Path(folder))
        _fill_columns(root)
        yield root


def _unpack(place: str, revision: str, inside: str, folder: Path) -> Path:
    where = Path() if inside else ROOT
    try:
        top = Path(_git(where, "rev-parse", "--show-toplevel").decode().strip())
        path = inside.rstrip("/") or ROOT.resolve().relative_to(top.resolve()).as_posix()
        # A name that begins with a hyphen would be read as an option.
        commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        content = _git(top, "archive", "--format=tar", commit.decode().strip(), path)
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        said = getattr(error, "stderr", b"") or str(error).encode()
        what = said.decode(errors="replace").strip() or "git knows no such revision"
        mend = "a revision that `git log` shows, a colon, and the folder in it"
        raise EditionError("the revision cannot be read", [Problem(place, what, mend=mend)]) from error
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        tar.extractall(folder, filter="data")
    root = folder / path
    if not (root / "terms").is_dir():
        raise EditionError("there is no ontology to compare", [Problem(place, "no folder terms/")])
    return root


def _git(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=True).stdout


def _fill_columns(root: Path) -> None:
    """Give tables of an older time the columns that they lack, empty."""
    for branch in Branch:
        path, wanted = root / "terms" / table_name(branch), columns(branch)
        if not path.exists():
            continue
        head, *lines = path.read_text(encoding="utf-8").split("\n")
        have = head.rstrip("\r").split("\t")
        if tuple(have) != wanted and set(have) <= set(wanted):
            rows = [dict(zip(have, line.rstrip("\r").split("\t"), strict=False)) for line in lines if line]
            text = "".join("\t".join(row.get(name, "") for name in wanted) + "\n" for row in rows)
            path.write_text("\t".join(wanted) + "\n" + text, encoding="utf-8")
