"""Guests as Cloudbeds tells them, made into snapshots. It has no language, loyalty tier or VIP mark in this interface.

Nor is there a modification instant worth keeping: the lists have none, and where there is one it has no time zone. So
the newest reading counts.
"""

import unicodedata
from collections.abc import Iterable

from jack.adapters.pms.cloudbeds.fields import FieldBook
from jack.adapters.pms.cloudbeds.payloads import CustomField, ListedGuest, SingleGuest, Word, is_true, text
from jack.adapters.vendor_api.records import texts
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot

SYSTEM = "cloudbeds"
"""The `system` of every reference."""

RELAYS = ("guest.booking.com", "m.expediapartnercentral.com", "guest.airbnb.com", "reply.airbnb.com")
"""Where booking sites forward mail: an address there lives as long as one booking and says nothing about who writes."""


def guest_from_list(found: ListedGuest, key: str, fields: FieldBook) -> GuestSnapshot:
    """A guest of a list, whose key stands in the list. Raises DomainError for a key that cannot be one."""
    return _snapshot(
        key,
        (text(found.guest_first_name), text(found.guest_last_name), text(found.guest_name)),
        (found.guest_phone, found.guest_cell_phone),
        found.guest_email,
        found.guest_country,
        found.company_name,
        found.custom_fields,
        fields,
        anonymous=is_true(found.is_anonymized),
    )


def guest_alone(found: SingleGuest, key: str, fields: FieldBook) -> GuestSnapshot:
    """The guest that `getGuest` was asked for under that key."""
    return _snapshot(
        key,
        (text(found.first_name), text(found.last_name), ""),
        (found.phone, found.cell_phone),
        found.email,
        found.country,
        found.company_name,
        found.custom_fields,
        fields,
        anonymous=is_true(found.is_anonymized),
    )


def guest_by_name(key: str, name: str) -> GuestSnapshot:
    """A guest of whom a booking says no more than a whole name, which nobody can part."""
    return GuestSnapshot(ref=ExternalRef(system=SYSTEM, key=key), first_name="", last_name=name)


def is_person(guest: ListedGuest) -> bool:
    """False for an entry that names a company and nobody."""
    return not text(guest.company_name) or bool(text(guest.guest_first_name) or text(guest.guest_last_name))


def merged_into(found: ListedGuest | SingleGuest) -> str | None:
    """The key of the guest that this one has become a part of."""
    return (text(found.new_guest_id) or None) if is_true(found.is_merged) else None


def folded(words: str) -> str:
    """Words without accents and capitals, for comparing."""
    plain = unicodedata.normalize("NFKD", words)
    return " ".join("".join(ch for ch in plain if not unicodedata.combining(ch)).casefold().split())


def digits(words: str) -> str:
    """The digits of a telephone number."""
    return "".join(ch for ch in words if ch.isdigit())


def _snapshot(
    key: str,
    names: tuple[str, str, str],
    phones: tuple[Word, Word],
    email: Word,
    country: Word,
    company: Word,
    custom_fields: Iterable[CustomField] | dict[str, CustomField] | str | None,
    fields: FieldBook,
    *,
    anonymous: bool,
) -> GuestSnapshot:
    ref = ExternalRef(system=SYSTEM, key=key)
    if anonymous:  # whatever a placeholder stands in the fields, it is nobody's
        return GuestSnapshot(ref=ref, first_name="", last_name="")
    first, last, whole = names
    if not first and not last:
        if text(company):  # a company is written to at its own address, which is no guest's
            return GuestSnapshot(ref=ref, first_name="", last_name=text(company))
        last = whole
    address = text(email)
    where = text(country)
    return GuestSnapshot(
        ref=ref,
        first_name=first,
        last_name=last,
        country=where.upper() if len(where) == 2 and where.isascii() and where.isalpha() else None,
        phones=texts(text(phones[0]), text(phones[1])),
        emails=(address,) if address and not address.lower().endswith(RELAYS) else (),
        preferences=fields.preferences(custom_fields) if custom_fields else (),
    )
