"""What a full reading has met, in SQL: a narrow table of marks, so that no reading holds its keys in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select

from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.tables import reservations, seen_stays
from jack.adapters.persistence.upsert import insert_or_ignore
from jack.application.ports.stays_store import SeenStays
from jack.domain.ids import ExternalRef, HotelId
from jack.domain.reservation import StayPeriod


@dataclass(frozen=True, slots=True)
class SqlSeenStays(SeenStays):
    """Plays SeenStays inside one unit of work."""

    connection: SqlConnection

    async def forget(self, hotel_id: HotelId) -> None:
        await self.connection.execute(delete(seen_stays).where(seen_stays.c.hotel_id == hotel_id))

    async def add(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> None:
        rows = [{"hotel_id": hotel_id, "system": ref.system, "key": ref.key} for ref in sorted(set(refs))]
        statement = insert_or_ignore(self.connection.dialect, seen_stays, "hotel_id", "system", "key")
        await self.connection.execute_many(statement, rows)

    async def count_missing(self, hotel_id: HotelId, system: str, period: StayPeriod) -> int:
        counted = await self.connection.execute(select(func.count()).where(*_missing(hotel_id, system, period)))
        return int(counted.scalar_one())

    async def missing(self, hotel_id: HotelId, system: str, period: StayPeriod, limit: int) -> tuple[ExternalRef, ...]:
        found = await self.connection.execute(
            select(reservations.c.pms_key).where(*_missing(hotel_id, system, period)).limit(limit)
        )
        return tuple(ExternalRef(system=system, key=row.pms_key) for row in found)


def _missing(hotel_id: HotelId, system: str, period: StayPeriod) -> tuple[ColumnElement[bool], ...]:
    held, seen = reservations.c, seen_stays.c
    met = select(seen.key).where(seen.hotel_id == hotel_id, seen.system == system, seen.key == held.pms_key)
    return (
        held.hotel_id == hotel_id,
        held.pms_system == system,
        held.departure >= period.arrival,
        held.arrival <= period.departure,
        held.gone_at.is_(None),
        ~met.exists(),
    )
