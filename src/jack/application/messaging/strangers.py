"""Strangers: guests of the hotel whom a draft names although they have nothing to do with the sender."""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from jack.application.ports.unit_of_work import BeginReading
from jack.domain.contact import ContactKind
from jack.domain.context import ConversationContext
from jack.domain.disclosure import Protected, secrets_of_strangers
from jack.domain.hotel import Hotel
from jack.domain.matching import AFTER_DEPARTURE

MOST = 1000
"""How many words of one kind are looked up; a draft of a few sentences has fewer."""

_CODE = re.compile(r"(?=[\w-]*\d)\w[\w-]*")
_NAME = re.compile(r"[^\W\d_][^\W\d_'\u2019.-]*(?:['\u2019.-][^\W\d_]+)*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){6,17}")


async def strangers_in(
    read: BeginReading, hotel: Hotel, text: str, context: ConversationContext
) -> Sequence[Protected]:
    """What `text` says of guests and stays that are not the sender's, by looking every name and number up."""
    codes = _either_case(_CODE.findall(text))
    names = _names(_NAME.findall(text))
    phones = ["+" + re.sub(r"\D", "", found) for found in _PHONE.findall(text)][:MOST]
    emails = [found.lower() for found in _EMAIL.findall(text)][:MOST]
    if not (codes or names or emails):
        return ()
    since = context.hotel.local_time.date() - AFTER_DEPARTURE - timedelta(days=1)
    async with read() as uow:
        stays = await uow.reservations.with_code(hotel.id, codes, since, MOST) if codes else ()
        guests = list(await uow.guests.named(hotel.id, names, MOST)) if names else []
        if phones:
            guests += await uow.guests.by_contact(hotel.id, ContactKind.PHONE, phones, MOST)
        if emails:
            guests += await uow.guests.by_contact(hotel.id, ContactKind.EMAIL, emails, MOST)
    return secrets_of_strangers(text, tuple(guests), stays, context)


def _names(words: Sequence[str]) -> list[tuple[str, str]]:
    """Every way in which neighbouring words may be a first and a last name, either of which may be two words."""
    pairs = list(pairwise(words))
    for (one, two), (_, three) in pairwise(tuple(pairs)):
        pairs += [(f"{one} {two}", three), (one, f"{two} {three}")]
    return list(dict.fromkeys(pairs))[:MOST]


def _either_case(codes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(spelt for code in codes for spelt in (code, code.upper(), code.lower())))[:MOST]
