"""Cursors, leases, runs and rejected records of the sync, in SQL."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select

from jack.adapters.persistence import bulk
from jack.adapters.persistence.column_types import storable
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.tables import rejected_records, sync_runs, sync_states
from jack.adapters.persistence.unknown_values import note_unknown
from jack.adapters.persistence.upsert import any_of, any_pair_of, insert_or_ignore, upsert
from jack.application.ports.stays_store import SyncStates
from jack.domain.ids import ExternalRef, HotelId, SyncRunId
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import ROOM, RejectedRecord, UnknownValue
from jack.domain.sync import MissingStays, SyncCounts, SyncCursor, SyncKind, SyncLoad, SyncRun, SyncState, SyncStatus


@dataclass(frozen=True, slots=True)
class SqlSyncStates(SyncStates):
    """Plays SyncStates inside one unit of work."""

    connection: SqlConnection

    async def state(self, hotel_id: HotelId) -> SyncState:
        locked = select(sync_states).where(sync_states.c.hotel_id == hotel_id).with_for_update()
        row = (await self.connection.execute(locked)).one_or_none()
        if row is None:
            # a hotel that never ran has no row to lock, so it gets one first
            fresh = insert_or_ignore(self.connection.dialect, sync_states, "hotel_id")
            await self.connection.execute(fresh, {"hotel_id": hotel_id})
            row = (await self.connection.execute(locked)).one()
        return state_from_row(row)

    async def confirmed_at(self, hotel_id: HotelId) -> datetime | None:
        found = await self.connection.execute(select(sync_states.c.cursor_at).where(sync_states.c.hotel_id == hotel_id))
        at: datetime | None = found.scalar_one_or_none()
        return at

    async def save_state(self, state: SyncState) -> None:
        row = {
            "hotel_id": state.hotel_id,
            "system": state.system,
            "cursor_at": state.cursor.at if state.cursor else None,
            "last_success_at": state.last_success_at,
            "last_started_at": state.last_started_at,
            "retry_after": state.retry_after,
            "lease_owner": state.lease_owner,
            "lease_until": state.lease_until,
            "unreachable_since": state.unreachable_since,
            "load_began_at": state.load.began_at if state.load else None,
            "loaded_from": state.load.done.arrival if state.load and state.load.done else None,
            "loaded_until": state.load.done.departure if state.load and state.load.done else None,
            "last_full_at": state.last_full_at,
            "full_tried_at": state.full_tried_at,
            "missing": state.missing.number if state.missing else None,
            "missing_of": state.missing.held if state.missing else None,
            "missing_run_id": state.missing.run_id if state.missing else None,
            "missing_confirmed": state.missing is not None and state.missing.confirmed,
        }
        await bulk.put(self.connection, sync_states, row)

    async def save_run(self, run: SyncRun) -> None:
        row = {
            "id": run.id,
            "hotel_id": run.hotel_id,
            "kind": run.kind.value,
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "status": run.status.value,
            "created": run.counts.created,
            "updated": run.counts.updated,
            "unchanged": run.counts.unchanged,
            "rejected": run.counts.rejected,
            "gone": run.counts.gone,
            "total": run.total,
            "error": storable(run.error) if run.error is not None else None,
        }
        await bulk.put(self.connection, sync_runs, row)

    async def running(self, hotel_id: HotelId) -> tuple[SyncRun, ...]:
        found = await self.connection.execute(
            select(sync_runs)
            .where(sync_runs.c.hotel_id == hotel_id, sync_runs.c.status == SyncStatus.RUNNING.value)
            .order_by(sync_runs.c.started_at, sync_runs.c.id)
        )
        return tuple(map(_run_from_row, found))

    async def run(self, hotel_id: HotelId, run_id: SyncRunId) -> SyncRun | None:
        found = await self.connection.execute(
            select(sync_runs).where(sync_runs.c.hotel_id == hotel_id, sync_runs.c.id == run_id)
        )
        row = found.one_or_none()
        return _run_from_row(row) if row else None

    async def reject(self, hotel_id: HotelId, records: Sequence[RejectedRecord], now: datetime) -> None:
        rows = {
            fingerprint: {
                "hotel_id": hotel_id,
                "fingerprint": fingerprint,
                "kind": storable(record.kind),
                "system": record.ref.system if record.ref else None,
                "key": record.ref.key if record.ref else None,
                "reason": storable(record.reason),
                "raw": storable(record.raw),
                "first_seen_at": now,
                "last_seen_at": now,
            }
            for fingerprint, record in ((_fingerprint(record), record) for record in records)
        }
        told = [row for row in rows.values() if row["raw"]]
        untold = [row for row in rows.values() if not row["raw"]]
        for kept, found in ((("first_seen_at",), told), (("first_seen_at", "raw"), untold)):
            if found:
                statement = upsert(self.connection.dialect, rejected_records, keep=kept)
                await self.connection.execute_many(statement, found)

    async def reject_only(self, hotel_id: HotelId, kind: str, records: Sequence[RejectedRecord], now: datetime) -> None:
        table = rejected_records.c
        still = any_of(self.connection.dialect, table.fingerprint, map(_fingerprint, records))
        await self.connection.execute(
            delete(rejected_records).where(table.hotel_id == hotel_id, table.kind == kind, ~still)
        )
        await self.reject(hotel_id, records, now)

    async def accept(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> None:
        table = rejected_records.c
        kept = await self.connection.fetch("SELECT 1 FROM rejected_records WHERE hotel_id = $1 LIMIT 1", hotel_id)
        if not kept:
            return  # as with nearly every page: nothing has to be compared
        named = any_pair_of(self.connection.dialect, (table.system, table.key), [(r.system, r.key) for r in refs])
        await self.connection.execute(delete(rejected_records).where(table.hotel_id == hotel_id, named))

    async def forget_nameless(self, hotel_id: HotelId, seen_before: datetime) -> None:
        table = rejected_records.c
        await self.connection.execute(
            delete(rejected_records).where(
                table.hotel_id == hotel_id,
                table.system.is_(None),
                table.kind != ROOM,
                table.last_seen_at < seen_before,
            )
        )

    async def rejected_refs(self, hotel_id: HotelId, tried_before: datetime, limit: int) -> tuple[ExternalRef, ...]:
        table = rejected_records.c
        # one reference may stand in bad records of several kinds
        tried, first = func.min(table.last_seen_at), func.min(table.first_seen_at)
        found = await self.connection.execute(
            select(table.system, table.key)
            .where(
                table.hotel_id == hotel_id,
                table.system.is_not(None),
                table.kind != ROOM,
                table.last_seen_at < tried_before,
            )
            .group_by(table.system, table.key)
            .order_by(tried, first, table.system, table.key)
            .limit(limit)
        )
        return tuple(ExternalRef(system=row.system, key=row.key) for row in found)

    async def note_unknown(
        self, hotel_id: HotelId, system: str, values: Sequence[UnknownValue], now: datetime
    ) -> tuple[UnknownValue, ...]:
        return await note_unknown(self.connection, hotel_id, system, values, now) if values else ()


def _fingerprint(record: RejectedRecord) -> str:
    """What makes two bad records the same one: kind and reference, or the raw form where there is no reference."""
    which = f"{record.ref.system}\0{record.ref.key}" if record.ref else f"\0{record.raw}"
    return hashlib.sha256(f"{record.kind}\0{which}".encode(errors="surrogatepass")).hexdigest()


def state_from_row(row: Row[Any]) -> SyncState:
    """The state that a row holds."""
    return SyncState(
        hotel_id=HotelId(row.hotel_id),
        system=row.system,
        cursor=SyncCursor(at=row.cursor_at) if row.cursor_at else None,
        last_success_at=row.last_success_at,
        last_started_at=row.last_started_at,
        retry_after=row.retry_after,
        lease_owner=row.lease_owner,
        lease_until=row.lease_until,
        unreachable_since=row.unreachable_since,
        load=SyncLoad(began_at=row.load_began_at, done=_loaded(row)) if row.load_began_at else None,
        last_full_at=row.last_full_at,
        full_tried_at=row.full_tried_at,
        missing=MissingStays(
            number=row.missing,
            held=row.missing_of,
            run_id=SyncRunId(row.missing_run_id),
            confirmed=row.missing_confirmed,
        )
        if row.missing is not None
        else None,
    )


def _loaded(row: Row[Any]) -> StayPeriod | None:
    return StayPeriod(arrival=row.loaded_from, departure=row.loaded_until) if row.loaded_from is not None else None


def _run_from_row(row: Row[Any]) -> SyncRun:
    return SyncRun(
        id=SyncRunId(row.id),
        hotel_id=HotelId(row.hotel_id),
        kind=SyncKind(row.kind),
        started_at=row.started_at,
        finished_at=row.finished_at,
        status=SyncStatus(row.status),
        counts=SyncCounts(
            created=row.created,
            updated=row.updated,
            unchanged=row.unchanged,
            rejected=row.rejected,
            gone=row.gone,
        ),
        total=row.total,
        error=row.error,
    )
