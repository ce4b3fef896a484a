"""Which bookings Cloudbeds is asked for: windows in an unknown zone, periods, pages, deleted bookings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from jack.adapters.pms.cloudbeds.clockwork import earliest, latest
from jack.application.errors import ServiceDenied
from jack.domain.reservation import ReservationStatus
from jack.domain.sync import SyncWindow
from tests.adapters.pms.cloudbeds.world import World, pages, stays
from tests.hotel import NOW, a_guest_snapshot, a_period, a_reservation_snapshot
from tests.simulators.pms.vendor import Reply

MINUTE = timedelta(minutes=1)
LAST_QUARTER = SyncWindow(since=NOW - 15 * MINUTE, until=NOW)


@pytest.mark.parametrize("local", [True, False], ids=["read as local time", "read as UTC"])
@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Europe/Lisbon", "Asia/Tokyo", "Pacific/Kiritimati"])
async def test_a_window_is_whole_whichever_zone_cloudbeds_means(world: World, zone: str, local: bool) -> None:
    world.cloudbeds.zone, world.cloudbeds.reads_local_times = ZoneInfo(zone), local
    for minutes in (1, 14, 16, 300, 900):
        stay = a_reservation_snapshot(f"{minutes}-1", confirmation_number=f"{minutes}")
        world.cloudbeds.hold(replace(stay, modified_at=NOW - minutes * MINUTE))

    read = await pages(world.pms().changed(LAST_QUARTER))

    assert {stay.ref.key for page in read for stay in page.reservations} == {"1-1", "14-1"}
    assert {booking.confirmation_number for page in read for booking in page.bookings} == {"1", "14"}


async def test_no_end_of_the_window_is_asked_for(world: World) -> None:
    await pages(world.pms().changed(LAST_QUARTER))

    (asked,) = world.asked("getReservationsWithRateDetails")
    assert asked.asked("modifiedTo") is None
    assert asked.asked("modifiedFrom") == "2026-11-22 11:35:00"
    assert asked.asked("includeDeleted") == "true"


def test_an_hour_that_comes_twice_is_asked_for_from_its_first_coming() -> None:
    new_york = ZoneInfo("America/New_York")
    first_half_past_one = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    assert earliest(first_half_past_one, new_york) == "2026-11-01 00:20:00"
    assert latest(first_half_past_one, new_york) == "2026-11-01 05:40:00"


async def test_a_change_without_a_time_of_its_own_is_read_rather_than_missed(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100", modified_at=None))

    read = await pages(world.pms().changed(LAST_QUARTER))

    assert [stay.modified_at for page in read for stay in page.reservations] == [None]


async def test_a_deleted_booking_is_told_as_gone_whole_and_room_by_room(world: World) -> None:
    for room in ("1", "2"):
        stay = a_reservation_snapshot(f"100-{room}", confirmation_number="100", modified_at=NOW - MINUTE)
        world.cloudbeds.hold(stay)
        world.cloudbeds.forget(stay.ref.key)

    (page,) = await pages(world.pms().changed(LAST_QUARTER))

    assert page.reservations == ()
    assert {ref.key for ref in page.gone} == {"100-1", "100-2"}
    assert [(booking.confirmation_number, booking.refs) for booking in page.bookings] == [("100", ())]


async def test_a_room_that_was_removed_is_not_among_the_rooms_of_its_booking(world: World) -> None:
    for room in ("1", "2"):
        stay = a_reservation_snapshot(f"100-{room}", confirmation_number="100", modified_at=NOW - MINUTE)
        world.cloudbeds.hold(stay)
    world.cloudbeds.forget("100-2")

    (page,) = await pages(world.pms().changed(LAST_QUARTER))

    assert [[ref.key for ref in booking.refs] for booking in page.bookings] == [["100-1"]]
    assert await world.pms().reservation(replace(stay.ref, system="cloudbeds")) is None


async def test_guests_who_changed_by_themselves_are_told_beside_the_bookings(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))
    world.cloudbeds.guests_modified = {"anna": NOW - MINUTE}

    read = await pages(world.pms().changed(LAST_QUARTER))

    assert [guest.ref.key for page in read for guest in page.guests] == ["anna"]
    assert [stay for page in read for stay in page.reservations] == []


async def test_who_was_merged_into_another_is_told_with_the_bookings_of_now(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))
    world.cloudbeds.hold(
        a_reservation_snapshot(
            "101-1", confirmation_number="101", guest=a_guest_snapshot("maria"), arrival=40, departure=41
        )
    )
    world.cloudbeds.guests_modified = {"anna": NOW - MINUTE}
    world.cloudbeds.merged = {"anna": "maria"}

    read = await pages(world.pms().changed(LAST_QUARTER))

    assert [guest for page in read for guest in page.guests] == []
    assert [(s.ref.key, s.guest.ref.key) for page in read for s in page.reservations] == [("100-1", "maria")]


async def test_long_stays_are_found_though_a_busy_hotel_is_read_in_parts(world: World) -> None:
    for n in range(30):
        world.cloudbeds.hold(
            a_reservation_snapshot(f"{n}-1", confirmation_number=f"{n}", arrival=60 + n, departure=90 + n)
        )
    world.cloudbeds.hold(a_reservation_snapshot("long-1", confirmation_number="long", arrival=-9, departure=200))
    world.cloudbeds.hold(a_reservation_snapshot("short-1", confirmation_number="short", arrival=0, departure=1))
    world.cloudbeds.hold(a_reservation_snapshot("past-1", confirmation_number="past", arrival=-9, departure=-6))

    read = await pages(world.pms(page_size=7).staying(a_period(-5, 5)))

    assert {stay.ref.key for page in read for stay in page.reservations} == {"long-1", "short-1"}
    assert len(world.asked("getReservationsWithRateDetails")) == 3


async def test_a_small_hotel_is_read_in_one_call(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100", arrival=3, departure=5))

    assert set(await stays(world.pms())) == {"100-1"}
    assert len(world.asked("getReservationsWithRateDetails")) == 1
    assert world.asked("getReservations") == []


async def test_pages_end_by_the_total_and_not_by_a_short_page(world: World) -> None:
    for n in range(14):
        world.cloudbeds.hold(a_reservation_snapshot(f"{n}-1", confirmation_number=f"{n}", arrival=30, departure=32))

    found = await stays(world.pms(page_size=7))

    asked = [request.asked("pageNumber") for request in world.asked("getReservationsWithRateDetails")]
    assert len(found) == 14
    assert asked == ["1", "2"]


async def test_pages_that_shift_are_read_once_more_and_not_for_ever(world: World) -> None:
    for n in range(10):
        world.cloudbeds.hold(a_reservation_snapshot(f"{n}-1", confirmation_number=f"{n}", arrival=30, departure=32))

    def newcomer() -> None:
        number = 500 + len(world.cloudbeds.held)
        stay = a_reservation_snapshot(f"{number}-1", confirmation_number=f"{number}", arrival=30, departure=32)
        world.cloudbeds.hold(replace(stay, modified_at=NOW))
        world.cloudbeds.after_next_page = newcomer

    world.cloudbeds.after_next_page = newcomer

    read = await pages(world.pms(page_size=7).staying(a_period(-30, 366)))

    keys = {stay.ref.key for page in read for stay in page.reservations}
    assert keys >= {f"{n}-1" for n in range(10)}
    numbers = [int(request.asked("pageNumber") or 0) for request in world.asked("getReservationsWithRateDetails")]
    assert sum(later <= earlier for earlier, later in pairwise(numbers)) == 1


async def test_what_slid_to_an_earlier_page_is_not_missed_though_the_last_page_only_repeats(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = [f"{n}" for n in range(9)]
    rows = {number: {"reservationID": number, "propertyID": "4711", "status": "canceled"} for number in order}

    def oldest_first(given: dict[str, str]) -> Reply:
        start = (int(given["pageNumber"]) - 1) * 4
        answer = {"success": True, "data": [rows[n] for n in order[start : start + 4]], "total": len(order)}
        if start == 0:
            order.append(order.pop(0))  # changed while it was read, so it stands at the end now
        return Reply(200, answer)

    monkeypatch.setattr(world.cloudbeds, "_getReservationsWithRateDetails", oldest_first)

    read = await pages(world.pms(page_size=4).staying(a_period(-30, 366)))

    assert {b.confirmation_number for page in read for b in page.bookings} == set(rows)


async def test_a_reading_says_how_many_stays_it_brings(world: World) -> None:
    for n in range(30):
        number = f"{n // 2}"  # two rooms each
        world.cloudbeds.hold(a_reservation_snapshot(f"{n}-1", confirmation_number=number, arrival=1, departure=3))

    whole = await pages(world.pms().staying(a_period(-5, 5)))
    in_parts = await pages(world.pms(page_size=7).staying(a_period(-5, 5)))

    assert [page.total for page in whole] == [30]
    assert [page.total for page in in_parts] == [22, 29, 30]


async def test_tentative_bookings_are_never_confirmed(world: World) -> None:
    words = ("not_confirmed", "in_progress", "call2confirm", "paypal_init", "pending_payment")
    for word in words:
        world.cloudbeds.hold(a_reservation_snapshot(f"{word}-1", confirmation_number=word))
        world.cloudbeds.booking_statuses[word] = word

    found = await stays(world.pms())

    assert {stay.status for stay in found.values()} == {ReservationStatus.TENTATIVE}
    assert len(found) == len(words)


async def test_another_property_is_told_before_anything_is_read(world: World) -> None:
    world.cloudbeds.property_id = "4712"

    with pytest.raises(ServiceDenied, match="property_id"):
        await stays(world.pms())

    assert world.asked("getReservationsWithRateDetails") == []
