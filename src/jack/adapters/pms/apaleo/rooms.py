"""From apaleo's units to rooms. Asks nobody."""

import msgspec

from jack.adapters.pms.apaleo.payloads import RawUnitList, Unit, UnitStatus
from jack.adapters.pms.apaleo.people import SYSTEM
from jack.adapters.pms.apaleo.reservations import NO_BEDROOMS
from jack.adapters.vendor_api.records import Unreadable, each_readable, present
from jack.application.ports.pms_pages import RoomList
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import RoomSnapshot, UnknownValue

_CONDITIONS = {
    "Clean": Housekeeping.CLEAN,
    "CleanToBeInspected": Housekeeping.CLEAN,
    "Dirty": Housekeeping.DIRTY,
}
"""Not INSPECTED: a hotel that inspects no rooms calls them Clean as well."""

_CLOSED = frozenset({"OutOfOrder", "OutOfInventory"})
_OPEN = "OutOfService"
"""A small repair; the room stays in use, so its condition counts."""

_LIST = msgspec.json.Decoder(RawUnitList, strict=False)
_ONE = msgspec.json.Decoder(Unit, strict=False)


def read_units(body: bytes, property_id: str) -> tuple[RoomList, int, int | None]:
    """A page of `GET /inventory/v1/units`: its rooms, how many records it has, and how many all pages have.

    Parking lots, meeting rooms and rooms that the hotel gave up are no rooms. Raises msgspec.DecodeError.
    """
    listed = _LIST.decode(body)
    unknown: list[UnknownValue] = []
    found, bad = each_readable(
        "room",
        SYSTEM,
        listed.units,
        _ONE.decode,
        lambda unit: _room(unit, property_id, unknown),
        lambda raw: raw.get("id"),
    )
    rooms = tuple(room for room in found if room is not None)
    return (
        RoomList(rooms=rooms, rejected=tuple(bad), unknown=tuple(dict.fromkeys(unknown))),
        len(listed.units),
        (listed.count),
    )


def _room(unit: Unit, property_id: str, unknown: list[UnknownValue]) -> RoomSnapshot | None:
    group = unit.unit_group
    elsewhere = unit.property is not None and unit.property.id not in (None, property_id)
    if elsewhere or unit.is_archived or (group is not None and group.type in NO_BEDROOMS):
        return None
    number = present(unit.name)
    if number is None:
        raise Unreadable("the room has no name")
    status = unit.status or UnitStatus()
    return RoomSnapshot(
        number=number,
        room_type=present(group.name) or present(group.code) if group else None,
        occupancy=_OCCUPANCIES[status.is_occupied],
        housekeeping=_housekeeping(status, unknown),
    )


_OCCUPANCIES = {True: Occupancy.OCCUPIED, False: Occupancy.VACANT, None: None}


def _housekeeping(status: UnitStatus, unknown: list[UnknownValue]) -> Housekeeping | None:
    closed = present(status.maintenance.type) if status.maintenance else None
    if closed in _CLOSED:
        return Housekeeping.OUT_OF_ORDER
    if closed is not None and closed != _OPEN:
        unknown.append(UnknownValue(field="room.maintenance.type", value=closed))
        return None
    condition = present(status.condition)
    known = _CONDITIONS.get(condition or "")
    if condition is not None and known is None:
        unknown.append(UnknownValue(field="room.condition", value=condition))
    return known
