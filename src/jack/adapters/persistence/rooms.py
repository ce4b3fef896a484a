"""Rooms in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, select

from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.tables import rooms as table
from jack.adapters.persistence.upsert import any_of, upsert
from jack.application.ports.stays_store import Rooms
from jack.domain.ids import HotelId
from jack.domain.room import Housekeeping, Occupancy, Room


@dataclass(frozen=True, slots=True)
class SqlRooms(Rooms):
    """Plays Rooms inside one unit of work."""

    connection: SqlConnection

    async def of_hotel(self, hotel_id: HotelId) -> tuple[Room, ...]:
        found = await self.connection.execute(
            select(table).where(table.c.hotel_id == hotel_id).order_by(table.c.number)
        )
        return tuple(map(room_from_row, found))

    async def replace_all(self, hotel_id: HotelId, rooms: Sequence[Room]) -> None:
        held = {room.number: room for room in await self.of_hotel(hotel_id)}
        wanted = {room.number: room for room in rooms}
        if gone := held.keys() - wanted.keys():
            await self.connection.execute(
                delete(table).where(table.c.hotel_id == hotel_id, any_of(self.connection.dialect, table.c.number, gone))
            )
        changed = [_to_row(room) for room in wanted.values() if held.get(room.number) != room]
        await self.connection.execute_many(upsert(self.connection.dialect, table), changed)


def _to_row(room: Room) -> dict[str, Any]:
    return {
        "hotel_id": room.hotel_id,
        "number": room.number,
        "room_type": room.room_type,
        "occupancy": room.occupancy.value if room.occupancy else None,
        "housekeeping": room.housekeeping.value if room.housekeeping else None,
        "synced_at": room.synced_at,
    }


def room_from_row(row: Row[Any]) -> Room:
    """The room that a row holds."""
    return Room(
        hotel_id=HotelId(row.hotel_id),
        number=row.number,
        room_type=row.room_type,
        occupancy=Occupancy(row.occupancy) if row.occupancy else None,
        housekeeping=Housekeeping(row.housekeeping) if row.housekeeping else None,
        synced_at=row.synced_at,
    )
