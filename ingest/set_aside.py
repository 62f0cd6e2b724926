"""Where documents go that could not be read: their bytes and what was wrong, so that nothing is lost."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ingest.sources import Origin
from ontology.problems import Problem

__all__ = ["SetAside"]


class SetAside:
    """A folder with two files for each failure: the record as it came (`.raw`, or `.jsonl` for a document
    that can be ingested again), and `.txt` with the message.

    Names come from file and record, so that a second run over the same input writes the same files. What can
    be read in a later run is taken away again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names = {path.stem for path in folder.glob("*.txt")} if folder.is_dir() else set()

    def put(self, origin: Origin, problem: Problem, raw: bytes | None, suffix: str = ".raw") -> None:
        """Set one record aside; with `raw` None there is only the message.

        Raises:
            OSError: the folder cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        name = _name(origin)
        if raw is not None:
            _write(self.folder / f"{name}{suffix}", raw)
        told = {"file": origin.file, "record": origin.record, "problem": str(problem)}
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in told.items()]
        _write(self.folder / f"{name}.txt", "".join(lines).encode())
        self._names.add(name)

    def clear(self, origin: Origin) -> None:
        """Take away what was set aside of a record that can be read now."""
        if self._names and (name := _name(origin)) in self._names:
            for suffix in (".raw", ".jsonl", ".txt"):
                (self.folder / f"{name}{suffix}").unlink(missing_ok=True)
            self._names.discard(name)


def _name(origin: Origin) -> str:
    return hashlib.sha256(f"{origin.file}\n{origin.record}".encode()).hexdigest()[:16]


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(path.suffix + ".part")
    part.write_bytes(content)
    part.replace(path)
