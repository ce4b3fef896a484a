"""Reservations in SQL: one row each, and a narrow table that finds the stays of companions."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, text, tuple_, union_all, update

from jack.adapters.persistence import bulk
from jack.adapters.persistence.bulk import Encoding, by_system, held_keys, many, one_of
from jack.adapters.persistence.column_types import from_json, storable, to_json
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.tables import reservation_companions
from jack.adapters.persistence.tables import reservations as table
from jack.adapters.persistence.upsert import any_of, any_pair_of, any_selected, later_ones, stored_ones
from jack.application.errors import Conflict
from jack.application.ports.stays_store import NO_FINGERPRINTS, Reservations
from jack.domain.ids import ExternalRef, GuestId, HotelId, ReservationId
from jack.domain.reservation import Companion, Reservation, ReservationStatus, StayPeriod

_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")

_FINGERPRINTS = {
    dialect: held_keys(dialect, "reservations", "pms_key, fingerprint") for dialect in ("sqlite", "postgresql")
}
_COMPANIONS = {
    dialect: "SELECT reservation_id, guest_id FROM reservation_companions WHERE "  # noqa: S608  columns of our own
    + one_of(dialect, "reservation_id", 1)
    for dialect in ("sqlite", "postgresql")
}

_AT_ONCE = 1000
"""How many references are held in memory while they are streamed."""


@dataclass(frozen=True, slots=True)
class SqlReservations(Reservations):
    """Plays Reservations inside one unit of work."""

    connection: SqlConnection

    async def get(self, hotel_id: HotelId, reservation_id: ReservationId) -> Reservation | None:
        found = await self.connection.execute(
            select(table).where(table.c.hotel_id == hotel_id, table.c.id == reservation_id)
        )
        row = found.one_or_none()
        return _from_row(row) if row else None

    async def by_refs(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> dict[ExternalRef, Reservation]:
        found = await self.connection.execute(select(table).where(*self._named(hotel_id, refs)))
        reservations = [_from_row(row) for row in found]
        return {reservation.ref: reservation for reservation in reservations}

    async def fingerprints(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> dict[ExternalRef, str | None]:
        dialect = self.connection.dialect
        found: dict[ExternalRef, str | None] = {}
        for system, by_key in by_system(refs):
            rows = await self.connection.fetch(_FINGERPRINTS[dialect], hotel_id, system, many(dialect, by_key))
            found.update({by_key[key]: fingerprint for key, fingerprint in rows})
        return found

    async def of_guests(
        self, hotel_id: HotelId, guest_ids: Sequence[GuestId], leaving_from: date
    ) -> tuple[Reservation, ...]:
        dialect = self.connection.dialect
        # one question for each index, because "this or that" would be answered by reading every stay to come
        own = select(table.c.id).where(any_of(dialect, table.c.guest_id, guest_ids))
        shared = select(reservation_companions.c.reservation_id).where(
            any_of(dialect, reservation_companions.c.guest_id, guest_ids)
        )
        found = await self.connection.execute(
            select(table)
            .where(
                table.c.hotel_id == hotel_id,
                table.c.departure >= leaving_from,
                any_selected(dialect, table.c.id, union_all(own, shared)),
            )
            .order_by(table.c.arrival, table.c.id)
        )
        return tuple(map(_from_row, found))

    async def with_code(
        self, hotel_id: HotelId, codes: Sequence[str], leaving_from: date, limit: int
    ) -> tuple[Reservation, ...]:
        dialect = self.connection.dialect
        found = await self.connection.execute(
            select(table)
            .where(
                table.c.hotel_id == hotel_id,
                table.c.departure >= leaving_from,
                or_(
                    any_of(dialect, table.c.room_number, codes),
                    any_of(dialect, table.c.confirmation_number, codes),
                ),
            )
            .order_by(table.c.id)
            .limit(limit)
        )
        return tuple(map(_from_row, found))

    async def alone(self, hotel_id: HotelId) -> None:
        if self.connection.dialect == "postgresql":  # on SQLite units of work run one after another anyway
            await self.connection.execute(_ALONE, {"name": f"jack stays {hotel_id}"})

    async def save_synced(
        self,
        reservations: Sequence[Reservation],
        *,
        overwrite: bool = False,
        fingerprints: Mapping[ReservationId, str] = NO_FINGERPRINTS,
        fresh: Collection[ReservationId] = (),
    ) -> None:
        newest = {r.id: r for r in sorted(reservations, key=lambda reservation: reservation.id)}
        if not newest:
            return
        if len({(r.hotel_id, r.ref) for r in newest.values()}) < len(newest):
            raise Conflict("another reservation holds this external reference already")
        stored = await stored_ones(self.connection, table, list(newest.keys() - set(fresh)))
        encoding = bulk.encoding(self.connection.dialect)
        rows = {r.id: reservation_to_row(r, fingerprints.get(r.id), encoding) for r in newest.values()}
        await bulk.insert(self.connection, table, [row for key, row in rows.items() if key not in stored])
        old = {key: newest[key] for key in newest if key in stored}
        if old:
            unless_later = None if overwrite else "modified_at"
            await bulk.replace(self.connection, table, [rows[key] for key in old], unless_later=unless_later)
            for reservation_id in [] if overwrite else await later_ones(self.connection, table, old):
                del old[ReservationId(reservation_id)], newest[ReservationId(reservation_id)]
        await self._replace_companions(newest, old)

    async def refs_in(self, hotel_id: HotelId, period: StayPeriod) -> AsyncIterator[ExternalRef]:
        after: ColumnElement[bool] | None = None
        while True:
            statement = (
                select(table.c.departure, table.c.id, table.c.pms_system, table.c.pms_key)
                .where(*_staying(hotel_id, period))
                .order_by(table.c.departure, table.c.id)
                .limit(_AT_ONCE)
            )
            found = (await self.connection.execute(statement if after is None else statement.where(after))).all()
            for row in found:
                yield ExternalRef(system=row.pms_system, key=row.pms_key)
            if len(found) < _AT_ONCE:
                return
            after = tuple_(table.c.departure, table.c.id) > (found[-1].departure, found[-1].id)

    async def count_in(self, hotel_id: HotelId, period: StayPeriod) -> int:
        counted = await self.connection.execute(
            select(func.count()).select_from(table).where(*_staying(hotel_id, period))
        )
        return int(counted.scalar_one())

    async def refs_under(self, hotel_id: HotelId, system: str, numbers: Sequence[str]) -> tuple[ExternalRef, ...]:
        found = await self.connection.execute(
            select(table.c.pms_system, table.c.pms_key).where(
                table.c.hotel_id == hotel_id,
                any_of(self.connection.dialect, table.c.confirmation_number, numbers),
                table.c.pms_system == system,
                table.c.gone_at.is_(None),
            )
        )
        return tuple(ExternalRef(system=row.pms_system, key=row.pms_key) for row in found)

    async def mark_gone(self, hotel_id: HotelId, refs: Sequence[ExternalRef], at: datetime) -> int:
        marked = await self.connection.execute(
            update(table)
            .where(*self._named(hotel_id, refs), table.c.gone_at.is_(None))
            .values(gone_at=at, fingerprint=None)
        )
        return marked.rowcount

    async def leave_behind(self, hotel_id: HotelId, system: str, at: datetime) -> int:
        marked = await self.connection.execute(
            update(table)
            .where(table.c.hotel_id == hotel_id, table.c.pms_system != system, table.c.gone_at.is_(None))
            .values(gone_at=at, fingerprint=None)
        )
        return marked.rowcount

    async def mark_doubtful(self, hotel_id: HotelId, ref: ExternalRef, reason: str) -> bool:
        named = self._named(hotel_id, [ref])
        marked = await self.connection.execute(
            update(table).where(*named).values(doubt=storable(reason), fingerprint=None)
        )
        return marked.rowcount == 1

    def _named(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> tuple[ColumnElement[bool], ...]:
        pairs = [(ref.system, ref.key) for ref in refs]
        named = any_pair_of(self.connection.dialect, (table.c.pms_system, table.c.pms_key), pairs)
        return table.c.hotel_id == hotel_id, named

    async def _replace_companions(
        self, given: Mapping[ReservationId, Reservation], old: Mapping[ReservationId, Reservation]
    ) -> None:
        """Make these their companions; only the `old` ones can have any."""
        wanted = {(r.id, c.guest_id) for r in given.values() for c in r.companions if c.guest_id is not None}
        held: set[tuple[Any, ...]] = set()
        if old:
            dialect = self.connection.dialect
            held = {tuple(row) for row in await self.connection.fetch(_COMPANIONS[dialect], many(dialect, old))}
        if held - wanted:
            names = reservation_companions.columns.keys()
            await bulk.delete(self.connection, reservation_companions, names, held - wanted)
        await bulk.insert(self.connection, reservation_companions, sorted(wanted - held))


def _staying(hotel_id: HotelId, period: StayPeriod) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.hotel_id == hotel_id,
        table.c.departure >= period.arrival,
        table.c.arrival <= period.departure,
        table.c.gone_at.is_(None),
    )


def reservation_to_row(reservation: Reservation, fingerprint: str | None, encoding: Encoding) -> tuple[Any, ...]:
    """The values of a reservation in the order of the table's columns."""
    return (
        reservation.id,
        reservation.hotel_id,
        reservation.guest_id,
        reservation.ref.system,
        reservation.ref.key,
        reservation.confirmation_number,
        reservation.status.value,
        encoding.day(reservation.period.arrival),
        encoding.day(reservation.period.departure),
        reservation.room_number,
        reservation.room_type,
        encoding.instant(reservation.expected_arrival),
        reservation.adults,
        reservation.children,
        to_json(reservation.special_requests),
        to_json([c.guest_id, c.first_name, c.last_name] for c in reservation.companions),
        encoding.instant(reservation.modified_at),
        encoding.instant(reservation.gone_at),
        storable(reservation.doubt) if reservation.doubt is not None else None,
        encoding.instant(reservation.synced_at),
        fingerprint,
    )


def _from_row(row: Row[Any]) -> Reservation:
    return Reservation(
        id=ReservationId(row.id),
        hotel_id=HotelId(row.hotel_id),
        guest_id=GuestId(row.guest_id),
        ref=ExternalRef(system=row.pms_system, key=row.pms_key),
        confirmation_number=row.confirmation_number,
        status=ReservationStatus(row.status),
        period=StayPeriod(arrival=row.arrival, departure=row.departure),
        room_number=row.room_number,
        room_type=row.room_type,
        expected_arrival=row.expected_arrival,
        adults=row.adults,
        children=row.children,
        special_requests=tuple(from_json(row.special_requests)),
        companions=tuple(
            Companion(guest_id=guest_id, first_name=first_name, last_name=last_name)
            for guest_id, first_name, last_name in from_json(row.companions)
        ),
        modified_at=row.modified_at,
        gone_at=row.gone_at,
        doubt=row.doubt,
        synced_at=row.synced_at,
    )
