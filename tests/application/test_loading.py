"""A long first load: in slices from today outwards, which go on where a killed run stopped."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta

import pytest

from jack.application.errors import ServiceUnavailable
from jack.application.ports.pms_pages import ReservationPage
from jack.application.stays import reading
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import RejectedRecord, ReservationSnapshot
from jack.domain.sync import SyncKind, SyncStatus
from tests.application.test_syncing import WatchedPms
from tests.application.world import World
from tests.hotel import HARBOUR, NOW, a_guest_snapshot, a_ref, a_reservation_snapshot, days


@pytest.fixture(autouse=True)
def _every_load_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SHORT", 0)
    monkeypatch.setattr(reading, "FEW", 0)


def over_the_year() -> list[ReservationSnapshot]:
    """A stay of three nights arriving every fifth day of the whole period, and one that lasts it all."""
    stays = [
        a_reservation_snapshot(
            f"R-{day}", arrival=day, departure=day + 3, guest=a_guest_snapshot(f"guest {day}"), modified_at=NOW
        )
        for day in range(-30, 367, 5)
    ]
    return [*stays, a_reservation_snapshot("long", arrival=-20, departure=300, guest=a_guest_snapshot("long"))]


def keys(world: World) -> set[str]:
    return {stay.ref.key for stay in world.state.reservations.values() if not stay.gone_at}


async def test_a_long_load_brings_every_stay_once() -> None:
    stays = over_the_year()
    world = World(*stays, page=7)
    pms = WatchedPms(world)
    run = await world.sync(HARBOUR)
    assert keys(world) == {stay.ref.key for stay in stays}
    assert (run.status, run.counts.created, run.counts.unchanged) == (SyncStatus.COMPLETE, len(stays), 0)
    slices = pms.periods[1:]
    assert slices[0] == StayPeriod(arrival=days(0), departure=days(6))
    covered = [day for slice_ in slices for day in range((slice_.departure - slice_.arrival).days + 1)]
    assert len(covered) == 30 + 366 + 1
    assert world.state.sync_states[HARBOUR].load is None


async def test_a_load_that_was_broken_off_goes_on_where_it_stopped() -> None:
    stays = over_the_year()
    world = World(*stays, page=7)
    pms = WatchedPms(world)
    world.book.fail(ServiceUnavailable("down"), after=20)
    broken = await world.sync(HARBOUR)
    assert broken.status is SyncStatus.PARTIAL
    state = world.state.sync_states[HARBOUR]
    assert state.load is not None
    done = state.load.done
    assert done is not None
    assert state.cursor is None
    pms.periods.clear()
    world.clock.move(timedelta(minutes=1))
    run = await world.sync(HARBOUR)
    assert keys(world) == {stay.ref.key for stay in stays}
    assert not any(slice_.overlaps(done) for slice_ in pms.periods)
    assert broken.counts.created + run.counts.created == len(stays)
    assert world.state.sync_states[HARBOUR].load is None


async def test_what_changed_while_a_load_was_broken_off_is_read_after_it() -> None:
    stays = over_the_year()
    world = World(*stays, page=7)
    pms = WatchedPms(world)
    world.book.fail(ServiceUnavailable("down"), after=20)
    await world.sync(HARBOUR)
    world.clock.move(timedelta(hours=5))
    world.book.put(replace(stays[6], room_number="999", modified_at=NOW + timedelta(hours=1)))
    run = await world.sync(HARBOUR)
    assert [stay.ref.key for stay in world.state.reservations.values() if stay.room_number == "999"] == ["R-0"]
    assert run.counts.updated == 1
    assert pms.windows[0].since == NOW - timedelta(minutes=10)
    cursor = world.state.sync_states[HARBOUR].cursor
    assert cursor is not None
    assert cursor.at == NOW + timedelta(hours=5)


async def test_a_load_that_was_left_for_weeks_begins_anew() -> None:
    world = World(*over_the_year(), page=7)
    pms = WatchedPms(world)
    world.book.fail(ServiceUnavailable("down"), after=20)
    await world.sync(HARBOUR)
    pms.periods.clear()
    world.clock.move(timedelta(days=8))
    await world.sync(HARBOUR)
    assert pms.periods[0] == StayPeriod(arrival=days(8 - 30), departure=days(8 + 366))


async def test_a_bad_record_that_lies_in_many_slices_counts_once() -> None:
    world = World(*over_the_year(), page=7)
    world.book.reject(RejectedRecord(kind="reservation", ref=a_ref("odd"), reason="odd", raw="{}"))
    run = await world.sync(HARBOUR)
    assert run.counts.rejected == 1


async def test_a_full_sync_before_anything_was_loaded_goes_on_as_well_and_marks_nothing() -> None:
    stays = over_the_year()
    world = World(*stays, page=7)
    world.book.fail(ServiceUnavailable("down"), after=20)
    await world.sync(HARBOUR, SyncKind.FULL)
    world.clock.move(timedelta(minutes=1))
    run = await world.sync(HARBOUR, SyncKind.FULL)
    assert (run.status, run.counts.gone) == (SyncStatus.COMPLETE, 0)
    assert keys(world) == {stay.ref.key for stay in stays}


async def test_a_later_full_sync_is_read_in_one_go() -> None:
    stays = over_the_year()
    world = World(*stays, page=7)
    pms = WatchedPms(world)
    await world.sync(HARBOUR)
    pms.periods.clear()
    run = await world.sync(HARBOUR, SyncKind.FULL)
    assert pms.periods == [StayPeriod(arrival=days(-30), departure=days(366))]
    assert (run.counts.unchanged, run.counts.gone) == (len(stays), 0)
    assert world.state.seen_stays == {}


async def test_a_vendor_that_does_not_say_how_many_is_read_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SHORT", 5_000)
    world = World(*over_the_year(), page=7)

    class Silent(WatchedPms):
        async def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
            async for page in super().staying(period):
                yield replace(page, total=None)

    pms = Silent(world)
    run = await world.sync(HARBOUR)
    assert len(pms.periods) > 2
    assert (run.counts.created, run.counts.unchanged) == (len(over_the_year()), 0)


async def test_slices_grow_where_little_is_booked_and_shrink_where_much_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FEW", 2)
    monkeypatch.setattr(reading, "MANY", 5)
    crowd = [
        a_reservation_snapshot(f"R-{n}", arrival=40, departure=40, guest=a_guest_snapshot(f"guest {n}"))
        for n in range(20)
    ]
    world = World(*crowd)
    pms = WatchedPms(world)
    await world.sync(HARBOUR)
    lengths = [(slice_.departure - slice_.arrival).days + 1 for slice_ in pms.periods[1:]]
    assert lengths[:4] == [7, 14, 28, 14]
