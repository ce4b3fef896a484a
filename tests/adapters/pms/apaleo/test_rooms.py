"""apaleo's units as rooms, and its property as the hotel."""

import json
from typing import Any

import pytest

from jack.adapters.pms.apaleo.hotel import hotel_of, read_property
from jack.adapters.pms.apaleo.rooms import read_units
from jack.application.ports.pms_pages import RoomList
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import RoomSnapshot, UnknownValue

UNIT: dict[str, Any] = {
    "id": "LIS-101",
    "name": "101",
    "property": {"id": "LIS"},
    "unitGroup": {"id": "LIS-DBL", "name": "Double", "type": "BedRoom"},
    "status": {"isOccupied": False, "condition": "Clean"},
    "maxPersons": 2,
}


def rooms_of(*units: object) -> RoomList:
    rooms, _, _ = read_units(json.dumps({"units": units, "count": len(units)}).encode(), "LIS")
    return rooms


def room(**status: Any) -> RoomSnapshot:
    (found,) = rooms_of({**UNIT, "status": {**UNIT["status"], **status}}).rooms
    return found


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Clean", Housekeeping.CLEAN),
        ("CleanToBeInspected", Housekeeping.CLEAN),
        ("Dirty", Housekeeping.DIRTY),
    ],
)
def test_conditions_are_known(word: str, state: Housekeeping) -> None:
    assert room(condition=word).housekeeping is state


@pytest.mark.parametrize("kind", ["OutOfOrder", "OutOfInventory"])
def test_a_room_that_cannot_be_sold_is_out_of_order(kind: str) -> None:
    assert room(maintenance={"id": "m", "type": kind}).housekeeping is Housekeeping.OUT_OF_ORDER


def test_a_small_repair_leaves_a_room_in_its_condition() -> None:
    assert room(condition="Dirty", maintenance={"id": "m", "type": "OutOfService"}).housekeeping is Housekeeping.DIRTY


def test_occupancy_is_told() -> None:
    assert room(isOccupied=True).occupancy is Occupancy.OCCUPIED
    assert room(isOccupied=None).occupancy is None


def test_an_unknown_condition_is_reported_and_left_out() -> None:
    found = rooms_of({**UNIT, "status": {"isOccupied": True, "condition": "Glowing"}})

    assert found.rooms[0].housekeeping is None
    assert found.unknown == (UnknownValue(field="room.condition", value="Glowing"),)


@pytest.mark.parametrize(
    "unit",
    [
        {**UNIT, "isArchived": True},
        {**UNIT, "unitGroup": {"id": "P", "name": "P", "type": "ParkingLot"}},
        {**UNIT, "property": {"id": "PRT"}},
    ],
    ids=["archived", "parking lot", "another property"],
)
def test_what_is_no_room_of_the_hotel_is_left_out(unit: dict[str, Any]) -> None:
    assert rooms_of(unit) == RoomList()


def test_a_malformed_room_costs_itself_alone() -> None:
    found = rooms_of(UNIT, {**UNIT, "id": "LIS-X", "name": ["X"]}, {**UNIT, "name": " "})

    assert [kept.number for kept in found.rooms] == ["101"]
    assert [record.kind for record in found.rejected] == ["room", "room"]


@pytest.mark.parametrize("name", [{"de": "Hafen", "en": "Harbour"}, "Harbour", {"pt": "Harbour"}])
def test_a_hotels_name_may_be_a_text_or_a_map_of_languages(name: object) -> None:
    body = json.dumps({"id": "LIS", "name": name, "timeZone": "Europe/Lisbon"}).encode()

    hotel = hotel_of(read_property(body))

    assert (hotel.key, hotel.name, hotel.time_zone) == ("LIS", "Harbour", "Europe/Lisbon")
