"""How the guests of the demo hotel can be reached: by numbers that nobody has.

Where a country keeps numbers for drama that its numbering plan counts as valid, these are used:

* United States and Canada: 555-0100 to 555-0199 in any area code (NANPA)
* United Kingdom: 020 7946 0000 to 0999 (Ofcom); the mobile range 07700 900 is not valid in the plan
* Germany: 030 23125 000 to 999 (Bundesnetzagentur)
* France: 01 99 00 00 00 to 99 (ARCEP)
* Sweden: 070 174 06 05 to 06 99 (PTS)
* Australia: 02 5550 0000 to 9999 (ACMA)

Guests of other countries have the one number that `phonenumbers` itself shows as the example of its country's mobile
numbers, at most one guest for each country. E-mail addresses end in example domains (RFC 2606).
"""

import random
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from jack.adapters.pms.mock.people import Oddity, Party, Person

UNREADABLE: Final = "ask at desk"

_AMERICAN_AREAS: Final = ("212", "312", "415", "617", "206", "303", "504", "702", "305", "512")
_CANADIAN_AREAS: Final = ("416", "604", "514", "403")
_MAIL_HOSTS: Final = ("example.com", "example.org", "mail.example", "post.example")


def phone_book(parties: tuple[Party, ...], region: str, chance: random.Random) -> Mapping[Person, tuple[str, ...]]:
    """The phones of everybody as the hotel's PMS holds them; `region` is the hotel's own."""
    numbers = {country: _shuffled(numbers, chance) for country, numbers in _reserved().items()}
    agency = next(numbers["GB"])
    found: dict[Person, tuple[str, ...]] = {}
    for party in parties:
        own = _own_phones(party, numbers, agency, region)
        found[party.people[0]] = own
        for companion in party.people[1:]:
            if party.oddity is Oddity.SHARED_PHONE:
                found[companion] = own
            else:
                has_one = companion.country in numbers and chance.random() < 0.4
                found[companion] = (next(numbers[str(companion.country)]),) if has_one else ()
    return _without_doubles(found, parties)


def mail_address(person: Person, party: Party, chance: random.Random) -> str:
    """An e-mail address made of the name; an agency's guests all have the agency's."""
    if party.oddity is Oddity.AGENCY:
        return "groups@golden-years-tours.example"
    words = [_plain(person.first_name), _plain(person.last_name)]
    local = ".".join(word for word in words if word)[:60].strip(".") or "guest"
    return f"{local}@{chance.choice(_MAIL_HOSTS)}"


def _own_phones(party: Party, numbers: Mapping[str, Iterator[str]], agency: str, region: str) -> tuple[str, ...]:
    odd = {
        Oddity.NO_PHONE: (),
        Oddity.UNREADABLE_PHONE: (UNREADABLE,),
        Oddity.AGENCY: (agency,),
        Oddity.NATIONAL_PHONE: _example(region, PhoneNumberFormat.NATIONAL),
    }
    country = party.people[0].country
    if party.oddity in odd:
        return odd[party.oddity]
    if country is not None and country in numbers:
        return (next(numbers[country]),)
    # The hotel's own example number is the one in national form.
    return () if country is None or country == region else _example(country, PhoneNumberFormat.E164)


def _reserved() -> dict[str, list[str]]:
    return {
        "US": [f"+1{area}55501{n:02}" for area in _AMERICAN_AREAS for n in range(100)],
        "CA": [f"+1{area}55501{n:02}" for area in _CANADIAN_AREAS for n in range(100)],
        "GB": [f"+442079460{n:03}" for n in range(1000)],
        "DE": [f"+493023125{n:03}" for n in range(1000)],
        "FR": [f"+33199{n:06}" for n in range(10000)],
        "SE": [f"+46701740{n}" for n in range(605, 700)],
        "AU": [f"+6125550{n:04}" for n in range(10000)],
    }


def _shuffled(numbers: list[str], chance: random.Random) -> Iterator[str]:
    return iter(chance.sample(numbers, min(len(numbers), 90)))


def _example(country: str, form: int) -> tuple[str, ...]:
    number = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    return (phonenumbers.format_number(number, form),) if number else ()


def _without_doubles(
    phones: dict[Person, tuple[str, ...]], parties: tuple[Party, ...]
) -> Mapping[Person, tuple[str, ...]]:
    """Two guests of one country would get the same example number: only the first keeps it, unless it is meant."""
    shared = {Oddity.SHARED_PHONE, Oddity.AGENCY}
    meant = {person for party in parties if party.oddity in shared for person in party.people}
    taken: set[str] = set()
    for person, own in phones.items():
        if person not in meant:
            phones[person] = tuple(phone for phone in own if phone not in taken)
        taken.update(own)
    return phones


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return re.sub(r"[^a-z]+", "-", decomposed.encode("ascii", "ignore").decode()).strip("-")
