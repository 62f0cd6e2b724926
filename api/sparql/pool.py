"""Worker processes for queries: a fixed number, each killed at its query's deadline and replaced."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Protocol

from api.sparql.engine import Query, QueryError
from api.sparql.worker import HEADER

__all__ = ["Answer", "Pool"]

# Queries that may wait for each worker; more are told to come back.
_WAITING: Final = 16
# Address space of a worker in bytes. An idle one has 0.5 GB mapped (measured), 0.03 GB of it in use.
_MEMORY: Final = 6 * 2**30
_ROOT: Final = Path(__file__).parents[2]
_log = logging.getLogger(__name__)


class Answer(Protocol):
    """A result that is being written."""

    media_type: str

    def chunks(self) -> AsyncIterator[bytes]:
        """The pieces of the result.

        Raises:
            QueryError: the rest cannot be had; what came so far is not the result.
        """
        ...

    async def close(self) -> None:
        """Give back what runs the query; ends it when it still runs."""
        ...


class _Worker:
    """One process and its pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self._in, self._out = process.stdin, process.stdout

    @classmethod
    async def start(cls, memory: int) -> _Worker:
        paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "api.sparql.worker",
                str(memory),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=environment,
            )
        )

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    async def ask(self, message: dict[str, Any]) -> None:
        self._in.write(json.dumps(message).encode() + b"\n")
        await self._in.drain()

    async def frame(self) -> tuple[bytes, bytes]:
        letter, length = HEADER.unpack(await self._out.readexactly(HEADER.size))
        return letter, await self._out.readexactly(length)

    async def end(self) -> int:
        """Kill the process and wait until it is gone; its return code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self._in.close()
        # asyncio tells that a process is gone only when its pipes are empty.
        while await self._out.read(65_536):
            pass
        return await self.process.wait()


class _Running:
    """The answer of a worker. It is the pool's again after `close`."""

    def __init__(self, pool: Pool, worker: _Worker, deadline: float, media_type: str) -> None:
        self.media_type = media_type
        self._pool, self._worker, self._deadline = pool, worker, deadline
        self._done = self._closed = False

    async def chunks(self) -> AsyncIterator[bytes]:
        while True:
            letter, content = await _next(self._worker, self._deadline)
            if letter == b"E":
                self._done = True
                return
            if letter == b"X":
                self._done = True
                raise _failure(content)
            yield content

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._pool.give_back(self._worker, reusable=self._done)


def _failure(content: bytes) -> QueryError:
    said = json.loads(content)
    return QueryError(said["kind"], said["message"])


async def _next(worker: _Worker, deadline: float) -> tuple[bytes, bytes]:
    try:
        async with asyncio.timeout_at(deadline):
            return await worker.frame()
    except TimeoutError as error:
        raise QueryError("timeout", "The query was stopped at its deadline.") from error
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        # Rust aborts when it gets no memory; anything else that kills a worker is as much the query's doing.
        said = "The query's process ended; the query needs more memory than it may use, or met a fault."
        raise QueryError("memory", said) from error


class Pool:
    """Runs queries over an on-disk snapshot, at most `size` at once, each within `memory` bytes.

    Belongs to the event loop in which it is used first; `close` ends every process.
    """

    def __init__(self, size: int, *, memory: int = _MEMORY) -> None:
        self._size = size
        self._memory = memory
        self._slots = asyncio.Semaphore(size)
        self._waiting = 0
        self._idle: deque[_Worker] = deque()
        self._busy: set[_Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def processes(self) -> list[int]:
        """The process ids of all workers."""
        return [worker.process.pid for worker in (*self._idle, *self._busy) if worker.alive]

    def warm(self) -> None:
        """Start the workers in the background, so that the first queries need not wait for them."""
        for _ in range(self._size):
            self._in_background(self._add_worker())

    async def run(self, query: Query, seconds: float, path: Path) -> Answer:
        """Start a query over the snapshot at `path`, which must stay until the answer is closed.

        `seconds` count from now to the end of the result, waiting and sending included.

        Raises:
            QueryError: there is no result.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        await self._enter(deadline)
        worker: _Worker | None = None
        reusable = False
        try:
            worker = await self._take()
            left = max(0.0, deadline - asyncio.get_running_loop().time())
            try:
                await worker.ask(asdict(query) | {"path": str(path), "seconds": left})
            except ConnectionError as error:
                raise QueryError("failed", "The query's process ended before it began.") from error
            letter, content = await _next(worker, deadline)
            if letter == b"X":
                reusable = True
                raise _failure(content)
            return _Running(self, worker, deadline, content.decode())
        except BaseException:  # cancelled too, when the client leaves
            self.give_back(worker, reusable=reusable)
            raise

    def give_back(self, worker: _Worker | None, *, reusable: bool) -> None:
        """Free the slot; the worker is kept when it is done, else killed and replaced."""
        self._slots.release()
        if worker is None:
            return
        self._busy.discard(worker)
        if reusable and worker.alive and not self._closed:
            self._idle.append(worker)
        else:
            self._in_background(self._replace(worker))

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        workers = [*self._idle, *self._busy]
        self._idle.clear()
        await asyncio.gather(*(worker.end() for worker in workers))

    async def _enter(self, deadline: float) -> None:
        if self._slots.locked() and self._waiting >= self._size * _WAITING:
            raise QueryError("busy", "Too many queries are waiting.")
        self._waiting += 1
        try:
            async with asyncio.timeout_at(deadline):
                await self._slots.acquire()
        except TimeoutError as error:
            raise QueryError("busy", "No query process became free before the deadline.") from error
        finally:
            self._waiting -= 1

    async def _take(self) -> _Worker:
        while self._idle:
            worker = self._idle.popleft()
            if worker.alive:
                self._busy.add(worker)
                return worker
        worker = await _Worker.start(self._memory)
        self._busy.add(worker)
        return worker

    async def _replace(self, worker: _Worker) -> None:
        worker_id, code = worker.process.pid, await worker.end()
        _log.info("query process %d ended (%d)", worker_id, code)
        await self._add_worker()

    async def _add_worker(self) -> None:
        if self._closed or len(self._idle) + len(self._busy) >= self._size:
            return
        worker = await _Worker.start(self._memory)
        if self._closed or len(self._idle) + len(self._busy) >= self._size:
            await worker.end()
        else:
            self._idle.append(worker)

    def _in_background(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
