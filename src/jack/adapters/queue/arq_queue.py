"""Rings over Redis, for workers in other processes."""

import asyncio
import logging
import math
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from arq.connections import ArqRedis

from jack.adapters.queue.arq_redis import OUTAGE, begun, connect, enqueue, jobs_queue
from jack.application.ports.jobs import Job, JobQueue

logger = logging.getLogger(__name__)

AT_ONCE = timedelta(0)
BATCH = 200
FLUSH_PATIENCE = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0

Ring = tuple[Job, float | None]
"""A job and, for a delayed ring, the `time.monotonic()` at which it may run."""


class ArqJobQueue(JobQueue):
    """Gathers rings in memory; one task of the event loop carries them to Redis.

    Equal rings merge in memory and, as long as no worker has begun the job, in Redis. While Redis is away at most
    `capacity` rings are kept and the rest is dropped: the rows are the truth, and the sweeper rings again. `name`
    sets several Jacks on one Redis apart.
    """

    def __init__(self, redis_url: str, *, name: str = "jack", capacity: int = 10_000) -> None:
        self._redis: ArqRedis = connect(redis_url, jobs_queue(name))
        self._name = name
        self._capacity = capacity
        self._waiting: dict[Ring, None] = {}
        self._wake = asyncio.Event()
        self._empty = asyncio.Event()
        self._carrier: asyncio.Task[None] | None = None
        self._away = False
        self._closed = False

    def ring(self, job: Job, *, after: timedelta = AT_ONCE) -> None:
        """Let some worker run `job` after at least `after`."""
        if self._closed:
            return
        ring = (job, time.monotonic() + after.total_seconds() if after > AT_ONCE else None)
        if ring not in self._waiting and len(self._waiting) >= self._capacity:
            return
        self._waiting[ring] = None
        self._empty.clear()
        self._wake.set()
        if self._carrier is None or self._carrier.done():
            # without a running loop the rings wait for one that has it, at the latest for `aclose`
            with suppress(RuntimeError):
                loop = asyncio.get_running_loop()
                self._carrier = loop.create_task(self._carry())

    async def check(self) -> str | None:
        """None when Redis answers and a worker was seen in the last seconds, else what is wrong and what to do."""
        try:
            if await self._redis.exists(f"{jobs_queue(self._name)}:health-check"):
                return None
        except OUTAGE as error:
            return f"Redis does not answer ({type(error).__name__}); check queue.redis_url and that Redis runs"
        return "no worker runs, so nobody is answered; start one with: jack worker"

    async def aclose(self, *, patience: timedelta = timedelta(seconds=2)) -> None:
        """Carry what is still here to Redis for at most `patience`, then let go. May be called twice."""
        self._closed = True
        if self._waiting:
            if self._carrier is None or self._carrier.done():
                self._carrier = asyncio.create_task(self._carry())
            with suppress(TimeoutError):
                async with asyncio.timeout(patience.total_seconds()):
                    await self._empty.wait()
        if self._carrier is not None:
            self._carrier.cancel()
            await asyncio.gather(self._carrier, return_exceptions=True)
        await self._redis.aclose(close_connection_pool=True)

    async def _carry(self) -> None:
        pause = FIRST_PAUSE
        while True:
            if not self._waiting:
                self._empty.set()
                self._wake.clear()
                await self._wake.wait()
            rings = list(self._waiting)[:BATCH]
            for ring in rings:
                del self._waiting[ring]
            carried = 0
            try:
                async with asyncio.timeout(FLUSH_PATIENCE):
                    words = await begun(self._redis, self._name, [job for job, _ in rings])
                    for (job, due), word in zip(rings, words, strict=True):
                        await enqueue(self._redis, self._name, job, word, _still_to_wait(due))
                        carried += 1
            except OUTAGE as error:
                self._keep(rings[carried:])
                self._report(away=True, reason=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self._report(away=False)
                pause = FIRST_PAUSE

    def _keep(self, rings: Sequence[Ring]) -> None:
        """Put back what could not be carried, before what was rung since."""
        self._waiting = dict.fromkeys([*rings, *self._waiting][: self._capacity])

    def _report(self, *, away: bool, reason: str = "") -> None:
        """Log when Redis goes and when it comes back, once each."""
        if away and not self._away:
            logger.warning("Redis does not answer (%s); jobs are rung again later", reason)
        elif self._away and not away:
            logger.info("Redis answers again")
        self._away = away


def _still_to_wait(due: float | None) -> timedelta:
    """How long until `due`, rounded up to the whole milliseconds that arq counts in."""
    left = 0 if due is None else math.ceil((due - time.monotonic()) * 1000)
    return timedelta(milliseconds=max(0, left))
