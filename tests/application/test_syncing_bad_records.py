"""SyncReservations: what a bad record, a lost lease and a stopped process cost."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jack.application.errors import Conflict, ServiceRejected, ServiceUnavailable
from jack.application.stays.leased import LEASE
from jack.domain.contact import PhoneReading
from jack.domain.guest import Guest
from jack.domain.snapshot import RejectedRecord, ReservationSnapshot
from jack.domain.sync import SyncKind, SyncRun, SyncStatus
from tests.application.test_syncing import many
from tests.application.world import World
from tests.fakes.persistence.stays import InMemoryGuests
from tests.hotel import HARBOUR, NOW, a_guest_snapshot, a_ref, a_reservation_snapshot, a_room_snapshot


def unreadable(key: str = "R-000") -> RejectedRecord:
    return RejectedRecord(kind="reservation", ref=a_ref(key), reason="state 'Ghost' is not known", raw='{"s":"Ghost"}')


def refuses(monkeypatch: pytest.MonkeyPatch, *first_names: str) -> None:
    """Let the database refuse every page with one of these guests, as PostgreSQL does a NUL character."""
    stored = InMemoryGuests.save_synced

    async def save_synced(self: InMemoryGuests, guests: Sequence[Guest], **more: Any) -> None:
        if any(guest.first_name in first_names for guest in guests):
            raise ServiceRejected("the database cannot store this value")
        await stored(self, guests, **more)

    monkeypatch.setattr(InMemoryGuests, "save_synced", save_synced)


async def test_an_unreadable_record_costs_itself_alone_and_is_kept_with_its_reason() -> None:
    world = World(*many(3))
    world.book.reject(unreadable("R-009"))
    run = await world.sync(HARBOUR)
    assert (run.status, run.counts.created, run.counts.rejected) == (SyncStatus.PARTIAL, 3, 1)
    (kept,) = world.state.rejected.values()
    assert (kept.record.reason, kept.record.raw) == ("state 'Ghost' is not known", '{"s":"Ghost"}')
    assert world.state.sync_states[HARBOUR].cursor is not None


async def test_a_page_that_cannot_be_stored_as_a_whole_is_stored_record_by_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(*many(5), page=5)
    refuses(monkeypatch, "Guest2")
    run = await world.sync(HARBOUR)
    assert (run.counts.created, run.counts.rejected) == (4, 1)
    (kept,) = world.state.rejected.values()
    assert kept.record.ref == a_ref("R-002")
    assert kept.record.reason == "the database cannot store this value"
    assert "Guest2" in kept.record.raw


async def test_a_bug_that_one_record_meets_costs_that_record(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(*many(2), a_reservation_snapshot("R-bug"))

    def broken(text: str, region: str, country: str | None = None) -> PhoneReading | None:
        raise TypeError(f"cannot read {text}")

    monkeypatch.setattr(type(world.phones), "read", staticmethod(broken))
    run = await world.sync(HARBOUR)
    assert (run.counts.created, run.counts.rejected) == (2, 1)
    (kept,) = world.state.rejected.values()
    assert kept.record.reason == "could not be stored: TypeError"


async def test_a_bad_record_is_tried_again_and_forgotten_when_it_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(*many(2))
    refuses(monkeypatch, "Guest1")
    await world.sync(HARBOUR)
    monkeypatch.undo()
    world.clock.move(timedelta(hours=3))
    run = await world.sync(HARBOUR)
    assert (run.status, run.counts.created) == (SyncStatus.COMPLETE, 1)
    assert world.state.rejected == {}


async def test_a_bad_record_that_stays_bad_keeps_its_raw_form_and_the_run_says_so() -> None:
    world = World(*many(1))
    world.book.reject(unreadable("R-009"))
    await world.sync(HARBOUR)
    world.book.reject()
    world.clock.move(timedelta(hours=3))
    world.book.fail(ServiceRejected("still a ghost"), after=1)
    run = await world.sync(HARBOUR)
    assert (run.status, run.counts.rejected) == (SyncStatus.PARTIAL, 1)
    (kept,) = world.state.rejected.values()
    assert (kept.record.reason, kept.record.raw) == ("still a ghost", '{"s":"Ghost"}')


async def test_a_bad_record_that_the_pms_no_longer_has_is_forgotten() -> None:
    world = World(*many(1))
    world.book.reject(unreadable("R-009"))
    await world.sync(HARBOUR)
    world.book.reject()
    world.clock.move(timedelta(hours=3))
    run = await world.sync(HARBOUR)
    assert (run.status, world.state.rejected) == (SyncStatus.COMPLETE, {})


async def test_a_stay_whose_newest_version_is_rejected_keeps_its_last_good_facts_in_doubt() -> None:
    world = World(*many(2))
    await world.sync(HARBOUR)
    world.book.reject(unreadable("R-000"))
    await world.sync(HARBOUR, SyncKind.FULL)
    doubtful = [r for r in world.state.reservations.values() if r.doubt]
    assert [(r.ref.key, r.room_number, r.gone_at) for r in doubtful] == [("R-000", "100", None)]
    world.book.reject()
    world.book.put(replace(many(1)[0], modified_at=NOW))
    await world.sync(HARBOUR, SyncKind.FULL)
    assert not any(r.doubt for r in world.state.reservations.values())


async def test_a_missing_stay_that_cannot_be_read_by_name_costs_that_stay_and_not_the_run() -> None:
    world = World(*many(2))
    await world.sync(HARBOUR)
    world.book.delete(a_ref("R-000"))
    world.book.fail(ServiceRejected("broken beyond repair"), after=2)
    run = await world.sync(HARBOUR, SyncKind.FULL)
    assert (run.status, run.counts.rejected, run.counts.gone) == (SyncStatus.PARTIAL, 1, 0)
    assert [r.doubt for r in world.state.reservations.values() if r.ref.key == "R-000"] == ["broken beyond repair"]


async def test_a_pms_that_fails_while_bad_records_are_tried_again_has_read_all_pages_all_the_same() -> None:
    world = World(*many(1))
    world.book.reject(unreadable("R-009"))
    await world.sync(HARBOUR)
    world.book.reject()
    world.clock.move(timedelta(hours=3))
    world.book.fail(ServiceUnavailable("busy"), after=1)
    run = await world.sync(HARBOUR)
    assert (run.status, run.error) == (SyncStatus.PARTIAL, "bad records could not be read again: busy")
    cursor = world.state.sync_states[HARBOUR].cursor
    assert cursor is not None
    assert cursor.at == NOW + timedelta(hours=3)


async def test_rooms_that_cannot_be_stored_are_reported() -> None:
    world = World(*many(1))

    async def strange_rooms() -> tuple[None, ...]:
        return (None,)

    pms = world.pms.of(HARBOUR)
    pms.rooms = strange_rooms  # type: ignore[method-assign,assignment]
    run = await world.sync(HARBOUR)
    assert run.error == "the rooms could not be read: could not be stored: AttributeError"
    assert run.counts.created == 1


# the lease


async def test_a_dead_process_loses_its_lease_and_its_run_is_closed() -> None:
    world = World(*many(2))
    world.book.hang()
    dead = asyncio.create_task(world.sync(HARBOUR))
    await asyncio.sleep(0)
    world.clock.move(LEASE)
    world.book.go_on()
    (dead_run,) = world.state.sync_runs
    run = await world.sync(HARBOUR)
    assert run.status is SyncStatus.COMPLETE
    closed = world.state.sync_runs[dead_run]
    assert (closed.status, closed.error) == (SyncStatus.FAILED, "the process that ran it ended")
    with pytest.raises(Conflict):
        await dead


async def test_a_process_that_lost_its_lease_writes_nothing_more() -> None:
    world = World(*many(3), page=1)
    world.book.put_rooms(a_room_snapshot("204"))
    taken: list[object] = []

    def another_takes_over(run: SyncRun, _: int | None) -> None:
        if not taken:
            state = world.state.sync_states[HARBOUR]
            world.state.sync_states[HARBOUR] = replace(state, lease_owner="another")
            taken.append(world.state.copy())

    with pytest.raises(Conflict):
        await world.sync(HARBOUR, progress=another_takes_over)
    assert taken == [world.state]


async def test_a_process_that_lost_its_lease_does_not_end_its_run_a_second_time_when_the_pms_fails() -> None:
    world = World(*many(3), page=1)
    taken: list[object] = []

    def another_takes_over(*_: object) -> None:
        state = world.state.sync_states[HARBOUR]
        world.state.sync_states[HARBOUR] = replace(state, lease_owner="another")
        taken.append(world.state.copy())

    world.book.fail(ServiceUnavailable("down"), after=1)
    run = await world.sync(HARBOUR, progress=another_takes_over)
    assert (run.status, run.error) == (SyncStatus.PARTIAL, "down")
    assert taken == [world.state]


async def test_a_bad_record_without_a_name_is_forgotten_once_everything_was_read_without_it() -> None:
    world = World(*many(3))
    world.book.reject(replace(unreadable(), ref=None))
    await world.sync(HARBOUR)
    world.clock.move(timedelta(minutes=5))
    await world.sync(HARBOUR, SyncKind.FULL)
    assert len(world.state.rejected) == 1
    world.book.reject()
    world.clock.move(timedelta(minutes=5))
    await world.sync(HARBOUR)
    assert len(world.state.rejected) == 1, "a few changes do not say that it can be read now"
    await world.sync(HARBOUR, SyncKind.FULL)
    assert world.state.rejected == {}


async def test_a_run_that_is_cancelled_frees_its_lease_at_once() -> None:
    world = World(*many(2))
    world.book.hang()
    run = asyncio.create_task(world.sync(HARBOUR))
    await asyncio.sleep(0)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert world.state.sync_states[HARBOUR].lease_owner is None
    assert [r.error for r in world.state.sync_runs.values()] == ["the run did not end: the run was stopped"]
    assert world.state.sync_states[HARBOUR].unreachable_since is None, "nobody can say that the PMS went away"
    world.book.go_on()
    assert (await world.sync(HARBOUR)).counts.created == 2


async def test_a_bug_frees_the_lease_and_is_not_hidden() -> None:
    world = World(*many(2))

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await world.sync(HARBOUR, progress=broken)
    state = world.state.sync_states[HARBOUR]
    assert (state.lease_owner, state.cursor) == (None, None)


async def test_every_page_renews_the_lease() -> None:
    world = World(*many(3), page=1)
    leases = []

    def a_minute_passes(*_: object) -> None:
        leases.append(world.state.sync_states[HARBOUR].lease_until)
        world.clock.move(timedelta(minutes=1, seconds=30))

    run = await world.sync(HARBOUR, progress=a_minute_passes)
    assert run.status is SyncStatus.COMPLETE
    assert leases == [NOW + LEASE + n * timedelta(minutes=1, seconds=30) for n in range(3)]


def a_snapshot_of_nobody() -> ReservationSnapshot:
    return a_reservation_snapshot(guest=a_guest_snapshot("nobody", first_name="", last_name=""))


async def test_a_guest_without_a_name_is_kept() -> None:
    run = await World(a_snapshot_of_nobody()).sync(HARBOUR)
    assert run.counts.created == 1
