"""Guests in SQL: one wide row for what the PMS says, rows of their own for what others stated."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, union_all

from jack.adapters.persistence.bulk import by_system, held_keys, many
from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.guest_rows import guest_from_rows, name_key, stated_columns
from jack.adapters.persistence.guest_saving import save_guests
from jack.adapters.persistence.tables import guest_contacts, guest_preferences, guest_refs
from jack.adapters.persistence.tables import guests as table
from jack.adapters.persistence.upsert import any_of, any_pair_of
from jack.application.errors import Conflict
from jack.application.ports.stays_store import NO_FINGERPRINTS, Guests
from jack.domain.contact import ContactKind
from jack.domain.guest import Guest, Preference
from jack.domain.ids import ExternalRef, GuestId, HotelId, PreferenceId

# one row for a guest without stated preferences, otherwise one row for each of them
_WHOLE = select(table, *stated_columns).outerjoin(guest_preferences, guest_preferences.c.guest_id == table.c.id)

_FINGERPRINTS = {
    dialect: held_keys(dialect, "guests", "pms_key, id, fingerprint")
    + " UNION ALL "
    + held_keys(dialect, "guest_refs", '"key", guest_id, NULL', system="system", key="key")
    for dialect in ("sqlite", "postgresql")
}


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

    async def fingerprints(
        self, hotel_id: HotelId, refs: Sequence[ExternalRef]
    ) -> dict[ExternalRef, tuple[GuestId, str | None]]:
        dialect = self.connection.dialect
        found: dict[ExternalRef, tuple[GuestId, str | None]] = {}
        for system, by_key in by_system(refs):
            rows = await self.connection.fetch(_FINGERPRINTS[dialect], hotel_id, system, many(dialect, by_key))
            found.update({by_key[key]: (guest_id, fingerprint) for key, guest_id, fingerprint in rows})
        return found

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

    async def save_synced(
        self,
        guests: Sequence[Guest],
        *,
        overwrite: bool = False,
        fingerprints: Mapping[GuestId, str] = NO_FINGERPRINTS,
        fresh: Collection[GuestId] = (),
    ) -> None:
        await save_guests(self.connection, guests, fingerprints, frozenset(fresh), overwrite=overwrite)

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
