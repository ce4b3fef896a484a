"""What staff see of the sync, in SQL."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.pages import beyond, page
from jack.adapters.persistence.pms_views import SqlPmsViews
from jack.adapters.persistence.sync_states import state_from_row
from jack.adapters.persistence.tables import (
    guests,
    pms_notices,
    rejected_records,
    reservations,
    sync_runs,
    sync_states,
    unknown_values,
)
from jack.application.ports.pages import Page
from jack.application.ports.stays_views import (
    ExternalRefView,
    MissingStaysView,
    RejectedView,
    SyncProgressView,
    SyncRunView,
    SyncStateView,
)
from jack.domain.ids import HotelId
from jack.domain.sync import SyncStatus


@dataclass(frozen=True, slots=True)
class SqlSyncViews(SqlPmsViews):
    """The part of StaysViews that is about the sync."""

    async def sync_state(self, hotel_id: HotelId, now: datetime) -> SyncStateView:
        async with self.database.reading() as connection:
            found = await connection.execute(select(sync_states).where(sync_states.c.hotel_id == hotel_id))
            state = found.one_or_none()
            alive = state is not None and state_from_row(state).is_running(now)
            last_success_at = state.last_success_at if state else None
            current = await _newest_run(connection, hotel_id, running=True) if alive else None
            last = await _newest_run(connection, hotel_id, running=False)
            mine = pms_notices.c.hotel_id == hotel_id
            return SyncStateView(
                hotel_id=hotel_id,
                system="",
                capabilities=(),
                running=alive,
                progress=_progress(current) if current else None,
                current_run=current,
                last_run=last,
                error=last.error if last else None,
                unreachable_since=state.unreachable_since if state else None,
                last_full_at=state.last_full_at if state else None,
                missing=_missing(state) if state else None,
                last_success_at=last_success_at,
                age_seconds=(now - last_success_at).total_seconds() if last_success_at else None,
                next_run_at=state.retry_after if state else None,
                cursor=state.cursor_at if state else None,
                guests=await _count(connection, guests.c.hotel_id == hotel_id),
                reservations=await _count(
                    connection, reservations.c.hotel_id == hotel_id, reservations.c.gone_at.is_(None)
                ),
                rejected=await _count(connection, rejected_records.c.hotel_id == hotel_id),
                unknown=await _count(connection, unknown_values.c.hotel_id == hotel_id),
                unreadable_notices=await _count(connection, mine, pms_notices.c.problem.is_not(None)),
                waiting_notices=await _count(connection, mine, pms_notices.c.done_at.is_(None)),
            )

    async def sync_runs(self, hotel_id: HotelId, *, limit: int = 50, cursor: str | None = None) -> Page[SyncRunView]:
        table, name = sync_runs.c, "sync_runs"
        order = (table.started_at, table.id)
        statement = select(sync_runs).where(table.hotel_id == hotel_id)
        if cursor is not None:
            statement = statement.where(beyond(name, order, cursor, newest_first=True))
        async with self.database.reading() as connection:
            ordered = statement.order_by(*(column.desc() for column in order)).limit(limit + 1)
            rows = (await connection.execute(ordered)).all()
        return page(name, rows, limit, lambda row: (row.started_at, row.id), _run)

    async def sync_run(self, hotel_id: HotelId, run_id: str) -> SyncRunView | None:
        statement = select(sync_runs).where(sync_runs.c.hotel_id == hotel_id, sync_runs.c.id == run_id)
        async with self.database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return _run(row) if row else None

    async def rejected(self, hotel_id: HotelId, *, limit: int = 50, cursor: str | None = None) -> Page[RejectedView]:
        table, name = rejected_records.c, "rejected"
        order = (table.last_seen_at, table.fingerprint)
        statement = select(rejected_records).where(table.hotel_id == hotel_id)
        if cursor is not None:
            statement = statement.where(beyond(name, order, cursor, newest_first=True))
        async with self.database.reading() as connection:
            ordered = statement.order_by(*(column.desc() for column in order)).limit(limit + 1)
            rows = (await connection.execute(ordered)).all()
        return page(name, rows, limit, lambda row: (row.last_seen_at, row.fingerprint), _rejected)


async def _newest_run(connection: SqlConnection, hotel_id: HotelId, *, running: bool) -> SyncRunView | None:
    is_running = sync_runs.c.status == SyncStatus.RUNNING.value
    found = await connection.execute(
        select(sync_runs)
        .where(sync_runs.c.hotel_id == hotel_id, is_running if running else ~is_running)
        .order_by(sync_runs.c.started_at.desc(), sync_runs.c.id.desc())
        .limit(1)
    )
    row = found.one_or_none()
    return _run(row) if row else None


def _progress(run: SyncRunView) -> SyncProgressView:
    return SyncProgressView(
        kind=run.kind, read=run.created + run.updated + run.unchanged + run.rejected, total=run.total
    )


def _missing(state: Row[Any]) -> MissingStaysView | None:
    if state.missing is None:
        return None
    return MissingStaysView(
        number=state.missing, held=state.missing_of, run_id=state.missing_run_id, confirmed=state.missing_confirmed
    )


async def _count(connection: SqlConnection, *where: Any) -> int:
    return int((await connection.execute(select(func.count()).where(*where))).scalar_one())


def _run(row: Row[Any]) -> SyncRunView:
    return SyncRunView(
        id=row.id,
        hotel_id=row.hotel_id,
        kind=row.kind,
        started_at=row.started_at,
        finished_at=row.finished_at,
        status=row.status,
        created=row.created,
        updated=row.updated,
        unchanged=row.unchanged,
        rejected=row.rejected,
        gone=row.gone,
        total=row.total,
        error=row.error,
    )


def _rejected(row: Row[Any]) -> RejectedView:
    return RejectedView(
        kind=row.kind,
        external_ref=ExternalRefView(system=row.system, key=row.key) if row.system is not None else None,
        reason=row.reason,
        raw=row.raw,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
    )
