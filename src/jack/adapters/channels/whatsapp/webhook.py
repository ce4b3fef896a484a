"""WhatsAppWebhook: whether a webhook is Meta's, and what it holds."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jack.adapters.channels.whatsapp.unpack import Unpacking
from jack.application.ports.channels import ChannelWebhook, Delivery, Unpacked

_SIGNATURE = "x-hub-signature-256"


@dataclass(frozen=True, slots=True)
class WhatsAppAccount:
    """One business phone number. Several may share a Meta app and with it the app secret; others have their own."""

    phone_number_id: str
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)

    def __post_init__(self) -> None:
        if not (self.phone_number_id and self.app_secret and self.verify_token):
            # with an empty secret anybody could sign
            raise ValueError("a WhatsApp account needs a phone_number_id, an app_secret and a verify_token")


class WhatsAppWebhook(ChannelWebhook):
    """Webhooks of the Cloud API for all accounts of one Jack.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started (handshake, X-Hub-Signature-256)
    """

    def __init__(self, accounts: Sequence[WhatsAppAccount]) -> None:
        self._accounts = tuple(accounts)
        self._secrets = {account.app_secret: account.app_secret.encode() for account in self._accounts}

    @property
    def channel(self) -> str:
        """The channel's name."""
        return "whatsapp"

    def authenticate(self, headers: Mapping[str, str], body: bytes, target: str = "") -> tuple[str, ...]:  # noqa: ARG002
        """The phone_number_ids whose app secret signs the raw body, in the order of the configuration.

        Raw, because Meta signs its own escapes (\\u00eb, \\/), which no parser and printer would give back.
        """
        claimed = headers.get(_SIGNATURE, "").encode("utf-8", "replace")
        signing = {
            secret: hmac.compare_digest(f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}".encode(), claimed)
            for secret, key in self._secrets.items()
        }
        return tuple(account.phone_number_id for account in self._accounts if signing[account.app_secret])

    def handshake(self, query: Mapping[str, str]) -> str | None:
        """The challenge, when the verify token is that of one of the accounts; to be sent back as plain text."""
        claimed = query.get("hub.verify_token", "").encode("utf-8", "replace")
        known = [hmac.compare_digest(account.verify_token.encode(), claimed) for account in self._accounts]
        if query.get("hub.mode") != "subscribe" or not any(known):
            return None
        return query.get("hub.challenge") or None

    def unpack(self, delivery: Delivery) -> Unpacked:
        """Every message, receipt and problem of a delivery. Never raises."""
        return Unpacking(delivery).done()
