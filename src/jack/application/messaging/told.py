"""Told to others: what was said in a conversation while its sender was taken for somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass

from jack.application.ports.unit_of_work import UnitOfWork
from jack.domain.disclosure import Protected, values_told
from jack.domain.guest import Guest
from jack.domain.hotel import Hotel
from jack.domain.match import Level, Match
from jack.domain.matching import AFTER_DEPARTURE
from jack.domain.message import DeliveryStatus, Direction, Message
from jack.domain.replies import is_fixed_reply
from jack.domain.reservation import Reservation

_NEVER_READ = (DeliveryStatus.DRAFT, DeliveryStatus.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldToOthers:
    """Whom something was told in this conversation that the present sender may not know, their stays, and the values
    as they were told."""

    guests: tuple[Guest, ...] = ()
    stays: tuple[Reservation, ...] = ()
    values: tuple[Protected, ...] = ()


NOTHING_TOLD = ToldToOthers()


def was_read(message: Message) -> bool:
    """False for a reply that was withdrawn or could not be sent: nobody got to read it."""
    return message.status not in _NEVER_READ


def may_be_remembered(message: Message, match: Match) -> bool:
    """True when a message of the history may stand in the prompt of a turn with that match.

    What the sender wrote always may. What was said to the sender belongs to a guest at a level, but for the fixed
    replies, which say nothing of anybody.
    """
    if message.direction is Direction.INBOUND or is_fixed_reply(message.text):
        return True
    return message.may_be_known_to(match)


async def told_to_others(uow: UnitOfWork, hotel: Hotel, match: Match, history: Sequence[Message]) -> ToldToOthers:
    """What the history says to others than `match` finds: a draft must not repeat it, even where the PMS has forgotten
    that they ever had this phone, or their stay is long over."""
    own = match.guest_id if match.level.includes(Level.CONTACT) else None
    others = [
        message
        for message in history
        if not may_be_remembered(message, match) and message.told_to is not None and message.told_to != own
    ]
    if not others:
        return NOTHING_TOLD
    ids = list(dict.fromkeys(message.told_to for message in others if message.told_to is not None))
    found = [await uow.guests.get(hotel.id, guest_id) for guest_id in ids]
    since = hotel.today(min(message.created_at for message in others)) - AFTER_DEPARTURE
    return ToldToOthers(
        guests=tuple(guest for guest in found if guest is not None),
        stays=await uow.reservations.of_guests(hotel.id, ids, since),
        values=values_told(await uow.messages.receipts_of([message.id for message in others])),
    )
