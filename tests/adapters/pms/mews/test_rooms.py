"""Rooms and room types, which Mews tells in pieces."""

from datetime import timedelta

from jack.domain.reservation import ReservationStatus
from jack.domain.room import Housekeeping, Occupancy
from tests.adapters.pms.mews.conftest import AROUND, World, one, read
from tests.hotel import NOW, a_guest_snapshot, a_room_snapshot
from tests.simulators.pms.mews_truth import wire


async def test_room_and_type_are_joined_from_resources_assignments_and_categories(world: World) -> None:
    world.holds(room_number="204", room_type="Deluxe Sea View")

    stay = await one(world.pms())

    assert (stay.room_number, stay.room_type) == ("204", "Deluxe Sea View")


async def test_a_stay_without_a_room_has_the_booked_type(world: World) -> None:
    world.holds(room_number=None, room_type="Suite")

    stay = await one(world.pms())

    assert (stay.room_number, stay.room_type) == (None, "Suite")


async def test_after_an_upgrade_the_type_is_that_of_the_given_room(world: World) -> None:
    world.holds(room_number="501", room_type="Suite")
    world.house.booked_types["R-1"] = "Standard"

    assert (await one(world.pms())).room_type == "Suite"


async def test_a_room_of_two_types_is_of_the_booked_one(world: World) -> None:
    world.holds("R-1", room_number="501", room_type="Twin")
    world.holds("R-2", room_number="501", room_type="Double", guest=a_guest_snapshot("bruno"))
    pms = world.pms()

    assert (await one(pms, "R-1")).room_type == "Twin"
    assert (await one(pms, "R-2")).room_type == "Double"


async def test_a_room_that_is_new_since_the_last_look_is_looked_up_once(world: World) -> None:
    world.holds("R-1", room_number="101")
    pms = world.pms()
    assert (await one(pms)).room_number == "101"
    world.holds("R-1", room_number="102")
    world.holds("R-2", room_number="103")
    world.house.otherwise["R-2"] = {"AssignedResourceId": "resource-of-nobody"}

    assert (await one(pms)).room_number == "102"
    looked_up = len(world.asked("resources/getAll"))
    for _ in range(3):
        assert (await one(pms, "R-2")).room_number is None
    assert len(world.asked("resources/getAll")) == looked_up + 1
    assert ("reservation.AssignedResourceId", "resource-of-nobody") in (await read(pms.staying(AROUND))).unknown


async def test_reference_data_is_kept_for_some_minutes_only(world: World) -> None:
    world.holds(room_number="101")
    pms = world.pms()
    for _ in range(3):
        await one(pms)
    assert len(world.asked("services/getAll")) == 1
    world.house.otherwise["resource-101"] = {"Name": "101A"}
    world.clock.move(timedelta(minutes=11))

    assert (await one(pms)).room_number == "101A"


async def test_a_name_in_another_language_is_better_than_none(world: World) -> None:
    world.holds(room_type="Suite")
    world.house.otherwise["category-Suite"] = {"Names": {"cs-CZ": "Apartmá"}}
    assert (await one(world.pms())).room_type == "Apartmá"

    world.house.otherwise["category-Suite"] = {"Names": {"en-GB": ""}, "ShortNames": {"en-GB": "STE"}}
    assert (await one(world.pms())).room_type == "STE"


async def test_parking_and_meeting_rooms_and_closed_rooms_are_no_rooms(world: World) -> None:
    world.house.rooms = {n: a_room_snapshot(n) for n in ("101", "102")}
    world.house.otherwise["resource-102"] = {"IsActive": False}

    assert [room.number for room in (await world.pms().rooms()).rooms] == ["101"]


async def test_a_blocked_room_is_out_of_order_while_the_block_lasts(world: World) -> None:
    world.house.rooms = {n: a_room_snapshot(n) for n in ("101", "102", "103", "104")}
    world.house.blocks = [
        _block("101", "OutOfOrder", -1, 1),
        _block("102", "OutOfOrder", 1, 2),
        _block("103", "InternalUse", -1, 1),
        _block("104", "OutOfOrder", -1, 1) | {"IsActive": False},
    ]

    rooms = {room.number: room.housekeeping for room in (await world.pms().rooms()).rooms}

    assert rooms == dict.fromkeys(("102", "103", "104"), Housekeeping.CLEAN) | {"101": Housekeeping.OUT_OF_ORDER}


async def test_a_room_state_that_says_nothing_of_the_room_is_empty_and_an_unknown_one_named(world: World) -> None:
    world.house.rooms = {n: a_room_snapshot(n) for n in ("101", "102")}
    world.house.otherwise["resource-101"] = {"State": "Haunted"}
    world.house.otherwise["resource-102"] = {"State": "OutOfService"}

    found = await world.pms().rooms()

    states = {room.number: room.housekeeping for room in found.rooms}
    assert states == {"101": None, "102": None}
    assert [(value.field, value.value) for value in found.unknown] == [("resource.State", "Haunted")]


async def test_a_room_is_occupied_while_a_stay_goes_on_in_it(world: World) -> None:
    world.holds("R-1", room_number="101")
    world.holds("R-2", room_number="102", status=ReservationStatus.CONFIRMED, arrival=0)
    world.holds("R-3", room_number="103", status=ReservationStatus.CHECKED_OUT, departure=0)
    world.holds("late", room_number="104", arrival=-4, departure=-1)

    rooms = {room.number: room.occupancy for room in (await world.pms().rooms()).rooms}

    vacant = Occupancy.VACANT
    assert rooms == {"101": Occupancy.OCCUPIED, "102": vacant, "103": vacant, "104": Occupancy.OCCUPIED}


async def test_a_room_is_occupied_by_whoever_checked_in_before_the_planned_time(world: World) -> None:
    world.holds(room_number="101")
    world.house.otherwise["R-1"] = {"ScheduledStartUtc": wire(NOW + timedelta(hours=3))}

    assert [room.occupancy for room in (await world.pms().rooms()).rooms] == [Occupancy.OCCUPIED]


async def test_a_room_type_of_a_new_kind_keeps_its_name_and_its_kind_is_named(world: World) -> None:
    world.holds("R-1", room_number="101", room_type="Standard")
    world.holds("R-2", room_number="102", room_type="Glass Dome", guest=a_guest_snapshot("bruno"))
    world.house.otherwise["category-Glass Dome"] = {"Type": "Igloo"}
    pms = world.pms()

    found = await pms.rooms()

    assert {room.number: room.room_type for room in found.rooms} == {"101": "Standard", "102": "Glass Dome"}
    assert [(value.field, value.value) for value in found.unknown] == [("resourceCategory.Type", "Igloo")]
    assert (await one(pms, "R-2")).room_type == "Glass Dome"


async def test_a_dormitory_is_occupied_when_one_of_its_beds_is(world: World) -> None:
    world.holds("R-1", room_number="Bed A", room_type="Bed")
    world.house.rooms = {n: a_room_snapshot(n, room_type="Dorm") for n in ("D1", "D2")}
    world.house.otherwise["resource-Bed A"] = {"ParentResourceId": "resource-D1"}

    rooms = {room.number: room.occupancy for room in (await world.pms().rooms()).rooms}

    assert rooms == {"D1": Occupancy.OCCUPIED, "D2": Occupancy.VACANT, "Bed A": Occupancy.OCCUPIED}


async def test_a_room_that_cannot_be_read_costs_itself_alone(world: World) -> None:
    world.house.rooms = {n: a_room_snapshot(n) for n in ("101", "102", "103")}
    world.house.otherwise["resource-102"] = {"Name": ["102"]}

    found = await world.pms().rooms()

    assert [room.number for room in found.rooms] == ["103", "101"]
    assert [record.kind for record in found.rejected] == ["room"]


async def test_ages_tell_adults_from_children_also_as_texts(world: World) -> None:
    world.holds(adults=2, children=1)
    assert ((await one(world.pms())).adults, (await one(world.pms())).children) == (2, 1)

    counts = [{"AgeCategoryId": "age-adult", "Count": "3"}, {"AgeCategoryId": "age-robot", "Count": 1}]
    world.house.otherwise["R-1"] = {"PersonCounts": counts}
    found = await read(world.pms().staying(AROUND))
    assert (found.stays["R-1"].adults, found.stays["R-1"].children) == (3, 0)
    assert ("reservation.AgeCategoryId", "age-robot") in found.unknown


def _block(number: str, kind: str, begins: int, ends: int) -> dict[str, object]:
    return {
        "Id": f"block-{number}",
        "EnterpriseId": "enterprise-harbour",
        "AssignedResourceId": f"resource-{number}",
        "IsActive": True,
        "Type": kind,
        "StartUtc": wire(NOW + timedelta(hours=begins)),
        "EndUtc": wire(NOW + timedelta(hours=ends)),
        "CreatedUtc": wire(NOW),
        "UpdatedUtc": wire(NOW),
        "Name": "Paint",
    }
