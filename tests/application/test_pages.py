"""A page of the PMS: everything that it says becomes Jack's, also what is gone and what changed by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jack.adapters.phones import LibPhoneReader
from jack.application.ports.pms_pages import ReservationPage
from jack.application.stays.pages import PageKeeper
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import RejectedRecord, ReservationSnapshot, UnknownValue, WholeBooking
from jack.domain.sync import SyncCounts
from tests.application.world import World
from tests.hotel import HARBOUR, NOW, a_guest_snapshot, a_ref, a_reservation_snapshot


def a_keeper(world: World) -> PageKeeper:
    return PageKeeper(world.database.begin, LibPhoneReader(), world.clock, world.hotel, "mock")


def booked(key: str, number: str = "B-1", **fields: object) -> ReservationSnapshot:
    return a_reservation_snapshot(
        key,
        confirmation_number=number,
        guest=a_guest_snapshot(f"guest {key}"),
        **fields,  # type: ignore[arg-type]
    )


def gone(world: World) -> list[str]:
    return sorted(r.ref.key for r in world.state.reservations.values() if r.gone_at)


def bad(key: str | None) -> RejectedRecord:
    return RejectedRecord(kind="reservation", ref=a_ref(key) if key else None, reason="odd", raw="{}")


async def test_what_the_vendor_does_not_have_by_name_is_gone_once() -> None:
    world = World()
    keep = a_keeper(world)
    await keep.page(ReservationPage(reservations=(booked("R-1"), booked("R-2"))))
    page = ReservationPage(gone=(a_ref("R-1"), a_ref("never-seen")))
    assert await keep.page(page) == SyncCounts(gone=1)
    assert await keep.page(page) == SyncCounts()
    assert gone(world) == ["R-1"]


async def test_what_stands_on_the_page_is_not_gone_whatever_else_the_page_says() -> None:
    world = World()
    keep = a_keeper(world)
    await keep.page(ReservationPage(reservations=(booked("R-1"), booked("R-2"))))
    page = ReservationPage(reservations=(booked("R-1"),), rejected=(bad("R-2"),), gone=(a_ref("R-1"), a_ref("R-2")))
    assert (await keep.page(page)).gone == 0


async def test_a_stay_that_left_its_booking_is_gone() -> None:
    world = World()
    keep = a_keeper(world)
    await keep.page(ReservationPage(reservations=(booked("R-1"), booked("R-2"), booked("other", "B-2"))))
    whole = WholeBooking(confirmation_number="B-1", refs=(a_ref("R-1"),))
    assert await keep.page(ReservationPage(bookings=(whole,))) == SyncCounts(gone=1)
    assert gone(world) == ["R-2"]


async def test_a_booking_that_the_vendor_does_not_have_takes_all_its_stays_along() -> None:
    world = World()
    keep = a_keeper(world)
    await keep.page(ReservationPage(reservations=(booked("R-1"), booked("R-2"))))
    await keep.page(ReservationPage(bookings=(WholeBooking(confirmation_number="B-1", refs=()),)))
    assert gone(world) == ["R-1", "R-2"]


async def test_a_stay_that_moved_to_another_booking_on_the_same_page_is_not_gone() -> None:
    world = World()
    keep = a_keeper(world)
    await keep.page(ReservationPage(reservations=(booked("R-1"), booked("R-2"))))
    moved = booked("R-2", "B-9", modified_at=NOW)
    await keep.page(
        ReservationPage(
            reservations=(moved,),
            bookings=(
                WholeBooking(confirmation_number="B-1", refs=(a_ref("R-1"),)),
                WholeBooking(confirmation_number="B-9", refs=(a_ref("R-2"),)),
            ),
        )
    )
    assert gone(world) == []


async def test_a_rejected_stay_of_a_booking_is_in_doubt_and_not_gone() -> None:
    world = World()
    keep = a_keeper(world)
    await keep.page(ReservationPage(reservations=(booked("R-1"), booked("R-2"))))
    whole = WholeBooking(confirmation_number="B-1", refs=(a_ref("R-1"),))
    await keep.page(ReservationPage(rejected=(bad("R-2"),), bookings=(whole,)))
    assert gone(world) == []
    assert [r.ref.key for r in world.state.reservations.values() if r.doubt] == ["R-2"]


async def test_a_record_without_a_name_may_be_any_stay_of_its_booking() -> None:
    world = World()
    keep = a_keeper(world)
    await keep.page(ReservationPage(reservations=(booked("R-1"), booked("R-2"))))
    whole = WholeBooking(confirmation_number="B-1", refs=(a_ref("R-1"),))
    await keep.page(ReservationPage(rejected=(bad(None),), bookings=(whole,)))
    assert gone(world) == []


async def test_a_booking_number_of_another_system_says_nothing() -> None:
    world = World()
    keep = a_keeper(world)
    elsewhere = replace(booked("R-1"), ref=ExternalRef(system="other", key="R-1"))
    await keep.page(ReservationPage(reservations=(elsewhere,)))
    await keep.page(ReservationPage(bookings=(WholeBooking(confirmation_number="B-1", refs=()),)))
    assert gone(world) == []


async def test_a_guest_told_alone_changes_only_if_jack_holds_them() -> None:
    world = World()
    keep = a_keeper(world)
    anna = a_guest_snapshot()
    await keep.page(ReservationPage(reservations=(a_reservation_snapshot(guest=anna),)))
    renamed = replace(anna, last_name="Meyer", modified_at=NOW)
    await keep.page(ReservationPage(guests=(renamed, a_guest_snapshot("stranger"))))
    assert [g.last_name for g in world.state.guests.values()] == ["Meyer"]
    older = replace(anna, last_name="Old", modified_at=NOW - timedelta(days=1))
    await keep.page(ReservationPage(guests=(older,)))
    assert [g.last_name for g in world.state.guests.values()] == ["Meyer"]


async def test_one_bad_guest_costs_neither_the_other_guests_nor_the_rest_of_the_page() -> None:
    world = World()
    keep = a_keeper(world)
    await keep.page(ReservationPage(reservations=(booked("R-1"), booked("R-2"))))
    good = a_guest_snapshot("guest R-1", first_name="Una", modified_at=NOW)
    hostile = a_guest_snapshot("guest R-2", first_name="half \x00", modified_at=NOW)
    page = ReservationPage(guests=(hostile, good), gone=(a_ref("R-2"),), reservations=(booked("R-3"),))
    assert await keep.page(page) == SyncCounts(created=1, gone=1)
    assert "Una" in {g.first_name for g in world.state.guests.values()}


async def test_unknown_words_are_noted_for_people() -> None:
    world = World()
    await a_keeper(world).page(ReservationPage(unknown=(UnknownValue(field="room.state", value="Sleepy"),)))
    async with world.database.begin() as uow:
        again = (UnknownValue(field="room.state", value="Sleepy"), UnknownValue(field="room.state", value="Odd"))
        assert await uow.sync.note_unknown(HARBOUR, "mock", again, NOW) == again[1:]


async def test_an_unknown_word_is_logged_once_without_what_a_terminal_would_obey(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World()
    odd = UnknownValue(field="room.state", value="Sleepy\n\x1b[2J" + "x" * 500)
    for _ in range(3):
        await a_keeper(world).page(ReservationPage(unknown=(odd,)))
    (record,) = [record for record in caplog.records if record.message == "pms.unknown_word"]
    assert vars(record)["word"] == "Sleepy??[2J" + "x" * 49
