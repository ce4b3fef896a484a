"""Notices that wait, in SQL. How they get there is in `inbox.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update

from jack.adapters.persistence.column_types import storable
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.tables import notice_followers, pms_notices
from jack.adapters.persistence.upsert import any_of, insert_or_ignore, upsert
from jack.application.ports.notices_store import Notices
from jack.domain.ids import HotelId
from jack.domain.notices import Following, Notice


@dataclass(frozen=True, slots=True)
class SqlNotices(Notices):
    """Plays Notices inside one unit of work."""

    connection: SqlConnection

    async def following(self, hotel_id: HotelId) -> Following:
        # a hotel whose notices were never followed has no row to lock, so it gets one first
        fresh = insert_or_ignore(self.connection.dialect, notice_followers, "hotel_id")
        await self.connection.execute(fresh, {"hotel_id": hotel_id})
        found = await self.connection.execute(
            select(notice_followers).where(notice_followers.c.hotel_id == hotel_id).with_for_update()
        )
        row = found.one()
        return Following(
            hotel_id=HotelId(row.hotel_id),
            began_at=row.began_at,
            lease_owner=row.lease_owner,
            lease_until=row.lease_until,
            retry_after=row.retry_after,
            failures=row.failures,
            changes_at=row.changes_at,
        )

    async def save_following(self, following: Following) -> None:
        row = {
            "hotel_id": following.hotel_id,
            "began_at": following.began_at,
            "lease_owner": following.lease_owner,
            "lease_until": following.lease_until,
            "retry_after": following.retry_after,
            "failures": following.failures,
            "changes_at": following.changes_at,
        }
        await self.connection.execute(upsert(self.connection.dialect, notice_followers), row)

    async def waiting(self, hotel_id: HotelId, limit: int, after: Notice | None = None) -> tuple[Notice, ...]:
        table = pms_notices.c
        statement = select(pms_notices).where(table.hotel_id == hotel_id, table.done_at.is_(None))
        if after is not None:
            later = table.received_at > after.received_at
            statement = statement.where(or_(later, and_(table.received_at == after.received_at, table.id > after.id)))
        found = await self.connection.execute(statement.order_by(table.received_at, table.id).limit(limit))
        return tuple(
            Notice(id=row.id, hotel_id=HotelId(row.hotel_id), body=row.body, received_at=row.received_at)
            for row in found
        )

    async def done(self, ids: Sequence[str], now: datetime) -> None:
        await self._end(ids, now, None)

    async def kept(self, ids: Sequence[str], problem: str, now: datetime) -> None:
        await self._end(ids, now, storable(problem))

    async def hotels_waiting(self, received_before: datetime) -> tuple[HotelId, ...]:
        table = pms_notices.c
        late = select(table.hotel_id).where(table.done_at.is_(None), table.received_at < received_before)
        unsettled = select(notice_followers.c.hotel_id).where(notice_followers.c.changes_at.is_not(None))
        found = await self.connection.execute(late.union(unsettled))
        return tuple(HotelId(hotel_id) for hotel_id in sorted(found.scalars()))

    async def forget_before(self, done: datetime, unreadable: datetime) -> int:
        table = pms_notices.c
        good = and_(table.problem.is_(None), table.done_at < done)
        bad = and_(table.problem.is_not(None), table.done_at < unreadable)
        abandoned = and_(table.done_at.is_(None), table.received_at < unreadable)
        gone = await self.connection.execute(delete(pms_notices).where(or_(good, bad, abandoned)))
        return gone.rowcount

    async def _end(self, ids: Sequence[str], now: datetime, problem: str | None) -> None:
        if ids:
            table = pms_notices.c
            named = any_of(self.connection.dialect, table.id, ids)
            await self.connection.execute(
                update(pms_notices).where(named, table.done_at.is_(None)).values(done_at=now, problem=problem)
            )


def notice_row(notice: Notice) -> tuple[str, str, bytes, datetime]:
    """The values of a new row: id, hotel_id, body, received_at."""
    return notice.id, notice.hotel_id, notice.body, notice.received_at
