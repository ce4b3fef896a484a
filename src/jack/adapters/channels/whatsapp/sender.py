"""WhatsAppSender: one text to one guest through the Graph API."""

import re
from datetime import datetime

import httpx

from jack.adapters.channels.whatsapp.errors import NEEDS_TEMPLATE, error_in, failure_in
from jack.adapters.channels.whatsapp.wire import PhoneNumberAnswer, SendAnswer, Unreadable, read
from jack.adapters.http import Answer, Interrupted, send
from jack.adapters.markup import to_whatsapp
from jack.application.errors import OutsideFailure, ServiceRejected
from jack.application.ports.channels import ChannelSender, DeliveryReceipt, OutboundText, Sent, Unclear

LONGEST_TEXT = 4096
"""Characters that one text message may have (text.body of the Cloud API)."""

_PHONE = re.compile(r"\+?([0-9]{5,20})", re.ASCII)
_USER_ID = re.compile(r"[A-Za-z]{2,3}\.[A-Za-z0-9._-]{1,140}", re.ASCII)
_NOT_TAKEN_FOR_SURE = 503


class WhatsAppSender(ChannelSender):
    """Sends for one business phone number.

    `api_url` ends with the version: https://graph.facebook.com/v23.0. `time_limit` is in seconds, and generous,
    because a call that is given up leaves a message of which nobody knows whether it arrived.
    https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        api_url: str,
        phone_number_id: str,
        access_token: str,
        *,
        time_limit: float = 30.0,
    ) -> None:
        self._client = client
        self._url = f"{api_url.rstrip('/')}/{phone_number_id}"
        self._phone_number_id = phone_number_id
        self._headers = {"authorization": f"Bearer {access_token}"}
        self._time_limit = time_limit

    def __repr__(self) -> str:
        """Name the account and keep the token."""
        return f"WhatsAppSender({self._phone_number_id})"

    @property
    def longest_text(self) -> int:
        """A little less than WhatsApp takes: turning Markdown into its markup may add characters."""
        return LONGEST_TEXT - 296

    async def send(self, message: OutboundText) -> Sent | Unclear:
        """Hand over one text, Markdown turned into WhatsApp's markup; see ChannelSender for what is raised.

        A text that is longer than WhatsApp takes is rejected, not cut: what the guest reads and what Jack's records say
        stay the same. The message's id travels along and comes back in the receipts.
        """
        payload = _payload(message)
        try:
            answer = await send(
                self._client,
                "POST",
                f"{self._url}/messages",
                service="WhatsApp",
                headers=self._headers,
                json=payload,
                time_limit=self._time_limit,
            )
        except Interrupted as error:
            return Unclear(reason=str(error))
        if answer.ok:
            provider_id = _sent_id(answer)
            if provider_id is None:
                return Unclear(reason=f"WhatsApp answered {answer.status} without the id of a message")
            return Sent(provider_id=provider_id)
        if answer.status >= 500 and answer.status != _NOT_TAKEN_FOR_SURE and error_in(answer) is None:
            # a gateway gave up waiting; WhatsApp itself may have taken the message
            return Unclear(reason=f"the call to WhatsApp ended with {answer.status} from somebody in between")
        raise failure_in(answer)

    async def listed(self, message: OutboundText, since: datetime) -> tuple[DeliveryReceipt, ...] | None:  # noqa: ARG002
        """None: the Cloud API keeps no list; its receipts carry Jack's own id."""
        return None

    async def check(self) -> str | None:
        """Ask for the number's own status; needs no permission beyond sending."""
        try:
            answer = await send(
                self._client,
                "GET",
                self._url,
                service="WhatsApp",
                headers=self._headers,
                params={"fields": "id,status"},
                time_limit=self._time_limit,
            )
            if not answer.ok:
                raise failure_in(answer)
            number = read(answer.body, PhoneNumberAnswer)
        except OutsideFailure as error:
            return str(error)
        except Unreadable:
            return "what answers is not WhatsApp; check api_url in jack.toml"
        if number.id != self._phone_number_id:
            return "what answers is not WhatsApp, or not for this phone_number_id; check api_url in jack.toml"
        if number.status not in (None, "CONNECTED"):
            return "the number is not connected; look at its status in Meta's WhatsApp Manager"
        return None


def _payload(message: OutboundText) -> dict[str, object]:
    if not message.window_open:
        raise ServiceRejected(NEEDS_TEMPLATE)
    if len(message.text) > 2 * LONGEST_TEXT or len(body := to_whatsapp(message.text)) > LONGEST_TEXT:
        raise ServiceRejected(f"the text is longer than the {LONGEST_TEXT} characters that WhatsApp takes; shorten it")
    if not body:
        raise ServiceRejected("there is no text to send")
    payload: dict[str, object] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_recipient(message.address),
        "type": "text",
        "text": {"preview_url": False, "body": body},
        "biz_opaque_callback_data": message.message_id,
    }
    if message.reply_to:
        payload["context"] = {"message_id": message.reply_to}
    return payload


def _recipient(address: str) -> dict[str, str]:
    """A phone number always with "+": without it Meta may put the hotel's own country code in front."""
    if phone := _PHONE.fullmatch(address):
        return {"to": f"+{phone[1]}"}
    if _USER_ID.fullmatch(address):
        return {"recipient": address}
    raise ServiceRejected("the address is neither a phone number nor a WhatsApp user id")


def _sent_id(answer: Answer) -> str | None:
    try:
        messages = read(answer.body, SendAnswer).messages
    except Unreadable:
        return None
    return (messages[0].id or None) if messages else None
