"""What every ChannelSender does, whoever plays it."""

import asyncio
from abc import abstractmethod
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol

import pytest

from jack.adapters.channels.twilio.sender import TwilioSender
from jack.adapters.channels.web_chat.sender import WebChatSender
from jack.adapters.channels.whatsapp.sender import WhatsAppSender
from jack.adapters.http import make_client
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.ports.channels import ChannelSender, OutboundText, Sent, Unclear
from jack.application.ports.web_chat import ChatPost, ChatSession
from jack.domain.ids import HotelId, MessageId, new_id
from tests import hotel as the
from tests.fakes.channels import RecordingSender
from tests.fakes.clock import FixedClock
from tests.fakes.persistence import InMemoryDatabase
from tests.fakes.web_chat import InMemoryChatPosts
from tests.simulators.serving import serve
from tests.simulators.twilio import ACCOUNT_SID, AUTH_TOKEN, NUMBER, TwilioSimulator
from tests.simulators.whatsapp import ACCESS_TOKEN, PHONE_NUMBER_ID, WhatsAppSimulator

ADDRESS = "351912345678"
TEXT = "Your room 412 is ready."


class Stage(Protocol):
    """A sender under test, and the far end that receives."""

    sender: ChannelSender
    address: str = ADDRESS
    knows_its_messages: bool = False
    """True where the same message sent again is the same message for the guest."""
    free_text_ends: bool = True
    """True where the time for free text runs out."""

    def text(self, words: str = TEXT, *, window_open: bool = True) -> OutboundText:
        """A text for the guest."""
        return OutboundText(message_id=MessageId(new_id()), address=self.address, text=words, window_open=window_open)

    @abstractmethod
    def taken(self) -> list[str]:
        """The texts that got through, in order."""

    @abstractmethod
    def tries(self) -> int:
        """How often the channel was really asked to send."""

    @abstractmethod
    def busy_next(self, retry_after: timedelta) -> None:
        """The channel tells the next try to come back."""

    @abstractmethod
    def deny_next(self) -> None:
        """The channel does not accept the credentials of the next try."""

    @abstractmethod
    def reject_next(self) -> None:
        """The channel will never take the next text."""

    @abstractmethod
    def lose_next_answer(self, *, taken: bool) -> None:
        """The next try breaks off after it was sent."""

    @abstractmethod
    def break_account(self) -> None:
        """The account does not answer as it should."""


class Recorded(Stage):
    """The fake."""

    def __init__(self) -> None:
        self.sender: RecordingSender = RecordingSender()

    def taken(self) -> list[str]:
        return [message.text for message in self.sender.taken]

    def tries(self) -> int:
        return len([message for message in self.sender.calls if message.window_open])

    def busy_next(self, retry_after: timedelta) -> None:
        self.sender.busy_next(retry_after)

    def deny_next(self) -> None:
        self.sender.deny_next()

    def reject_next(self) -> None:
        self.sender.reject_next()

    def lose_next_answer(self, *, taken: bool) -> None:
        self.sender.lose_next_answer(taken=taken)

    def break_account(self) -> None:
        self.sender.wrong = "the account is gone"


class WhatsApp(Stage):
    """WhatsAppSender against the simulated Graph API, over real HTTP."""

    def __init__(self, simulator: WhatsAppSimulator, sender: WhatsAppSender) -> None:
        self.sender: WhatsAppSender = sender
        self.simulator = simulator

    def taken(self) -> list[str]:
        return [accepted.body for accepted in self.simulator.accepted]

    def tries(self) -> int:
        return len([call for call in self.simulator.calls if call.method == "POST"])

    def busy_next(self, retry_after: timedelta) -> None:
        self.simulator.fail_next(130429, retry_after=f"{retry_after.total_seconds():g}")

    def deny_next(self) -> None:
        self.simulator.fail_next(190)

    def reject_next(self) -> None:
        self.simulator.fail_next(131026)

    def lose_next_answer(self, *, taken: bool) -> None:
        self.simulator.cut_next(accept=taken)

    def break_account(self) -> None:
        self.simulator.number_status = "BANNED"


class Twilio(Stage):
    """TwilioSender with a WhatsApp number against the simulated REST API, over real HTTP."""

    address = f"whatsapp:+{ADDRESS}"

    def __init__(self, simulator: TwilioSimulator, sender: TwilioSender) -> None:
        self.sender: TwilioSender = sender
        self.simulator = simulator

    def taken(self) -> list[str]:
        return [accepted.body for accepted in self.simulator.accepted]

    def tries(self) -> int:
        return len([call for call in self.simulator.calls if call.method == "POST"])

    def busy_next(self, retry_after: timedelta) -> None:
        self.simulator.fail_next(20429, retry_after=f"{retry_after.total_seconds():g}")

    def deny_next(self) -> None:
        self.simulator.fail_next(20003)

    def reject_next(self) -> None:
        self.simulator.fail_next(63024)

    def lose_next_answer(self, *, taken: bool) -> None:
        self.simulator.cut_next(accept=taken)

    def break_account(self) -> None:
        self.simulator.account_status = "suspended"


class FailingPosts(InMemoryChatPosts):
    """Posts in a database that fails as a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.plan: deque[OutsideFailure | bool] = deque()
        self.blind = 0
        self.broken = False

    async def say(self, sender: str, message_id: MessageId, text: str, at: datetime) -> ChatPost | None:
        self.said.append(text)
        outcome = self.plan.popleft() if self.plan else True
        if isinstance(outcome, ServiceRejected):
            self.sessions.pop(sender)
            try:
                return await InMemoryChatPosts.say(self, sender, message_id, text, at)
            finally:
                self.sessions[sender] = SESSION
        if isinstance(outcome, OutsideFailure):
            raise outcome
        post = await InMemoryChatPosts.say(self, sender, message_id, text, at) if outcome else None
        if self.blind:
            raise ServiceUnavailable("the database is away")
        return post

    async def saying(self, sender: str, text: str, since: datetime) -> tuple[ChatPost, ...]:
        if self.blind:
            self.blind -= 1
            raise ServiceUnavailable("the database is away")
        return await InMemoryChatPosts.saying(self, sender, text, since)

    async def newest(self) -> int:
        if self.broken:
            raise ServiceDenied("the database does not let Jack in")
        return await InMemoryChatPosts.newest(self)


SESSION = ChatSession(
    sender=ADDRESS, token_digest="", hotel_id=HotelId("harbour"), created_at=the.NOW, expires_at=the.NOW
)


class WebChat(Stage):
    """WebChatSender over posts in memory."""

    knows_its_messages = True
    free_text_ends = False

    def __init__(self) -> None:
        self.posts = FailingPosts()
        self.posts.sessions[ADDRESS] = SESSION
        self.sender: WebChatSender = WebChatSender(self.posts, "harbour", FixedClock())

    def taken(self) -> list[str]:
        return [post.text for post in self.posts.posts]

    def tries(self) -> int:
        return len(self.posts.said)

    def busy_next(self, retry_after: timedelta) -> None:
        self.posts.plan.append(ServiceUnavailable("the database is busy", retry_after=retry_after))

    def deny_next(self) -> None:
        self.posts.plan.append(ServiceDenied("the database does not let Jack in"))

    def reject_next(self) -> None:
        self.posts.plan.append(ServiceRejected("the session has ended"))

    def lose_next_answer(self, *, taken: bool) -> None:
        self.posts.plan.append(taken)
        self.posts.blind += 1

    def break_account(self) -> None:
        self.posts.broken = True


@asynccontextmanager
async def twilio() -> AsyncIterator[Twilio]:
    simulator = TwilioSimulator()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serve(simulator))
        client = await stack.enter_async_context(make_client())
        status_url = "https://butler.example.com/webhooks/twilio/status"
        number = f"whatsapp:{NUMBER}"
        yield Twilio(simulator, TwilioSender(client, url, ACCOUNT_SID, AUTH_TOKEN, number, status_url=status_url))


@asynccontextmanager
async def whatsapp() -> AsyncIterator[WhatsApp]:
    simulator = WhatsAppSimulator()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serve(simulator))
        client = await stack.enter_async_context(make_client())
        yield WhatsApp(simulator, WhatsAppSender(client, f"{url}/v23.0", PHONE_NUMBER_ID, ACCESS_TOKEN))


@pytest.fixture(params=["recording", "whatsapp", "twilio", "web_chat"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    if request.param in ("recording", "web_chat"):
        yield Recorded() if request.param == "recording" else WebChat()
        return
    async with {"whatsapp": whatsapp, "twilio": twilio}[request.param]() as played:
        yield played


async def test_a_text_gets_through_and_has_the_channels_id(stage: Stage) -> None:
    outcome = await stage.sender.send(stage.text())
    assert isinstance(outcome, Sent)
    assert outcome.provider_id
    assert stage.taken() == [TEXT]


async def test_every_send_is_a_message_of_its_own_even_with_the_same_words(stage: Stage) -> None:
    message = stage.text()
    outcomes = [await stage.sender.send(message) for _ in range(3)]
    others = [await stage.sender.send(stage.text()) for _ in range(2)]
    told = {outcome.provider_id for outcome in (*outcomes, *others) if isinstance(outcome, Sent)}
    assert len(told) == (3 if stage.knows_its_messages else 5)
    assert stage.taken() == [TEXT] * len(told)


async def test_sends_at_the_same_time_do_not_mix(stage: Stage) -> None:
    outcomes = await asyncio.gather(*(stage.sender.send(stage.text(f"text {number}")) for number in range(20)))
    assert len({outcome.provider_id for outcome in outcomes if isinstance(outcome, Sent)}) == 20
    assert sorted(stage.taken()) == sorted(f"text {number}" for number in range(20))


async def test_a_busy_channel_says_when_to_come_back_and_took_nothing(stage: Stage) -> None:
    stage.busy_next(timedelta(seconds=7))
    with pytest.raises(ServiceUnavailable) as caught:
        await stage.sender.send(stage.text())
    assert caught.value.retry_after == timedelta(seconds=7)
    assert (stage.taken(), stage.tries()) == ([], 1)


async def test_wrong_credentials_are_a_matter_for_people(stage: Stage) -> None:
    stage.deny_next()
    with pytest.raises(ServiceDenied):
        await stage.sender.send(stage.text())
    assert (stage.taken(), stage.tries()) == ([], 1)


async def test_a_text_that_the_channel_will_never_take_is_rejected_with_a_reason(stage: Stage) -> None:
    stage.reject_next()
    with pytest.raises(ServiceRejected) as caught:
        await stage.sender.send(stage.text())
    assert caught.value.reason
    assert (stage.taken(), stage.tries()) == ([], 1)


@pytest.mark.parametrize("taken", [True, False])
async def test_a_call_that_breaks_after_sending_is_unclear_and_not_tried_again(stage: Stage, taken: bool) -> None:
    stage.lose_next_answer(taken=taken)
    outcome = await stage.sender.send(stage.text())
    assert isinstance(outcome, Unclear)
    assert outcome.reason
    assert (stage.taken(), stage.tries()) == ([TEXT] * taken, 1)


async def test_a_failure_does_not_outlive_its_call(stage: Stage) -> None:
    stage.busy_next(timedelta(seconds=1))
    stage.deny_next()
    stage.reject_next()
    for _ in range(3):
        with pytest.raises(OutsideFailure):
            await stage.sender.send(stage.text())
    stage.lose_next_answer(taken=False)
    assert isinstance(await stage.sender.send(stage.text()), Unclear)
    assert isinstance(await stage.sender.send(stage.text()), Sent)
    assert stage.taken() == [TEXT]


async def test_free_text_is_not_even_tried_once_its_time_has_run_out(stage: Stage) -> None:
    if not stage.free_text_ends:
        assert isinstance(await stage.sender.send(stage.text(window_open=False)), Sent)
        return
    with pytest.raises(ServiceRejected):
        await stage.sender.send(stage.text(window_open=False))
    assert (stage.taken(), stage.tries()) == ([], 0)


async def test_no_failure_names_the_guest_the_text_or_a_secret(stage: Stage) -> None:
    told = []
    stage.busy_next(timedelta(seconds=1))
    stage.deny_next()
    stage.reject_next()
    stage.lose_next_answer(taken=False)
    for _ in range(4):
        try:
            told.append(repr(await stage.sender.send(stage.text())))
        except OutsideFailure as failure:
            told.append(repr(failure))
    told.append(repr(stage.sender))
    for word in (ADDRESS, TEXT, ACCESS_TOKEN, AUTH_TOKEN):
        assert not [each for each in told if word in each]


async def test_the_fake_fails_whoever_sends_with_a_transaction_open() -> None:
    sender, stage = RecordingSender(), Recorded()
    async with InMemoryDatabase().begin():
        with pytest.raises(AssertionError):
            await sender.send(stage.text())
        with pytest.raises(AssertionError):
            await sender.check()
    assert sender.calls == []


async def test_the_check_is_silent_while_all_is_well(stage: Stage) -> None:
    assert await stage.sender.check() is None
    assert (stage.taken(), stage.tries()) == ([], 0)


async def test_the_check_says_what_is_wrong(stage: Stage) -> None:
    stage.break_account()
    told = await stage.sender.check()
    assert told
    assert ACCESS_TOKEN not in told
    assert AUTH_TOKEN not in told
