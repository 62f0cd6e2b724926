"""The process that runs queries: ``python -m api.sparql.worker [BYTES]``. Started by :mod:`api.sparql.pool`.

It reads one JSON object a line and writes frames: one letter, four bytes of length, the content. ``H`` media
type, ``D`` data, ``E`` end, ``X`` failure as JSON. It ends when its input ends, and by a timer of its own
soon after a query's deadline, so that it outlives its server by no more than one query.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyoxigraph as ox

from api.sparql.engine import Query, QueryError, execute
from kg.store.oxigraph import OxigraphStore

__all__ = ["HEADER", "main"]

HEADER: Final = struct.Struct(">cI")
# Seconds after the deadline at which the process ends by itself; the server kills it earlier.
_GRACE: Final = 2.0


class _Frames:
    """A sink that writes frames to the server."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def start(self, media_type: str) -> None:
        self._frame(b"H", media_type.encode())

    def chunk(self, data: bytes) -> None:
        self._frame(b"D", data)

    def end(self) -> None:
        self._frame(b"E", b"")

    def failure(self, kind: str, message: str) -> None:
        self._frame(b"X", json.dumps({"kind": kind, "message": message}).encode())

    def _frame(self, letter: bytes, content: bytes) -> None:
        self._out.write(HEADER.pack(letter, len(content)) + content)
        self._out.flush()


def _timer(seconds: float) -> None:
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _cap_memory(most: int) -> None:
    """Let the process map no more than so many bytes; Rust then aborts it when a query wants more."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _leave_network() -> None:
    """Go into a network namespace of its own, without any address, where Linux allows that.

    The server refuses SERVICE; this holds should a query ever get around it.
    """
    if sys.platform == "linux":
        # CLONE_NEWUSER | CLONE_NEWNET, linux/sched.h; fails harmlessly in many containers.
        ctypes.CDLL(None, use_errno=True).unshare(0x10000000 | 0x40000000)


class _Opened:
    """The snapshot that was asked last; another one is opened when a query names it."""

    def __init__(self) -> None:
        self._path = ""
        self._store: OxigraphStore | None = None

    def at(self, path: str) -> OxigraphStore:
        if self._store is None or path != self._path:
            if self._store is not None:
                self._store.close()
            self._store = OxigraphStore(ox.Store.read_only(path), folder=Path(path))
            self._path = path
        return self._store


def main() -> None:
    """Answer queries until the input ends."""
    frames = _Frames(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)  # a stray print must not look like a frame
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to handle
    _leave_network()
    if len(sys.argv) > 1:
        _cap_memory(int(sys.argv[1]))
    opened = _Opened()
    for line in sys.stdin.buffer:
        message: dict[str, Any] = json.loads(line)
        _timer(message["seconds"] + _GRACE)
        try:
            query = Query(
                text=message["text"],
                default_graphs=tuple(message["default_graphs"]),
                named_graphs=tuple(message["named_graphs"]),
                solutions=message["solutions"],
                graph=message["graph"],
            )
            try:
                store = opened.at(message["path"])
            except (OSError, ValueError) as error:
                raise QueryError("failed", f"The graph cannot be opened: {error}") from error
            execute(store, query, frames)
            frames.end()
        except QueryError as failure:
            frames.failure(failure.kind, str(failure))
        except BrokenPipeError:
            return
        finally:
            _timer(0)


if __name__ == "__main__":
    main()
