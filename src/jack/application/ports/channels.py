"""Channels: how messages come in and go out."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from jack.domain.conversation import ChannelIdentity
from jack.domain.ids import HotelId, MessageId
from jack.domain.message import DeliveryStatus, Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One webhook call as it came in, already authenticated.

    `accounts` are the hotel's own ends (WhatsApp: phone_number_ids) for which the signature stands: an entry of the
    body that names another account must not be believed. `target` is the path and query that were called.
    """

    id: str
    channel: str
    accounts: tuple[str, ...]
    body: bytes = field(repr=False)
    received_at: datetime
    target: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who wrote, as the channel says.

    `identities` are all names under which the channel knows the sender, the most stable first; `address` is where
    replies go, verbatim; `phone` is the phone that the channel proved, as its digits, None for senders without one.
    """

    identities: tuple[ChannelIdentity, ...]
    address: str
    phone: str | None
    display_name: str

    def __repr__(self) -> str:
        """Hide the person: reprs end up in logs."""
        return "Sender(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """One message of a delivery. `text` is what can be read of it (caption, button title, place name); may be empty.

    `needs_answer` is False for what nobody expects a reply to: reactions, edits, deletions, system notes.
    `in_group` is True for a message that others read as well. `from_staff` is True for what the hotel's people wrote
    from the channel's own app.
    """

    account: str
    provider_id: str
    sender: Sender
    type: str
    text: str = field(repr=False)
    sent_at: datetime
    media: tuple[Media, ...] = ()
    reply_to: str | None = None
    needs_answer: bool = True
    in_group: bool = False
    from_staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReceipt:
    """What a channel says about a message that Jack sent.

    `message_id` is Jack's own id when the channel echoes it, so that a receipt that overtakes the answer of the send
    call finds its message.
    """

    account: str
    provider_id: str
    message_id: MessageId | None
    status: DeliveryStatus
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """What a delivery holds. `problems` are sentences about parts that could not be read; they carry no guest text."""

    messages: tuple[InboundMessage, ...] = ()
    receipts: tuple[DeliveryReceipt, ...] = ()
    problems: tuple[str, ...] = ()


class ChannelWebhook(Protocol):
    """Reads the webhooks of one channel. Pure: no I/O."""

    @property
    @abstractmethod
    def channel(self) -> str:
        """The channel's name, such as "whatsapp"."""

    @abstractmethod
    def authenticate(self, headers: Mapping[str, str], body: bytes, target: str = "") -> tuple[str, ...]:
        """The accounts for which the signature over the raw `body` stands; empty when it stands for none.

        `headers` have lower-case names; `target` is the path and query that were called, as they came. Takes the same
        time whatever is wrong with the signature.
        """

    @abstractmethod
    def handshake(self, query: Mapping[str, str]) -> str | None:
        """The text to answer a subscription handshake with, or None to refuse it."""

    @abstractmethod
    def unpack(self, delivery: Delivery) -> Unpacked:
        """Every message and receipt of a delivery, in the order of the body.

        Never raises: what cannot be read is a problem.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundText:
    """One text on its way out. `window_open` is False when the channel's time for free text has run out."""

    message_id: MessageId
    address: str
    text: str = field(repr=False)
    reply_to: str | None = None
    window_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The channel took the message under its own id; that it arrived is another matter."""

    provider_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """Nobody can know whether the message left: the call broke after it was sent."""

    reason: str


class ChannelSender(Protocol):
    """Sends for one account of one hotel."""

    @property
    @abstractmethod
    def longest_text(self) -> int:
        """How many characters of a reply fit into one message, with room for what the channel's markup adds."""

    @abstractmethod
    async def send(self, message: OutboundText) -> Sent | Unclear:
        """Hand one text to the channel, once, without retrying.

        Raises ServiceUnavailable when it certainly was not taken and may be tried again, ServiceDenied for credentials
        and permissions, ServiceRejected when this text will never be taken.
        """

    @abstractmethod
    async def listed(self, message: OutboundText, since: datetime) -> tuple[DeliveryReceipt, ...] | None:
        """What the channel's own list of sent messages says of messages to that address with just that text, sent at
        `since` or later; None where a channel keeps no list that one could ask. Raises the three words.
        """

    @abstractmethod
    async def check(self) -> str | None:
        """None when the account answers, else what is wrong and what to do; never names a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAccount:
    """One end of one hotel on one channel."""

    hotel_id: HotelId
    channel: str
    account: str


class Channels(Protocol):
    """The channels of the configuration; the same for the whole life of the process."""

    @abstractmethod
    def webhook(self, channel: str) -> ChannelWebhook | None:
        """What reads that channel's webhooks, or None when no hotel has the channel."""

    @abstractmethod
    def account(self, channel: str, account: str) -> ChannelAccount | None:
        """The hotel behind an account, or None when no hotel has it."""

    @abstractmethod
    def accounts(self) -> tuple[ChannelAccount, ...]:
        """Every account, in the order of the configuration."""

    @abstractmethod
    def sender(self, channel: str, account: str) -> ChannelSender | None:
        """What sends for that account, or None when no hotel has it."""
