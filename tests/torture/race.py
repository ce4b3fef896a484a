"""Take-over against answer and delivery, with real concurrency over a real database: two processes' worth of stories
compete for the same conversations, and staff reach in at a random instant of every turn."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from jack.adapters.clock import SystemClock
from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.adapters.phones import LibPhoneReader
from jack.adapters.queue.in_process import InProcessJobQueue
from jack.application.errors import ServiceUnavailable
from jack.application.messaging.answer import AnswerConversation
from jack.application.messaging.deliver import DeliverMessage
from jack.application.messaging.staff_desk import HandBack, TakeOver
from jack.application.ports.channels import OutboundText, Sent, Unclear
from jack.application.ports.jobs import Answer, Deliver, Job, JobQueue
from jack.application.ports.llm import Prompt
from jack.domain.butler import Draft
from jack.domain.conversation import ChannelIdentity, Conversation
from jack.domain.ids import ConversationId, HotelId, MessageId, new_id
from jack.domain.message import Author, AuthorKind, DeliveryStatus, Direction, Message
from tests.application.channel import CHANNEL, BusySender, ListedChannels
from tests.application.world import ACCOUNT
from tests.fakes.hotels import ListedHotels
from tests.fakes.llm import ScriptedFake
from tests.fakes.pms import ListedPms
from tests.hotel import HARBOUR, a_hotel
from tests.torture.words import ANSWER, answered, question, topic, topics

LONGEST_WAIT = 2.0
"""Seconds after which staff reach in although the moment has not come: what leaves next waits for a busy channel."""

CALM = 60.0
"""Seconds in which everything must be answered once staff let go."""


MOMENTS = (
    "at once",
    "the model is asked",
    "the model has answered",
    "a word leaves",
    "a word has left",
    "a reply waits",
)
LINGER = 0.8
"""Seconds for which a worker or a channel dawdles now and then: longer than a take-over needs for its own rows."""
"""When staff reach in; what lies between two of them is met by chance."""


@dataclass(slots=True)
class Moments:
    """What the far ends do for each guest, for those who wait for it."""

    owners: dict[str, str] = field(default_factory=dict)
    _awaited: dict[tuple[str, str], asyncio.Event] = field(default_factory=dict)

    def awaited(self, address: str, what: str) -> asyncio.Event:
        """Set once that has happened."""
        return self._awaited.setdefault((address, what), asyncio.Event())

    def happened(self, address: str, what: str) -> None:
        """Tell whoever waits."""
        if event := self._awaited.pop((address, what), None):
            event.set()


class SlowModel(ScriptedFake):
    """Names what it was asked, after a moment."""

    def __init__(self, chance: random.Random, moments: Moments) -> None:
        super().__init__()
        self._chance = chance
        self._moments = moments

    async def draft(self, prompt: Prompt) -> Draft:
        address = self._moments.owners[topics(prompt.context.question)[-1]]
        self._moments.happened(address, MOMENTS[1])
        await asyncio.sleep(self._chance.choice((0, 0, 0.001, 0.004)))
        self._moments.happened(address, MOMENTS[2])
        if self._chance.random() < 0.05:
            raise ServiceUnavailable("busy", retry_after=timedelta(milliseconds=1))
        return Draft(text=f"{ANSWER} {prompt.context.question}", model=self.name)


class WatchedSender(BusySender):
    """Takes its time, is busy now and then, and notes every word of Jack's on the wire of a held conversation."""

    def __init__(self, chance: random.Random, moments: Moments) -> None:
        super().__init__()
        self._chance = chance
        self._moments = moments
        self.held: set[str] = set()
        self.broken: list[str] = []

    async def send(self, message: OutboundText) -> Sent | Unclear:
        if message.address in self.held:
            self.broken.append("a word of Jack's left after the take-over returned")
        self._moments.happened(message.address, MOMENTS[3])
        if self._chance.random() < 0.3:
            # a take-over that does not wait for it shows at once
            with suppress(TimeoutError):
                async with asyncio.timeout(LINGER):
                    await self._moments.awaited(message.address, "taken over").wait()
        self._moments.happened(message.address, MOMENTS[4])
        if message.address in self.held:
            self.broken.append("the take-over returned while a word of Jack's was on the wire")
        if self._chance.random() < 0.15:
            raise ServiceUnavailable("busy", retry_after=timedelta(milliseconds=1))
        return await super().send(message)


class BothQueues(JobQueue):
    """Rings in both processes."""

    def __init__(self) -> None:
        self.queues = (InProcessJobQueue(), InProcessJobQueue())

    def ring(self, job: Job, *, after: timedelta = timedelta(0)) -> None:
        for queue in self.queues:
            queue.ring(job, after=after)


@dataclass(slots=True)
class Race:
    """Some conversations of one hotel in one database."""

    databases: tuple[Database, Database]
    chance: random.Random
    take_overs: int = 0
    addresses: dict[ConversationId, str] = field(default_factory=dict)
    moments: Moments = field(default_factory=Moments)
    met: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    sender: WatchedSender = field(init=False)
    queue: BothQueues = field(default_factory=BothQueues)

    def __post_init__(self) -> None:
        self.sender = WatchedSender(self.chance, self.moments)

    async def run(self, conversations: int, rounds: int) -> None:
        """Every guest writes that often, and every time staff take over and hand back at some instant."""
        clock, phones = SystemClock(), LibPhoneReader()
        hotels = ListedHotels(a_hotel(quiet_time=timedelta(0)), a_hotel(id=HotelId("hillside")))
        channels = ListedChannels({ACCOUNT: HARBOUR})
        channels.senders[ACCOUNT] = self.sender
        model = SlowModel(self.chance, self.moments)
        for queue, database in zip(self.queue.queues, self.databases, strict=True):
            begin = BeginSqlUnitOfWork(database)
            answer = AnswerConversation(begin, hotels, channels, ListedPms({}), phones, model, self.queue, clock, begin)
            deliver = DeliverMessage(begin, channels, self.queue, clock)

            async def handle(job: Job, answer: AnswerConversation = answer, deliver: DeliverMessage = deliver) -> None:
                # one handler for each process, hence the defaults
                match job:
                    case Answer(conversation_id=conversation_id):
                        await answer(conversation_id)
                    case Deliver(message_id=message_id):
                        await self._reply_waits(message_id)
                        await deliver(message_id)

            queue.start(handle)
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(conversations):
                    group.create_task(self._one(number, rounds, clock))
            await self._everything_is_answered()
        finally:
            for queue in self.queue.queues:
                await queue.aclose()

    async def _reply_waits(self, message_id: MessageId) -> None:
        """A worker that dawdles between the ring and its claim."""
        async with BeginSqlUnitOfWork(self.databases[0])() as uow:
            message = await uow.messages.get(message_id)
        if message is not None and message.status is DeliveryStatus.QUEUED:
            address = self.addresses[message.conversation_id]
            self.moments.happened(address, MOMENTS[5])
            if self.chance.random() < 0.5:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LINGER / 2):
                        await self.moments.awaited(address, "taken over").wait()

    async def _one(self, number: int, rounds: int, clock: SystemClock) -> None:
        begin = BeginSqlUnitOfWork(self.databases[0])
        address = f"1650777{number:04d}"
        conversation = Conversation(
            id=ConversationId(new_id()),
            hotel_id=HARBOUR,
            channel=CHANNEL,
            account=ACCOUNT,
            address=address,
            created_at=clock.now(),
        )
        async with begin() as uow:
            await uow.conversations.add(conversation, (ChannelIdentity(kind="wa_id", value=address),))
            await uow.commit()
        self.addresses[conversation.id] = address
        take_over = TakeOver(BeginSqlUnitOfWork(self.databases[number % 2]), clock)
        hand_back = HandBack(begin, self.queue)
        for _ in range(rounds):
            moment = self.chance.choice(MOMENTS)
            event = self.moments.awaited(address, moment)
            await self._writes(conversation.id, address, clock)
            with suppress(TimeoutError):
                async with asyncio.timeout(0 if moment == MOMENTS[0] else LONGEST_WAIT):
                    await event.wait()
                self.met[moment] += 1
            for _ in range(self.chance.choice((0, 0, 1, 5, 20))):
                await asyncio.sleep(0)
            await take_over(conversation.id)
            self.sender.held.add(address)
            self.moments.happened(address, "taken over")
            self.take_overs += 1
            if self.chance.random() < 0.5:
                # time enough for whoever does not know yet
                with suppress(TimeoutError):
                    async with asyncio.timeout(LINGER):
                        await self.moments.awaited(address, MOMENTS[3]).wait()
            self.sender.held.discard(address)
            await hand_back(conversation.id)

    async def _writes(self, conversation_id: ConversationId, address: str, clock: SystemClock) -> None:
        self.moments.owners[topic(self.asked)] = address
        text = question(topic(self.asked))
        self.asked += 1
        async with BeginSqlUnitOfWork(self.databases[0])() as uow:
            conversation = await uow.conversations.lock(conversation_id)
            assert conversation is not None
            now = clock.now()
            message = Message(
                id=MessageId(new_id()),
                hotel_id=HARBOUR,
                conversation_id=conversation_id,
                direction=Direction.INBOUND,
                author=Author(kind=AuthorKind.GUEST, name="Guest"),
                type="text",
                text=text,
                status=DeliveryStatus.RECEIVED,
                sent_at=now,
                created_at=now,
                provider_id=new_id(),
            )
            await uow.messages.add_inbound(message, CHANNEL, ACCOUNT)
            await uow.conversations.save(replace(conversation, last_inbound_at=now, retry_after=None))
            await uow.commit()
        self.queue.ring(Answer(conversation_id=conversation_id))

    async def _everything_is_answered(self) -> None:
        begin = BeginSqlUnitOfWork(self.databases[0])
        async with asyncio.timeout(CALM):
            for conversation_id in self.addresses:
                while True:
                    async with begin() as uow:
                        unanswered = await uow.messages.unanswered(conversation_id)
                        open_fates = await uow.messages.in_state(
                            conversation_id, (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)
                        )
                    if not unanswered and not open_fates:
                        break
                    if unanswered:
                        self.queue.ring(Answer(conversation_id=conversation_id))
                    await asyncio.sleep(0.02)

    @property
    def broken(self) -> list[str]:
        """The promises that were not kept."""
        sent = Counter(text.message_id for text in self.sender.taken)
        told = Counter(answered(text.text for text in self.sender.taken))
        asked = [topic(number) for number in range(self.asked)]
        return [
            *self.sender.broken,
            *(f"a message left {times} times" for times in sent.values() if times > 1),
            *(f"{of} was answered {told[of]} times" for of in asked if told[of] != 1),
        ]
