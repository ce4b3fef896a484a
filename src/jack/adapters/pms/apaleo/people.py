"""Guests as apaleo has them: inside a reservation, without an identity of their own."""

import re
from collections.abc import Iterator
from typing import TypeGuard

from jack.adapters.pms.apaleo.payloads import Person, Reservation
from jack.adapters.vendor_api.records import present, texts
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot, UnknownValue

SYSTEM = "apaleo"
"""The `system` of every reference that apaleo's adapter gives."""

PRIMARY = "primary"
ADDITIONAL = "additional"

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_RELAYS = ("@guest.booking.com", "@m.expediapartnercentral.com", "@guest.airbnb.com", "@reply.airbnb.com")
"""Ends of addresses that a portal makes for one booking: they are nobody's."""


def primary_key(reservation_id: str) -> str:
    """The key that Jack makes for the main guest of a reservation."""
    return f"{reservation_id}:{PRIMARY}"


def additional_key(reservation_id: str, place: int) -> str:
    """The key of an additional guest: by their place, as apaleo keeps these lists in order (github.com/apaleo/api,
    issue 97)."""
    return f"{reservation_id}:{ADDITIONAL}:{place}"


def reservation_in(key: str) -> str:
    """The reservation in which the guest of that key is to be found."""
    head, _, tail = key.rpartition(":")
    if tail == PRIMARY:
        return head
    head, _, role = head.rpartition(":")
    return head if role == ADDITIONAL and tail.isdecimal() else key


def main_guest(found: Reservation, unknown: list[UnknownValue]) -> GuestSnapshot:
    """The main guest. Without one the booker's name stands in, with no contact point: who booked may never come."""
    ref = _ref(primary_key(found.id))
    primary = found.primary_guest
    if _is_somebody(primary):
        return guest_of(primary, ref, unknown)
    booker = found.booker
    if booker is not None and (_name(booker.last_name) or _name(booker.first_name)):
        return GuestSnapshot(ref=ref, first_name=_name(booker.first_name), last_name=_name(booker.last_name))
    company = found.company or (booker.company if booker else None)
    return GuestSnapshot(ref=ref, first_name="", last_name=_name(company.name) if company else "")


def companions(found: Reservation, unknown: list[UnknownValue]) -> Iterator[GuestSnapshot]:
    """The additional guests of whom anything is known."""
    for place, person in enumerate(found.additional_guests or ()):
        if _is_somebody(person):
            yield guest_of(person, _ref(additional_key(found.id, place)), unknown)


def guest_of(person: Person, ref: ExternalRef, unknown: list[UnknownValue]) -> GuestSnapshot:
    """One person; words that are no language or country go to `unknown`."""
    lives_in = person.address.country_code if person.address else None
    return GuestSnapshot(
        ref=ref,
        first_name=_name(person.first_name),
        last_name=_name(person.last_name),
        language=_language(person.preferred_language, unknown),
        country=_country(lives_in or person.nationality_country_code, unknown),
        phones=texts(_open(person.phone)),
        emails=texts(_direct(_open(person.email))),
    )


def shows_phone(person: Person | None) -> bool:
    """True where apaleo shows a phone number of that person, and no mask in its place."""
    number = _open(person.phone) if person is not None else None
    return number is not None and any(map(str.isdecimal, number))


def _is_somebody(person: Person | None) -> TypeGuard[Person]:
    if person is None:
        return False
    return bool(_name(person.last_name) or _name(person.first_name) or texts(_open(person.phone), _open(person.email)))


def _ref(key: str) -> ExternalRef:
    return ExternalRef(system=SYSTEM, key=key)


def _name(text: str | None) -> str:
    return present(_open(text)) or ""


def _open(text: str | None) -> str | None:
    """The text, unless it is masked: without its switch for personal data apaleo may show stars instead."""
    return None if text is not None and "**" in text else text


def _direct(email: str | None) -> str | None:
    return None if email is not None and email.strip().lower().endswith(_RELAYS) else email


def _language(text: str | None, unknown: list[UnknownValue]) -> str | None:
    given = present(text)
    if given is None:
        return None
    tag = given.lower().replace("_", "-")
    if _LANGUAGE.fullmatch(tag):
        return tag
    unknown.append(UnknownValue(field="guest.preferredLanguage", value=given))
    return None


def _country(text: str | None, unknown: list[UnknownValue]) -> str | None:
    given = present(text)
    if given is None:
        return None
    if len(given) == 2 and given.isascii() and given.isalpha():
        return given.upper()
    unknown.append(UnknownValue(field="guest.countryCode", value=given))
    return None
