"""SyncReservations: windows, cursors, pages, and what a run makes of them."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta

import pytest

from jack.adapters.pms.mock.gateway import MockPms
from jack.application.errors import Conflict, NotFound, ServiceDenied, ServiceUnavailable
from jack.application.ports.pms_pages import ReservationPage
from jack.application.stays.preferences import NotePreference
from jack.domain.guest import Source
from jack.domain.ids import HotelId
from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.snapshot import PreferenceSnapshot
from jack.domain.sync import SyncKind, SyncRun, SyncStatus, SyncWindow
from tests.application.world import SECOND, World
from tests.fakes.pms import ListedPms
from tests.hotel import (
    ANNA_PHONE,
    HARBOUR,
    NOW,
    a_guest_snapshot,
    a_ref,
    a_reservation_snapshot,
    a_room_snapshot,
    days,
)


class WatchedPms(MockPms):
    """A PMS that keeps which windows and periods it was asked for; `before_page` happens before each page."""

    def __init__(self, world: World) -> None:
        super().__init__(world.book, world.clock)
        self.windows: list[SyncWindow] = []
        self.periods: list[StayPeriod] = []
        world.pms = ListedPms({HARBOUR: self})
        world.sync = replace(world.sync, pms=world.pms)

    def changed(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        self.windows.append(window)
        return super().changed(window)

    def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        self.periods.append(period)
        return super().staying(period)


def many(number: int, **fields: object) -> list:  # type: ignore[type-arg]
    return [
        a_reservation_snapshot(f"R-{n:03}", guest=a_guest_snapshot(f"guest{n}"), room_number=str(100 + n), **fields)  # type: ignore[arg-type]
        for n in range(number)
    ]


async def test_the_first_run_loads_everything_around_today() -> None:
    world = World(*many(5))
    pms = WatchedPms(world)
    run = await world.sync(HARBOUR)
    assert (run.kind, run.status, run.counts.created, run.error) == (SyncKind.FIRST, SyncStatus.COMPLETE, 5, None)
    assert pms.periods == [StayPeriod(arrival=days(-30), departure=days(366))]
    assert pms.windows == []
    assert len(world.state.reservations) == 5


async def test_the_next_run_reads_the_window_from_cursor_minus_overlap_to_its_own_start() -> None:
    world = World(*many(1))
    pms = WatchedPms(world)
    await world.sync(HARBOUR)
    world.clock.move(timedelta(minutes=5))
    run = await world.sync(HARBOUR)
    assert run.kind is SyncKind.CHANGES
    assert pms.windows == [SyncWindow(since=NOW - timedelta(minutes=10), until=NOW + timedelta(minutes=5))]


async def test_the_cursor_is_the_start_of_the_run_even_if_the_reading_takes_long() -> None:
    world = World(*many(4), page=1)

    def a_minute_passes(*_: object) -> None:
        world.clock.move(timedelta(minutes=1))

    await world.sync(HARBOUR, progress=a_minute_passes)
    cursor = world.state.sync_states[HARBOUR].cursor
    assert cursor is not None
    assert cursor.at == NOW


async def test_the_cursor_does_not_move_before_the_last_page_was_read() -> None:
    world = World(*many(3), page=1)
    seen = []
    await world.sync(HARBOUR, progress=lambda *_: seen.append(world.state.sync_states[HARBOUR].cursor))
    assert seen == [None, None, None]
    assert world.state.sync_states[HARBOUR].cursor is not None


async def test_a_change_made_during_a_run_is_read_by_the_next_one() -> None:
    world = World(*many(4), page=1)
    world.hotels.overlap = timedelta(0)

    def somebody_moves_meanwhile(run: SyncRun, _: int | None) -> None:
        world.clock.move(timedelta(seconds=10))
        if run.counts.read == 3:
            first = many(1)[0]
            world.book.put(replace(first, room_number="999", modified_at=world.clock.now()))

    await world.sync(HARBOUR, progress=somebody_moves_meanwhile)
    assert "999" not in {r.room_number for r in world.state.reservations.values()}
    world.clock.move(timedelta(seconds=10))
    run = await world.sync(HARBOUR)
    assert run.counts.updated == 1
    assert "999" in {r.room_number for r in world.state.reservations.values()}


async def test_a_clock_that_was_set_back_skips_nothing() -> None:
    world = World(*many(1))
    pms = WatchedPms(world)
    await world.sync(HARBOUR)
    world.clock.move(-timedelta(hours=1))
    await world.sync(HARBOUR)
    assert pms.windows[-1].since == NOW - timedelta(hours=1, minutes=10)
    assert pms.windows[-1].until == NOW - timedelta(hours=1)


async def test_a_pms_that_fails_on_the_third_page_keeps_two_pages_and_the_cursor() -> None:
    world = World(*many(5), page=1)
    world.book.fail(ServiceUnavailable("busy", retry_after=timedelta(minutes=7)), after=2)
    run = await world.sync(HARBOUR)
    assert (run.status, run.counts.created, run.error) == (SyncStatus.PARTIAL, 2, "busy")
    state = world.state.sync_states[HARBOUR]
    assert (state.cursor, state.lease_owner, state.retry_after) == (None, None, NOW + timedelta(minutes=7))
    assert len(world.state.reservations) == 2
    again = await world.sync(HARBOUR)
    assert (again.status, again.counts.created, again.counts.unchanged) == (SyncStatus.COMPLETE, 3, 2)


async def test_a_pms_that_never_answers_fails_the_run_and_the_schedule_comes_back_in_a_minute() -> None:
    world = World(*many(1))
    world.book.fail(ServiceUnavailable("down"))
    run = await world.sync(HARBOUR)
    assert run.status is SyncStatus.FAILED
    await world.start_due_syncs()
    assert [ring.job for ring in world.queue.rings if getattr(ring.job, "hotel_id", None) == HARBOUR] == []
    world.clock.move(timedelta(minutes=1))
    await world.start_due_syncs()
    await world.everything_happens()
    assert len(world.state.reservations) == 1


async def test_wrong_credentials_are_not_tried_again_before_the_next_interval() -> None:
    world = World(*many(1))
    world.book.fail(ServiceDenied("wrong key"))
    await world.sync(HARBOUR)
    assert world.state.sync_states[HARBOUR].retry_after == NOW + timedelta(minutes=5)


async def test_an_unchanged_hotel_writes_no_guest_and_no_reservation() -> None:
    world = World(*many(3))
    await world.sync(HARBOUR)
    guests, reservations = dict(world.state.guests), dict(world.state.reservations)
    world.clock.move(timedelta(minutes=5))
    run = await world.sync(HARBOUR, SyncKind.FULL)
    assert (run.counts.unchanged, run.counts.created, run.counts.updated) == (3, 0, 0)
    assert all(world.state.guests[key] is guest for key, guest in guests.items())
    assert all(world.state.reservations[key] is stay for key, stay in reservations.items())


async def test_an_older_version_never_overwrites_a_newer_one() -> None:
    world = World(a_reservation_snapshot(room_number="305", modified_at=NOW))
    await world.sync(HARBOUR)
    world.book.put(a_reservation_snapshot(room_number="204", modified_at=NOW - timedelta(hours=1)))
    run = await world.sync(HARBOUR, SyncKind.FULL)
    assert run.counts.unchanged == 1
    assert [r.room_number for r in world.state.reservations.values()] == ["305"]


async def test_a_version_from_the_far_future_freezes_nothing() -> None:
    guest = a_guest_snapshot(first_name="Anan", modified_at=NOW + timedelta(days=9999))
    world = World(a_reservation_snapshot(guest=guest, room_number="305", modified_at=NOW + timedelta(days=9999)))
    await world.sync(HARBOUR)
    world.book.put(a_reservation_snapshot(room_number="204", modified_at=NOW))
    await world.sync(HARBOUR, SyncKind.FULL)
    assert [r.room_number for r in world.state.reservations.values()] == ["204"]
    assert [g.first_name for g in world.state.guests.values()] == [a_guest_snapshot().first_name]


async def test_shifting_pages_bring_nothing_twice_and_lose_nothing() -> None:
    world = World(*many(7), page=3)
    world.book.shift_pages(1)
    run = await world.sync(HARBOUR)
    assert (run.counts.created, len(world.state.reservations)) == (7, 7)


async def test_what_staff_noted_survives_every_sync() -> None:
    world = World(a_reservation_snapshot())
    await world.sync(HARBOUR)
    (guest,) = world.state.guests.values()
    await NotePreference(world.database.begin, world.clock)(HARBOUR, guest.id, "allergy", "nuts")
    changed = a_guest_snapshot(preferences=(PreferenceSnapshot(category="floor", value="high"),), modified_at=NOW)
    world.book.put(a_reservation_snapshot(guest=changed, modified_at=NOW))
    await world.sync(HARBOUR, SyncKind.FULL)
    (guest,) = world.state.guests.values()
    assert {(p.category, p.source) for p in guest.preferences} == {("floor", Source.PMS), ("allergy", Source.STAFF)}


async def test_two_guests_of_the_pms_with_one_phone_stay_two_guests() -> None:
    bruno = a_guest_snapshot("bruno", phones=(ANNA_PHONE,))
    world = World(a_reservation_snapshot("R-1"), a_reservation_snapshot("R-2", guest=bruno))
    await world.sync(HARBOUR)
    assert {g.first_name for g in world.state.guests.values()} == {"Anna", "Bruno"}
    assert {g.contact_points[0].value for g in world.state.guests.values()} == {ANNA_PHONE}


async def test_two_hotels_do_not_touch_each_other() -> None:
    world = World(*many(2))
    world.second_book.put(a_reservation_snapshot("R-000", room_number="7"))
    await world.sync(HARBOUR)
    run = await world.sync(SECOND, SyncKind.FULL)
    assert (run.counts.created, run.counts.gone) == (1, 0)
    assert {(r.hotel_id, r.room_number) for r in world.state.reservations.values()} == {
        (HARBOUR, "100"),
        (HARBOUR, "101"),
        (SECOND, "7"),
    }


async def test_an_unknown_hotel_is_not_found() -> None:
    with pytest.raises(NotFound):
        await World().sync(HotelId("nowhere"))


async def test_rooms_are_read_with_every_run() -> None:
    world = World()
    world.book.put_rooms(a_room_snapshot("204"), a_room_snapshot("305"))
    await world.sync(HARBOUR)
    assert {room.number for room in world.state.rooms.values()} == {"204", "305"}


async def test_rooms_that_cannot_be_read_cost_neither_the_stays_nor_the_cursor() -> None:
    world = World(*many(2))
    world.book.fail(ServiceDenied("no permission for rooms"), after=1)
    run = await world.sync(HARBOUR)
    assert (run.status, run.error) == (
        SyncStatus.PARTIAL,
        "the rooms could not be read: no permission for rooms",
    )
    state = world.state.sync_states[HARBOUR]
    assert (state.cursor is not None, state.retry_after, state.lease_owner) == (True, None, None)


async def test_since_reads_more_than_the_cursor_says_but_never_less() -> None:
    world = World(*many(1))
    pms = WatchedPms(world)
    await world.sync(HARBOUR)
    world.clock.move(timedelta(hours=1))
    await world.sync(HARBOUR, since=NOW - timedelta(days=3))
    await world.sync(HARBOUR, since=world.clock.now())
    assert pms.windows[0].since == NOW - timedelta(days=3)
    assert pms.windows[1].since == NOW + timedelta(hours=1) - timedelta(minutes=10)


async def test_a_hotel_whose_first_run_read_only_some_changes_is_still_loaded_as_a_whole() -> None:
    old = a_reservation_snapshot(modified_at=NOW - timedelta(days=20))
    world = World(old)
    run = await world.sync(HARBOUR, since=NOW - timedelta(days=1))
    assert (run.kind, run.counts.created) == (SyncKind.CHANGES, 0)
    run = await world.sync(HARBOUR)
    assert (run.kind, run.counts.created) == (SyncKind.FIRST, 1)


async def test_asking_for_changes_before_anything_was_loaded_is_a_first_run() -> None:
    run = await World(*many(1)).sync(HARBOUR, SyncKind.CHANGES)
    assert (run.kind, run.counts.created) == (SyncKind.FIRST, 1)


async def test_a_full_run_does_not_jump_over_changes_of_stays_far_ahead() -> None:
    far = a_reservation_snapshot("far", arrival=500, departure=502, status=ReservationStatus.CONFIRMED)
    world = World(far)
    await world.sync(HARBOUR, since=NOW - timedelta(days=1))
    await world.sync(HARBOUR)
    world.clock.move(timedelta(hours=1))
    world.book.put(replace(far, status=ReservationStatus.CANCELLED, modified_at=world.clock.now()))
    world.clock.move(timedelta(hours=1))
    await world.sync(HARBOUR, SyncKind.FULL)
    world.clock.move(timedelta(hours=1))
    await world.sync(HARBOUR)
    assert [r.status for r in world.state.reservations.values()] == [ReservationStatus.CANCELLED]


async def test_the_run_reports_its_progress_page_by_page_with_the_total() -> None:
    world = World(*many(5), page=2)
    told: list[tuple[int, int | None]] = []
    await world.sync(HARBOUR, progress=lambda run, total: told.append((run.counts.read, total)))
    assert told == [(2, 5), (4, 5), (5, 5)]


async def test_the_schedule_rings_once_an_interval_for_each_hotel() -> None:
    world = World(*many(1))
    await world.start_due_syncs()
    await world.everything_happens()
    assert set(world.state.sync_states) == {HARBOUR, SECOND}
    world.queue.clear()
    world.clock.move(timedelta(minutes=4))
    await world.start_due_syncs()
    assert world.queue.jobs == []
    world.clock.move(timedelta(minutes=1))
    await world.start_due_syncs()
    assert len(world.queue.jobs) == 2


async def test_an_empty_hotel_is_a_complete_run() -> None:
    run = await World().sync(HARBOUR)
    assert (run.status, run.counts.read) == (SyncStatus.COMPLETE, 0)


async def test_a_second_run_is_refused_while_the_first_reads() -> None:
    world = World(*many(3))
    world.book.hang()
    first = asyncio.create_task(world.sync(HARBOUR))
    await asyncio.sleep(0)
    with pytest.raises(Conflict):
        await world.sync(HARBOUR)
    world.book.go_on()
    assert (await first).counts.created == 3


async def test_a_full_run_marks_what_the_pms_no_longer_has_and_counts_it() -> None:
    world = World(*many(3))
    await world.sync(HARBOUR)
    world.book.delete(a_ref("R-001"))
    run = await world.sync(HARBOUR, SyncKind.FULL)
    assert (run.counts.gone, run.counts.unchanged) == (1, 2)
    assert [r.ref.key for r in world.state.reservations.values() if r.gone_at] == ["R-001"]


async def test_a_gone_stay_that_returns_is_back() -> None:
    world = World(*many(2))
    await world.sync(HARBOUR)
    world.book.delete(a_ref("R-001"))
    await world.sync(HARBOUR, SyncKind.FULL)
    world.book.put(many(2)[1])
    run = await world.sync(HARBOUR, SyncKind.FULL)
    assert run.counts.updated == 1
    assert not any(r.gone_at for r in world.state.reservations.values())


async def test_a_stay_that_a_full_reading_missed_but_the_pms_has_is_not_gone() -> None:
    world = World(*many(2))
    await world.sync(HARBOUR)
    moved = replace(many(2)[1], period=StayPeriod(arrival=days(700), departure=days(702)), modified_at=NOW)
    world.book.put(moved)
    run = await world.sync(HARBOUR, SyncKind.FULL)
    assert run.counts.gone == 0
    assert days(700) in {r.period.arrival for r in world.state.reservations.values()}


async def test_a_full_run_refuses_when_too_many_are_missing() -> None:
    world = World(*many(30))
    await world.sync(HARBOUR)
    before = world.state.sync_states[HARBOUR].cursor
    world.clock.move(timedelta(minutes=5))
    world.book.delete(*(a_ref(f"R-{n:03}") for n in range(25)))
    run = await world.sync(HARBOUR, SyncKind.FULL)
    assert run.status is SyncStatus.PARTIAL
    assert "25 of 30 stays are missing at the PMS, more than the 14" in (run.error or "")
    assert not any(r.gone_at for r in world.state.reservations.values())
    assert world.state.sync_states[HARBOUR].cursor == before
