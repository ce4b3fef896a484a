"""The world of one test: a hotel, everything outside played by fakes, and the stories wired to them.

Nothing happens by itself: `everything_happens` plays what was rung for, one job after another, and lets the clock pass
where a ring is delayed. So a test reads as a story: a guest writes, everything happens, this was said.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, assert_never

from jack.adapters.phones import LibPhoneReader
from jack.application.messaging.accept import AcceptDelivery
from jack.application.messaging.answer import AnswerConversation
from jack.application.messaging.deliver import DeliverMessage
from jack.application.messaging.receive import ReceiveMessage
from jack.application.messaging.recover import RecoverStuckMessages, TidyUp
from jack.application.messaging.staff_desk import CloseConversation, CorrectMatch, HandBack, ReplyAsStaff, TakeOver
from jack.application.ports.channels import DeliveryReceipt, InboundMessage, Sender, Unpacked
from jack.application.ports.jobs import Answer, Deliver, Follow, Job, Receive, Sync
from jack.application.ports.llm import Prompt
from jack.application.stays.accept_notice import AcceptNotice, NoticeBell
from jack.application.stays.match import MatchGuest
from jack.application.stays.notices import FollowNotices
from jack.application.stays.overdue import RingForNotices
from jack.application.stays.schedule import StartDueSyncs
from jack.application.stays.sync import SyncReservations
from jack.domain.butler import Draft
from jack.domain.conversation import ChannelIdentity, Conversation
from jack.domain.hotel import Hotel
from jack.domain.ids import ConversationId, HotelId, MessageId
from jack.domain.message import AuthorKind, DeliveryStatus, Direction, Message, in_order
from jack.domain.snapshot import ReservationSnapshot
from jack.domain.sync import SyncRun
from tests.application.channel import CHANNEL, SIGNED, ListedChannels
from tests.fakes.clock import FixedClock
from tests.fakes.hotels import ListedHotels
from tests.fakes.llm import ScriptedFake
from tests.fakes.persistence import InMemoryDatabase
from tests.fakes.persistence.state import State
from tests.fakes.pms import ListedDoors, ListedPms, WatchedBook, a_pms
from tests.fakes.queue import RecordingQueue
from tests.hotel import ANNA_PHONE, HARBOUR, a_hotel, a_reservation_snapshot, a_staff_member

ACCOUNT = "106540352242922"
SECOND = HotelId("hillside")
SECOND_ACCOUNT = "106540352242999"
PMS_SECRET = "the-harbours-secret"
MARIA = a_staff_member()


class ThoughtfulModel(ScriptedFake):
    """A scripted model; `meanwhile` is what others do while it thinks about the next draft."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], Awaitable[object]]] = []

    async def draft(self, prompt: Prompt) -> Draft:
        draft = await super().draft(prompt)
        if self.meanwhile:
            await self.meanwhile.pop(0)()
        return draft

    def will_say(self, *texts: str) -> None:
        """Queue drafts that are nothing but text."""
        self.will(*(Draft(text=text, model=self.name) for text in texts))


def a_sender(phone: str | None = ANNA_PHONE, *, user_id: str | None = None, name: str = "Anna") -> Sender:
    """Somebody on WhatsApp, known by a user id, a phone number, or both."""
    identities = [ChannelIdentity(kind="user_id", value=user_id)] if user_id else []
    digits = phone.removeprefix("+") if phone else None
    identities += [ChannelIdentity(kind="wa_id", value=digits)] if digits else []
    return Sender(identities=tuple(identities), address=digits or user_id or "nobody", phone=digits, display_name=name)


class World:
    """One hotel (or two) with everything around it."""

    def __init__(self, *reservations: ReservationSnapshot, hotel: Hotel | None = None, page: int = 100) -> None:
        self.clock = FixedClock()
        self.hotel = hotel or a_hotel()
        self.hotels = ListedHotels(self.hotel, a_hotel(id=SECOND, name="Hillside Inn"))
        self.database = InMemoryDatabase()
        self.queue = RecordingQueue()
        self.model = ThoughtfulModel()
        self.channels = ListedChannels({ACCOUNT: HARBOUR, SECOND_ACCOUNT: SECOND})
        self.sender = self.channels.senders[ACCOUNT]
        self.book, self.second_book = WatchedBook(*reservations, page=page), WatchedBook()
        self.pms = ListedPms({HARBOUR: a_pms(self.book, self.clock), SECOND: a_pms(self.second_book, self.clock)})
        self.phones = LibPhoneReader()
        begin, clock, queue = self.database.begin, self.clock, self.queue
        self.accept = AcceptDelivery(self.channels, self.database.inbox, queue, clock)
        self.receive = ReceiveMessage(begin, self.channels, self.hotels, self.phones, queue, clock)
        self.answer = AnswerConversation(
            begin, self.hotels, self.channels, self.pms, self.phones, self.model, queue, clock, begin
        )
        self.deliver = DeliverMessage(begin, self.channels, queue, clock)
        self.sync = SyncReservations(begin, self.pms, self.hotels, self.phones, clock)
        self.match = MatchGuest(begin, self.hotels, self.phones, clock)
        self.sweep = RecoverStuckMessages(begin, queue, clock)
        self.tidy_up = TidyUp(begin, clock)
        self.start_due_syncs = StartDueSyncs(begin, self.hotels, queue, clock)
        doors = ListedDoors({HARBOUR: PMS_SECRET, SECOND: "the-hillside-secret"})
        self.accept_notice = AcceptNotice(doors, self.database.inbox, NoticeBell(queue, clock), clock)
        self.follow = FollowNotices(begin, begin, self.pms, self.hotels, self.phones, queue, clock)
        self.ring_for_notices = RingForNotices(begin, self.hotels, queue, clock)
        self._take_over, self._hand_back = TakeOver(begin, clock), HandBack(begin, queue)
        self._reply_as_staff = ReplyAsStaff(begin, queue, clock)
        self._close, self._correct = (
            CloseConversation(begin, clock),
            CorrectMatch(begin, self.hotels, self.phones, clock),
        )
        self._written = 0

    # what others do

    async def anna_stays(self, **fields: Any) -> SyncRun:
        """Anna lives in room 204, and a sync brought that to Jack."""
        self.book.put(a_reservation_snapshot(**fields))
        return await self.sync(HARBOUR)

    async def push(self, body: bytes, hotel_id: HotelId = HARBOUR) -> None:
        """The hotel's PMS pushes a notice."""
        await self.accept_notice(hotel_id, body)

    def inbound(self, text: str = "Hello", sender: Sender | None = None, **fields: Any) -> InboundMessage:
        """A message of somebody's, sent a moment after the one before."""
        self.clock.move(timedelta(milliseconds=1))
        self._written += 1
        given: dict[str, Any] = {
            "account": ACCOUNT,
            "provider_id": f"wamid-{self._written}",
            "sender": sender or a_sender(),
            "type": "text",
            "text": text,
            "sent_at": self.clock.now(),
        }
        return InboundMessage(**(given | fields))

    async def guest_writes(self, *texts: str, sender: Sender | None = None, **fields: Any) -> None:
        """A delivery with these messages is acknowledged; nothing else happens yet."""
        await self.delivered(*(self.inbound(text, sender, **fields) for text in texts))

    async def delivered(self, *parts: InboundMessage | DeliveryReceipt, problems: tuple[str, ...] = ()) -> None:
        """A delivery with these messages and receipts is acknowledged."""
        unpacked = Unpacked(
            messages=tuple(part for part in parts if isinstance(part, InboundMessage)),
            receipts=tuple(part for part in parts if isinstance(part, DeliveryReceipt)),
            problems=problems,
        )
        self.clock.move(timedelta(milliseconds=1))
        await self.accept(CHANNEL, SIGNED, self.channels.hook.lay_down(unpacked))

    def receipt(self, status: DeliveryStatus, **fields: Any) -> DeliveryReceipt:
        """What the channel says about the first message that Jack sent."""
        given: dict[str, Any] = {
            "account": ACCOUNT,
            "provider_id": "recorded-1",
            "message_id": None,
            "status": status,
            "at": self.clock.now(),
        }
        return DeliveryReceipt(**(given | fields))

    async def staff_take_over(self) -> None:
        await self._take_over(self.conversation.id)

    async def staff_hand_back(self) -> None:
        await self._hand_back(self.conversation.id)

    async def staff_reply(self, text: str = "Maria here.") -> MessageId:
        self.clock.move(timedelta(milliseconds=1))
        return await self._reply_as_staff(self.conversation.id, MARIA, text)

    async def staff_close(self) -> None:
        await self._close(self.conversation.id)

    async def staff_match(self, *which: Any) -> Any:
        return await self._correct(self.conversation.id, MARIA, *which)

    # time

    async def play(self, job: Job) -> None:
        """Play one job as a worker would."""
        match job:
            case Receive():
                await self.receive()
            case Answer(conversation_id=conversation_id):
                await self.answer(conversation_id)
            case Deliver(message_id=message_id):
                await self.deliver(message_id)
            case Sync(hotel_id=hotel_id, kind=kind):
                await self.sync(hotel_id, kind)
            case Follow(hotel_id=hotel_id):
                await self.follow(hotel_id)
            case _:
                assert_never(job)

    async def everything_happens(self) -> None:
        """Play every ring, the delayed ones in their time, until nothing rings any more."""
        await self.queue.run_all(self.play, wait=self._pass)

    async def time_passes(self, duration: timedelta) -> None:
        """Nobody rings for that long, then the sweep looks once, and everything happens."""
        self.clock.move(duration)
        await self.sweep()
        await self.everything_happens()

    def _pass(self, duration: timedelta) -> None:
        self.clock.move(duration)

    # what there is

    @property
    def state(self) -> State:
        """What is committed."""
        return self.database.state

    @property
    def conversation(self) -> Conversation:
        """The only conversation."""
        (conversation,) = self.state.conversations.values()
        return conversation

    def messages(self, conversation_id: ConversationId | None = None) -> tuple[Message, ...]:
        """Every message, as the conversation went."""
        wanted = conversation_id or self.conversation.id
        return in_order(tuple(m for m in self.state.messages.values() if m.conversation_id == wanted))

    @property
    def questions(self) -> tuple[Message, ...]:
        """What guests wrote."""
        return in_order(tuple(m for m in self.state.messages.values() if m.direction is Direction.INBOUND))

    @property
    def replies(self) -> tuple[Message, ...]:
        """What Jack wrote, whether it left or not."""
        return in_order(tuple(m for m in self.state.messages.values() if m.author.kind is AuthorKind.JACK))

    @property
    def heard(self) -> list[str]:
        """What the guests of the hotel got to read, in order."""
        return [text.text for text in self.sender.taken]

    @property
    def prompt(self) -> Prompt:
        """The newest prompt."""
        return self.model.prompts[-1]
