"""What every JobQueue does, whoever plays it."""

import asyncio
import time
from abc import abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Protocol

import pytest

from jack.adapters.queue.arq_queue import ArqJobQueue
from jack.adapters.queue.arq_worker import ArqWorkers, Limits
from jack.adapters.queue.in_process import InProcessJobQueue
from jack.application.ports.jobs import Answer, Deliver, Job, JobQueue, Receive, Sync
from jack.domain.ids import ConversationId, HotelId, MessageId
from jack.domain.sync import SyncKind
from tests.fakes.queue import RecordingQueue

Handler = Callable[[Job], Awaitable[None]]

PATIENCE = 20.0
FIRST = Answer(conversation_id=ConversationId("first"))
SECOND = Answer(conversation_id=ConversationId("second"))
EVERY_KIND: tuple[Job, ...] = (
    Receive(),
    Answer(conversation_id=ConversationId("0193a4c7e5f0c0ffee")),
    Deliver(message_id=MessageId("0193a4c7e5f0decade")),
    Sync(hotel_id=HotelId("harbour")),
    Sync(hotel_id=HotelId("harbour"), kind=SyncKind.FULL),
)


class Stage(Protocol):
    """A queue under test with somebody who works it off."""

    queue: JobQueue
    one_by_one: bool = False
    """True when jobs never run beside each other."""

    @abstractmethod
    def now(self) -> float:
        """Seconds on the clock by which this queue counts delays."""

    @abstractmethod
    async def until(self, condition: Callable[[], bool]) -> None:
        """Return once the condition holds; fail when it does not come to hold."""


class RecordedStage(Stage):
    """The fake, run by the test."""

    one_by_one = True

    def __init__(self, handler: Handler) -> None:
        self.queue: RecordingQueue = RecordingQueue()
        self._handler = handler

    def now(self) -> float:
        return self.queue.elapsed.total_seconds()

    async def until(self, condition: Callable[[], bool]) -> None:
        try:
            await self.queue.run_all(self._handler)
        except* ValueError:
            pass
        assert condition()


class LiveStage(Stage):
    """A queue whose jobs run by themselves."""

    def __init__(self, queue: JobQueue) -> None:
        self.queue = queue

    def now(self) -> float:
        return time.monotonic()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110  the other side may be another process
                await asyncio.sleep(0.005)


@asynccontextmanager
async def arq_workers(redis_url: str, handler: Handler) -> AsyncIterator[None]:
    async def tick() -> None:
        pass

    stop = asyncio.Event()
    workers = ArqWorkers(redis_url, handler, tick, limits=Limits(grace=timedelta(seconds=5)))
    working = asyncio.create_task(workers.run(stop))
    try:
        yield
    finally:
        stop.set()
        await working


OpenStage = Callable[[Handler], Awaitable[Stage]]


@pytest.fixture(params=["recording", "in_process", "arq"])
async def open_stage(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[OpenStage]:
    """Puts a handler behind a queue of the kind under test."""
    async with AsyncExitStack() as stack:

        async def recording(handler: Handler) -> Stage:
            return RecordedStage(handler)

        async def in_process(handler: Handler) -> Stage:
            queue = InProcessJobQueue()
            queue.start(handler)
            stack.push_async_callback(queue.aclose)
            return LiveStage(queue)

        async def arq(handler: Handler) -> Stage:
            await stack.enter_async_context(arq_workers(redis_url, handler))
            queue = ArqJobQueue(redis_url)
            stack.push_async_callback(queue.aclose)
            return LiveStage(queue)

        yield {"recording": recording, "in_process": in_process, "arq": arq}[request.param]


class Notebook:
    """A handler that writes down what ran and when."""

    def __init__(self) -> None:
        self.ran: list[Job] = []
        self.stage: Stage | None = None
        self.times: list[float] = []

    async def __call__(self, job: Job) -> None:
        self.ran.append(job)
        if self.stage is not None:
            self.times.append(self.stage.now())


async def test_every_ring_runs_its_job_with_its_ids(open_stage: OpenStage) -> None:
    notebook = Notebook()
    stage = await open_stage(notebook)
    for job in EVERY_KIND:
        stage.queue.ring(job)
    await stage.until(lambda: set(EVERY_KIND) <= set(notebook.ran))
    assert len(notebook.ran) == len(EVERY_KIND)


async def test_equal_rings_before_the_start_run_at_least_once_and_may_become_one(open_stage: OpenStage) -> None:
    notebook = Notebook()
    stage = await open_stage(notebook)
    for _ in range(20):
        stage.queue.ring(FIRST)
    stage.queue.ring(SECOND)
    await stage.until(lambda: SECOND in notebook.ran and FIRST in notebook.ran)
    assert notebook.ran.count(FIRST) <= 20
    assert notebook.ran.count(SECOND) == 1


async def test_a_job_that_is_rung_while_it_runs_runs_again(open_stage: OpenStage) -> None:
    ran: list[Job] = []
    second_ran = asyncio.Event()

    async def handler(job: Job) -> None:
        ran.append(job)
        if job == SECOND:
            second_ran.set()
        elif ran.count(FIRST) == 1:
            stage.queue.ring(FIRST)
            stage.queue.ring(SECOND)
            if not stage.one_by_one:
                # when the later ring has arrived, the earlier one has arrived too: in the middle of this run
                await second_ran.wait()

    stage = await open_stage(handler)
    stage.queue.ring(FIRST)
    await stage.until(lambda: ran.count(FIRST) == 2 and SECOND in ran)
    assert len(ran) == 3


async def test_a_job_that_fails_does_not_stop_the_others(open_stage: OpenStage) -> None:
    ran: list[Job] = []

    async def handler(job: Job) -> None:
        if job == FIRST:
            raise ValueError("the guest wrote: my room is 204")
        ran.append(job)

    stage = await open_stage(handler)
    stage.queue.ring(FIRST)
    stage.queue.ring(SECOND)
    stage.queue.ring(Receive())
    await stage.until(lambda: {SECOND, Receive()} <= set(ran))
    stage.queue.ring(Deliver(message_id=MessageId("later")))
    await stage.until(lambda: Deliver(message_id=MessageId("later")) in ran)


async def test_a_job_that_failed_can_be_rung_again(open_stage: OpenStage) -> None:
    attempts: list[Job] = []

    async def handler(job: Job) -> None:
        attempts.append(job)
        if len(attempts) == 1:
            raise ValueError("not today")

    stage = await open_stage(handler)
    stage.queue.ring(FIRST)
    await stage.until(lambda: len(attempts) == 1)
    stage.queue.ring(FIRST)
    await stage.until(lambda: len(attempts) == 2)


async def test_a_delayed_ring_waits_at_least_its_delay(open_stage: OpenStage) -> None:
    notebook = Notebook()
    stage = notebook.stage = await open_stage(notebook)
    rung_at = stage.now()
    stage.queue.ring(FIRST, after=timedelta(milliseconds=300))
    stage.queue.ring(SECOND)
    await stage.until(lambda: len(notebook.ran) == 2)
    assert notebook.ran == [SECOND, FIRST]
    # Redis counts whole milliseconds on the clock of the wall
    assert notebook.times[1] - rung_at >= 0.29


async def test_a_delayed_ring_still_runs_when_an_equal_one_ran_before_it(open_stage: OpenStage) -> None:
    notebook = Notebook()
    stage = notebook.stage = await open_stage(notebook)
    rung_at = stage.now()
    stage.queue.ring(FIRST, after=timedelta(milliseconds=300))
    stage.queue.ring(FIRST)
    await stage.until(lambda: len(notebook.ran) == 2)
    assert notebook.times[1] - rung_at >= 0.29


async def test_ringing_never_blocks_and_never_raises_when_nobody_is_there() -> None:
    nowhere = ArqJobQueue("redis://127.0.0.1:1/0", capacity=100)
    unstarted = InProcessJobQueue()
    began = time.monotonic()
    for number in range(1000):
        job = Deliver(message_id=MessageId(str(number)))
        nowhere.ring(job)
        unstarted.ring(job)
    assert time.monotonic() - began < 1
    await unstarted.aclose()
    await nowhere.aclose(patience=timedelta(milliseconds=50))
    unstarted.ring(FIRST)
    nowhere.ring(FIRST)
