"""Full syncs: what is missing, who may say that it is gone, and when the nightly one runs."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from jack.application.errors import Conflict, ServiceUnavailable
from jack.application.ports.jobs import Sync
from jack.application.stays.confirm_missing import ConfirmMissing
from jack.domain.ids import HotelId
from jack.domain.sync import SyncKind, SyncStatus
from tests.application.test_syncing import WatchedPms, many
from tests.application.world import SECOND, World
from tests.hotel import HARBOUR, NOW, a_hotel, a_ref, a_reservation_snapshot


def gone(world: World) -> int:
    return sum(stay.gone_at is not None for stay in world.state.reservations.values())


async def a_hotel_that_lost_much() -> World:
    world = World(*many(60))
    await world.sync(HARBOUR)
    world.clock.move(timedelta(minutes=5))
    world.book.delete(*(a_ref(f"R-{n:03}") for n in range(40)))
    await world.sync(HARBOUR, SyncKind.FULL)
    return world


async def test_too_many_missing_stays_wait_for_staff_with_their_number_and_run() -> None:
    world = await a_hotel_that_lost_much()
    state = world.state.sync_states[HARBOUR]
    (run,) = [run for run in world.state.sync_runs.values() if run.kind is SyncKind.FULL]
    assert gone(world) == 0
    assert (run.status, run.error is not None) == (SyncStatus.PARTIAL, True)
    assert state.missing is not None
    assert (state.missing.number, state.missing.held, state.missing.run_id) == (40, 60, run.id)
    assert state.unreachable_since is None


async def test_what_staff_confirmed_the_next_full_sync_marks() -> None:
    world = await a_hotel_that_lost_much()
    await ConfirmMissing(world.database.begin, world.queue)(HARBOUR)
    await world.everything_happens()
    assert gone(world) == 40
    assert world.state.sync_states[HARBOUR].missing is None


async def test_a_confirmation_is_not_one_for_a_far_greater_loss() -> None:
    world = await a_hotel_that_lost_much()
    world.book.put(*many(60)[20:40])
    await world.sync(HARBOUR, SyncKind.FULL)
    assert gone(world) == 20
    world.book.put(*many(200)[:180])
    await world.sync(HARBOUR, SyncKind.FULL)
    world.book.delete(*(a_ref(f"R-{n:03}") for n in range(30)))
    await world.sync(HARBOUR, SyncKind.FULL)
    await ConfirmMissing(world.database.begin, world.queue)(HARBOUR)
    world.queue.clear()
    world.book.delete(*(a_ref(f"R-{n:03}") for n in range(30, 170)))
    run = await world.sync(HARBOUR, SyncKind.FULL)
    assert (run.status, run.counts.gone) == (SyncStatus.PARTIAL, 0)


@pytest.mark.parametrize(("held", "lost", "marked"), [(12, 12, 0), (12, 6, 0), (12, 5, 5), (40, 20, 0), (2, 1, 1)])
async def test_a_small_hotel_may_lose_a_few_stays_but_not_half_of_them(held: int, lost: int, marked: int) -> None:
    world = World(*many(held))
    await world.sync(HARBOUR)
    world.book.delete(*(stay.ref for stay in many(held)[:lost]))
    await world.sync(HARBOUR, SyncKind.FULL)
    assert gone(world) == marked


async def test_stays_that_are_back_need_no_confirmation_any_more() -> None:
    world = await a_hotel_that_lost_much()
    world.book.put(*many(60))
    run = await world.sync(HARBOUR, SyncKind.FULL)
    assert (run.status, gone(world), world.state.sync_states[HARBOUR].missing) == (SyncStatus.COMPLETE, 0, None)


async def test_there_is_nothing_to_confirm_in_a_hotel_that_lost_nothing() -> None:
    world = World(*many(3))
    await world.sync(HARBOUR)
    with pytest.raises(Conflict):
        await ConfirmMissing(world.database.begin, world.queue)(HARBOUR)
    assert world.queue.jobs == []


async def test_every_missing_stay_is_asked_for_by_name_before_it_is_gone() -> None:
    world = World(*many(10))
    pms = WatchedPms(world)
    await world.sync(HARBOUR)
    world.book.delete(a_ref("R-003"))
    asked = world.book.asked_times
    await world.sync(HARBOUR, SyncKind.FULL)
    assert pms.periods
    assert world.book.asked_times - asked == 4  # the period, what changed, the one stay, the rooms
    assert gone(world) == 1


async def test_a_pms_that_breaks_while_stays_are_asked_for_marks_no_other() -> None:
    world = World(*many(10))
    await world.sync(HARBOUR)
    world.book.delete(a_ref("R-003"), a_ref("R-004"))
    world.book.fail(ServiceUnavailable("down"), after=3)
    run = await world.sync(HARBOUR, SyncKind.FULL)
    assert (run.status, gone(world)) == (SyncStatus.PARTIAL, 1)
    await world.sync(HARBOUR, SyncKind.FULL)
    assert gone(world) == 2


async def test_a_pms_that_was_restored_from_a_backup_is_believed_by_a_full_sync() -> None:
    now = NOW
    before = a_reservation_snapshot(room_number="101", modified_at=now - timedelta(hours=2))
    after = replace(before, room_number="204", modified_at=now - timedelta(minutes=1))
    older_guest = replace(before.guest, first_name="Ana", modified_at=now - timedelta(days=2))
    world = World(after)
    await world.sync(HARBOUR)
    world.book.put(replace(before, guest=older_guest))
    world.clock.move(timedelta(minutes=1))
    await world.sync(HARBOUR, SyncKind.FULL)
    (stay,) = world.state.reservations.values()
    assert stay.room_number == "204", "so shortly afterwards it may be an answer that was overtaken"
    world.clock.move(timedelta(minutes=15))
    await world.sync(HARBOUR)
    (stay,) = world.state.reservations.values()
    assert stay.room_number == "204"
    await world.sync(HARBOUR, SyncKind.FULL)
    (stay,) = world.state.reservations.values()
    (guest,) = world.state.guests.values()
    assert (stay.room_number, stay.modified_at, guest.first_name) == ("101", before.modified_at, "Ana")
    again = await world.sync(HARBOUR, SyncKind.FULL)
    assert (again.counts.updated, again.counts.unchanged) == (0, 1)


# the night


def rung(world: World, hotel: HotelId = HARBOUR) -> list[SyncKind | None]:
    return [job.kind for job in world.queue.jobs if isinstance(job, Sync) and job.hotel_id == hotel]


async def a_loaded_world() -> World:
    world = World(*many(2))
    await world.sync(HARBOUR)
    await world.sync(SECOND)
    return world


async def test_everything_is_read_once_a_night_at_the_hotels_time() -> None:
    world = await a_loaded_world()
    kinds: list[SyncKind | None] = []
    for _ in range(36 * 4):
        world.clock.move(timedelta(minutes=15))
        world.queue.clear()
        await world.start_due_syncs()
        if SyncKind.FULL in rung(world):
            kinds.append(SyncKind.FULL)
            assert world.hotel.local_time(world.clock.now()).time() == time(3, 30)
        await world.everything_happens()
    assert kinds == [SyncKind.FULL]


async def test_a_night_in_which_jack_was_down_is_made_up_for() -> None:
    world = await a_loaded_world()
    world.clock.move(timedelta(days=3))
    await world.start_due_syncs()
    assert rung(world) == [SyncKind.FULL]
    await world.everything_happens()
    world.queue.clear()
    await world.start_due_syncs()
    assert rung(world) == []


async def test_a_full_sync_that_fails_leaves_the_others_to_run_and_is_tried_again_in_an_hour() -> None:
    world = await a_loaded_world()
    world.clock.move(timedelta(days=1))
    world.book.fail(ServiceUnavailable("down"))
    await world.start_due_syncs()
    await world.everything_happens()
    world.clock.move(timedelta(minutes=5))
    world.queue.clear()
    await world.start_due_syncs()
    assert rung(world) == [None]
    await world.everything_happens()
    world.clock.move(timedelta(hours=1))
    world.queue.clear()
    await world.start_due_syncs()
    assert rung(world) == [SyncKind.FULL]


async def test_a_first_load_counts_as_the_nights_reading() -> None:
    world = World(*many(2))
    world.clock.set(datetime(2026, 11, 23, 3, 31, tzinfo=UTC))
    await world.sync(HARBOUR)
    await world.start_due_syncs()
    assert rung(world) == []


@pytest.mark.parametrize(
    ("zone", "around"),
    [
        ("Europe/Lisbon", datetime(2027, 3, 28, tzinfo=UTC)),
        ("Europe/Lisbon", datetime(2026, 10, 25, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 3, 14, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 4, 4, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("at", [time(1, 30), time(2, 30), time(3, 30)])
def test_a_night_in_which_the_clocks_change_has_one_full_sync(zone: str, around: datetime, at: time) -> None:
    hotel = a_hotel(time_zone=zone)
    instants = [around - timedelta(days=3) + timedelta(minutes=10 * n) for n in range(6 * 24 * 7)]
    nights = [hotel.last_instant_of(at, instant) for instant in instants]
    assert nights == sorted(nights)
    assert len(set(nights)) in (7, 8)
    assert all(night <= instant for night, instant in zip(nights, instants, strict=True))
    days_told = [hotel.local_time(night).date() for night in dict.fromkeys(nights)]
    assert len(set(days_told)) == len(days_told)


async def test_a_worker_that_died_is_replaced_when_its_lease_is_over() -> None:
    world = await a_loaded_world()
    world.hotels.interval = timedelta(hours=6)
    world.clock.move(timedelta(minutes=1))
    async with world.database.begin() as uow:  # what a killed process leaves behind
        state = await uow.sync.state(HARBOUR)
        await uow.sync.save_state(replace(state, lease_owner="dead", lease_until=NOW + timedelta(minutes=3)))
        await uow.commit()
    await world.start_due_syncs()
    assert rung(world) == []
    world.clock.move(timedelta(minutes=2))
    await world.start_due_syncs()
    assert rung(world) == [None]
