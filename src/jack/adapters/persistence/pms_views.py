"""What staff see of a PMS that Jack does not fully understand: unknown words and unreadable pushes, in SQL."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.pages import beyond, page
from jack.adapters.persistence.tables import pms_notices, unknown_values
from jack.application.ports.pages import Page
from jack.application.ports.stays_views import UnknownValueView, UnreadableNoticeView
from jack.domain.ids import HotelId

SHOWN = 4_000
"""Bytes of an unreadable push that are shown."""


@dataclass(frozen=True, slots=True)
class SqlPmsViews:
    """The part of StaysViews that is about these."""

    database: Database

    async def unknown_values(
        self, hotel_id: HotelId, *, limit: int = 50, cursor: str | None = None
    ) -> Page[UnknownValueView]:
        table, name = unknown_values.c, "unknown"
        order = (table.last_seen_at, table.system, table.field, table.value)
        statement = select(unknown_values).where(table.hotel_id == hotel_id)
        if cursor is not None:
            statement = statement.where(beyond(name, order, cursor, newest_first=True))
        async with self.database.reading() as connection:
            ordered = statement.order_by(*(column.desc() for column in order)).limit(limit + 1)
            rows = (await connection.execute(ordered)).all()
        return page(name, rows, limit, lambda row: (row.last_seen_at, row.system, row.field, row.value), _unknown)

    async def unreadable_notices(
        self, hotel_id: HotelId, *, limit: int = 50, cursor: str | None = None
    ) -> Page[UnreadableNoticeView]:
        table, name = pms_notices.c, "notices"
        order = (table.received_at, table.id)
        beginning = func.substr(table.body, 1, SHOWN).label("beginning")
        statement = select(table.id, table.received_at, table.problem, beginning).where(
            table.hotel_id == hotel_id, table.problem.is_not(None)
        )
        if cursor is not None:
            statement = statement.where(beyond(name, order, cursor, newest_first=True))
        async with self.database.reading() as connection:
            ordered = statement.order_by(*(column.desc() for column in order)).limit(limit + 1)
            rows = (await connection.execute(ordered)).all()
        return page(name, rows, limit, lambda row: (row.received_at, row.id), _unreadable)


def _unknown(row: Row[Any]) -> UnknownValueView:
    return UnknownValueView(
        system=row.system,
        field=row.field,
        value=row.value,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        times=row.times,
    )


def _unreadable(row: Row[Any]) -> UnreadableNoticeView:
    return UnreadableNoticeView(
        id=row.id,
        received_at=row.received_at,
        reason=row.problem,
        raw=row.beginning.decode(errors="replace"),
    )
