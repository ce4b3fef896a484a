"""The demo hotel's people as its PMS keeps them: references, contacts, tiers and tastes."""

import random
from dataclasses import dataclass
from datetime import datetime

from jack.adapters.pms.mock.contacts import mail_address, phone_book
from jack.adapters.pms.mock.gateway import SYSTEM
from jack.adapters.pms.mock.people import Party, Person
from jack.adapters.pms.mock.wishes import tastes
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot, PreferenceSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody of a party as a guest of this hotel: everything that time does not change."""

    ref: ExternalRef
    person: Person
    loyalty_tier: str | None
    vip: bool
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    preferences: tuple[PreferenceSnapshot, ...]


def introduce(parties: tuple[Party, ...], region: str, chance: random.Random) -> list[tuple[Member, ...]]:
    """The members of each party, the main guest first; `region` is the hotel's."""
    phones = phone_book(parties, region, chance)
    return [
        tuple(
            _member(f"guest-{number}-{place}", person, party, phones[person], chance)
            for place, person in enumerate(party.people, start=1)
        )
        for number, party in enumerate(parties, start=1)
    ]


def as_guest(member: Member, modified_at: datetime | None, noted: tuple[PreferenceSnapshot, ...] = ()) -> GuestSnapshot:
    """The member as the PMS tells it, with what was noted lately."""
    return GuestSnapshot(
        ref=member.ref,
        first_name=member.person.first_name,
        last_name=member.person.last_name,
        language=member.person.language,
        country=member.person.country,
        loyalty_tier=member.loyalty_tier,
        vip=member.vip,
        phones=member.phones,
        emails=member.emails,
        preferences=member.preferences + noted,
        modified_at=modified_at,
    )


def _member(key: str, person: Person, party: Party, phones: tuple[str, ...], chance: random.Random) -> Member:
    tier = chance.choices((None, "Silver", "Gold", "Platinum"), (55, 22, 15, 8))[0]
    main = person is party.people[0]
    return Member(
        ref=ExternalRef(system=SYSTEM, key=key),
        person=person,
        loyalty_tier=tier if main else None,
        vip=main and (tier == "Platinum" or chance.random() < 0.04),
        phones=phones,
        emails=(mail_address(person, party, chance),) if main or chance.random() < 0.5 else (),
        preferences=tastes(chance) if main else (),
    )
