"""Keeps arq workers running, and winds them down."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from arq.typing import StartupShutdown
from arq.worker import Worker

from jack.adapters.queue.arq_redis import OUTAGE
from jack.adapters.queue.failures import describe

logger = logging.getLogger(__name__)

PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before a worker that ended is replaced, by how often in a row."""


class Supervisor:
    """Keeps one worker running. arq's own ends with the first command that Redis does not answer."""

    def __init__(
        self, make: Callable[[], Worker], *, poll: timedelta, grace: timedelta, longest_job: timedelta
    ) -> None:
        self._make = make
        self._poll = poll
        self._grace = grace
        self._longest_job = longest_job
        self._away = False
        self._failures = 0
        self._retiring: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Replace the worker whenever it ends, until `stop` is set; then wind everything down."""
        told = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                worker = self._make()
                worker.on_startup = self._note_start()
                working = asyncio.create_task(worker.async_run())
                try:
                    await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
                except asyncio.CancelledError:
                    await _let_go(worker, working)
                    raise
                if stop.is_set():
                    await self._finish(worker, working)
                    break
                self._note_end(working)
                self._retire(worker, working)
                pause = PAUSES[min(self._failures, len(PAUSES)) - 1]
                await asyncio.wait({told}, timeout=pause)
            if self._retiring:
                await asyncio.wait(self._retiring, timeout=self._grace.total_seconds())
        finally:
            told.cancel()
            for retiring in self._retiring:
                retiring.cancel()
            await asyncio.gather(told, *self._retiring, return_exceptions=True)

    async def _finish(self, worker: Worker, working: asyncio.Task[None]) -> None:
        """Stop taking jobs, let running ones end within the grace, cancel the rest; arq lets others run those again."""
        worker.allow_pick_jobs = False
        # a poll under way may have claimed jobs that it has not started yet
        await asyncio.sleep(2 * self._poll.total_seconds())
        await _until_done(worker, self._grace)
        await _let_go(worker, working)

    def _retire(self, worker: Worker, working: asyncio.Task[None]) -> None:
        """Let the jobs of a worker that lost Redis end: cancelling one may leave a message's fate unknown."""

        async def retire() -> None:
            try:
                await _until_done(worker, self._longest_job)
            finally:
                await _let_go(worker, working)

        task = asyncio.create_task(retire())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    def _note_start(self) -> StartupShutdown:
        async def started(ctx: dict[Any, Any]) -> None:  # noqa: ARG001  arq calls it so
            self._failures = 0
            if self._away:
                self._away = False
                logger.info("the worker goes on")

        return started

    def _note_end(self, working: asyncio.Task[None]) -> None:
        self._failures += 1
        if not self._away:
            self._away = True
            error = None if working.cancelled() else working.exception()
            logger.warning("the worker stopped (%s); it is started again", describe(error) if error else "no reason")


async def _until_done(worker: Worker, patience: timedelta) -> None:
    """Return once no job of the worker runs, or after `patience`."""
    end = time.monotonic() + patience.total_seconds()
    while (running := [task for task in worker.tasks.values() if not task.done()]) and time.monotonic() < end:
        await asyncio.wait(running, timeout=end - time.monotonic())


async def _let_go(worker: Worker, working: asyncio.Task[None]) -> None:
    """End a worker's own task and what still runs, and close its connections; nothing of it may raise."""
    working.cancel()
    jobs = list(worker.tasks.values())
    for job in jobs:
        job.cancel()
    await asyncio.gather(working, *jobs, return_exceptions=True)
    worker.tasks.clear()
    redis = worker.pool
    with suppress(*OUTAGE):
        await worker.close()
    # arq leaves the connections open when Redis is away, and its last word to Redis failed
    with suppress(*OUTAGE):
        await redis.aclose(close_connection_pool=True)
