"""Jobs inside the process that rings: no Redis, no second program."""

import asyncio
import contextvars
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from jack.adapters.queue.failures import describe
from jack.adapters.queue.wire import name_of
from jack.application.ports.jobs import Job, JobQueue, Sync

logger = logging.getLogger(__name__)

AT_ONCE = timedelta(0)


class InProcessJobQueue(JobQueue):
    """Runs jobs as tasks of the event loop that `start` was called in, at most `concurrency` at a time.

    Equal rings merge until their job begins; a delayed ring waits by itself and merges when it is due. A job never
    runs beside an equal one. Syncs are long, so they take at most half of the places and guests are answered meanwhile.
    Rings before `start` wait for it; rings after `aclose` are dropped. What raises is logged and the queue goes on.
    """

    def __init__(self, *, concurrency: int = 32) -> None:
        self._concurrency = concurrency
        self._handle: Callable[[Job], Awaitable[None]] | None = None
        self._context: contextvars.Context | None = None
        self._early: list[tuple[Job, float]] = []
        self._ready: dict[Job, None] = {}
        self._running: dict[Job, asyncio.Task[None]] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        self._ticking: asyncio.Task[None] | None = None
        self._closed = False
        self._quiet = asyncio.Event()

    def start(
        self,
        handle: Callable[[Job], Awaitable[None]],
        *,
        tick: Callable[[], Awaitable[None]] | None = None,
        tick_every: timedelta = timedelta(seconds=5),
    ) -> None:
        """Begin to run jobs through `handle`, and `tick` now and `tick_every` after each end. Needs a running loop."""
        self._handle = handle
        # jobs must not inherit what belongs to whoever happens to ring, such as a correlation id
        self._context = contextvars.copy_context()
        if tick is not None:
            self._ticking = asyncio.create_task(self._tick(tick, tick_every))
        early, self._early = self._early, []
        for job, due in early:
            self.ring(job, after=timedelta(seconds=max(0.0, due - time.monotonic())))

    def ring(self, job: Job, *, after: timedelta = AT_ONCE) -> None:
        """Let `job` run after at least `after`."""
        if self._closed:
            return
        if self._handle is None:
            self._early.append((job, time.monotonic() + after.total_seconds()))
        elif after > AT_ONCE:
            self._delay(job, after)
        else:
            self._make_ready(job)

    async def idle(self) -> None:
        """Return once no job waits, is delayed or runs."""
        while self._ready or self._running or self._timers or self._early:
            self._quiet.clear()
            await self._quiet.wait()

    async def aclose(self, *, patience: timedelta = timedelta(seconds=10)) -> None:
        """Start nothing more, give what runs `patience` to end, and cancel the rest. May be called twice."""
        self._closed = True
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._early.clear()
        self._ready.clear()
        if self._ticking is not None:
            self._ticking.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticking
        running = list(self._running.values())
        if running:
            await asyncio.wait(running, timeout=patience.total_seconds())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._running.clear()
        self._quiet.set()

    def _delay(self, job: Job, after: timedelta) -> None:
        def due() -> None:
            self._timers.discard(timer)
            self._make_ready(job)

        timer = asyncio.get_running_loop().call_later(after.total_seconds(), due)
        self._timers.add(timer)

    def _make_ready(self, job: Job) -> None:
        self._ready[job] = None
        self._fill()

    def _fill(self) -> None:
        """Begin as many jobs as there are places."""
        while not self._closed and len(self._running) < self._concurrency:
            job = next((job for job in self._ready if self._may_begin(job)), None)
            if job is None:
                break
            del self._ready[job]
            context = self._context.copy() if self._context is not None else None
            self._running[job] = asyncio.create_task(self._run(job), context=context)
        if not self._ready and not self._running and not self._timers:
            self._quiet.set()

    def _may_begin(self, job: Job) -> bool:
        if job in self._running:
            return False
        if isinstance(job, Sync):
            return sum(isinstance(running, Sync) for running in self._running) < max(1, self._concurrency // 2)
        return True

    async def _run(self, job: Job) -> None:
        assert self._handle is not None  # noqa: S101  only `start` lets jobs run
        # what was rung between the decision to run it and now is served by this run
        self._ready.pop(job, None)
        try:
            await self._handle(job)
        except Exception as error:  # noqa: BLE001  whatever a job raises, the others go on
            logger.error("a job of kind %s failed: %s", name_of(job), describe(error))  # noqa: TRY400
        finally:
            del self._running[job]
            self._fill()

    async def _tick(self, tick: Callable[[], Awaitable[None]], every: timedelta) -> None:
        while True:
            try:
                await tick()
            except Exception as error:  # noqa: BLE001  the next tick may fare better
                logger.error("a tick failed: %s", describe(error))  # noqa: TRY400
            await asyncio.sleep(every.total_seconds())
