"""The command line `irkg`: thin over the library, one module for each group of commands."""

from __future__ import annotations

from api.cli.app import main

__all__ = ["main"]
