"""What a PMS pushes makes the named records right, whatever is pushed, how often, and however the PMS is."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta

import pytest

from jack.adapters.pms.mock.gateway import MockPms
from jack.application.errors import NotFound, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.ports.jobs import Follow, Sync
from jack.application.ports.pms_notices import PmsHints
from jack.application.ports.pms_pages import ReservationPage
from jack.application.stays import notices as following
from jack.domain.ids import HotelId
from jack.domain.notices import LEASE, QUIET
from jack.domain.reservation import Reservation, ReservationStatus
from jack.domain.snapshot import RejectedRecord
from jack.domain.sync import SyncKind
from tests.application.world import PMS_SECRET, SECOND, World
from tests.fakes.persistence.state import StoredNotice
from tests.fakes.pms import ListedPms
from tests.hotel import HARBOUR, a_ref, a_reservation_snapshot, a_room_snapshot

FOLLOW = Follow(hotel_id=HARBOUR)


def a_push(*stays: str, **fields: object) -> bytes:
    """A push of the mock PMS that names these stays."""
    return json.dumps({"reservations": list(stays), **fields}).encode()


class Counted(MockPms):
    """A PMS that remembers what it was asked by name, and refuses some names."""

    def __init__(self, world: World) -> None:
        super().__init__(world.book, world.clock)
        self.asked_for: list[PmsHints] = []
        self.refused: set[str] = set()
        self.error: Exception = ServiceRejected("no such key")

    def hints(self, body: bytes) -> PmsHints:
        if body == b"boom":
            raise KeyError("a bug in an adapter")
        return super().hints(body)

    async def named(self, hints: PmsHints) -> AsyncGenerator[ReservationPage, None]:
        self.asked_for.append(hints)
        if self.refused & {*hints.stays, *hints.guests}:
            raise self.error
        async for page in super().named(hints):
            yield page


def counted(world: World) -> Counted:
    """The Harbour's PMS, counted."""
    pms = Counted(world)
    object.__setattr__(world.follow, "pms", ListedPms({HARBOUR: pms, SECOND: world.pms.of(SECOND)}))
    return pms


def stay(world: World, key: str = "R-1", hotel_id: HotelId = HARBOUR) -> Reservation | None:
    """What Jack holds of that stay."""
    return next((r for r in world.state.reservations.values() if r.ref.key == key and r.hotel_id == hotel_id), None)


def mailbox(world: World) -> list[StoredNotice]:
    """Every notice, oldest first."""
    return list(world.state.notices.values())


def problems(world: World) -> list[str | None]:
    """Why notices were kept, oldest first; None for those that are in order."""
    return [stored.problem for stored in mailbox(world)]


def waiting(world: World) -> int:
    """How many notices wait."""
    return sum(stored.done_at is None for stored in mailbox(world))


async def test_a_push_makes_the_named_stay_right_within_seconds() -> None:
    world = World()
    await world.anna_stays()
    world.book.put(a_reservation_snapshot(room_number="301", modified_at=world.clock.now()))
    began = world.clock.now()
    await world.push(a_push("R-1"))
    await world.everything_happens()
    found = stay(world)
    assert found is not None
    assert found.room_number == "301"
    assert world.clock.now() - began <= timedelta(seconds=5)
    assert waiting(world) == 0


async def test_a_stay_that_jack_does_not_hold_yet_becomes_known() -> None:
    world = World(a_reservation_snapshot("R-9"))
    await world.push(a_push("R-9"))
    await world.everything_happens()
    assert stay(world, "R-9") is not None


async def test_a_stay_that_the_pms_no_longer_has_is_marked_gone() -> None:
    world = World()
    await world.anna_stays()
    world.book.delete(a_ref("R-1"))
    await world.push(a_push("R-1"))
    await world.everything_happens()
    found = stay(world)
    assert found is not None
    assert found.gone_at is not None


async def test_a_guest_who_changed_alone_is_brought_up_to_date() -> None:
    world = World()
    await world.anna_stays()
    snapshot = a_reservation_snapshot()
    anna = replace(snapshot.guest, loyalty_tier="gold", modified_at=world.clock.now())
    world.book.put(replace(snapshot, guest=anna))
    await world.push(json.dumps({"guests": ["anna"]}).encode())
    await world.everything_happens()
    (guest,) = world.state.guests.values()
    assert guest.loyalty_tier == "gold"


async def test_rooms_are_read_again_when_something_about_them_changed() -> None:
    world = World()
    world.book.put_rooms(a_room_snapshot("204"))
    await world.push(json.dumps({"rooms": True}).encode())
    await world.everything_happens()
    assert [room.number for room in world.state.rooms.values()] == ["204"]
    assert waiting(world) == 0


async def test_a_burst_is_one_question() -> None:
    world = World(*(a_reservation_snapshot(f"R-{number}") for number in range(20)))
    pms = counted(world)
    for number in range(200):
        await world.push(a_push(f"R-{number % 20}"))
    await world.everything_happens()
    assert [len(hints.stays) for hints in pms.asked_for] == [20]
    assert waiting(world) == 0


async def test_a_flood_of_ten_thousand_events_needs_a_bounded_number_of_questions() -> None:
    world = World(*(a_reservation_snapshot(f"R-{number}") for number in range(50)), page=1000)
    pms = counted(world)
    for number in range(10_000):
        if number % 1000 == 0:
            world.clock.move(timedelta(milliseconds=500))
        await world.push(a_push(f"R-{number % 50}"))
    rings = len(world.queue.rings)
    await world.everything_happens()
    assert rings <= 4  # in five seconds
    assert sum(len(hints.stays) for hints in pms.asked_for) == 50
    assert waiting(world) == 0
    assert len(world.state.reservations) == 50


async def test_a_flood_that_goes_on_is_asked_for_once_in_each_quiet_time() -> None:
    world = World(a_reservation_snapshot())
    pms = counted(world)
    for _ in range(100):
        await world.push(a_push("R-1"))
        world.clock.move(timedelta(milliseconds=100))
        await world.follow(HARBOUR)  # however often it is rung for
    assert len(pms.asked_for) <= timedelta(seconds=10) / QUIET


async def test_ten_thousand_different_stays_are_asked_for_in_parts() -> None:
    world = World(*(a_reservation_snapshot(f"R-{number}") for number in range(1000)), page=1000)
    pms = counted(world)
    for number in range(0, 10_000, 100):
        await world.push(a_push(*(f"R-{number + more}" for more in range(100))))
    await world.everything_happens()
    assert sum(len(hints.stays) for hints in pms.asked_for) == 10_000
    assert max(len(hints.stays) for hints in pms.asked_for) <= following.PART
    assert (waiting(world), len(world.state.reservations)) == (0, 1000)


async def test_what_cannot_be_understood_is_kept_with_its_reason_and_blocks_nobody() -> None:
    world = World(a_reservation_snapshot())
    counted(world)
    hostile = [b"\x00\xff", b"[" * 100_000, b"{}", b"null", b"boom", b'{"reservations": [1]}', b"\x1f\x8b"]
    for body in (*hostile, a_push("R-1")):
        await world.push(body)
    await world.everything_happens()
    assert waiting(world) == 0
    assert [problem is None for problem in problems(world)] == [False, False, True, False, False, False, False, True]
    assert problems(world)[4] == "could not be understood: KeyError"
    assert stay(world) is not None


async def test_a_notice_waits_until_what_it_named_is_durable() -> None:
    world = World(a_reservation_snapshot())
    world.book.fail(ServiceUnavailable("the PMS is away"))
    await world.push(a_push("R-1"))
    await world.follow(HARBOUR)
    assert (waiting(world), stay(world)) == (1, None)
    await world.everything_happens()
    assert waiting(world) == 0
    assert stay(world) is not None


async def test_a_pms_that_is_away_is_asked_less_and_less_often(caplog: pytest.LogCaptureFixture) -> None:
    world = World(a_reservation_snapshot())
    world.book.fail(ServiceUnavailable("the PMS is away"), times=5)
    caplog.set_level("INFO", "jack")
    await world.push(a_push("R-1"))
    world.queue.clear()
    await world.follow(HARBOUR)
    await world.everything_happens()
    waits = [ring.after.total_seconds() for ring in world.queue.rings if ring.job == FOLLOW]
    assert waits == [5, 10, 20, 40, 80]
    assert [record.message for record in caplog.records].count("pms.notices_wait") == 1, "said once"
    assert waiting(world) == 0


async def test_a_pms_that_says_when_to_come_back_is_asked_then() -> None:
    world = World(a_reservation_snapshot())
    world.book.fail(ServiceUnavailable("busy", timedelta(seconds=33)))
    await world.push(a_push("R-1"))
    world.queue.clear()
    await world.follow(HARBOUR)
    await world.follow(HARBOUR)
    assert [(ring.job, ring.after) for ring in world.queue.rings] == [(FOLLOW, timedelta(seconds=33))]
    assert world.book.asked_times == 1


async def test_a_pms_that_refuses_jack_is_not_asked_at_once_again() -> None:
    world = World(a_reservation_snapshot())
    world.book.fail(ServiceDenied("the key was withdrawn"))
    await world.push(a_push("R-1"))
    world.queue.clear()
    await world.follow(HARBOUR)
    assert [ring.after for ring in world.queue.rings] == [timedelta(minutes=5)]
    assert waiting(world) == 1


@pytest.mark.parametrize("error", [ServiceRejected("no such key"), ZeroDivisionError("a bug"), RuntimeError("a bug")])
async def test_one_name_that_the_pms_refuses_costs_its_own_notice_alone(error: Exception) -> None:
    world = World(*(a_reservation_snapshot(f"R-{number}") for number in range(100)), page=1000)
    pms = counted(world)
    pms.refused, pms.error = {"R-37"}, error
    for number in range(100):
        await world.push(a_push(f"R-{number}"))
    await world.follow(HARBOUR)
    kept = [number for number, problem in enumerate(problems(world)) if problem]
    assert kept == [37]
    assert (waiting(world), len(world.state.reservations)) == (0, 99)
    assert len(pms.asked_for) <= following.MOST_REFUSALS
    assert Sync(hotel_id=HARBOUR, kind=SyncKind.CHANGES) in world.queue.jobs  # a sync has a look as well


async def test_a_pms_that_refuses_every_name_is_asked_a_bounded_number_of_times() -> None:
    world = World()
    pms = counted(world)
    keys = [f"R-{number}" for number in range(1000)]
    pms.refused = set(keys)
    for key in keys:
        await world.push(a_push(key))
    await world.follow(HARBOUR)
    assert len(pms.asked_for) <= following.MOST_REFUSALS
    assert waiting(world) == 0
    assert all(problems(world))


async def test_a_bad_record_behind_a_notice_is_kept_like_any_other() -> None:
    world = World()
    await world.anna_stays()
    bad = RejectedRecord(kind="reservation", ref=a_ref("R-1"), reason="unknown status", raw="{}")

    class Bad(Counted):
        async def named(self, hints: PmsHints) -> AsyncGenerator[ReservationPage, None]:
            yield ReservationPage(rejected=(bad,))

    object.__setattr__(world.follow, "pms", ListedPms({HARBOUR: Bad(world)}))
    await world.push(a_push("R-1"))
    await world.follow(HARBOUR)
    found = stay(world)
    assert found is not None
    assert found.doubt == "unknown status"
    assert [kept.record for kept in world.state.rejected.values()] == [bad]
    assert waiting(world) == 0


async def test_unnamed_changes_ring_for_a_sync_until_one_that_began_later_has_settled_them() -> None:
    world = World()
    await world.anna_stays()
    world.clock.move(timedelta(minutes=1))
    world.book.put(a_reservation_snapshot(room_number="301", modified_at=world.clock.now()))
    world.book.fail(ServiceUnavailable("away for a moment"))
    await world.push(json.dumps({"event": "reservation.imagined"}).encode())
    await world.everything_happens()
    assert waiting(world) == 0
    assert world.state.followings[HARBOUR].changes_at is not None  # the sync failed; the wish stays
    world.clock.move(timedelta(minutes=2))
    await world.ring_for_notices()
    await world.everything_happens()
    await world.ring_for_notices()
    await world.everything_happens()
    found = stay(world)
    assert found is not None
    assert found.room_number == "301"
    assert world.state.followings[HARBOUR].changes_at is None
    await world.ring_for_notices()
    assert world.queue.jobs[-1] == FOLLOW or not world.queue.jobs


async def test_a_flood_of_unnamed_changes_does_not_ring_for_sync_after_sync() -> None:
    world = World(a_reservation_snapshot())
    for _ in range(300):
        await world.push(json.dumps({"event": "imagined"}).encode())
        world.clock.move(timedelta(milliseconds=100))
        await world.follow(HARBOUR)
        for job in [job for job in world.queue.jobs if isinstance(job, Sync)]:
            await world.play(job)
        world.queue.clear()
    assert len(world.state.sync_runs) <= 3  # in half a minute


async def test_unknown_events_are_noted_for_people() -> None:
    world = World()
    await world.push(json.dumps({"event": "imagined"}).encode())
    await world.follow(HARBOUR)
    assert [key[2].value for key in world.state.unknown] == ["imagined"]


async def test_another_process_that_follows_the_same_hotel_is_not_disturbed() -> None:
    world = World(a_reservation_snapshot())
    pms = counted(world)
    await world.push(a_push("R-1"))
    async with world.database.begin() as uow:
        state = await uow.notices.following(HARBOUR)
        await uow.notices.save_following(state.begun("another", world.clock.now()))
        await uow.commit()
    await world.follow(HARBOUR)
    assert pms.asked_for == []
    world.clock.move(LEASE)  # it died
    await world.ring_for_notices()
    await world.everything_happens()
    assert waiting(world) == 0


async def test_whoever_lost_the_hotel_meanwhile_writes_nothing_more() -> None:
    world = World(a_reservation_snapshot())

    class Slow(Counted):
        async def named(self, hints: PmsHints) -> AsyncGenerator[ReservationPage, None]:
            async with world.database.begin() as uow:
                state = await uow.notices.following(HARBOUR)
                await uow.notices.save_following(state.begun("another", world.clock.now()))
                await uow.commit()
            async for page in super().named(hints):
                yield page

    object.__setattr__(world.follow, "pms", ListedPms({HARBOUR: Slow(world)}))
    await world.push(a_push("R-1"))
    await world.follow(HARBOUR)
    assert (waiting(world), stay(world)) == (1, None)
    assert world.state.followings[HARBOUR].lease_owner == "another"


async def test_what_comes_while_a_batch_is_read_is_read_by_the_next() -> None:
    world = World(a_reservation_snapshot("R-1"), a_reservation_snapshot("R-2"))

    class Busy(Counted):
        async def named(self, hints: PmsHints) -> AsyncGenerator[ReservationPage, None]:
            if not self.asked_for:
                await world.push(a_push("R-2"))
                await world.follow(HARBOUR)  # its ring finds the hotel held, and is lost
                world.queue.clear()
            async for page in super().named(hints):
                yield page

    object.__setattr__(world.follow, "pms", ListedPms({HARBOUR: Busy(world)}))
    await world.push(a_push("R-1"))
    world.queue.clear()
    await world.follow(HARBOUR)
    await world.everything_happens()
    assert waiting(world) == 0
    assert stay(world, "R-2") is not None


async def test_a_lost_ring_is_rung_again_by_the_sweeper() -> None:
    world = World(a_reservation_snapshot())
    await world.push(a_push("R-1"))
    world.queue.clear()
    await world.ring_for_notices()
    assert world.queue.jobs == []
    world.clock.move(timedelta(seconds=6))
    await world.ring_for_notices()
    await world.everything_happens()
    assert waiting(world) == 0


async def test_nobody_rings_for_a_hotel_that_is_served_no_more() -> None:
    world = World()
    await world.push(a_push("R-1"), HotelId("sold"))
    world.queue.clear()
    world.clock.move(timedelta(minutes=1))
    await world.ring_for_notices()
    assert world.queue.jobs == []


async def test_a_pms_that_takes_very_long_for_a_page_does_not_cost_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "HEARTBEAT", timedelta(milliseconds=1))
    world = World(a_reservation_snapshot())
    beats = 0

    class VerySlow(Counted):
        async def named(self, hints: PmsHints) -> AsyncGenerator[ReservationPage, None]:
            nonlocal beats
            for _ in range(3):  # each beat finds the hotel still held, and holds it longer
                world.clock.move(LEASE - timedelta(seconds=1))
                until = world.state.followings[HARBOUR].lease_until
                while world.state.followings[HARBOUR].lease_until == until:  # noqa: ASYNC110  beats come in their own time
                    await asyncio.sleep(0)
                beats += 1
                await world.follow(HARBOUR)
            async for page in super().named(hints):
                yield page

    pms = VerySlow(world)
    object.__setattr__(world.follow, "pms", ListedPms({HARBOUR: pms}))
    await world.push(a_push("R-1"))
    async with asyncio.timeout(20):
        await world.follow(HARBOUR)
    assert (beats, len(pms.asked_for), waiting(world)) == (3, 1, 0)


async def test_reading_the_same_notice_twice_does_no_harm() -> None:
    world = World(a_reservation_snapshot())
    await world.push(a_push("R-1"))
    await world.follow(HARBOUR)
    before = world.state.reservations
    await world.push(a_push("R-1"))
    world.clock.move(QUIET)
    await world.follow(HARBOUR)
    assert world.state.reservations == before


async def test_an_older_version_behind_a_notice_replaces_nothing() -> None:
    world = World()
    await world.anna_stays(room_number="301", modified_at=world.clock.now())
    world.book.put(a_reservation_snapshot(room_number="204", modified_at=world.clock.now() - timedelta(hours=1)))
    await world.push(a_push("R-1"))
    await world.everything_happens()
    found = stay(world)
    assert found is not None
    assert found.room_number == "301"


async def test_hotels_do_not_wait_for_one_another() -> None:
    world = World(a_reservation_snapshot())
    world.second_book.put(a_reservation_snapshot("R-2", status=ReservationStatus.CONFIRMED))
    world.book.fail(ServiceUnavailable("the PMS is away"), times=1000)
    await world.push(a_push("R-1"))
    await world.push(a_push("R-2"), SECOND)
    await world.follow(HARBOUR)
    await world.follow(SECOND)
    assert stay(world, "R-2", SECOND) is not None
    assert waiting(world) == 1


async def test_done_notices_are_tidied_away_and_unreadable_ones_after_a_month() -> None:
    world = World(a_reservation_snapshot())
    await world.push(a_push("R-1"))
    await world.push(b"no JSON")
    await world.everything_happens()
    world.clock.move(timedelta(days=4))
    await world.tidy_up()
    assert problems(world) == ["the push is not the mock PMS's"]
    world.clock.move(timedelta(days=30))
    await world.tidy_up()
    assert mailbox(world) == []


@pytest.mark.parametrize(
    ("hotel", "secret"), [("harbour", "wrong"), ("nowhere", PMS_SECRET), (SECOND, PMS_SECRET), ("", "")]
)
def test_an_unknown_hotel_and_a_wrong_secret_sound_alike(hotel: str, secret: str) -> None:
    world = World()
    with pytest.raises(NotFound, match=r"^there is nothing here$"):
        world.accept_notice.hotel_at(hotel, secret)


async def test_a_hotel_that_is_served_no_more_is_not_followed() -> None:
    world = World()
    with pytest.raises(NotFound):
        await world.follow(HotelId("sold"))
