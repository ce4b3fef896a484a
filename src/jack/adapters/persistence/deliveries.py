"""Deliveries that wait, in SQL. How they get there is in `inbox.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from jack.adapters.persistence.column_types import from_json, storable, to_json
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.tables import inbox_deliveries
from jack.adapters.persistence.upsert import any_of
from jack.application.ports.channels import Delivery
from jack.application.ports.messaging_store import Inbox


@dataclass(frozen=True, slots=True)
class SqlInbox(Inbox):
    """Plays Inbox inside one unit of work."""

    connection: SqlConnection

    async def waiting(self, limit: int) -> tuple[Delivery, ...]:
        table = inbox_deliveries.c
        found = await self.connection.execute(
            select(inbox_deliveries)
            .where(table.unpacked_at.is_(None))
            .order_by(table.received_at, table.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return tuple(
            Delivery(
                id=row.id,
                channel=row.channel,
                accounts=tuple(from_json(row.accounts)),
                body=row.body,
                received_at=row.received_at,
            )
            for row in found
        )

    async def unpacked(self, delivery_ids: Sequence[str], now: datetime) -> None:
        table = inbox_deliveries.c
        await self.connection.execute(
            update(inbox_deliveries)
            .where(any_of(self.connection.dialect, table.id, delivery_ids), table.unpacked_at.is_(None))
            .values(unpacked_at=now)
        )

    async def kept(self, delivery_id: str, problems: Sequence[str], now: datetime) -> None:
        await self.connection.execute(
            update(inbox_deliveries)
            .where(inbox_deliveries.c.id == delivery_id)
            .values(unpacked_at=now, problems=to_json(storable(problem) for problem in problems) if problems else None)
        )

    async def forget_before(self, before: datetime) -> int:
        table = inbox_deliveries.c
        gone = await self.connection.execute(
            delete(inbox_deliveries).where(table.unpacked_at < before, table.problems.is_(None))
        )
        return gone.rowcount

    async def count_waiting(self) -> int:
        counted = await self.connection.execute(
            select(func.count()).select_from(inbox_deliveries).where(inbox_deliveries.c.unpacked_at.is_(None))
        )
        return int(counted.scalar_one())


def delivery_row(delivery: Delivery) -> tuple[str, str, str, bytes, datetime]:
    """The values of a new row: id, channel, accounts, body, received_at."""
    return delivery.id, delivery.channel, to_json(delivery.accounts), delivery.body, delivery.received_at
