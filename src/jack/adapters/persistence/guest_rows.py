"""Guests as rows."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from jack.adapters.persistence.bulk import Encoding
from jack.adapters.persistence.column_types import from_json, to_json
from jack.adapters.persistence.tables import guest_preferences
from jack.domain.contact import ContactKind, ContactPoint
from jack.domain.guest import Guest, Preference, Source
from jack.domain.ids import ExternalRef, GuestId, HotelId, PreferenceId

stated_columns = (
    guest_preferences.c.id.label("stated_id"),
    guest_preferences.c.category.label("stated_category"),
    guest_preferences.c.value.label("stated_value"),
    guest_preferences.c.source.label("stated_source"),
    guest_preferences.c.noted_at.label("stated_at"),
)
"""The columns of one stated preference beside those of its guest."""


def folded(text: str) -> str:
    """`text` for sorting and searching: without case and accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()


LONGEST_NAME_KEY = 450
"""Folding can make a name many times longer, and PostgreSQL's indexes take 2,700 bytes at most."""


def name_key(first_name: str, last_name: str) -> str:
    """What guests are sorted and found by: last name, then first name, without case and accents."""
    return folded(f"{last_name}\t{first_name}")[:LONGEST_NAME_KEY]


def guest_to_row(guest: Guest, fingerprint: str | None, encoding: Encoding) -> tuple[Any, ...]:
    """The values of a guest in the order of the table's columns: all that the PMS says, nothing that others stated."""
    first = guest.external_refs[0] if guest.external_refs else None
    further = guest.external_refs[1:]
    return (
        guest.id,
        guest.hotel_id,
        first.system if first else None,
        first.key if first else None,
        guest.first_name,
        guest.last_name,
        name_key(guest.first_name, guest.last_name),
        guest.language,
        guest.country,
        guest.loyalty_tier,
        guest.vip,
        to_json(
            [point.kind.value, point.value, point.readable, point.assumed_region, point.shared]
            for point in guest.contact_points
        ),
        to_json(
            [p.id, p.category, p.value, p.noted_at.isoformat()] for p in guest.preferences if p.source is Source.PMS
        ),
        to_json([ref.system, ref.key] for ref in further),
        encoding.instant(guest.modified_at),
        encoding.instant(guest.synced_at),
        fingerprint if not further else None,
    )


def contact_rows(guest: Guest) -> set[tuple[str, str, str, str, bool]]:
    """(hotel, kind, value, guest, readable) for every contact point, each value once."""
    readable: dict[tuple[str, str], bool] = {}
    for point in guest.contact_points:
        key = (point.kind.value, point.value)
        readable[key] = readable.get(key, False) or point.readable
    return {(guest.hotel_id, kind, value, guest.id, can_be_read) for (kind, value), can_be_read in readable.items()}


def guest_from_rows(rows: Sequence[Row[Any]]) -> Guest:
    """The guest of rows that differ only in the stated preference beside it."""
    row = rows[0]
    return Guest(
        id=GuestId(row.id),
        hotel_id=HotelId(row.hotel_id),
        first_name=row.first_name,
        last_name=row.last_name,
        language=row.language,
        country=row.country,
        loyalty_tier=row.loyalty_tier,
        vip=row.vip,
        contact_points=contact_points_from_json(row.contact_points),
        preferences=(*_pms_preferences(row.preferences), *_stated(rows)),
        external_refs=refs_of(row),
        modified_at=row.modified_at,
        synced_at=row.synced_at,
    )


def contact_points_from_json(text: str) -> tuple[ContactPoint, ...]:
    """The contact points in their order."""
    return tuple(
        ContactPoint(
            kind=ContactKind(kind), value=value, readable=readable, assumed_region=assumed_region, shared=shared
        )
        for kind, value, readable, assumed_region, shared in from_json(text)
    )


def refs_of(row: Row[Any]) -> tuple[ExternalRef, ...]:
    """The external references of a guest's row, the first one first."""
    if row.pms_system is None:
        return ()
    first = ExternalRef(system=row.pms_system, key=row.pms_key)
    return (first, *(ExternalRef(system=system, key=key) for system, key in from_json(row.further_refs)))


def _pms_preferences(text: str) -> tuple[Preference, ...]:
    return tuple(
        Preference(
            id=PreferenceId(preference_id),
            category=category,
            value=value,
            source=Source.PMS,
            noted_at=datetime.fromisoformat(noted_at),
        )
        for preference_id, category, value, noted_at in from_json(text)
    )


def _stated(rows: Sequence[Row[Any]]) -> tuple[Preference, ...]:
    stated = [
        Preference(
            id=PreferenceId(row.stated_id),
            category=row.stated_category,
            value=row.stated_value,
            source=Source(row.stated_source),
            noted_at=row.stated_at,
        )
        for row in rows
        if row.stated_id is not None
    ]
    return tuple(sorted(stated, key=lambda preference: (preference.noted_at, preference.id)))
