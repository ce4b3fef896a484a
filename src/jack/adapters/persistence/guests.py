"""Guests in SQL: one wide row for what the PMS says, rows of their own for what others stated."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, select, tuple_, union_all

from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.guest_rows import contact_rows, guest_from_rows, guest_to_row, name_key, stated_columns
from jack.adapters.persistence.tables import guest_contacts, guest_preferences, guest_refs
from jack.adapters.persistence.tables import guests as table
from jack.adapters.persistence.upsert import any_of, any_pair_of, later_ones, upsert
from jack.application.errors import Conflict
from jack.application.ports.stays_store import Guests
from jack.domain.contact import ContactKind
from jack.domain.guest import Guest, Preference
from jack.domain.ids import ExternalRef, GuestId, HotelId, PreferenceId

# one row for a guest without stated preferences, otherwise one row for each of them
_WHOLE = select(table, *stated_columns).outerjoin(guest_preferences, guest_preferences.c.guest_id == table.c.id)


@dataclass(frozen=True, slots=True)
class SqlGuests(Guests):
    """Plays Guests inside one unit of work."""

    connection: SqlConnection

    async def get(self, hotel_id: HotelId, guest_id: GuestId) -> Guest | None:
        found = await self._where(table.c.hotel_id == hotel_id, table.c.id == guest_id)
        return found[0] if found else None

    async def by_refs(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> dict[ExternalRef, Guest]:
        found = await self._where(table.c.id.in_(self._holders(hotel_id, refs)))
        wanted = set(refs)
        return {ref: guest for guest in found for ref in guest.external_refs if ref in wanted}

    async def by_contact(
        self, hotel_id: HotelId, kind: ContactKind, values: Sequence[str], limit: int
    ) -> tuple[Guest, ...]:
        contact = guest_contacts.c
        holders = (
            select(contact.guest_id)
            .where(
                contact.hotel_id == hotel_id,
                contact.kind == kind.value,
                any_of(self.connection.dialect, contact.value, values),
                contact.readable,
            )
            .distinct()
            .order_by(contact.guest_id)
            .limit(limit)
        )
        return tuple(await self._where(table.c.id.in_(holders)))

    async def named(self, hotel_id: HotelId, names: Sequence[tuple[str, str]], limit: int) -> tuple[Guest, ...]:
        keys = [name_key(first, last) for first, last in names]
        wanted = (
            select(table.c.id)
            .where(table.c.hotel_id == hotel_id, any_of(self.connection.dialect, table.c.name_key, keys))
            .order_by(table.c.id)
            .limit(limit)
        )
        return tuple(await self._where(table.c.id.in_(wanted)))

    async def save_synced(self, guests: Sequence[Guest], *, overwrite: bool = False) -> None:
        # in order of their ids, so that two who write the same guests never wait for one another in a circle
        newest = {guest.id: guest for guest in sorted(guests, key=lambda guest: guest.id)}
        if not newest:
            return
        await self._refuse_refs_of_others(list(newest.values()))
        rows = [guest_to_row(guest) for guest in newest.values()]
        unless_later = None if overwrite else "modified_at"
        await self.connection.execute_many(upsert(self.connection.dialect, table, unless_later=unless_later), rows)
        if not overwrite:
            for guest_id in await later_ones(self.connection, table, newest):
                del newest[GuestId(guest_id)]
        await self._replace_contacts(newest)
        await self._replace_further_refs(newest)

    async def add_preference(self, hotel_id: HotelId, guest_id: GuestId, preference: Preference) -> None:
        if await self.get(hotel_id, guest_id) is None:
            raise Conflict("the guest is not known")
        row = {
            "id": preference.id,
            "hotel_id": hotel_id,
            "guest_id": guest_id,
            "category": preference.category,
            "value": preference.value,
            "source": preference.source.value,
            "noted_at": preference.noted_at,
        }
        await self.connection.execute(guest_preferences.insert(), row)

    async def remove_preference(self, hotel_id: HotelId, guest_id: GuestId, preference_id: PreferenceId) -> bool:
        stated = guest_preferences.c
        gone = await self.connection.execute(
            delete(guest_preferences).where(
                stated.id == preference_id, stated.hotel_id == hotel_id, stated.guest_id == guest_id
            )
        )
        return gone.rowcount == 1

    async def _where(self, *conditions: ColumnElement[bool]) -> list[Guest]:
        rows = await self.connection.execute(_WHOLE.where(*conditions).order_by(table.c.id))
        grouped: dict[str, list[Row[Any]]] = {}
        for row in rows:
            grouped.setdefault(row.id, []).append(row)
        return [guest_from_rows(group) for group in grouped.values()]

    def _holders(self, hotel_id: HotelId, refs: Iterable[ExternalRef]) -> Any:
        pairs = [(ref.system, ref.key) for ref in refs]
        dialect = self.connection.dialect
        return union_all(
            select(table.c.id).where(
                table.c.hotel_id == hotel_id, any_pair_of(dialect, (table.c.pms_system, table.c.pms_key), pairs)
            ),
            select(guest_refs.c.guest_id).where(
                guest_refs.c.hotel_id == hotel_id,
                any_pair_of(dialect, (guest_refs.c.system, guest_refs.c.key), pairs),
            ),
        )

    async def _refuse_refs_of_others(self, given: Sequence[Guest]) -> None:
        """A reference stands in one of two tables, so no constraint sees both: look before writing."""
        holders: dict[tuple[HotelId, ExternalRef], GuestId] = {}
        for guest in given:
            for ref in guest.external_refs:
                if holders.setdefault((guest.hotel_id, ref), guest.id) != guest.id:
                    raise Conflict("another guest holds this external reference already")
        for hotel_id in {guest.hotel_id for guest in given}:
            refs = [ref for held_at, ref in holders if held_at == hotel_id]
            further = guest_refs.c
            found = await self.connection.execute(
                select(table.c.pms_system, table.c.pms_key, table.c.id)
                .where(
                    table.c.hotel_id == hotel_id,
                    any_pair_of(
                        self.connection.dialect,
                        (table.c.pms_system, table.c.pms_key),
                        [(ref.system, ref.key) for ref in refs],
                    ),
                )
                .union_all(
                    select(further.system, further.key, further.guest_id).where(
                        further.hotel_id == hotel_id,
                        any_pair_of(
                            self.connection.dialect,
                            (further.system, further.key),
                            [(ref.system, ref.key) for ref in refs],
                        ),
                    )
                )
            )
            for row in found:
                if holders[hotel_id, ExternalRef(system=row.pms_system, key=row.pms_key)] != row.id:
                    raise Conflict("another guest holds this external reference already")

    async def _replace_contacts(self, given: dict[GuestId, Guest]) -> None:
        contact = guest_contacts.c
        stored = await self.connection.execute(
            select(contact.hotel_id, contact.kind, contact.value, contact.guest_id, contact.readable).where(
                any_of(self.connection.dialect, contact.guest_id, given)
            )
        )
        held = {tuple(row) for row in stored}
        wanted = {row for guest in given.values() for row in contact_rows(guest)}
        names = ("hotel_id", "kind", "value", "guest_id", "readable")
        await self.connection.execute_many(
            delete(guest_contacts).where(*(contact[name] == bindparam(f"old_{name}") for name in names[:4])),
            [{f"old_{name}": value for name, value in zip(names[:4], row, strict=False)} for row in held - wanted],
        )
        await self.connection.execute_many(
            guest_contacts.insert(), [dict(zip(names, row, strict=True)) for row in sorted(wanted - held)]
        )

    async def _replace_further_refs(self, given: dict[GuestId, Guest]) -> None:
        further = guest_refs.c
        columns = (further.hotel_id, further.system, further.key, further.guest_id)
        stored = await self.connection.execute(
            select(*columns).where(any_of(self.connection.dialect, further.guest_id, given))
        )
        held = {tuple(row) for row in stored}
        wanted = {
            (guest.hotel_id, ref.system, ref.key, guest.id)
            for guest in given.values()
            for ref in guest.external_refs[1:]
        }
        if held - wanted:
            await self.connection.execute(delete(guest_refs).where(tuple_(*columns).in_(list(held - wanted))))
        names = ("hotel_id", "system", "key", "guest_id")
        await self.connection.execute_many(
            guest_refs.insert(), [dict(zip(names, row, strict=True)) for row in sorted(wanted - held)]
        )
