"""Deliveries that wait, in SQL. How they get there is in `inbox.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, text, update

from jack.adapters.persistence.column_types import from_json, storable, to_json
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.tables import inbox_deliveries
from jack.adapters.persistence.upsert import any_of
from jack.application.ports.channels import Delivery
from jack.application.ports.messaging_store import Inbox

_BEFORE_THE_LOCK = text("SAVEPOINT before_the_lock")
_TRY_TO_BE_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtextextended('jack inbox', 0))")
_GIVE_THE_LOCK_BACK = text("ROLLBACK TO SAVEPOINT before_the_lock")  # a lock taken since then goes with it


@dataclass(frozen=True, slots=True)
class SqlInbox(Inbox):
    """Plays Inbox inside one unit of work."""

    connection: SqlConnection

    async def waiting(self, limit: int) -> tuple[Delivery, ...]:
        if self.connection.dialect != "postgresql":  # units of work run one after another
            return await self._oldest(limit)
        # Whoever finds nothing must not hold the lock any more when it looks for the last time: a delivery that comes
        # after that look has a ring of its own, and that ring finds the lock free or somebody who will look again.
        while await self._oldest(1):
            await self.connection.execute(_BEFORE_THE_LOCK)
            taken = await self.connection.execute(_TRY_TO_BE_ALONE)
            if not taken.scalar_one():
                return ()
            if found := await self._oldest(limit):
                return found
            await self.connection.execute(_GIVE_THE_LOCK_BACK)
        return ()

    async def _oldest(self, limit: int) -> tuple[Delivery, ...]:
        table = inbox_deliveries.c
        found = await self.connection.execute(
            select(inbox_deliveries)
            .where(table.unpacked_at.is_(None))
            .order_by(table.received_at, table.id)
            .limit(limit)
        )
        return tuple(
            Delivery(
                id=row.id,
                channel=row.channel,
                accounts=tuple(from_json(row.accounts)),
                body=row.body,
                received_at=row.received_at,
                target=row.target,
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


def delivery_row(delivery: Delivery) -> tuple[str, str, str, bytes, str, datetime]:
    """The values of a new row: id, channel, accounts, body, target, received_at."""
    accounts = to_json(delivery.accounts)
    return delivery.id, delivery.channel, accounts, delivery.body, storable(delivery.target), delivery.received_at
