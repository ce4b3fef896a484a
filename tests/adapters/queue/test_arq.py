"""The queue over a real Redis: merging, outages, stopping, secrets."""

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from jack.adapters.queue.arq_queue import ArqJobQueue
from jack.adapters.queue.arq_redis import connect
from jack.adapters.queue.arq_worker import ArqWorkers, Limits
from jack.application.ports.jobs import Answer, Deliver, Job, Receive, Sync
from jack.domain.ids import ConversationId, HotelId, MessageId
from tests import servers

PATIENCE = 20.0
QUICK = Limits(grace=timedelta(seconds=5), tick_every=1)


def message(number: int) -> Deliver:
    return Deliver(message_id=MessageId(f"m{number}"))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  the other side may be another process
            await asyncio.sleep(0.005)


class Desk:
    """Handler and ticker of some workers."""

    def __init__(self) -> None:
        self.ran: list[Job] = []
        self.ticks = 0
        self.open = asyncio.Event()
        self.open.set()
        self.begun: list[Job] = []
        self.cancelled: list[Job] = []

    async def handle(self, job: Job) -> None:
        self.begun.append(job)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled.append(job)
            raise
        self.ran.append(job)

    async def tick(self) -> None:
        self.ticks += 1


@asynccontextmanager
async def at_work(redis_url: str, desk: Desk, limits: Limits = QUICK) -> AsyncIterator[Callable[[], None]]:
    """Workers of one process; yields what tells them to stop."""
    stop = asyncio.Event()
    working = asyncio.create_task(ArqWorkers(redis_url, desk.handle, desk.tick, limits=limits).run(stop))
    try:
        yield stop.set
    finally:
        stop.set()
        await working


@asynccontextmanager
async def opened(queue: ArqJobQueue) -> AsyncIterator[ArqJobQueue]:
    try:
        yield queue
    finally:
        await queue.aclose()


@pytest.fixture
def own_redis() -> Iterator[servers.Killable]:
    with servers.killable_redis() as redis:
        yield redis


async def waiting(redis_url: str, queue: str = "jack:jobs") -> int:
    """How many jobs wait or run; ticks are enqueued shortly before their time and do not count."""
    async with Redis.from_url(redis_url) as redis:
        return sum(not member.startswith(b"tick") for member in await redis.zrange(queue, 0, -1))


async def test_rings_that_no_worker_takes_do_not_pile_up(redis_url: str) -> None:
    for _ in range(20):
        async with opened(ArqJobQueue(redis_url)) as queue:
            queue.ring(Receive())
            queue.ring(Sync(hotel_id=HotelId("harbour")))
    assert await waiting(redis_url) == 1
    assert await waiting(redis_url, "jack:syncs") == 1
    desk = Desk()
    async with at_work(redis_url, desk):
        await until(lambda: len(desk.ran) == 2)


async def test_many_rings_of_a_running_job_are_one_more_run(redis_url: str) -> None:
    desk = Desk()
    desk.open.clear()
    async with at_work(redis_url, desk), opened(ArqJobQueue(redis_url)) as queue:
        queue.ring(Receive())
        await until(lambda: desk.begun == [Receive()])
        for number in range(20):
            async with opened(ArqJobQueue(redis_url)) as another:
                another.ring(Receive())
                another.ring(message(number))
        await until(lambda: len(desk.begun) == 21)
        desk.open.set()
        await until(lambda: len(desk.ran) == 22)
    assert desk.ran.count(Receive()) == 2


async def test_a_job_that_was_claimed_by_a_worker_that_died_at_once_is_not_waited_for(redis_url: str) -> None:
    desk = Desk()
    async with opened(ArqJobQueue(redis_url)) as queue:
        queue.ring(message(1))
    async with Redis.from_url(redis_url) as redis:
        (job_id,) = await redis.zrange("jack:jobs", 0, -1)
        # what arq leaves of a worker that died between its claim and the first step of the job
        await redis.set(b"arq:in-progress:" + job_id, b"1", ex=70)
    async with opened(ArqJobQueue(redis_url)) as queue, at_work(redis_url, desk):
        queue.ring(message(1))
        await until(lambda: desk.ran == [message(1)])


async def test_two_jacks_on_one_redis_do_not_take_each_others_jobs(redis_url: str) -> None:
    desk = Desk()
    other, queue = ArqJobQueue(redis_url, name="other"), ArqJobQueue(redis_url)
    async with opened(other), opened(queue), at_work(redis_url, desk):
        other.ring(Receive())
        queue.ring(message(1))
        await until(lambda: bool(desk.ran))
    assert desk.ran == [message(1)]
    assert await waiting(redis_url, "other:jobs") == 1


async def test_closing_right_after_ringing_still_delivers_the_rings(redis_url: str) -> None:
    queue = ArqJobQueue(redis_url)
    for number in range(300):
        queue.ring(message(number))
    await queue.aclose(patience=timedelta(seconds=10))
    await queue.aclose()
    assert await waiting(redis_url) == 300


async def test_closing_gives_up_in_time_when_redis_is_away() -> None:
    queue = ArqJobQueue("redis://127.0.0.1:1/0")
    queue.ring(Receive())
    began = time.monotonic()
    await queue.aclose(patience=timedelta(milliseconds=100))
    assert time.monotonic() - began < 5


async def test_work_goes_on_after_redis_was_killed_and_its_going_and_coming_are_said_once(
    own_redis: servers.Killable, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk()
    with caplog.at_level(logging.INFO, logger="jack"):
        async with at_work(own_redis.url, desk), opened(ArqJobQueue(own_redis.url)) as queue:
            queue.ring(message(1))
            await until(lambda: desk.ran == [message(1)])
            own_redis.kill()
            for number in range(2, 200):
                began = time.monotonic()
                queue.ring(message(number))
                assert time.monotonic() - began < 1
                await asyncio.sleep(0)
            await until(lambda: "Redis does not answer" in caplog.text and "the worker stopped" in caplog.text)
            await asyncio.to_thread(own_redis.start)
            await until(lambda: len(set(desk.ran)) == 199)
            before = desk.ticks
            await until(lambda: desk.ticks > before)
            await until(lambda: caplog.text.count("the worker goes on") == 2)
    said = [record.getMessage() for record in caplog.records if record.name.startswith("jack")]
    assert sum("Redis does not answer" in line for line in said) == 1
    assert sum("Redis answers again" in line for line in said) == 1
    assert sum("the worker stopped" in line for line in said) == 2  # one for syncs, one for the rest


async def test_a_job_under_way_when_redis_dies_is_not_cancelled(
    own_redis: servers.Killable, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk()
    desk.open.clear()
    async with at_work(own_redis.url, desk), opened(ArqJobQueue(own_redis.url)) as queue:
        queue.ring(message(1))
        await until(lambda: desk.begun == [message(1)])
        own_redis.kill()
        await until(lambda: caplog.text.count("the worker stopped") == 2)
        await asyncio.to_thread(own_redis.start)
        queue.ring(message(2))
        await until(lambda: message(2) in desk.begun)
        desk.open.set()
        await until(lambda: {message(1), message(2)} == set(desk.ran))
    assert desk.cancelled == []


async def test_a_stopping_worker_lets_running_jobs_end_and_takes_no_new_ones(redis_url: str) -> None:
    desk = Desk()
    desk.open.clear()
    async with opened(ArqJobQueue(redis_url)) as queue:
        async with at_work(redis_url, desk) as stop:
            queue.ring(message(1))
            await until(lambda: desk.begun == [message(1)])
            stop()
            await asyncio.sleep(0)
            desk.open.set()
        assert desk.ran == [message(1)]
        assert desk.cancelled == []
    assert await waiting(redis_url) == 0


async def test_what_a_stopping_worker_must_cancel_is_run_by_the_next(redis_url: str) -> None:
    stubborn, next_desk = Desk(), Desk()
    stubborn.open.clear()
    impatient = Limits(grace=timedelta(milliseconds=20))
    async with opened(ArqJobQueue(redis_url)) as queue:
        async with at_work(redis_url, stubborn, impatient):
            queue.ring(message(1))
            await until(lambda: stubborn.begun == [message(1)])
        assert stubborn.cancelled == [message(1)]
        async with at_work(redis_url, next_desk):
            await until(lambda: next_desk.ran == [message(1)])


async def test_a_tick_comes_once_for_all_processes_and_again_after_one_that_failed(redis_url: str) -> None:
    seconds: list[int] = []

    class Clockwork(Desk):
        async def tick(self) -> None:
            seconds.append(int(time.time()))
            raise ValueError

    async with at_work(redis_url, Clockwork()), at_work(redis_url, Clockwork()):
        await until(lambda: len(seconds) >= 3)
    assert len(set(seconds)) == len(seconds)


async def test_failures_are_logged_without_the_guests_words(redis_url: str, caplog: pytest.LogCaptureFixture) -> None:
    class Clumsy(Desk):
        async def handle(self, job: Job) -> None:
            self.ran.append(job)
            raise RuntimeError("my room is 204, call +351912345678")

    desk = Clumsy()
    with caplog.at_level(logging.DEBUG):
        async with at_work(redis_url, desk), opened(ArqJobQueue(redis_url)) as queue:
            queue.ring(Answer(conversation_id=ConversationId("c1")))
            await until(lambda: bool(desk.ran))
    assert "a job of kind answer failed: RuntimeError in test_arq.py" in caplog.text
    assert "351912345678" not in caplog.text
    assert "my room" not in caplog.text


async def test_a_job_that_this_version_cannot_read_is_dropped_and_the_others_run(
    redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    redis = connect(redis_url, "jack:jobs")
    await redis.enqueue_job("answer", sender="+351912345678")
    await redis.enqueue_job("dance")
    await redis.aclose(close_connection_pool=True)
    desk = Desk()
    async with at_work(redis_url, desk), opened(ArqJobQueue(redis_url)) as queue:
        queue.ring(message(1))
        await until(lambda: desk.ran == [message(1)])
    assert "a job of kind answer failed: ValueError" in caplog.text
    assert "351912345678" not in caplog.text
    assert await waiting(redis_url) == 0


async def test_nothing_of_a_finished_job_stays_but_the_short_note_that_it_began(redis_url: str) -> None:
    desk = Desk()
    async with at_work(redis_url, desk), opened(ArqJobQueue(redis_url)) as queue:
        queue.ring(message(1))
        await until(lambda: desk.ran == [message(1)])
    async with Redis.from_url(redis_url) as redis:
        left = {key.decode() for key in await redis.keys("*") if b"tick" not in key}
        assert left - {"jack:jobs"} == {"jack:begun:deliver:m1"}
        assert await waiting(redis_url) == 0
        assert 0 < await redis.ttl("jack:begun:deliver:m1") <= 3600


async def test_the_check_says_what_is_missing(redis_url: str) -> None:
    nowhere = ArqJobQueue("redis://:hush-hush@127.0.0.1:1/0")
    problem = await nowhere.check()
    await nowhere.aclose()
    assert problem is not None
    assert "Redis does not answer" in problem
    assert "hush" not in problem
    async with opened(ArqJobQueue(redis_url)) as queue:
        assert "jack worker" in str(await queue.check())
        async with at_work(redis_url, Desk()):
            async with asyncio.timeout(PATIENCE):
                while await queue.check() is not None:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)


PROGRAM = """
import asyncio, sys
from jack.adapters.queue.arq_worker import ArqWorkers

async def handle(job):
    print("begun", flush=True)
    await asyncio.sleep(0.2)
    print("ended", flush=True)

async def tick():
    pass

asyncio.run(ArqWorkers(sys.argv[1], handle, tick).run_until_told())
print("stopped", flush=True)
"""


async def test_a_worker_process_that_is_told_to_end_finishes_its_job_and_exits_cleanly(redis_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, redis_url, stdout=asyncio.subprocess.PIPE, env={**os.environ}
    )
    assert process.stdout is not None
    async with opened(ArqJobQueue(redis_url)) as queue:
        queue.ring(Receive())
        assert await asyncio.wait_for(process.stdout.readline(), PATIENCE) == b"begun\n"
    process.send_signal(signal.SIGTERM)
    rest, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert rest == b"ended\nstopped\n"
    assert process.returncode == 0
