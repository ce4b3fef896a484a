"""A channel without a wire format: a delivery's body is the name under which its content was laid down."""

import json
from collections.abc import Awaitable, Callable, Mapping
from itertools import count

from jack.application.ports.channels import (
    ChannelAccount,
    Channels,
    ChannelSender,
    ChannelWebhook,
    Delivery,
    OutboundText,
    Sent,
    Unclear,
    Unpacked,
)
from jack.domain.ids import HotelId
from tests.fakes.channels import RecordingSender

CHANNEL = "whatsapp"
SIGNED = {"x-signature": "good"}


class LaidDownWebhook(ChannelWebhook):
    """Unpacks what `lay_down` was given; believes every delivery with the header SIGNED."""

    def __init__(self, accounts: tuple[str, ...]) -> None:
        self._accounts = accounts
        self._contents: dict[bytes, Unpacked] = {}
        self._numbers = count(1)

    def lay_down(self, unpacked: Unpacked) -> bytes:
        """The body under which this content will be unpacked."""
        body = json.dumps(next(self._numbers)).encode()
        self._contents[body] = unpacked
        return body

    @property
    def channel(self) -> str:
        return CHANNEL

    def authenticate(self, headers: Mapping[str, str], body: bytes, target: str = "") -> tuple[str, ...]:
        return self._accounts if headers == SIGNED else ()

    def handshake(self, query: Mapping[str, str]) -> str | None:
        return None

    def unpack(self, delivery: Delivery) -> Unpacked:
        return self._contents[delivery.body]


class BusySender(RecordingSender):
    """A recording sender; `meanwhile` is what others do while the next call is on the wire."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], Awaitable[object]]] = []

    async def send(self, message: OutboundText) -> Sent | Unclear:
        if self.meanwhile:
            await self.meanwhile.pop(0)()
        return await super().send(message)


class ListedChannels(Channels):
    """One channel with these accounts."""

    def __init__(self, accounts: dict[str, HotelId]) -> None:
        self.hotels = accounts
        self.hook = LaidDownWebhook(tuple(accounts))
        self.senders = {account: BusySender() for account in accounts}

    def webhook(self, channel: str) -> ChannelWebhook | None:
        return self.hook if channel == CHANNEL else None

    def account(self, channel: str, account: str) -> ChannelAccount | None:
        if channel != CHANNEL or account not in self.hotels:
            return None
        return ChannelAccount(hotel_id=self.hotels[account], channel=channel, account=account)

    def accounts(self) -> tuple[ChannelAccount, ...]:
        return tuple(ChannelAccount(hotel_id=h, channel=CHANNEL, account=a) for a, h in self.hotels.items())

    def sender(self, channel: str, account: str) -> ChannelSender | None:
        return self.senders.get(account) if channel == CHANNEL else None
