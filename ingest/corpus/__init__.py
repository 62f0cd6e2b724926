"""The bundled digests of landmark publications; README.md tells how they are written."""

from __future__ import annotations

from pathlib import Path

__all__ = ["bundled", "count"]


def bundled() -> list[Path]:
    """The files of digests, in order."""
    return sorted(Path(__file__).parent.glob("*.xml"))


def count() -> int:
    """The number of bundled digests, for a progress bar."""
    return sum(path.read_bytes().count(b"<PubmedArticle>") for path in bundled())
