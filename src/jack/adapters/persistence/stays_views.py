"""What staff see of guests and stays, in SQL. The sync's own views are in
`sync_views.py`, those of what Jack does not understand in `pms_views.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.guest_rows import folded, guest_from_rows, stated_columns
from jack.adapters.persistence.pages import beyond, page
from jack.adapters.persistence.rooms import room_from_row
from jack.adapters.persistence.stays_shown import Held, confirmed, show_guest, show_reservation
from jack.adapters.persistence.stays_told import SqlStaysTold
from jack.adapters.persistence.tables import (
    guest_contacts,
    guest_preferences,
    guests,
    reservation_companions,
    reservations,
    rooms,
    sync_states,
)
from jack.adapters.persistence.upsert import any_of, any_pair_of
from jack.application.ports.pages import Page
from jack.application.ports.stays_views import GuestView, ReservationView, StaysViews
from jack.domain.guest import Guest
from jack.domain.ids import HotelId
from jack.domain.matching import SHARED_FROM
from jack.domain.room import Room

_RESERVATIONS: Select[Any] = (
    select(reservations, guests.c.first_name, guests.c.last_name, sync_states.c.cursor_at)
    .join(guests, guests.c.id == reservations.c.guest_id)
    .outerjoin(sync_states, sync_states.c.hotel_id == reservations.c.hotel_id)
)


@dataclass(frozen=True, slots=True)
class SqlStaysViews(SqlStaysTold, StaysViews):
    """Plays StaysViews; every view reads one consistent state and waits for no writer."""

    async def guests(
        self, hotels: tuple[HotelId, ...] | None, *, q: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[GuestView]:
        table, name = guests.c, "guests"
        order = (table.name_key, table.id)
        where: list[ColumnElement[bool]] = []
        if hotels is not None:
            where.append(table.hotel_id.in_(hotels))
        if q is not None and q.strip():
            where.append(_guest_fits(q.strip(), hotels))
        if cursor is not None:
            where.append(beyond(name, order, cursor, newest_first=False))
        async with self.database.reading() as connection:
            statement = select(table.id, table.name_key).where(*where).order_by(*order).limit(limit + 1)
            rows = (await connection.execute(statement)).all()
            shown = await _guests(connection, [row.id for row in rows[:limit]])
        return page(name, rows, limit, lambda row: (row.name_key, row.id), lambda row: shown[row.id])

    async def guest(self, guest_id: str) -> GuestView | None:
        async with self.database.reading() as connection:
            return (await _guests(connection, [guest_id])).get(guest_id)

    async def reservations(
        self,
        hotels: tuple[HotelId, ...] | None,
        *,
        guest_id: str | None = None,
        status: str | None = None,
        on: date | None = None,
        q: str | None = None,
        gone: bool = False,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[ReservationView]:
        table, name = reservations.c, "reservations"
        order = (table.arrival, table.id)
        where: list[ColumnElement[bool]] = []
        if hotels is not None:
            where.append(table.hotel_id.in_(hotels))
        if guest_id is not None:
            accompanied = select(reservation_companions.c.reservation_id).where(
                reservation_companions.c.guest_id == guest_id
            )
            where.append(or_(table.guest_id == guest_id, table.id.in_(accompanied)))
        if status is not None:
            where.append(table.status == status)
        if not gone:
            where.append(table.gone_at.is_(None))
        if on is not None:
            where.append(and_(table.arrival <= on, table.departure >= on))
        if q is not None and q.strip():
            where.append(_reservation_fits(q.strip()))
        if cursor is not None:
            where.append(beyond(name, order, cursor, newest_first=True))
        async with self.database.reading() as connection:
            statement = _RESERVATIONS.where(*where).order_by(*(column.desc() for column in order)).limit(limit + 1)
            rows = (await connection.execute(statement)).all()
        return page(name, rows, limit, lambda row: (row.arrival, row.id), show_reservation)

    async def reservation(self, reservation_id: str) -> ReservationView | None:
        async with self.database.reading() as connection:
            row = (await connection.execute(_RESERVATIONS.where(reservations.c.id == reservation_id))).one_or_none()
        return show_reservation(row) if row else None

    async def rooms(self, hotels: tuple[HotelId, ...] | None) -> tuple[Room, ...]:
        statement = select(rooms).order_by(rooms.c.hotel_id, rooms.c.number)
        if hotels is not None:
            statement = statement.where(rooms.c.hotel_id.in_(hotels))
        async with self.database.reading() as connection:
            return tuple(map(room_from_row, await connection.execute(statement)))


def _guest_fits(q: str, hotels: tuple[HotelId, ...] | None) -> ColumnElement[bool]:
    contact, stay = guest_contacts.c, reservations.c
    named = and_(*(guests.c.name_key.contains(word, autoescape=True) for word in folded(q).split()))
    digits = "".join(character for character in q if character in "+0123456789")
    beginnings = {q, q.lower(), digits if digits.startswith("+") else f"+{digits}" if digits else q}
    reached = select(contact.guest_id).where(or_(*(contact.value.startswith(b, autoescape=True) for b in beginnings)))
    booked = select(stay.guest_id).where(stay.confirmation_number.startswith(q, autoescape=True))
    if hotels is not None:
        reached = reached.where(contact.hotel_id.in_(hotels))
        booked = booked.where(stay.hotel_id.in_(hotels))
    return or_(named, guests.c.id.in_(reached), guests.c.id.in_(booked))


def _reservation_fits(q: str) -> ColumnElement[bool]:
    named = and_(*(guests.c.name_key.contains(word, autoescape=True) for word in folded(q).split()))
    return or_(
        reservations.c.confirmation_number.startswith(q, autoescape=True),
        reservations.c.room_number == q,
        named,
    )


async def _guests(connection: SqlConnection, guest_ids: Sequence[str]) -> dict[str, GuestView]:
    if not guest_ids:
        return {}
    rows = await connection.execute(
        select(guests, *stated_columns, sync_states.c.cursor_at)
        .outerjoin(guest_preferences, guest_preferences.c.guest_id == guests.c.id)
        .outerjoin(sync_states, sync_states.c.hotel_id == guests.c.hotel_id)
        .where(any_of(connection.dialect, guests.c.id, guest_ids))
    )
    grouped: dict[str, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    found = [(guest_from_rows(group), group[0].cursor_at) for group in grouped.values()]
    shared = await _shared(connection, [guest for guest, _ in found])
    return {guest.id: show_guest(guest, confirmed(guest.synced_at, cursor), shared) for guest, cursor in found}


async def _shared(connection: SqlConnection, found: Sequence[Guest]) -> set[Held]:
    """The contact points of these guests that so many guests of their hotel hold that they identify nobody."""
    pairs = sorted({(point.kind.value, point.value) for guest in found for point in guest.contact_points})
    contact = guest_contacts.c
    rows = await connection.execute(
        select(contact.hotel_id, contact.kind, contact.value)
        .where(
            contact.hotel_id.in_({guest.hotel_id for guest in found}),
            any_pair_of(connection.dialect, (contact.kind, contact.value), pairs),
        )
        .group_by(contact.hotel_id, contact.kind, contact.value)
        .having(func.count() >= SHARED_FROM)
    )
    return {(row.hotel_id, row.kind, row.value) for row in rows}
