"""Saving what the PMS says of guests: many at once, and nothing twice."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from jack.adapters.persistence import bulk
from jack.adapters.persistence.bulk import by_system, many, one_of
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.guest_rows import contact_rows, guest_to_row
from jack.adapters.persistence.tables import guest_contacts, guest_refs, guests
from jack.adapters.persistence.upsert import later_ones, stored_ones
from jack.application.errors import Conflict
from jack.domain.guest import Guest
from jack.domain.ids import ExternalRef, GuestId, HotelId


async def save_guests(
    connection: SqlConnection,
    given: Sequence[Guest],
    fingerprints: Mapping[GuestId, str],
    fresh: frozenset[GuestId],
    *,
    overwrite: bool,
) -> None:
    """Plays Guests.save_synced."""
    # in order of their ids, so that two who write the same guests never wait for one another in a circle
    newest = {guest.id: guest for guest in sorted(given, key=lambda guest: guest.id)}
    if not newest:
        return
    others = [guest for guest in newest.values() if guest.id not in fresh]
    await _refuse_refs_of_others(connection, others)
    stored = await stored_ones(connection, guests, [guest.id for guest in others])
    encoding = bulk.encoding(connection.dialect)
    rows = {g.id: guest_to_row(g, fingerprints.get(g.id), encoding) for g in newest.values()}
    await bulk.insert(connection, guests, [row for key, row in rows.items() if key not in stored])
    old = {key: newest[key] for key in newest if key in stored}
    if old:
        unless_later = None if overwrite else "modified_at"
        await bulk.replace(connection, guests, [rows[key] for key in old], unless_later=unless_later)
        for guest_id in [] if overwrite else await later_ones(connection, guests, old):
            del old[GuestId(guest_id)], newest[GuestId(guest_id)]
    await _replace(connection, guest_contacts, old, {row for guest in newest.values() for row in contact_rows(guest)})
    await _replace(
        connection,
        guest_refs,
        old,
        {(g.hotel_id, ref.system, ref.key, g.id) for g in newest.values() for ref in g.external_refs[1:]},
    )


async def _refuse_refs_of_others(connection: SqlConnection, given: Sequence[Guest]) -> None:
    """A reference stands in one of two tables, so no constraint sees both: look before writing.

    That two guests have the same first reference is refused by a constraint.
    """
    holders: dict[tuple[HotelId, ExternalRef], GuestId] = {}
    for guest in given:
        for ref in guest.external_refs:
            if holders.setdefault((guest.hotel_id, ref), guest.id) != guest.id:
                raise Conflict("another guest holds this external reference already")
    further = {(guest.hotel_id, ref) for guest in given for ref in guest.external_refs[1:]}
    for refs, (table, system, key, holder) in ((holders, _FURTHER), (further, _FIRST)):
        for hotel_id in {hotel_id for hotel_id, _ in refs}:
            for name, by_key in by_system(ref for held_at, ref in refs if held_at == hotel_id):
                sql = (
                    f"SELECT {key}, {holder} FROM {table}"  # noqa: S608  names from our own tables
                    f" WHERE hotel_id = $1 AND {system} = $2 AND {one_of(connection.dialect, key, 3)}"
                )
                found = await connection.fetch(sql, hotel_id, name, many(connection.dialect, by_key))
                if any(holders[hotel_id, by_key[ref]] != guest_id for ref, guest_id in found):
                    raise Conflict("another guest holds this external reference already")


_FURTHER = ("guest_refs", '"system"', '"key"', "guest_id")
_FIRST = ("guests", "pms_system", "pms_key", "id")


async def _replace(
    connection: SqlConnection, table: Table, old: Mapping[GuestId, Guest], wanted: set[tuple[Any, ...]]
) -> None:
    """Make these the rows that belong to the guests; only the `old` ones can have any."""
    held: set[tuple[Any, ...]] = set()
    if old:
        names = ", ".join(f'"{name}"' for name in [column.name for column in table.columns])
        sql = f"SELECT {names} FROM {table.name} WHERE {one_of(connection.dialect, 'guest_id', 1)}"  # noqa: S608
        held = {tuple(row) for row in await connection.fetch(sql, many(connection.dialect, old))}
    keys = [column.name for column in table.primary_key]
    places = [table.columns.keys().index(name) for name in keys]
    gone = [tuple(row[place] for place in places) for row in held - wanted]
    if gone:
        await bulk.delete(connection, table, keys, gone)
    await bulk.insert(connection, table, sorted(wanted - held))
