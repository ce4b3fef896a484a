"""TwilioSender: one text to one guest through Twilio's REST API."""

import re
from datetime import datetime
from urllib.parse import urlencode

import httpx
import msgspec

from jack.adapters.channels.twilio.errors import NEEDS_TEMPLATE, code_in, failure_in
from jack.adapters.channels.twilio.listed import entries_in
from jack.adapters.channels.twilio.unpack import MESSAGE_PARAMETER
from jack.adapters.http import Answer, Interrupted, send
from jack.adapters.markup import to_plain, to_whatsapp
from jack.application.errors import OutsideFailure, ServiceRejected
from jack.application.ports.channels import ChannelSender, DeliveryReceipt, OutboundText, Sent, Unclear

LONGEST_TEXT = 1_600
"""Characters that `Body` may have. https://www.twilio.com/docs/messaging/api/message-resource"""

_WHATSAPP = "whatsapp:"
_SMS_ADDRESS = re.compile(r"\+[0-9]{5,20}|[0-9]{3,8}", re.ASCII)
_WHATSAPP_ADDRESS = re.compile(r"whatsapp:(\+[0-9]{5,20}|[A-Za-z]{2,3}\.[A-Za-z0-9._-]{1,140})", re.ASCII)
_NOT_TAKEN_FOR_SURE = 503


class _Taken(msgspec.Struct):
    sid: str | None = None


class _Account(msgspec.Struct):
    sid: str | None = None
    status: str | None = None


class TwilioSender(ChannelSender):
    """Sends from one number. `status_url` is where Twilio tells what became of a message; `time_limit` is in seconds,
    and generous, because a call that is given up leaves a message of which nobody knows whether it arrived.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        api_url: str,
        account_sid: str,
        auth_token: str,
        sender: str,
        *,
        status_url: str,
        time_limit: float = 30.0,
    ) -> None:
        self._client = client
        self._url = f"{api_url.rstrip('/')}/2010-04-01/Accounts/{account_sid}"
        self._account_sid = account_sid
        self._auth = httpx.BasicAuth(account_sid, auth_token)
        self._sender = sender
        self._status_url = status_url
        self._time_limit = time_limit

    def __repr__(self) -> str:
        """Name the number and keep the token."""
        return f"TwilioSender({self._sender})"

    @property
    def longest_text(self) -> int:
        """A little less than Twilio takes: turning Markdown into WhatsApp's markup may add characters."""
        return LONGEST_TEXT - 100

    async def send(self, message: OutboundText) -> Sent | Unclear:
        """Hand over one text, Markdown turned into what the channel shows; see ChannelSender for what is raised.

        Jack's id of the message travels in the address of the status callbacks and comes back with them.
        """
        form = self._form(message)
        try:
            answer = await send(
                self._client,
                "POST",
                f"{self._url}/Messages.json",
                service="Twilio",
                headers={"content-type": "application/x-www-form-urlencoded"},
                content=urlencode(form).encode(),
                auth=self._auth,
                time_limit=self._time_limit,
            )
        except Interrupted as error:
            return Unclear(reason=str(error))
        if answer.ok:
            sid = _sid_in(answer)
            if sid is None:
                return Unclear(reason=f"Twilio answered {answer.status} without the id of a message")
            return Sent(provider_id=sid)
        if answer.status >= 500 and answer.status != _NOT_TAKEN_FOR_SURE and code_in(answer) is None:
            return Unclear(reason=f"the call to Twilio ended with {answer.status} from somebody in between")
        raise failure_in(answer)

    async def listed(self, message: OutboundText, since: datetime) -> tuple[DeliveryReceipt, ...] | None:
        """What Twilio's list of messages says; it is newest first, and one page reaches far enough back."""
        answer = await send(
            self._client,
            "GET",
            f"{self._url}/Messages.json",
            service="Twilio",
            auth=self._auth,
            params={"To": message.address, "From": self._sender, "PageSize": "100"},
            time_limit=self._time_limit,
        )
        if not answer.ok:
            raise failure_in(answer)
        return entries_in(answer.body, self._sender, self._body(message.text), message.message_id, since)

    async def check(self) -> str | None:
        """Ask for the account itself."""
        try:
            answer = await send(
                self._client,
                "GET",
                f"{self._url}.json",
                service="Twilio",
                auth=self._auth,
                time_limit=self._time_limit,
            )
            if not answer.ok:
                raise failure_in(answer)
            account = msgspec.json.decode(answer.body, type=_Account)
        except OutsideFailure as error:
            return str(error)
        except msgspec.DecodeError:
            return "what answers is not Twilio; check api_url in jack.toml"
        if account.sid != self._account_sid:
            return "what answers is not Twilio, or not for this account_sid; check api_url in jack.toml"
        if account.status not in (None, "active"):
            return "the Twilio account is not active; look at it in Twilio's console"
        return None

    def _form(self, message: OutboundText) -> dict[str, str]:
        on_whatsapp = self._sender.startswith(_WHATSAPP)
        if on_whatsapp and not message.window_open:
            raise ServiceRejected(NEEDS_TEMPLATE)
        fits = _WHATSAPP_ADDRESS if on_whatsapp else _SMS_ADDRESS
        if not fits.fullmatch(message.address):
            raise ServiceRejected("the address is none that the hotel's number can write to")
        body = self._body(message.text)
        if not body:
            raise ServiceRejected("there is no text to send")
        if len(body) > LONGEST_TEXT:
            raise ServiceRejected(
                f"the text is longer than the {LONGEST_TEXT} characters that Twilio takes; shorten it"
            )
        return {
            "To": message.address,
            "From": self._sender,
            "Body": body,
            "StatusCallback": f"{self._status_url}?{urlencode({MESSAGE_PARAMETER: message.message_id})}",
        }

    def _body(self, text: str) -> str:
        return to_whatsapp(text) if self._sender.startswith(_WHATSAPP) else to_plain(text)


def _sid_in(answer: Answer) -> str | None:
    try:
        return msgspec.json.decode(answer.body, type=_Taken).sid or None
    except msgspec.DecodeError:
        return None
