"""The queue inside the process: places, merging, closing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextvars import ContextVar
from datetime import timedelta

import pytest

from jack.adapters.queue.in_process import InProcessJobQueue
from jack.application.ports.jobs import Deliver, Job, Receive, Sync
from jack.domain.ids import HotelId, MessageId

PATIENCE = 10


def message(number: int) -> Deliver:
    return Deliver(message_id=MessageId(f"m{number}"))


def hotel(number: int) -> Sync:
    return Sync(hotel_id=HotelId(f"h{number}"))


class Gate:
    """A handler whose jobs wait until the test lets them go."""

    def __init__(self) -> None:
        self.begun: list[Job] = []
        self.ended: list[Job] = []
        self.cancelled: list[Job] = []
        self.open = asyncio.Event()

    async def __call__(self, job: Job) -> None:
        self.begun.append(job)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled.append(job)
            raise
        self.ended.append(job)


async def let_tasks_run() -> None:
    """Give every task that can go on its turn."""
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
async def queue() -> AsyncIterator[InProcessJobQueue]:
    queue = InProcessJobQueue(concurrency=4)
    yield queue
    await queue.aclose(patience=timedelta(0))


async def test_no_more_jobs_run_at_once_than_there_are_places(queue: InProcessJobQueue) -> None:
    gate = Gate()
    queue.start(gate)
    for number in range(10):
        queue.ring(message(number))
    await let_tasks_run()
    assert gate.begun == [message(0), message(1), message(2), message(3)]
    gate.open.set()
    await asyncio.wait_for(queue.idle(), PATIENCE)
    assert gate.ended == [message(number) for number in range(10)]


async def test_equal_rings_that_have_not_begun_become_one(queue: InProcessJobQueue) -> None:
    gate = Gate()
    queue.start(gate)
    for _ in range(50):
        queue.ring(Receive())
    gate.open.set()
    await asyncio.wait_for(queue.idle(), PATIENCE)
    assert gate.ended == [Receive()]


async def test_a_job_never_runs_beside_an_equal_one_and_many_rings_of_a_running_job_are_one_more_run(
    queue: InProcessJobQueue,
) -> None:
    gate = Gate()
    queue.start(gate)
    queue.ring(Receive())
    await let_tasks_run()
    for _ in range(50):
        queue.ring(Receive())
    await let_tasks_run()
    assert gate.begun == [Receive()]
    gate.open.set()
    await asyncio.wait_for(queue.idle(), PATIENCE)
    assert gate.ended == [Receive(), Receive()]


async def test_syncs_leave_half_of_the_places_to_the_guests(queue: InProcessJobQueue) -> None:
    gate = Gate()
    queue.start(gate)
    for number in range(5):
        queue.ring(hotel(number))
    queue.ring(message(1))
    await let_tasks_run()
    assert gate.begun == [hotel(0), hotel(1), message(1)]
    gate.open.set()
    await asyncio.wait_for(queue.idle(), PATIENCE)
    assert len(gate.ended) == 6


async def test_rings_before_the_start_run_after_it(queue: InProcessJobQueue) -> None:
    gate = Gate()
    gate.open.set()
    queue.ring(message(1))
    queue.ring(message(2), after=timedelta(milliseconds=20))
    queue.start(gate)
    await asyncio.wait_for(queue.idle(), PATIENCE)
    assert gate.ended == [message(1), message(2)]


async def test_closing_waits_for_running_jobs_and_drops_what_waits(queue: InProcessJobQueue) -> None:
    gate = Gate()
    queue.start(gate)
    for number in range(6):
        queue.ring(message(number))
    queue.ring(message(7), after=timedelta(milliseconds=1))
    await let_tasks_run()
    closing = asyncio.create_task(queue.aclose())
    await let_tasks_run()
    assert not closing.done()
    gate.open.set()
    await asyncio.wait_for(closing, PATIENCE)
    assert gate.ended == gate.begun == [message(0), message(1), message(2), message(3)]


async def test_closing_cancels_what_does_not_end_in_time(queue: InProcessJobQueue) -> None:
    gate = Gate()
    queue.start(gate)
    queue.ring(message(1))
    await let_tasks_run()
    await asyncio.wait_for(queue.aclose(patience=timedelta(milliseconds=10)), PATIENCE)
    assert gate.cancelled == [message(1)]


async def test_nothing_is_taken_after_closing(queue: InProcessJobQueue) -> None:
    gate = Gate()
    queue.start(gate)
    await queue.aclose()
    queue.ring(message(1))
    queue.ring(message(2), after=timedelta(milliseconds=1))
    await asyncio.wait_for(queue.idle(), PATIENCE)
    await queue.aclose()
    assert gate.begun == []


async def test_a_failure_is_logged_by_type_and_place_without_its_text(
    queue: InProcessJobQueue, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(job: Job) -> None:
        raise ValueError("my room is 204, call +351912345678")

    queue.start(handler)
    with caplog.at_level(logging.INFO):
        queue.ring(Receive())
        await asyncio.wait_for(queue.idle(), PATIENCE)
    assert "ValueError in test_in_process.py" in caplog.text
    assert "204" not in caplog.text.replace("py:204", "")
    assert "351912345678" not in caplog.text


async def test_ticks_go_on_after_one_that_failed(queue: InProcessJobQueue) -> None:
    ticks: list[None] = []
    third = asyncio.Event()

    async def tick() -> None:
        ticks.append(None)
        if len(ticks) == 1:
            raise ValueError
        if len(ticks) == 3:
            third.set()

    queue.start(Gate(), tick=tick, tick_every=timedelta(milliseconds=1))
    await asyncio.wait_for(third.wait(), PATIENCE)
    await queue.aclose()
    assert len(ticks) == 3


async def test_a_job_does_not_inherit_the_context_of_who_rings(queue: InProcessJobQueue) -> None:
    whose: ContextVar[str] = ContextVar("whose", default="nobody's")
    seen: list[str] = []

    async def handler(job: Job) -> None:
        seen.append(whose.get())
        whose.set("the last job's")

    queue.start(handler)
    whose.set("the ringer's")
    queue.ring(message(1))
    queue.ring(message(2))
    queue.ring(message(3), after=timedelta(milliseconds=1))
    await asyncio.wait_for(queue.idle(), PATIENCE)
    assert seen == ["nobody's"] * 3
