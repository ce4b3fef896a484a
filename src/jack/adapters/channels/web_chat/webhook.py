"""Reading what Jack's own pages sent: deliveries that `WriteChatMessage` and `ConfirmDelivered` stored."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from jack.adapters.markup import clean
from jack.application.ports.channels import (
    ChannelWebhook,
    Delivery,
    DeliveryReceipt,
    InboundMessage,
    Sender,
    Unpacked,
)
from jack.domain.conversation import ChannelIdentity
from jack.domain.ids import MessageId
from jack.domain.message import DeliveryStatus


class _Written(msgspec.Struct):
    client_message_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    text: Annotated[str, msgspec.Meta(min_length=1)]


class _Got(msgspec.Struct):
    post: str
    message: str


class WebChatWebhook(ChannelWebhook):
    """The body is what the browser sent; `target` is Jack's own note of whose session it was: `sender/messages` or
    `sender/delivered`. Nothing comes in over a webhook's door."""

    @property
    def channel(self) -> str:
        """web_chat."""
        return "web_chat"

    def authenticate(self, headers: Mapping[str, str], body: bytes, target: str = "") -> tuple[str, ...]:  # noqa: ARG002
        """Nobody signs for a chat: browsers have sessions, and a door of their own."""
        return ()

    def handshake(self, query: Mapping[str, str]) -> str | None:  # noqa: ARG002  nobody subscribes
        """Always refused."""
        return None

    def unpack(self, delivery: Delivery) -> Unpacked:
        """The message, or the receipts, of a delivery. Never raises."""
        sender, _, kind = delivery.target.partition("/")
        if not sender or len(delivery.accounts) != 1:
            return Unpacked(problems=("nobody knows whose session it was",))
        account = delivery.accounts[0]
        try:
            if kind == "delivered":
                got = msgspec.json.decode(delivery.body, type=list[_Got])
                return Unpacked(receipts=tuple(_receipt(account, delivery, one) for one in got))
            written = msgspec.json.decode(delivery.body, type=_Written)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Unpacked(problems=("the body is not what a page sends",))
        return Unpacked(messages=(_message(account, sender, delivery, written),))


def _message(account: str, sender: str, delivery: Delivery, written: _Written) -> InboundMessage:
    return InboundMessage(
        account=account,
        provider_id=f"{sender}:{written.client_message_id}",
        sender=Sender(
            identities=(ChannelIdentity(kind="session", value=sender),), address=sender, phone=None, display_name=""
        ),
        type="text",
        text=clean(written.text),
        sent_at=delivery.received_at,
    )


def _receipt(account: str, delivery: Delivery, got: _Got) -> DeliveryReceipt:
    return DeliveryReceipt(
        account=account,
        provider_id=got.post,
        message_id=MessageId(got.message),
        status=DeliveryStatus.DELIVERED,
        at=delivery.received_at,
    )
