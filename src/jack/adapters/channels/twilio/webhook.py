"""TwilioWebhook: whether a call is Twilio's, and what it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jack.adapters.channels.twilio.signature import HEADER, fields_of, signs, spellings
from jack.adapters.channels.twilio.unpack import unpacked
from jack.application.ports.channels import ChannelWebhook, Delivery, Unpacked

CHANNEL = "twilio"


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """One number of a Twilio account, as Twilio writes it: "+15550100000" or "whatsapp:+15550100000"."""

    sender: str
    account_sid: str
    auth_token: str = field(repr=False)

    def __post_init__(self) -> None:
        if not (self.sender and self.account_sid and self.auth_token):
            # with an empty token anybody could sign
            raise ValueError("a Twilio account needs a sender, an account_sid and an auth_token")


class TwilioWebhook(ChannelWebhook):
    """Messages and statuses of all Twilio numbers of one Jack. `public_url` is where Twilio reaches Jack: its signature
    covers the address that Twilio called, not the one that a proxy made of it.
    """

    def __init__(self, accounts: Sequence[TwilioAccount], public_url: str) -> None:
        self._accounts = tuple(accounts)
        self._public_url = public_url.rstrip("/")

    @property
    def channel(self) -> str:
        """The channel's name."""
        return CHANNEL

    def authenticate(self, headers: Mapping[str, str], body: bytes, target: str = "") -> tuple[str, ...]:
        """The numbers of the accounts whose token signs the call and which the form itself names."""
        fields = fields_of(body)
        if fields is None:
            return ()
        addresses = spellings(f"{self._public_url}{target}")
        claimed = headers.get(HEADER, "")
        named = {value for name, value in fields if name == "AccountSid"}
        tokens = {account.auth_token for account in self._accounts}
        signing = {token: signs(token, addresses, fields, claimed) for token in tokens}
        return tuple(a.sender for a in self._accounts if signing[a.auth_token] and a.account_sid in named)

    def handshake(self, query: Mapping[str, str]) -> str | None:  # noqa: ARG002  Twilio shakes no hands
        """Twilio has no handshake: always refused."""
        return None

    def unpack(self, delivery: Delivery) -> Unpacked:
        """The message or the receipt of a delivery. Never raises."""
        return unpacked(delivery)
