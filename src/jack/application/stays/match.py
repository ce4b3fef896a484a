"""MatchGuest: who is writing, and about which stay."""

from dataclasses import dataclass
from datetime import date, datetime

from jack.application.errors import NotFound
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.phones import PhoneReader
from jack.application.ports.unit_of_work import BeginUnitOfWork, UnitOfWork
from jack.domain.contact import ContactKind
from jack.domain.conversation import Conversation
from jack.domain.guest import Guest
from jack.domain.hotel import Hotel
from jack.domain.ids import ConversationId
from jack.domain.match import Match
from jack.domain.matching import AFTER_DEPARTURE, SHARED_FROM, Candidate, match_sender, persons
from jack.domain.reservation import Reservation

MOST_HOLDERS = 50
"""How many records of a contact point are looked at: where a PMS gives guests no identity of their own, every stay of
one person brings another record. Whoever has more is taken for an agency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A match, and everyone who was considered with their stays: whose facts must not leave unless they are allowed."""

    match: Match
    guests: tuple[Guest, ...]
    stays: tuple[Reservation, ...]

    @property
    def guest(self) -> Guest | None:
        """The matched guest."""
        return next((guest for guest in self.guests if guest.id == self.match.guest_id), None)


@dataclass(frozen=True, slots=True)
class MatchGuest:
    """Find out who is writing in a conversation and record it there, with the evidence."""

    begin: BeginUnitOfWork
    hotels: Hotels
    phones: PhoneReader
    clock: Clock

    async def __call__(self, conversation_id: ConversationId) -> Match:
        """The match as it is recorded now. What staff decided stands. Raises NotFound for an unknown conversation."""
        async with self.begin() as uow:
            conversation = await uow.conversations.lock(conversation_id)
            hotel = self.hotels.get(conversation.hotel_id) if conversation else None
            if conversation is None or hotel is None:
                raise NotFound("there is no such conversation")
            finding = await match_guest(uow, conversation, hotel, self.phones, self.clock.now())
            await uow.conversations.save(conversation.matched(finding.match))
            await uow.commit()
        return finding.match


async def match_guest(
    uow: UnitOfWork, conversation: Conversation, hotel: Hotel, phones: PhoneReader, now: datetime
) -> Finding:
    """Match a conversation inside an open unit of work; a decision of staff is returned as it stands.

    Whoever else holds the contact point is part of the finding also then: their facts must not leave.
    """
    today = hotel.today(now)
    candidates = await _holders(uow, conversation, hotel, phones)
    guests = tuple(guest for guest, _ in candidates)
    if conversation.match_by_staff:
        return await _decided_by_staff(uow, conversation, hotel, guests, today)
    stays: tuple[Reservation, ...] = ()
    people = len(set(persons(guests).values()))
    if guests and people < SHARED_FROM and len(guests) < MOST_HOLDERS:
        stays = await uow.reservations.of_guests(hotel.id, [g.id for g in guests], today - AFTER_DEPARTURE)
    match = match_sender(
        tuple(
            Candidate(guest=guest, stays=tuple(s for s in stays if s.belongs_to(guest.id)), assumed=assumed)
            for guest, assumed in candidates
        ),
        today,
        display_name=conversation.display_name,
        holders=max(people, SHARED_FROM) if len(guests) >= MOST_HOLDERS else None,
    )
    return Finding(match=match, guests=guests, stays=stays)


async def _decided_by_staff(
    uow: UnitOfWork, conversation: Conversation, hotel: Hotel, holders: tuple[Guest, ...], today: date
) -> Finding:
    decided = conversation.match.guest_id
    guest = await uow.guests.get(hotel.id, decided) if decided else None
    guests = tuple(dict.fromkeys((*((guest,) if guest else ()), *holders)))
    ids = [g.id for g in guests]
    stays = await uow.reservations.of_guests(hotel.id, ids, today - AFTER_DEPARTURE) if ids else ()
    return Finding(match=conversation.match, guests=guests, stays=stays)


async def _holders(
    uow: UnitOfWork, conversation: Conversation, hotel: Hotel, phones: PhoneReader
) -> tuple[tuple[Guest, bool], ...]:
    """The guests who hold the sender's contact point, each with True when that rests on an assumption."""
    found: dict[Guest, bool] = {}
    if conversation.phone is not None:
        reading = phones.from_channel(conversation.phone.e164)
        spellings = {conversation.phone.e164: False}
        if reading is not None:
            spellings[reading.number.e164] = False
            for variant in reading.variants:
                spellings.setdefault(variant.e164, True)
        for guest in await uow.guests.by_contact(hotel.id, ContactKind.PHONE, list(spellings), MOST_HOLDERS):
            sure = any(
                point.kind is ContactKind.PHONE
                and point.readable
                and not point.assumed_region
                and spellings.get(point.value) is False
                for point in guest.contact_points
            )
            found[guest] = not sure
    user_ids = [i.value for i in await uow.conversations.identities(conversation.id) if i.kind == "user_id"]
    if user_ids:
        for guest in await uow.guests.by_contact(hotel.id, ContactKind.WHATSAPP, user_ids, MOST_HOLDERS):
            found[guest] = False
    return tuple(sorted(found.items(), key=lambda pair: pair[0].id))
