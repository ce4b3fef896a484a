"""Bookings with several rooms, rooms that are none, and the people in them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from jack.application.errors import ServiceDenied, ServiceRejected
from jack.domain.ids import ExternalRef
from jack.domain.reservation import ReservationStatus, StayPeriod
from tests.adapters.pms.cloudbeds.world import World, pages, stays
from tests.hotel import NOW, a_guest_snapshot, a_reservation_snapshot, days
from tests.simulators.pms.vendor import Reply

CONFIRMED = ReservationStatus.CONFIRMED


def a_ref(key: str) -> ExternalRef:
    return ExternalRef(system="cloudbeds", key=key)


async def test_each_room_has_its_own_dates_state_guest_and_number(world: World) -> None:
    booking: dict[str, Any] = {"confirmation_number": "100"}
    world.cloudbeds.hold(a_reservation_snapshot("100-1", **booking, arrival=-1, departure=2))
    other = a_guest_snapshot("maria")
    world.cloudbeds.hold(
        a_reservation_snapshot(
            "100-2", **booking, arrival=3, departure=5, status=CONFIRMED, room_number=None, guest=other
        )
    )

    found = await stays(world.pms())

    assert {
        key: (s.confirmation_number, s.status, s.period, s.room_number, s.guest.ref.key) for key, s in found.items()
    } == {
        "100-1": ("100", ReservationStatus.CHECKED_IN, StayPeriod(arrival=days(-1), departure=days(2)), "204", "anna"),
        "100-2": ("100", CONFIRMED, StayPeriod(arrival=days(3), departure=days(5)), None, "maria"),
    }


async def test_assigned_and_unassigned_rooms_are_both_read_where_only_the_single_booking_tells_them(
    world: World,
) -> None:
    booking: dict[str, Any] = {"confirmation_number": "100"}
    world.cloudbeds.hold(a_reservation_snapshot("100-1", **booking))
    world.cloudbeds.hold(a_reservation_snapshot("100-2", **booking, room_number=None))
    world.cloudbeds.hides_by_number = True

    found = await world.pms().numbered("100")

    assert {stay.ref.key: stay.room_number for stay in found} == {"100-1": "204", "100-2": None}
    assert len(world.asked("getReservation")) == 1


@pytest.mark.parametrize(
    ("booking", "room", "stands"),
    [
        ("checked_in", "not_checked_in", ReservationStatus.CONFIRMED),
        ("checked_in", "in_house", ReservationStatus.CHECKED_IN),
        ("checked_in", "checked_out", ReservationStatus.CHECKED_OUT),
        ("checked_in", "cancelled", ReservationStatus.CANCELLED),
        ("confirmed", "in_house", ReservationStatus.CHECKED_IN),
        ("confirmed", "not_checked_in", ReservationStatus.CONFIRMED),
        ("confirmed", "", ReservationStatus.CONFIRMED),
        ("checked_out", "not_checked_in", ReservationStatus.CHECKED_OUT),
        ("canceled", "not_checked_in", ReservationStatus.CANCELLED),
        ("canceled", "in_house", ReservationStatus.CANCELLED),
        ("no_show", "not_checked_in", ReservationStatus.NO_SHOW),
        ("not_confirmed", "not_checked_in", ReservationStatus.TENTATIVE),
        ("not_confirmed", "cancelled", ReservationStatus.CANCELLED),
    ],
)
async def test_while_a_booking_checks_in_room_by_room_each_room_has_its_own_state(
    world: World, booking: str, room: str, stands: ReservationStatus
) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))
    world.cloudbeds.booking_statuses["100"] = booking
    spoil(world, "100-1", roomStatus=room)

    assert (await stays(world.pms()))["100-1"].status is stands


async def test_an_unknown_room_status_costs_that_room_alone(world: World) -> None:
    for room in ("1", "2"):
        world.cloudbeds.hold(a_reservation_snapshot(f"100-{room}", confirmation_number="100"))

    def haunt(item: dict[str, Any]) -> None:
        item["rooms"][1]["roomStatus"] = "haunted"

    world.cloudbeds.held["100-1"].spoil = haunt

    (page,) = await pages(world.pms().staying(StayPeriod(arrival=days(0), departure=days(1))))

    assert [stay.ref.key for stay in page.reservations] == ["100-1"]
    assert [(record.ref, record.reason) for record in page.rejected] == [
        (a_ref("100-2"), "the room's status 'haunted' is not known")
    ]
    assert [ref.key for ref in page.bookings[0].refs] == ["100-1", "100-2"]


async def test_a_virtual_room_is_no_door(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))
    world.cloudbeds.virtual_stays.add("100-1")

    found = (await stays(world.pms()))["100-1"]

    assert (found.room_number, found.room_type) == (None, "Deluxe Sea View")


@pytest.mark.parametrize(("today", "room"), [(0, "310"), (-2, "201"), (5, "310")])
async def test_a_room_move_adds_a_room_and_the_one_of_tonight_counts(world: World, today: int, room: str) -> None:
    stay = a_reservation_snapshot("100-1", confirmation_number="100", arrival=-3, departure=3, room_number="201")
    world.cloudbeds.hold(stay)
    world.cloudbeds.hold(replace(stay, room_number="310"))
    world.clock.move(timedelta(days=today))

    found = (await stays(world.pms()))["100-1"]

    assert found.room_number == room
    assert found.period == stay.period


async def test_a_move_that_was_cancelled_does_not_make_the_stay_longer(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))

    def was_to_move(item: dict[str, Any]) -> None:
        planned = {
            "roomStatus": "cancelled",
            "roomCheckIn": "2026-12-01",
            "roomCheckOut": "2026-12-09",
            "roomName": "9",
        }
        item["rooms"].append(item["rooms"][0] | planned)

    world.cloudbeds.held["100-1"].spoil = was_to_move

    found = (await stays(world.pms()))["100-1"]

    assert (found.status, found.room_number, found.period.departure) == (ReservationStatus.CHECKED_IN, "204", days(2))


async def test_dates_are_the_hotels_as_they_stand(world: World) -> None:
    night = StayPeriod(arrival=date(2026, 10, 25), departure=date(2026, 10, 26))
    world.cloudbeds.hold(replace(a_reservation_snapshot("100-1", confirmation_number="100"), period=night))

    assert (await stays(world.pms()))["100-1"].period == night


async def test_the_arrival_time_is_the_hotels_time_of_day(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100", arrival=0))
    for told, hour in (("16:30", 16), ("16:30:00", 16), ("9:30", 9)):

        def says(item: dict[str, Any], told: str = told) -> None:
            item["estimatedArrivalTime"] = told

        world.cloudbeds.held["100-1"].spoil = says
        expected = (await stays(world.pms()))["100-1"].expected_arrival
        assert expected is not None
        assert expected == NOW.replace(hour=hour, minute=30)


async def test_companions_are_in_the_room_that_they_share(world: World) -> None:
    for room, names in (("1", ("bruno", "child")), ("2", ("carla",))):
        companions = tuple(map(a_guest_snapshot, names))
        guest = a_guest_snapshot(f"guest-{room}")
        world.cloudbeds.hold(
            a_reservation_snapshot(f"100-{room}", confirmation_number="100", guest=guest, companions=companions)
        )

    found = await stays(world.pms())

    assert {key: [c.ref.key for c in stay.companions] for key, stay in found.items()} == {
        "100-1": ["bruno", "child"],
        "100-2": ["carla"],
    }


async def test_a_room_is_found_by_its_id_whether_or_not_the_bookings_number_stands_in_it(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))
    world.cloudbeds.hold(a_reservation_snapshot("odd", confirmation_number="200"))
    pms = world.pms()

    usual, odd = await pms.reservation(a_ref("100-1")), await pms.reservation(a_ref("odd"))

    assert usual is not None
    assert odd is not None
    assert (usual.confirmation_number, odd.confirmation_number) == ("100", "200")
    assert [request.asked("subReservationID") for request in world.asked("getReservationRoomDetails")] == ["odd"]


async def test_an_id_that_cloudbeds_takes_for_a_mistake_is_not_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for method in ("_getReservation", "_getReservationRoomDetails"):
        monkeypatch.setattr(world.cloudbeds, method, lambda _: Reply(400, {"message": "reservationID is invalid"}))
    pms = world.pms()

    assert await pms.reservation(a_ref("100-1")) is None
    assert await pms.numbered("100") == ()


async def test_a_stay_is_not_gone_because_the_connection_was_withdrawn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))
    withdrawn = {"success": False, "message": "User who approved this connection is not active anymore"}
    for method in ("_getReservationsWithRateDetails", "_getReservation", "_getReservationRoomDetails"):
        monkeypatch.setattr(world.cloudbeds, method, lambda _: Reply(200, withdrawn))

    with pytest.raises(ServiceDenied):
        await world.pms().reservation(a_ref("100-1"))


async def test_a_booking_is_found_by_the_number_of_the_site_that_sold_it_and_keeps_its_own(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))

    found = await world.pms().numbered("OTA-100")

    assert [stay.confirmation_number for stay in found] == ["100"]


@pytest.mark.parametrize(
    ("others", "asked"), [(0, {"here-1", "soon-1", "far-1"}), (100, {"here-1", "soon-1"})], ids=["small", "busy"]
)
async def test_what_the_guest_wished_for_is_asked_for_while_it_may_matter(
    world: World, others: int, asked: set[str]
) -> None:
    for n in range(others):
        world.cloudbeds.hold(a_reservation_snapshot(f"{n}-1", confirmation_number=f"{n}", arrival=40, departure=42))
    wish = {"special_requests": ("Quiet room",)}
    for key, arrival in (("here", -1), ("soon", 7), ("far", 30), ("gone", -6)):
        world.cloudbeds.hold(
            a_reservation_snapshot(
                f"{key}-1",
                confirmation_number=key,
                arrival=arrival,
                departure=arrival + 3,
                guest=a_guest_snapshot(key),
                **wish,
            )
        )

    found = await stays(world.pms())

    assert {key for key, stay in found.items() if stay.special_requests} == asked
    assert len(world.asked("getGuest")) == len(asked)


@pytest.mark.parametrize("rooms", [[], None, "", "damaged"])
async def test_a_stay_whose_booking_does_not_tell_its_rooms_is_in_doubt_and_not_gone(
    world: World, rooms: list[object] | str | None
) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))

    def say(item: dict[str, Any]) -> None:
        item["rooms"] = rooms

    world.cloudbeds.held["100-1"].spoil = say

    with pytest.raises(ServiceRejected, match="no rooms"):
        await world.pms().reservation(a_ref("100-1"))


async def test_a_room_that_names_no_guest_is_for_whoever_lives_in_it_and_nobody_is_in_the_house_without_a_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_rooms(_: dict[str, str]) -> Reply:
        guests = {
            "anna": {"guestFirstName": "Anna", "isMainGuest": True, "rooms": [{"subReservationID": "100-1"}]},
            "bo": {"guestFirstName": "Bo", "isMainGuest": False, "unassignedRooms": [{"subReservationID": "100-2"}]},
        }
        dates = {"startDate": "2026-11-22", "endDate": "2026-11-24"}
        data = {
            "reservationID": "100",
            "status": "checked_in",
            "guestList": guests,
            "assigned": [{"subReservationID": "100-1", "roomID": "1-1", "roomName": "204", **dates}],
            "unassigned": [{"subReservationID": "100-2", **dates}],
        }
        return Reply(200, {"success": True, "data": data})

    monkeypatch.setattr(world.cloudbeds, "_getReservation", two_rooms)

    found = await world.pms().numbered("100")

    assert {s.ref.key: (s.guest.ref.key, s.companions) for s in found} == {"100-1": ("anna", ()), "100-2": ("bo", ())}
    assert {s.ref.key: s.status for s in found} == {"100-1": ReservationStatus.CHECKED_IN, "100-2": CONFIRMED}


def spoil(world: World, key: str, **fields: object) -> None:
    """Let every room of that stay say this."""

    def say(item: dict[str, Any]) -> None:
        for room in item["rooms"]:
            room.update(fields)

    world.cloudbeds.held[key].spoil = say
