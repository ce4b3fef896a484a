"""Words of a vendor that Jack does not know, in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from jack.adapters.persistence.column_types import storable
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.tables import unknown_values
from jack.adapters.persistence.upsert import any_pair_of, counted
from jack.application.ports.stays_store import MOST_UNKNOWN
from jack.domain.ids import HotelId
from jack.domain.snapshot import LONGEST_WORD, UnknownValue


async def note_unknown(
    connection: SqlConnection, hotel_id: HotelId, system: str, values: Sequence[UnknownValue], now: datetime
) -> tuple[UnknownValue, ...]:
    """As `SyncStates.note_unknown`, for at least one value."""
    table = unknown_values.c
    told = {(storable(value.field[:LONGEST_WORD]), storable(value.value)): value for value in values}
    pairs = sorted(told)  # everybody locks the rows in the same order
    named = any_pair_of(connection.dialect, (table.field, table.value), pairs)
    found = await connection.execute(
        select(table.field, table.value).where(table.hotel_id == hotel_id, table.system == system, named)
    )
    known = {(row.field, row.value) for row in found}
    new = [pair for pair in pairs if pair not in known]
    if new:
        held = await connection.execute(
            select(func.count()).select_from(unknown_values).where(table.hotel_id == hotel_id)
        )
        new = new[: max(0, MOST_UNKNOWN - int(held.scalar_one()))]
    kept = known.union(new)
    rows = [
        {
            "hotel_id": hotel_id,
            "system": system,
            "field": field,
            "value": value,
            "first_seen_at": now,
            "last_seen_at": now,
            "times": 1,
        }
        for field, value in pairs
        if (field, value) in kept
    ]
    statement = counted(connection.dialect, unknown_values, "times", keep=("first_seen_at",))
    await connection.execute_many(statement, rows)
    return tuple(told[pair] for pair in new)
