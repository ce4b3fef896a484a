"""The pace that all workers share, on a real Redis; each process goes on by itself while Redis is away."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from jack.adapters.clock import SystemClock
from jack.adapters.vendor_api import shared_pace
from jack.adapters.vendor_api.pace import Pace
from jack.adapters.vendor_api.shared_pace import RedisPaces
from tests.fakes.clock import FixedClock
from tests.programs import free_port

SECOND = timedelta(seconds=1)
SPAN = timedelta(milliseconds=400)
NAME = "mews:1f0c"


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Any]:
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        yield redis


@pytest.fixture
async def workers(redis_url: str) -> AsyncIterator[list[RedisPaces]]:
    """Three processes, as far as Redis can tell."""
    workers = [RedisPaces(SystemClock(), redis_url) for _ in range(3)]
    yield workers
    for worker in workers:
        await worker.aclose()


async def test_the_workers_of_a_hotel_share_one_limit(workers: list[RedisPaces]) -> None:
    calls: list[float] = []

    async def work(pace: Pace) -> None:
        for _ in range(3):
            await pace.turn()
            calls.append(time.monotonic())

    began = time.monotonic()
    await asyncio.gather(*(work(worker.of(NAME, 4, SPAN)) for worker in workers))

    # nine turns at four in a span: some begin at least two spans after the first
    assert calls[-1] - began >= 2 * SPAN / SECOND
    # however late a woken worker is, it is never early
    assert all(at - began >= (number // 4) * SPAN / SECOND - 0.01 for number, at in enumerate(calls))


async def test_the_turns_are_counted_on_the_clock_of_redis(redis_url: str) -> None:
    fast, slow = FixedClock(), FixedClock()
    slow.move(timedelta(days=-3))
    first, second = RedisPaces(fast, redis_url), RedisPaces(slow, redis_url)

    await first.of(NAME, 1, 3600 * SECOND).turn()
    await second.of(NAME, 1, 3600 * SECOND).turn()

    assert fast.slept == [timedelta()]
    assert slow.slept == [shared_pace.LONGEST_WAIT]
    await first.aclose()
    await second.aclose()


async def test_other_credentials_have_a_limit_of_their_own(redis_url: str) -> None:
    clock = FixedClock()
    paces = RedisPaces(clock, redis_url)

    for number in range(5):
        await paces.of(f"mews:{number}", 1, 3600 * SECOND).turn()

    assert clock.slept == [timedelta()] * 5
    await paces.aclose()


async def test_a_redis_whose_clock_was_set_back_keeps_nobody_waiting_for_the_old_time(
    redis_url: str, redis: Any
) -> None:
    clock = FixedClock()
    paces = RedisPaces(clock, redis_url)
    seconds, _ = await redis.time()
    ahead = (seconds + 3600) * 1_000_000
    await redis.rpush(f"jack:pace:{{{NAME}}}:turns", ahead, ahead)
    await redis.set(f"jack:pace:{{{NAME}}}:seen", ahead)

    await paces.of(NAME, 2, 5 * SECOND).turn()

    assert timedelta() < clock.slept[-1] <= 5 * SECOND
    await paces.aclose()


async def test_what_is_kept_in_redis_is_small_and_ends_by_itself(redis_url: str, redis: Any) -> None:
    paces = RedisPaces(FixedClock(), redis_url)
    for _ in range(50):
        await paces.of(NAME, 5, SECOND).turn()

    keys = await redis.keys("*")
    assert sorted(keys) == [f"jack:pace:{{{NAME}}}:seen", f"jack:pace:{{{NAME}}}:turns"]
    assert await redis.llen(f"jack:pace:{{{NAME}}}:turns") == 5
    assert all([0 < await redis.pttl(key) <= 12_000 for key in keys])
    await paces.aclose()


async def test_while_redis_is_away_the_process_keeps_to_the_limit_by_itself(caplog: pytest.LogCaptureFixture) -> None:
    clock = FixedClock()
    paces = RedisPaces(clock, f"redis://:s3cr3t@127.0.0.1:{free_port()}/0")
    pace = paces.of(NAME, 2, SECOND)

    for _ in range(4):
        await pace.turn()

    assert sum(clock.slept, timedelta()) == SECOND
    assert len(caplog.records) == 1
    assert "s3cr3t" not in caplog.text + repr(paces)
    await paces.aclose()


async def test_a_redis_that_comes_back_is_asked_again(redis_url: str, redis: Any) -> None:
    clock = FixedClock()
    paces = RedisPaces(clock, redis_url)
    await redis.set(f"jack:pace:{{{NAME}}}:turns", "not what Jack keeps there")
    await paces.of(NAME, 2, SECOND).turn()
    await redis.flushdb()
    await paces.of(NAME, 2, SECOND).turn()
    assert await redis.keys("*") == []

    clock.move(shared_pace.LEFT_ALONE)
    await paces.of(NAME, 2, SECOND).turn()

    assert await redis.llen(f"jack:pace:{{{NAME}}}:turns") == 1
    await paces.aclose()


async def test_a_redis_that_hangs_holds_nobody_up_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_pace, "SOCKET_PATIENCE", 0.2)
    release = asyncio.Event()

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        writer.close()

    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    async with server:
        paces = RedisPaces(FixedClock(), f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0")

        async with asyncio.timeout(5):
            for _ in range(50):
                await paces.of(NAME, 100, SECOND).turn()

        await paces.aclose()
        release.set()
