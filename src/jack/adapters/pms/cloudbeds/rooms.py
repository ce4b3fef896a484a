"""Rooms as Cloudbeds tells them: the list of doors, joined with what housekeeping says of each. Pure functions."""

from collections.abc import Iterable

import msgspec

from jack.adapters.pms.cloudbeds.guests import SYSTEM
from jack.adapters.pms.cloudbeds.payloads import RoomCare, RoomOfHotel, is_true, says, text
from jack.adapters.pms.cloudbeds.words import CONDITIONS
from jack.adapters.vendor_api.records import ref_of, rejected, why
from jack.application.ports.pms_pages import RoomList
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import RejectedRecord, RoomSnapshot, UnknownValue

_ROOM = msgspec.json.Decoder(RoomOfHotel, strict=False)


def read_rooms(raws: Iterable[bytes]) -> tuple[list[RoomOfHotel], list[RejectedRecord]]:
    """The rooms of `getRooms` one by one; what fails is kept with its reason."""
    good: list[RoomOfHotel] = []
    bad: list[RejectedRecord] = []
    for raw in raws:
        try:
            room = _ROOM.decode(raw)
        except msgspec.DecodeError as error:
            bad.append(rejected("room", None, why(error), raw))
            continue
        if text(room.room_name):
            good.append(room)
        else:
            bad.append(rejected("room", ref_of(SYSTEM, text(room.room_id)), "the room has no name", raw))
    return good, bad


def list_rooms(rooms: Iterable[RoomOfHotel], care: Iterable[RoomCare], bad: Iterable[RejectedRecord] = ()) -> RoomList:
    """Every door once. What is only sold as a room (virtual) is no door, and of two of one name one can be kept."""
    states = {text(state.room_id): state for state in care if text(state.room_id)}
    found: dict[str, RoomSnapshot] = {}
    refused = list(bad)
    unknown: dict[UnknownValue, None] = {}
    for room in rooms:
        if is_true(room.is_virtual):
            continue
        number, key = text(room.room_name), text(room.room_id)
        if number in found:
            refused.append(rejected("room", ref_of(SYSTEM, key), "another room has the same name", b""))
            continue
        state = states.get(key)
        condition = text(state.room_condition) if state else ""
        if condition and condition not in CONDITIONS:
            unknown[UnknownValue(field="room.roomCondition", value=condition)] = None
        blocked = says(state.room_blocked) if state else None
        if blocked is None:
            blocked = says(room.room_blocked)
        occupied = says(state.room_occupied) if state else None
        found[number] = RoomSnapshot(
            number=number,
            room_type=text(room.room_type_name) or None,
            occupancy=None if occupied is None else Occupancy.OCCUPIED if occupied else Occupancy.VACANT,
            housekeeping=Housekeeping.OUT_OF_ORDER if blocked else CONDITIONS.get(condition),
        )
    return RoomList(rooms=tuple(found.values()), rejected=tuple(refused), unknown=tuple(unknown))
