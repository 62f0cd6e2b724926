"""Queries run inside the server, for a store that no other process can open: one in memory.

Such a query cannot be stopped: at its deadline the client gets its answer, the thread goes on. So that this
cannot go on for ever, at most :data:`THREADS` run at once, finished for their client or not, and a result may
have :data:`LARGEST` bytes. This is for tests and small graphs.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from typing import Final

from api.sparql.engine import Query, QueryError, execute
from api.sparql.pool import Answer
from kg.store.base import Store

__all__ = ["LARGEST", "THREADS", "Inline"]

THREADS: Final = 4
LARGEST: Final = 64 * 2**20


class _Memory:
    """A sink that keeps the result."""

    def __init__(self) -> None:
        self.media_type = ""
        self.pieces: list[bytes] = []
        self._size = 0

    def start(self, media_type: str) -> None:
        self.media_type = media_type

    def chunk(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > LARGEST:
            raise QueryError("too-large", f"The result has more than {LARGEST // 2**20} MiB.")
        self.pieces.append(data)


class _Kept:
    """An answer that is complete."""

    def __init__(self, result: _Memory) -> None:
        self.media_type = result.media_type
        self._pieces = result.pieces

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece

    async def close(self) -> None:
        self._pieces = []


class Inline:
    """Runs queries over one store in threads."""

    def __init__(self) -> None:
        self._running = 0
        self._lock = threading.Lock()

    async def run(self, query: Query, seconds: float, store: Store) -> Answer:
        """The same as :meth:`api.sparql.pool.Pool.run`, over an open store."""
        with self._lock:
            if self._running >= THREADS:
                raise QueryError("busy", "Too many queries are running.")
            self._running += 1
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_Memory] = loop.create_future()

        def tell(result: _Memory | None, error: Exception | None) -> None:
            if done.done():  # the deadline came first
                return
            if error is not None:
                done.set_exception(error)
            elif result is not None:
                done.set_result(result)

        def work() -> None:
            result, failure = _Memory(), None
            try:
                execute(store, query, result)
            except QueryError as error:
                # A new one: a traceback holds the query's iterator, which must not leave its thread.
                failure = QueryError(error.kind, str(error))
            except Exception as error:
                failure = QueryError("failed", f"The query cannot be evaluated: {error}")
            finally:
                with self._lock:
                    self._running -= 1
            with contextlib.suppress(RuntimeError):  # the server may have stopped meanwhile
                loop.call_soon_threadsafe(tell, result, failure)

        # A daemon, so that a query that never ends does not keep the process from ending.
        threading.Thread(target=work, daemon=True, name="sparql").start()
        try:
            return _Kept(await asyncio.wait_for(done, seconds))
        except TimeoutError as error:
            raise QueryError("timeout", "The query was given up at its deadline.") from error
