"""Guests: customers of Mews as snapshots. Pure mapping."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jack.adapters.pms.mews.payloads import AccountNote, Customer, Membership, ServiceOrderNote, is_so
from jack.adapters.pms.mews.words import CLASSIFICATIONS, NO_GUESTS, PREFERENCE_NOTES, SYSTEM, VIP, WISHES
from jack.adapters.vendor_api.records import present, read_instant, texts
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot, PreferenceSnapshot, RejectedRecord, UnknownValue

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z]{4}(?=[-_]))?(?:[-_]([A-Za-z0-9]{2,8}))?")
"""A language, perhaps a script (`sr-Latn-RS`), which is not kept, and perhaps a region."""
_COUNTRY = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A customer who was read: the snapshot, whether it is a guest at all (and no account of the house), and whether
    Mews still has it.
    """

    snapshot: GuestSnapshot
    is_guest: bool = True
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Everything that a page of reservations points at.

    `people` by customer id (also by the ids of those who were merged into them), `broken` are reasons by the id of a
    customer that cannot be read, `companies` names by company id, `companions` customer ids and `wishes` texts by
    reservation id. `merged` are customers who were merged into others: a name by which nobody is reached any more.
    """

    people: Mapping[str, Person] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)
    companies: Mapping[str, str] = field(default_factory=dict)
    companions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wishes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    merged: tuple[GuestSnapshot, ...] = ()
    rejected: tuple[RejectedRecord, ...] = ()
    unknown: tuple[UnknownValue, ...] = ()


def person_of(
    customer: Customer, tier: str | None, notes: Iterable[AccountNote], unknown: dict[UnknownValue, None]
) -> Person:
    """A customer as a person. Words that nobody knows are added to `unknown`, their fields stay empty.

    Raises Unreadable and DomainError. Of a deleted customer only the name is left: nobody can be reached there.
    """
    words = frozenset(customer.classifications or ())
    for word in words - CLASSIFICATIONS:
        unknown[UnknownValue(field="customer.Classifications", value=word)] = None
    active = is_so(customer.is_active, otherwise=True)
    is_guest = not words & NO_GUESTS
    reachable = active and is_guest
    snapshot = GuestSnapshot(
        ref=ExternalRef(system=SYSTEM, key=customer.id),
        first_name=present(customer.first_name) or "",
        last_name=present(customer.last_name) or "",
        language=_language(customer.preferred_language_code, unknown),
        country=_country(customer.nationality_code, unknown),
        loyalty_tier=tier,
        vip=not words.isdisjoint(VIP),
        phones=_verbatim(customer.phone) if reachable else (),
        # an address of a booking portal reaches whoever booked there, and proves nothing of who writes
        emails=_verbatim(customer.email) if reachable and not is_so(customer.has_ota_email) else (),
        preferences=_preferences(customer, notes) if active else (),
        modified_at=read_instant(customer.updated_utc, "time of the guest's last change"),
    )
    return Person(snapshot=snapshot, is_guest=is_guest, is_active=active)


def tiers_by_account(memberships: Iterable[Membership], tiers: Mapping[str, str]) -> dict[str, str]:
    """The tier of each account's enrolled membership, of the primary one where there are several."""
    found: dict[str, tuple[bool, str]] = {}
    for membership in memberships:
        tier = tiers.get(membership.loyalty_tier_id or "")
        if membership.account_id and tier and membership.state == "Enrolled":
            primary = is_so(membership.is_primary)
            if membership.account_id not in found or (primary and not found[membership.account_id][0]):
                found[membership.account_id] = (primary, tier)
    return {account: tier for account, (_, tier) in found.items()}


def wishes_by_stay(notes: Sequence[ServiceOrderNote]) -> dict[str, tuple[str, ...]]:
    """What guests wish, by reservation, in the order in which it was written."""
    found: dict[str, list[ServiceOrderNote]] = {}
    for note in reversed(notes):  # Mews tells the newest first
        if note.order_id and note.type in WISHES:
            found.setdefault(note.order_id, []).append(note)
    return {
        stay: texts(*(note.text for note in sorted(notes, key=lambda note: note.created_utc or "")))
        for stay, notes in found.items()
    }


def _verbatim(text: str | None) -> tuple[str, ...]:
    return (text,) if text and not text.isspace() else ()


def _language(code: str | None, unknown: dict[UnknownValue, None]) -> str | None:
    given = present(code)
    if given is None:
        return None
    match = _LANGUAGE.fullmatch(given)
    if match is None:
        unknown[UnknownValue(field="customer.PreferredLanguageCode", value=given)] = None
        return None
    language, region = match[1].lower(), match[2]
    return f"{language}-{region.upper() if len(region) == 2 else region}" if region else language


def _country(code: str | None, unknown: dict[UnknownValue, None]) -> str | None:
    given = present(code)
    if given is None:
        return None
    if _COUNTRY.fullmatch(given) is None:
        unknown[UnknownValue(field="customer.NationalityCode", value=given)] = None
        return None
    return given.upper()


def _preferences(customer: Customer, notes: Iterable[AccountNote]) -> tuple[PreferenceSnapshot, ...]:
    stated = [("diet", customer.dietary_requirements)]
    stated += [("room", feature) for feature in customer.preferred_space_features or ()]
    for note in notes:
        category = next((PREFERENCE_NOTES[c] for c in note.classifications or () if c in PREFERENCE_NOTES), None)
        if category and is_so(note.is_active, otherwise=True):
            stated.append((category, note.content))
    found = dict.fromkeys((category, value) for category, text in stated if (value := present(text)))
    return tuple(PreferenceSnapshot(category=category, value=value) for category, value in found)
