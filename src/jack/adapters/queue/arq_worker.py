"""Works off the arq queue: workers that outlive Redis and stop when told."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from arq import ArqRedis, cron, func
from arq.cron import CronJob
from arq.worker import Function, Worker

from jack.adapters.queue.arq_redis import (
    OUTAGE,
    begun,
    connect,
    decode,
    encode,
    enqueue,
    jobs_queue,
    note_begin,
    syncs_queue,
)
from jack.adapters.queue.arq_supervisor import Supervisor
from jack.adapters.queue.failures import describe
from jack.adapters.queue.wire import KINDS, unpack
from jack.application.ports.jobs import Job

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much the workers of one process take on, and for how long.

    A job that runs longer than its time is cancelled and not run again by the queue (the sweeper rings again). arq
    keeps a job of a worker that was killed from the others for that time and ten seconds, which is why the syncs,
    whose time is long, have a worker of their own. `grace` is what running jobs get when the process is told to stop.
    """

    jobs: int = 64
    job_time: timedelta = timedelta(seconds=60)
    syncs: int = 16
    sync_time: timedelta = timedelta(minutes=30)
    poll: timedelta = timedelta(milliseconds=20)
    tick_every: int = 5
    grace: timedelta = timedelta(seconds=25)


LONG = ("sync", "follow")
"""The kinds of jobs that ask a PMS, which may take its time."""


class ArqWorkers:
    """The two workers of one process: one for syncs and what PMSs pushed, one for everything else and for `tick`.

    `handle` gets every job. What it raises is logged by type and place and dropped; outside failures are the stories'
    own business. `tick` runs every `limits.tick_every` seconds (a divisor of 60) in one of all running processes.
    """

    def __init__(
        self,
        redis_url: str,
        handle: Callable[[Job], Awaitable[None]],
        tick: Callable[[], Awaitable[None]],
        *,
        name: str = "jack",
        limits: Limits | None = None,
    ) -> None:
        self._redis_url = redis_url
        self._handle = handle
        self._tick = tick
        self._name = name
        self._limits = limits or Limits()
        self._running: set[Job] = set()
        self._again: set[Job] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then give running jobs their grace and return. Never raises for Redis."""
        limits = self._limits
        async with asyncio.TaskGroup() as group:
            for make, longest in ((self._jobs_worker, limits.job_time), (self._syncs_worker, limits.sync_time)):
                supervisor = Supervisor(make, poll=limits.poll, grace=limits.grace, longest_job=longest)
                group.create_task(supervisor.run(stop))

    async def run_until_told(self) -> None:
        """Work until the process gets SIGTERM or SIGINT."""
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        told = (signal.SIGTERM, signal.SIGINT)
        for number in told:
            loop.add_signal_handler(number, stop.set)
        try:
            await self.run(stop)
        finally:
            for number in told:
                loop.remove_signal_handler(number)

    def _jobs_worker(self) -> Worker:
        limits = self._limits
        functions = [self._function(kind, limits.job_time) for kind in KINDS if kind not in LONG]
        seconds = {*range(0, 60, limits.tick_every)}

        async def tick(ctx: dict[Any, Any], *_args: Any, **_fields: Any) -> None:  # noqa: ARG001  arq calls it so
            try:
                await self._tick()
            except Exception as error:  # noqa: BLE001  the next tick may fare better
                logger.error("a tick failed: %s", describe(error))  # noqa: TRY400

        ticking = cron(tick, name="tick", second=seconds, timeout=limits.job_time)
        return self._worker(jobs_queue(self._name), functions, limits.jobs, limits.job_time, [ticking])

    def _syncs_worker(self) -> Worker:
        limits = self._limits
        functions = [self._function(kind, limits.sync_time) for kind in LONG]
        return self._worker(syncs_queue(self._name), functions, limits.syncs, limits.sync_time, [])

    def _worker(
        self, queue: str, functions: list[Function], places: int, job_time: timedelta, crons: list[CronJob]
    ) -> Worker:
        return Worker(
            functions,
            queue_name=queue,
            cron_jobs=crons,
            redis_pool=connect(self._redis_url, queue),
            handle_signals=False,
            max_jobs=places,
            job_timeout=job_time,
            keep_result=0,
            poll_delay=self._limits.poll,
            health_check_interval=10,
            job_serializer=encode,
            job_deserializer=decode,
            timezone=UTC,
        )

    def _function(self, kind: str, job_time: timedelta) -> Function:
        async def run(ctx: dict[Any, Any], *_args: Any, **fields: Any) -> None:
            try:
                await self._begin(ctx["redis"], unpack(kind, fields))
            except Exception as error:  # noqa: BLE001  arq would log the error with its text, which may quote a guest
                logger.error("a job of kind %s failed: %s", kind, describe(error))  # noqa: TRY400

        return func(run, name=kind, timeout=job_time, keep_result=0)

    async def _begin(self, redis: ArqRedis, job: Job) -> None:
        """Run a job, but not beside an equal one of this process: then it is enqueued again when that one ends.

        Without this, every ring that comes in during a slow run would begin one more run beside it.
        """
        with suppress(*OUTAGE):
            await note_begin(redis, self._name, job)
        if job in self._running:
            self._again.add(job)
            return
        self._running.add(job)
        try:
            await self._handle(job)
        finally:
            self._running.discard(job)
            if job in self._again:
                self._again.discard(job)
                with suppress(*OUTAGE):
                    (word,) = await begun(redis, self._name, [job])
                    await enqueue(redis, self._name, job, word)
