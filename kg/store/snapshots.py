"""Frozen copies of an on-disk database, so that a server can read while an ingest writes.

A snapshot is a folder of hard links to immutable files, named by a counter. A reader holds a shared file lock
on it, so that the writer, which deletes old snapshots when it publishes, leaves those in use alone; a killed
reader's lock goes with it.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox

try:
    import fcntl
except ImportError:  # Windows: files in use cannot be deleted there, which is what the lock is for
    fcntl = None  # type: ignore[assignment]

__all__ = ["DATABASE", "Snapshot", "newest", "publish"]

DATABASE: Final = "database"
_NAME: Final = re.compile(r"^snapshot-(\d{8})$")


@dataclass(frozen=True)
class Snapshot:
    """A snapshot in use; `release` lets the writer delete it."""

    path: Path
    lock: IO[str] | None

    def release(self) -> None:
        """Give the snapshot back."""
        if self.lock is not None:
            self.lock.close()


def newest(folder: Path) -> Snapshot | None:
    """The newest snapshot that can be read, locked against deletion; None when there is none."""
    for path in reversed(_all(folder)):
        lock = _lock(path, exclusive=False)
        if lock is None:
            continue
        if path.exists():
            return Snapshot(path, lock)
        lock.close()
    return None


def publish(database: ox.Store, folder: Path) -> Path:
    """Write a new snapshot of an open database and delete those that nobody reads."""
    present = _all(folder)
    number = int(present[-1].name[-8:]) + 1 if present else 1
    path = folder / f"snapshot-{number:08d}"
    unfinished = folder / f"unfinished-{number:08d}"
    shutil.rmtree(unfinished, ignore_errors=True)
    database.backup(str(unfinished))
    unfinished.rename(path)
    for old in present:
        lock = _lock(old, exclusive=True)
        if lock is not None:
            shutil.rmtree(old, ignore_errors=True)
            lock.close()
            _lock_file(old).unlink(missing_ok=True)
    return path


def _all(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if _NAME.match(path.name))


def _lock_file(path: Path) -> Path:
    return path.with_suffix(".lock")


def _lock(path: Path, *, exclusive: bool) -> IO[str] | None:
    file = _lock_file(path).open("w")
    if fcntl is not None:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
    return file
