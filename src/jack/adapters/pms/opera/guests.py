"""From OPERA's profiles to guests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from jack.adapters.pms.opera.languages import Languages
from jack.adapters.pms.opera.payloads import (
    CommentInfo,
    Customer,
    Membership,
    Name,
    PreferenceGroup,
    PreferenceGroups,
    Profile,
    ProfileInfo,
)
from jack.adapters.pms.opera.values import SYSTEM, Unknowns, flag, id_of, text, version_time, word
from jack.adapters.vendor_api.records import present, texts
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot, PreferenceSnapshot

PERSONS = frozenset({"", "guest", "contact", "employee"})
"""Profile types of people; the others are companies, agents, groups and sources."""

NO_PHONES = frozenset({"fax", "email", "web", "webpage"})
"""Kinds of entries among the telephones that reach nobody by voice or message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What a stay adds to the profile of its main guest."""

    memberships: Sequence[Membership] = ()
    preferences: Sequence[PreferenceGroup] = ()
    comments: Sequence[CommentInfo] = ()


NOTHING_NOTED = Noted()


def profile_id(info: ProfileInfo | None) -> str | None:
    """The id of a profile."""
    return id_of(info.profile_id_list, "profile") if info is not None else None


def is_person(*told: Profile | None) -> bool:
    """False for the profile of a company, an agent, a group or a source."""
    return all(word(profile.profile_type) in PERSONS for profile in told if profile is not None)


def company_name(*told: Profile | None) -> str:
    """What a company is called."""
    for profile in told:
        if profile is not None:
            name = present(profile.company.company_name) if profile.company else None
            if name := name or _names(profile)[1]:
                return name
    return ""


def guest_of(
    key: str,
    told: Sequence[Profile],
    *,
    zone: ZoneInfo,
    languages: Languages,
    unknown: Unknowns,
    noted: Noted = NOTHING_NOTED,
) -> GuestSnapshot:
    """The guest of that key, from their profile and what else told of it: for each fact the first that has it.

    A guest whom OPERA made anonymous keeps the reference and nothing else.
    """
    ref = ExternalRef(system=SYSTEM, key=key)
    if any(_is_anonymous(profile.customer) for profile in told):
        return GuestSnapshot(ref=ref, first_name="", last_name="")
    names = next((found for found in map(_names, told) if any(found)), ("", ""))
    customers = [profile.customer for profile in told if profile.customer is not None]
    memberships = [_memberships(profile) for profile in told]
    return GuestSnapshot(
        ref=ref,
        first_name=names[0],
        last_name=names[1],
        language=languages.read(next(filter(present, (c.language for c in customers)), None), unknown),
        country=_country(told, customers, unknown),
        loyalty_tier=next(filter(None, map(_tier, (*memberships, noted.memberships))), None),
        vip=any(text(customer.vip_status) for customer in customers),
        phones=next(filter(None, map(_phones, told)), ()),
        emails=next(filter(None, map(_emails, told)), ()),
        preferences=_preferences(told, noted),
        modified_at=next(filter(None, (version_time(p.last_modify_date_time, zone) for p in told)), None),
    )


def groups_of(found: PreferenceGroups | Sequence[PreferenceGroup] | None) -> Sequence[PreferenceGroup]:
    """The groups of preferences, in a profile's form or a reservation's."""
    if isinstance(found, PreferenceGroups):
        return found.preference_type or ()
    return found or ()


def values_of(group: PreferenceGroup) -> Iterable[str]:
    """The preferences of a group as people read them."""
    for preference in group.preference or ():
        value = present(preference.description) or present(preference.preference_value)
        if value:
            yield value


def words_of(info: CommentInfo) -> str | None:
    """The text of a note that is not for staff alone."""
    comment = info.comment
    if comment is None or comment.text is None or flag(comment.internal) or flag(comment.confidential):
        return None
    return present(comment.text.value)


def _is_anonymous(customer: Customer | None) -> bool:
    told = customer.anonymization if customer is not None else None
    return told is not None and word(told.anonymization_status) == "anonymized"


def _names(profile: Profile) -> tuple[str, str]:
    given = (profile.customer.person_name if profile.customer is not None else None) or []
    name = next((n for n in given if word(n.name_type) == "primary"), given[0] if given else Name())
    return (name.given_name or "").strip(), (name.surname or "").strip()


def _phones(profile: Profile) -> tuple[str, ...]:
    entries = (profile.telephones.telephone_info if profile.telephones is not None else None) or ()
    numbers = [e.telephone for e in entries if e.telephone is not None]
    numbers = [n for n in numbers if word(n.phone_tech_type) not in NO_PHONES]
    if len(numbers) > 1:
        numbers.sort(key=lambda number: not flag(number.primary_ind))
    # as OPERA has them, edges included: the reading of numbers is the application's
    return tuple(dict.fromkeys(str(n.phone_number) for n in numbers if text(n.phone_number)))


def _emails(profile: Profile) -> tuple[str, ...]:
    entries = (profile.emails.email_info if profile.emails is not None else None) or ()
    addresses = [e.email for e in entries if e.email is not None]
    if len(addresses) > 1:
        addresses.sort(key=lambda address: not flag(address.primary_ind))
    return texts(*(address.email_address for address in addresses))


def _memberships(profile: Profile) -> Sequence[Membership]:
    return (profile.profile_memberships.profile_membership if profile.profile_memberships is not None else None) or ()


def _tier(memberships: Sequence[Membership]) -> str | None:
    """The level of the membership that counts: no inactive one, rather the preferred card, else the primary one."""
    good = [m for m in memberships if not flag(m.inactive) and (m.membership_level or m.membership_level_description)]
    if not good:
        return None
    best = min(good, key=lambda m: (not flag(m.preferred_card), not flag(m.primary_membership)))
    return text(best.membership_level) or present(best.membership_level_description)


def _country(told: Sequence[Profile], customers: Sequence[Customer], unknown: Unknowns) -> str | None:
    """Where somebody lives, by the primary address; else their nationality."""
    codes: list[str | None] = []
    for profile in told:
        entries = (profile.addresses.address_info if profile.addresses is not None else None) or ()
        found = [entry.address for entry in entries if entry.address is not None and entry.address.country is not None]
        if len(found) > 1:
            found.sort(key=lambda address: not flag(address.primary_ind))
        codes += [address.country.iso_code or address.country.code for address in found if address.country]
    codes += [customer.nationality for customer in customers]
    codes += [customer.citizen_country.code for customer in customers if customer.citizen_country is not None]
    code = next(filter(None, map(present, codes)), None)
    if code is None:
        return None
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code.upper()
    unknown.note("guest.country", code)
    return None


def _preferences(told: Sequence[Profile], noted: Noted) -> tuple[PreferenceSnapshot, ...]:
    """What the profile and the stay say, each once, and the profile's notes that OPERA expressly lets guests see."""
    found: dict[PreferenceSnapshot, None] = {}
    for groups in (*(groups_of(profile.preference_collection) for profile in told), noted.preferences):
        for group in groups:
            category = present(group.preference_type_description) or present(group.preference_type) or "preference"
            for value in values_of(group):
                found[PreferenceSnapshot(category=category, value=value)] = None
    profiles = (profile.comments.comment_info or () for profile in told if profile.comments is not None)
    for comments in (*profiles, noted.comments):
        for info in comments:
            if info.comment is not None and info.comment.internal in (False, "false") and (words := words_of(info)):
                found[PreferenceSnapshot(category="note", value=words)] = None
    return tuple(found)
