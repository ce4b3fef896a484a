"""Making the list of rooms Jack's own."""

import json
from dataclasses import asdict
from datetime import datetime

from jack.application.ports.pms_pages import RoomList
from jack.application.ports.unit_of_work import UnitOfWork
from jack.application.stays.pages import in_words, note_unknown
from jack.domain.errors import DomainError
from jack.domain.hotel import Hotel
from jack.domain.ids import ExternalRef
from jack.domain.room import Room
from jack.domain.snapshot import ROOM, RejectedRecord, RoomSnapshot, room_within_limits


async def apply_rooms(uow: UnitOfWork, hotel: Hotel, system: str, told: RoomList, now: datetime) -> int:
    """Make this list the rooms of the hotel, inside the open unit of work; how many of them could not be kept.

    Those are kept as rejected records instead, until a later list is in order. While there are any, rooms that the list
    does not name stay: they may be among the unreadable ones.
    """
    rejected = list(told.rejected)
    kept: dict[str, Room] = {}
    for snapshot in told.rooms:
        try:
            kept[snapshot.number] = _room(hotel, room_within_limits(snapshot), now)
        except DomainError as error:
            rejected.append(_rejected(system, snapshot, in_words(error)))
    if rejected:
        held = {room.number: room for room in await uow.rooms.of_hotel(hotel.id)}
        kept = held | kept
    await uow.rooms.replace_all(hotel.id, list(kept.values()))
    await uow.sync.reject_only(hotel.id, ROOM, rejected, now)
    await note_unknown(uow, hotel, system, told.unknown, now)
    return len(rejected)


def _room(hotel: Hotel, snapshot: RoomSnapshot, now: datetime) -> Room:
    return Room(
        hotel_id=hotel.id,
        number=snapshot.number,
        room_type=snapshot.room_type,
        occupancy=snapshot.occupancy,
        housekeeping=snapshot.housekeeping,
        synced_at=now,
    )


def _rejected(system: str, snapshot: RoomSnapshot, reason: str) -> RejectedRecord:
    try:
        ref = ExternalRef(system=system, key=snapshot.number)
    except DomainError:
        ref = None
    raw = json.dumps(asdict(snapshot), default=str, ensure_ascii=True)
    return RejectedRecord(kind=ROOM, ref=ref, reason=reason, raw=raw)
