"""One run of a hotel at a time: a living one keeps its lease however slow the PMS is, a dead one loses it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from jack.application.errors import Conflict, ServiceUnavailable
from jack.application.ports.unit_of_work import UnitOfWork
from jack.application.stays import sync
from jack.application.stays.lease_watch import shows_life
from jack.application.stays.leased import LEASE
from jack.domain.sync import SyncState, SyncStatus
from tests.application.test_syncing import many
from tests.application.world import SECOND, World
from tests.fakes.stepped_clock import SteppedClock
from tests.hotel import HARBOUR, a_reservation_snapshot


@pytest.fixture(autouse=True)
def _quick_heart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "HEARTBEAT", timedelta(milliseconds=1))


async def until_the_heart_beats(world: World, times: int = 2) -> None:
    """Wait until the lease was renewed so often."""
    for _ in range(times):
        before = world.state.sync_states[HARBOUR].lease_until
        world.clock.move(timedelta(seconds=1))
        async with asyncio.timeout(5):
            while world.state.sync_states[HARBOUR].lease_until == before:  # noqa: ASYNC110  nobody announces it
                await asyncio.sleep(0.001)


async def test_a_living_run_keeps_its_lease_while_the_pms_takes_long_for_a_page() -> None:
    world = World(*many(3))
    world.book.hang()
    first = asyncio.create_task(world.sync(HARBOUR))
    await asyncio.sleep(0)
    for _ in range(5):
        world.clock.move(LEASE - timedelta(seconds=2))
        await until_the_heart_beats(world)
        with pytest.raises(Conflict):
            await world.sync(HARBOUR)
    world.book.go_on()
    assert (await first).status is SyncStatus.COMPLETE


async def test_a_run_whose_heart_stopped_is_taken_over_and_writes_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sync, "HEARTBEAT", timedelta(hours=1))
    world = World(*many(3))
    world.book.hang()
    first = asyncio.create_task(world.sync(HARBOUR))
    await asyncio.sleep(0)
    world.clock.move(LEASE)
    world.book.go_on()
    second = await world.sync(HARBOUR)
    assert second.status is SyncStatus.COMPLETE
    with pytest.raises(Conflict):
        await first
    assert world.state.sync_states[HARBOUR].lease_owner is None


async def test_the_heart_survives_a_database_that_is_away_for_a_moment() -> None:
    world = World(*many(3))
    begin = world.database.begin
    away = [True, True]

    @asynccontextmanager
    async def blinking() -> AsyncIterator[UnitOfWork]:
        if started.is_set() and away:
            away.pop()
            raise ServiceUnavailable("the database is away")
        async with begin() as uow:
            yield uow

    started = asyncio.Event()
    story = replace(world.sync, begin=blinking)
    world.book.hang()
    running = asyncio.create_task(story(HARBOUR))
    while HARBOUR not in world.state.sync_states:  # noqa: ASYNC110  nobody announces it
        await asyncio.sleep(0)
    started.set()
    await until_the_heart_beats(world)
    assert away == []
    world.book.go_on()
    assert (await running).status is SyncStatus.COMPLETE


async def test_many_who_start_at_once_make_one_run() -> None:
    world = World(*many(3))
    outcomes = await asyncio.gather(*(world.sync(HARBOUR) for _ in range(20)), return_exceptions=True)
    runs = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert all(isinstance(outcome, Conflict) for outcome in outcomes if isinstance(outcome, BaseException))
    assert sum(run.counts.created for run in runs) == 3
    assert len(world.state.reservations) == 3


async def test_a_hotel_whose_pms_hangs_keeps_no_other_hotel_waiting() -> None:
    world = World(*many(3))
    world.second_book.put(a_reservation_snapshot("R-9"))
    world.book.hang()
    slow = asyncio.create_task(world.sync(HARBOUR))
    await asyncio.sleep(0)
    assert (await world.sync(SECOND)).counts.created == 1
    world.book.go_on()
    assert (await slow).counts.created == 3


async def test_a_run_that_is_told_to_stop_frees_its_lease() -> None:
    world = World(*many(3))
    world.book.hang()
    running = asyncio.create_task(world.sync(HARBOUR))
    while HARBOUR not in world.state.sync_states:  # noqa: ASYNC110  nobody announces it
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert world.state.sync_states[HARBOUR].lease_owner is None
    world.book.go_on()
    assert (await world.sync(HARBOUR)).status is SyncStatus.COMPLETE


async def test_a_run_that_goes_on_is_told_from_one_whose_process_was_killed() -> None:
    world = World(*many(3))
    begin, clock = world.database.begin, SteppedClock()
    assert not await shows_life(begin, clock, HARBOUR), "there is none"
    async with begin() as uow:
        dead = SyncState(hotel_id=HARBOUR, lease_owner="killed", lease_until=clock.now() + LEASE)
        await uow.sync.save_state(dead)
        await uow.commit()
    looking = asyncio.create_task(shows_life(begin, clock, HARBOUR))
    await clock.pass_by(LEASE - timedelta(seconds=2))
    assert not looking.done()
    await clock.pass_by(timedelta(seconds=3))
    assert not await looking

    async with begin() as uow:
        living = replace(dead, lease_owner="living", lease_until=clock.now() + LEASE)
        await uow.sync.save_state(living)
        await uow.commit()
    looking = asyncio.create_task(shows_life(begin, clock, HARBOUR))
    await clock.pass_by(timedelta(seconds=5))
    async with begin() as uow:
        await uow.sync.save_state(replace(living, lease_until=clock.now() + LEASE))
        await uow.commit()
    await clock.pass_by(timedelta(seconds=2))
    assert looking.done()
    assert await looking
