"""Changing the tables that curators keep: planned in memory, checked as a whole, written at once or not at
all.

Rows that are not changed keep every byte, line ends and trailing tabs too, so that a change shows in git as
the rows that it means. A change is tried on a copy of the folder first; when any check fails there, the
folder stays as it is.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ontology import external, trial
from ontology.problems import IrkgError, Problem
from ontology.ranges import RANGE_COLUMNS
from ontology.slots import MAPPING_COLUMNS, columns, table_name
from ontology.tables import OBSOLETE_COLUMNS, load
from ontology.terms import Branch
from ontology.tsv import split

__all__ = ["EditError", "Sources", "Table", "opened"]

_NAMES: Final = ("exact", "abbreviations", "narrow")
_PRIMITIVE_COLUMNS: Final = ("id", "label", "why")
_BREAK: Final = re.compile("(\r\n|\r|\n)")
_TERM_ID: Final = re.compile(r"\bIRKG:\d{7}\b")


class EditError(IrkgError):
    """A change is refused; nothing was written, `problems` says where and why."""


class Table:
    """A tab-separated file as its lines; rows are counted as an editor does, the header is row 1."""

    def __init__(self, path: Path, header: tuple[str, ...]) -> None:
        """Read a table; a missing file is one with a header only.

        Raises:
            EditError: the file is not UTF-8 or has another header.
        """
        self.path, self.header = path, header
        self.before = path.read_bytes() if path.exists() else b""
        try:
            text = self.before.decode("utf-8") if self.before else "\t".join(header) + "\n"
        except UnicodeDecodeError as error:
            row = len(_BREAK.split(self.before[: error.start].decode("latin-1"))) // 2 + 1
            wrong = Problem(
                path.name,
                f"byte {error.start} is not UTF-8",
                row,
                mend="save the table as UTF-8",
                rule="not_utf8",
            )
            raise EditError("a table cannot be changed", [wrong]) from error
        parts = _BREAK.split(text)
        self._lines, self._ends = parts[::2], [*parts[1::2], ""]
        if not self._lines[-1]:
            del self._lines[-1], self._ends[-1]
        self._rows: list[dict[str, str] | None] = [None] * len(self._lines)  # read when first asked for
        if tuple(self._lines[0].split("\t")) != header:
            mend = "expected: " + "\t".join(header)
            wrong = Problem(
                path.name, "the columns are not the expected ones", 1, None, mend, "changed_header"
            )
            raise EditError("a table cannot be changed", [wrong])

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """The rows that hold something, with their numbers."""
        for number in range(2, len(self._lines) + 1):
            if self._lines[number - 1].strip():
                yield number, self[number]

    def __getitem__(self, row: int) -> Mapping[str, str]:
        found = self._rows[row - 1]
        if found is None:
            cells = self._lines[row - 1].split("\t")
            cells += [""] * (len(self.header) - len(cells))
            found = {name: cell.strip() for name, cell in zip(self.header, cells, strict=False)}
            self._rows[row - 1] = found
        return found

    def set(self, row: int, column: str, value: str) -> None:
        """Change one cell; the others keep their bytes."""
        if self[row][column] == value:
            return
        cells, at = self._lines[row - 1].split("\t"), self.header.index(column)
        cells += [""] * (at + 1 - len(cells))
        cells[at] = value
        self._lines[row - 1] = "\t".join(cells)
        self._rows[row - 1] = None

    def insert(self, cells: Mapping[str, str], after: int | None = None) -> int:
        """A new row behind the row `after` (None: the last); gives its number."""
        end = next((e for e in self._ends if e), "\n")
        at = len(self._lines) if after is None else after
        if not self._ends[at - 1]:  # the file ends without a line break
            self._ends[at - 1] = end
        self._lines.insert(at, "\t".join(cells.get(name, "") for name in self.header))
        self._ends.insert(at, end)
        self._rows.insert(at, None)
        return at + 1

    def remove(self, row: int) -> None:
        """Take a row out."""
        del self._lines[row - 1], self._ends[row - 1], self._rows[row - 1]

    @property
    def after(self) -> bytes:
        """The content as it is now."""
        return "".join(map(str.__add__, self._lines, self._ends)).encode()

    @property
    def changed(self) -> bool:
        """True when the content is another than that of the file; a header without rows is not written."""
        return self.after != self.before and (bool(self.before) or len(self._lines) > 1)


@dataclass
class Sources:
    """The tables under one folder, for planning a change; make it with :func:`opened`."""

    root: Path
    _tables: dict[str, Table] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    """Ids of the terms whose rows were changed or added."""

    def terms(self, branch: Branch) -> Table:
        """The table of a branch."""
        return self._table(f"terms/{table_name(branch)}", columns(branch))

    @property
    def obsolete(self) -> Table:
        """The table of obsolete terms."""
        return self._table("obsolete.tsv", OBSOLETE_COLUMNS)

    @property
    def primitive(self) -> Table:
        """The table of procedures without a logical definition."""
        return self._table("primitive.tsv", _PRIMITIVE_COLUMNS)

    @property
    def ranges(self) -> Table:
        """The table of the curators' id ranges."""
        return self._table("ranges.tsv", RANGE_COLUMNS)

    def mappings(self) -> list[Table]:
        """The SSSOM tables."""
        files = sorted((self.root / "mappings").glob("*.sssom.tsv"))
        return [self._table(f"mappings/{path.name}", MAPPING_COLUMNS) for path in files]

    def imports(self) -> list[Table]:
        """The tables of imported terms."""
        files = external.tables(self.root / "imports")
        return [self._table(f"imports/{path.name}", external.COLUMNS) for path in files]

    def imported(self, name: str) -> Table:
        """One table of imported terms, which may be new."""
        return self._table(f"imports/{name}", external.COLUMNS)

    @property
    def import_sources(self) -> Table:
        """The table of vocabularies, versions and licences that imports come from."""
        return self._table(f"imports/{external.SOURCES}", external.SOURCE_COLUMNS)

    def _table(self, name: str, header: tuple[str, ...]) -> Table:
        if name not in self._tables:
            self._tables[name] = Table(self.root / name, header)
        return self._tables[name]

    def find(self, name: str) -> tuple[Branch, int]:
        """The branch and row of a term in use or obsolete, by id, or of a term in use by label.

        Raises:
            EditError: no term has the id or label.
        """
        gone = {cells["id"] for _, cells in self.obsolete}
        labelled: tuple[Branch, int] | None = None
        for branch in Branch:
            for number, cells in self.terms(branch):
                if cells["id"] == name:
                    return branch, number
                if cells["label"].casefold() == name.casefold() and cells["id"] not in gone:
                    labelled = branch, number
        if labelled is None:
            close = difflib.get_close_matches(name, self._labels(), 3)
            mend = (
                "did you mean " + " or ".join(map(repr, close)) if close else "give an id or the exact label"
            )
            raise EditError(
                "nothing was written",
                [Problem("terms", f"{name!r} is no term", None, None, mend, "unknown_term")],
            )
        return labelled

    def _labels(self) -> list[str]:
        return [cells["label"] for branch in Branch for _, cells in self.terms(branch)]

    def label(self, name: str) -> str:
        """The label of a term that is given by id; any other text as it is."""
        if not _TERM_ID.fullmatch(name):
            return name
        branch, row = self.find(name)
        return self.terms(branch)[row]["label"]

    def change(self, branch: Branch, row: int, changes: Mapping[str, str]) -> None:
        """Change cells of a term's row."""
        table = self.terms(branch)
        for column, value in changes.items():
            table.set(row, column, value)
        self.touched.add(table[row]["id"])

    def changes(self) -> dict[Path, tuple[bytes, bytes]]:
        """The files to be written: content before and after."""
        return {t.path: (t.before, t.after) for t in self._tables.values() if t.changed}

    def diff(self) -> str:
        """The planned change as a unified diff without context, for people."""
        found: list[str] = []
        for path, (before, after) in self.changes().items():
            name = path.relative_to(self.root).as_posix()
            old, new = (_BREAK.sub("\n", c.decode()).split("\n") for c in (before, after))
            found += difflib.unified_diff(old, new, name, name, lineterm="", n=0)
        return "\n".join(found)

    def check(self, *, reason: bool = False, cache: Path | None = None) -> list[Problem]:
        """What would be wrong with the folder after the change."""
        with tempfile.TemporaryDirectory(prefix="irkg-") as name:
            copy = Path(name) / self.root.name
            shutil.copytree(self.root, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__", ".git"))
            for path, (_, after) in self.changes().items():
                target = copy / path.relative_to(self.root)
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(after)
            return trial.problems(copy, self.touched, self._known_names(), reason=reason, cache=cache)

    def _known_names(self) -> dict[str, set[str]]:
        """The names that the touched terms had in the files before, by id."""
        found: dict[str, set[str]] = {}
        for branch in Branch:
            table = Table(self.root / "terms" / table_name(branch), columns(branch))
            for _, cells in table:
                if cells["id"] in self.touched:
                    names = (name for column in _NAMES for name in split(cells[column]))
                    found[cells["id"]] = {cells["label"], *names}
        return found

    def save(self, *, reason: bool = False, cache: Path | None = None) -> list[Path]:
        """Check the change and write it; gives the files that were written.

        Args:
            reason: let the reasoner look for contradictions too (needs Java).
            cache: a folder for the reasoner's results.

        Raises:
            EditError: a check fails, or a file was changed by someone else meanwhile; nothing was written.
            OSError: a file cannot be written; those written before it are put back.
        """
        changes = self.changes()
        if not changes:
            return []
        if wrong := self.check(reason=reason, cache=cache):
            old = {replace(p, row=None) for p in Sources(self.root).check(reason=False)}
            new = [p for p in wrong if replace(p, row=None) not in old]
            if new:
                raise EditError("refused, nothing was written", new)
            raise EditError("the tables had problems before; mend them first, nothing was written", wrong)
        for path, (before, _) in changes.items():
            if (path.read_bytes() if path.exists() else b"") != before:
                wrong = [
                    Problem(
                        path.name, "was changed by someone else meanwhile", mend="do it again", rule="stale"
                    )
                ]
                raise EditError("refused, nothing was written", wrong)
        _write({path: after for path, (_, after) in changes.items()})
        load.cache_clear()
        return list(changes)


@contextlib.contextmanager
def opened(root: Path) -> Iterator[Sources]:
    """The tables of a folder, kept from other processes that change it until the block ends.

    Raises:
        EditError: the folder holds no tables.
    """
    if not (root / "terms").is_dir():
        wrong = Problem(str(root), "holds no folder terms/", mend="give the ontology's folder with --root")
        raise EditError("no ontology", [wrong])
    if sys.platform == "win32":
        yield Sources(root)
        return
    import fcntl

    handle = os.open(root / "terms", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield Sources(root)
    finally:
        os.close(handle)


def _write(contents: Mapping[Path, bytes]) -> None:
    """Write all files or none: each beside its place first, then renamed; on failure they are put back."""
    parts: dict[Path, Path] = {}
    done: dict[Path, bytes | None] = {}
    try:
        for path, content in contents.items():
            path.parent.mkdir(exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
            parts[path] = Path(name)
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            parts[path].chmod(path.stat().st_mode if path.exists() else 0o644)
        for path, part in parts.items():
            before = path.read_bytes() if path.exists() else None
            part.replace(path)
            done[path] = before
    except BaseException:
        for path, before in done.items():
            path.unlink() if before is None else path.write_bytes(before)
        raise
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
