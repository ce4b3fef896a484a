"""What happened to stays, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, select

from jack.adapters.persistence import bulk
from jack.adapters.persistence.bulk import Encoding
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.tables import stay_events as table
from jack.adapters.persistence.upsert import any_of
from jack.application.ports.stays_store import StayEvents
from jack.domain.ids import GuestId, HotelId, ReservationId, StayEventId
from jack.domain.stay_events import StayEvent, StayEventKind


@dataclass(frozen=True, slots=True)
class SqlStayEvents(StayEvents):
    """Plays StayEvents inside one unit of work."""

    connection: SqlConnection

    async def add(self, events: Sequence[StayEvent]) -> None:
        encoding = bulk.encoding(self.connection.dialect)
        await bulk.insert(self.connection, table, [_to_row(event, encoding) for event in events])

    async def of_stays(self, hotel_id: HotelId, stays: Sequence[ReservationId]) -> tuple[StayEvent, ...]:
        found = await self.connection.execute(
            select(table)
            .where(table.c.hotel_id == hotel_id, any_of(self.connection.dialect, table.c.reservation_id, stays))
            .order_by(table.c.at, table.c.id)
        )
        return tuple(map(event_from_row, found))


def _to_row(event: StayEvent, encoding: Encoding) -> tuple[Any, ...]:
    return (
        event.id,
        event.hotel_id,
        event.reservation_id,
        event.guest_id,
        event.kind.value,
        msgspec.json.encode(dict(event.before)).decode(),
        msgspec.json.encode(dict(event.after)).decode(),
        encoding.instant(event.at),
        encoding.instant(event.modified_at),
    )


def event_from_row(row: Row[Any]) -> StayEvent:
    """The event that a row holds."""
    return StayEvent(
        id=StayEventId(row.id),
        hotel_id=HotelId(row.hotel_id),
        reservation_id=ReservationId(row.reservation_id),
        guest_id=GuestId(row.guest_id),
        kind=StayEventKind(row.kind),
        before=msgspec.json.decode(row.before, type=dict[str, str]),
        after=msgspec.json.decode(row.after, type=dict[str, str]),
        at=row.at,
        modified_at=row.modified_at,
    )
