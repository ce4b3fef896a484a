"""TakeOver, HandBack, ReplyAsStaff, CloseConversation, CorrectMatch: what staff do in a conversation."""

from dataclasses import dataclass, replace
from datetime import timedelta

from jack.application.errors import Conflict, NotFound
from jack.application.messaging.withdraw import withdraw, withdraw_queued
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.jobs import Answer, Deliver, JobQueue
from jack.application.ports.phones import PhoneReader
from jack.application.ports.unit_of_work import BeginUnitOfWork, UnitOfWork
from jack.application.stays.match import match_guest
from jack.domain.conversation import Conversation
from jack.domain.errors import DomainError
from jack.domain.hotel import Hotel
from jack.domain.ids import ConversationId, GuestId, MessageId, ReservationId, new_id
from jack.domain.match import NOBODY, Level, Match, MatchOutcome
from jack.domain.matching import AFTER_DEPARTURE, nearest_stays
from jack.domain.message import Author, AuthorKind, DeliveryStatus, Direction, Message
from jack.domain.staff import StaffMember

IN_FLIGHT_LIMIT = timedelta(seconds=20)
"""The longest that a send may be on the wire, from its claim to its outcome; see CALL_LIMIT. What is still `sending`
then belongs to a process that died, and is settled as unknown by the sweep."""

LONGEST_TEXT = 4096
"""Characters that a channel takes in one message (WhatsApp)."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Staff hold the conversation: no word of Jack's leaves any more, not even one already in flight."""

    begin: BeginUnitOfWork
    clock: Clock

    async def __call__(self, conversation_id: ConversationId) -> None:
        """Return once nothing of Jack's can leave. Raises NotFound. Repeating it does no harm."""
        async with self.begin() as uow:
            conversation = await _locked(uow, conversation_id)
            await uow.conversations.save(conversation.taken_over().seen())
            await withdraw_queued(uow, conversation_id)
            await uow.commit()
        await _let_the_one_in_flight_land(self.begin, self.clock, conversation_id)


@dataclass(frozen=True, slots=True)
class MarkSeen:
    """Staff read what was new in a conversation; who holds it stays as it is."""

    begin: BeginUnitOfWork

    async def __call__(self, conversation_id: ConversationId) -> None:
        """Raises NotFound. Repeating it does no harm."""
        async with self.begin() as uow:
            conversation = await _locked(uow, conversation_id)
            if conversation.unread:
                await uow.conversations.save(conversation.seen())
                await uow.commit()


@dataclass(frozen=True, slots=True)
class HandBack:
    """Staff give the conversation back to Jack, who answers what is still unanswered with the whole history."""

    begin: BeginUnitOfWork
    queue: JobQueue

    async def __call__(self, conversation_id: ConversationId) -> None:
        """Raises NotFound. Repeating it does no harm."""
        async with self.begin() as uow:
            conversation = await _locked(uow, conversation_id)
            await uow.conversations.save(conversation.handed_back())
            await uow.commit()
        self.queue.ring(Answer(conversation_id=conversation_id))


@dataclass(frozen=True, slots=True)
class ReplyAsStaff:
    """Staff write to the guest; whoever writes holds the conversation from then on."""

    begin: BeginUnitOfWork
    queue: JobQueue
    clock: Clock

    async def __call__(self, conversation_id: ConversationId, member: StaffMember, text: str) -> MessageId:
        """The id of the queued message. Raises NotFound, and DomainError for a text that is empty or too long."""
        text = text.strip()
        if not text:
            raise DomainError("a reply needs a text")
        if len(text) > LONGEST_TEXT:
            raise DomainError(f"a reply may have {LONGEST_TEXT} characters, this one has {len(text)}")
        async with self.begin() as uow:
            conversation = await _locked(uow, conversation_id)
            now = self.clock.now()
            message = Message(
                id=MessageId(new_id()),
                hotel_id=conversation.hotel_id,
                conversation_id=conversation_id,
                direction=Direction.OUTBOUND,
                author=Author(kind=AuthorKind.STAFF, name=member.name),
                type="text",
                text=text,
                status=DeliveryStatus.QUEUED,
                sent_at=now,
                created_at=now,
                told_to=conversation.match.guest_id,
                told_level=conversation.match.level,
            )
            await uow.messages.add_outbound(message, conversation.channel, conversation.account)
            await withdraw_queued(uow, conversation_id)
            unanswered = await uow.messages.unanswered(conversation_id)
            await uow.messages.mark_answered([m.id for m in unanswered], now)
            await uow.conversations.save(conversation.taken_over().seen().said(now))
            await uow.commit()
        self.queue.ring(Deliver(message_id=message.id))
        return message.id


@dataclass(frozen=True, slots=True)
class CloseConversation:
    """Staff are done with a conversation; the sender's next message opens it again, with Jack."""

    begin: BeginUnitOfWork
    clock: Clock

    async def __call__(self, conversation_id: ConversationId) -> None:
        """Raises NotFound. What was unanswered counts as settled."""
        async with self.begin() as uow:
            conversation = await _locked(uow, conversation_id)
            await withdraw_queued(uow, conversation_id)
            unanswered = await uow.messages.unanswered(conversation_id)
            await uow.messages.mark_answered([m.id for m in unanswered], self.clock.now())
            await uow.conversations.save(conversation.closed())
            await uow.commit()


@dataclass(frozen=True, slots=True)
class CorrectMatch:
    """Staff say who is writing, or that Jack should find out by itself again."""

    begin: BeginUnitOfWork
    hotels: Hotels
    phones: PhoneReader
    clock: Clock

    async def __call__(
        self,
        conversation_id: ConversationId,
        member: StaffMember,
        guest_id: GuestId | None,
        reservation_id: ReservationId | None = None,
    ) -> Match:
        """The match as it stands now. Replies of Jack's to somebody else, or about another stay, that have not left
        never leave; one that is on the wire is waited for.

        Raises NotFound for an unknown conversation, guest or reservation, Conflict for a reservation of somebody else.
        """
        async with self.begin() as uow:
            conversation = await _locked(uow, conversation_id)
            hotel = self.hotels.get(conversation.hotel_id)
            if hotel is None:
                raise NotFound("there is no such conversation")
            if guest_id is None:
                undecided = replace(conversation, match=NOBODY, match_by_staff=False)
                finding = await match_guest(uow, undecided, hotel, self.phones, self.clock.now())
                saved = undecided.matched(finding.match)
            else:
                await self._check(uow, conversation, guest_id, reservation_id)
                if reservation_id is None:
                    reservation_id = await self._only_stay(uow, hotel, guest_id)
                decided = Match(
                    outcome=MatchOutcome.MATCHED,
                    level=Level.STAFF,
                    evidence=(f"{member.name} confirmed who is writing",),
                    guest_id=guest_id,
                    reservation_id=reservation_id,
                )
                saved = conversation.matched(decided, by_staff=True)
            corrected = _is_another(conversation.match, saved.match)
            on_the_wire = await uow.messages.in_state(conversation_id, (DeliveryStatus.SENDING,)) if corrected else ()
            if corrected:
                # What Jack was about to say was not meant for this sender; the sweep lets him answer anew.
                await withdraw_queued(uow, conversation_id)
            await uow.conversations.save(saved)
            await uow.commit()
        if on_the_wire:
            await _let_the_one_in_flight_land(self.begin, self.clock, conversation_id)
            await self._withdraw_what_came_back(conversation_id, {message.id for message in on_the_wire})
        return saved.match

    async def _only_stay(self, uow: UnitOfWork, hotel: Hotel, guest_id: GuestId) -> ReservationId | None:
        """The stay that is meant when staff name none: the nearest, unless several are equally near."""
        today = hotel.today(self.clock.now())
        stays = await uow.reservations.of_guests(hotel.id, [guest_id], today - AFTER_DEPARTURE)
        nearest = nearest_stays(stays, guest_id, today)
        return nearest[0].id if len(nearest) == 1 else None

    async def _withdraw_what_came_back(self, conversation_id: ConversationId, message_ids: set[MessageId]) -> None:
        """Take back what a busy channel did not take: it was said about another stay, or to somebody else."""
        async with self.begin() as uow:
            await _locked(uow, conversation_id)
            for message in await uow.messages.in_state(conversation_id, (DeliveryStatus.QUEUED,)):
                if message.id in message_ids and message.author.kind is AuthorKind.JACK:
                    await withdraw(uow, message)
            await uow.commit()

    async def _check(
        self, uow: UnitOfWork, conversation: Conversation, guest_id: GuestId, reservation_id: ReservationId | None
    ) -> None:
        if await uow.guests.get(conversation.hotel_id, guest_id) is None:
            raise NotFound("there is no such guest in this hotel")
        if reservation_id is None:
            return
        reservation = await uow.reservations.get(conversation.hotel_id, reservation_id)
        if reservation is None:
            raise NotFound("there is no such reservation in this hotel")
        if not reservation.belongs_to(guest_id):
            raise Conflict("that reservation belongs to somebody else")


def _is_another(before: Match, after: Match) -> bool:
    """True when what was meant for a sender with the match `before` may be wrong or too much after it."""
    whom = (before.guest_id, before.reservation_id) != (after.guest_id, after.reservation_id)
    return whom or not after.level.includes(before.level)


async def _let_the_one_in_flight_land(begin: BeginUnitOfWork, clock: Clock, conversation_id: ConversationId) -> None:
    """Return once no reply of Jack's is on the wire in that conversation, or as if its process had died."""
    deadline = clock.now() + IN_FLIGHT_LIMIT
    while clock.now() < deadline:
        async with begin() as uow:
            sending = await uow.messages.in_state(conversation_id, (DeliveryStatus.SENDING,))
        if not any(message.author.kind is AuthorKind.JACK for message in sending):
            return
        await clock.sleep(timedelta(milliseconds=50))


async def _locked(uow: UnitOfWork, conversation_id: ConversationId) -> Conversation:
    conversation = await uow.conversations.lock(conversation_id)
    if conversation is None:
        raise NotFound("there is no such conversation")
    return conversation
