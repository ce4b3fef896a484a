"""Twilio's REST API for messages, and the webhooks that it sends, as strict as Twilio is or stricter.

    simulator = TwilioSimulator()
    async with serve(simulator) as url:
        sender = TwilioSender(client, url, ACCOUNT_SID, AUTH_TOKEN, NUMBER, status_url="https://...")

`accepted` lists what it took, `calls` everything that arrived. `fail_next` and `cut_next` line up what happens next.
Shapes: https://www.twilio.com/docs/messaging/api/message-resource (2026).
"""

import base64
import hashlib
import hmac
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

ACCOUNT_SID = "AC00000000000000000000000000000001"
AUTH_TOKEN = "0123456789abcdef0123456789abcdef"
NUMBER = "+15550100000"

USUAL_STATUS = {20003: 401, 20429: 429, 63018: 429}
"""HTTP status codes of Twilio's error codes; the rest come as 400."""

_FIELDS = {"To", "From", "Body", "MediaUrl", "StatusCallback", "MessagingServiceSid", "ValidityPeriod", "SmartEncoded"}
_ADDRESS = re.compile(r"(whatsapp:)?\+[1-9][0-9]{4,14}|whatsapp:[A-Z]{2}\.[A-Za-z0-9]{1,128}|[0-9]{3,8}")

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A text that Twilio took."""

    sid: str
    to: str
    sender: str
    body: str
    status_callback: str | None
    status: str = "delivered"
    date_created: str = "Sun, 22 Nov 2026 12:00:00 +0000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it arrived, right or wrong."""

    method: str
    path: str
    headers: Mapping[str, str]
    form: Mapping[str, str]
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: bool = False
    cut: bool = False


class _Refused(Exception):
    def __init__(self, code: int, status: int | None = None) -> None:
        super().__init__(code)
        self.code, self.status = code, status or USUAL_STATUS.get(code, 400)


class TwilioSimulator:
    """An ASGI app that knows one account with its numbers."""

    def __init__(self, numbers: tuple[str, ...] = (NUMBER, f"whatsapp:{NUMBER}")) -> None:
        self.numbers = numbers
        self.account_status = "active"
        self.accepted: list[Accepted] = []
        self.calls: list[Call] = []
        self._plan: deque[_Planned] = deque()

    def fail_next(self, code: int, *, retry_after: str | None = None) -> None:
        """Refuse the next call with that error code of Twilio's."""
        headers = {"retry-after": retry_after} if retry_after is not None else {}
        status = USUAL_STATUS.get(code, 400)
        self._plan.append(_Planned(status=status, body=_error(code, status), headers=headers))

    def answer_next(self, status: int, body: bytes, *, accept: bool = False) -> None:
        """Answer the next call with just that; with `accept` the message is taken all the same."""
        self._plan.append(_Planned(status=status, body=body, accept=accept))

    def cut_next(self, *, accept: bool) -> None:
        """Hang up on the next call without an answer, having taken the message or not."""
        self._plan.append(_Planned(cut=True, accept=accept))

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """One request."""
        body = b""
        while True:
            event = await receive()
            body += event.get("body", b"")
            if not event.get("more_body"):
                break
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        call = Call(method=scope["method"], path=scope["path"], headers=headers, form=form, query=query)
        self.calls.append(call)
        planned = self._plan.popleft() if self._plan else None
        if planned is None:
            await _reply(send, *self._serve(call))
            return
        if planned.accept:
            self._serve(call)
        if planned.cut:
            receive.__self__.transport.abort()  # type: ignore[attr-defined]  # uvicorn's request cycle
            return
        await _reply(send, planned.status, planned.body, planned.headers)

    def _serve(self, call: Call) -> tuple[int, bytes]:
        try:
            expected = base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
            _ask(call.headers.get("authorization") == f"Basic {expected}", 20003)
            base = f"/2010-04-01/Accounts/{ACCOUNT_SID}"
            if (call.method, call.path) == ("GET", f"{base}.json"):
                return 200, json.dumps({"sid": ACCOUNT_SID, "status": self.account_status}).encode()
            if (call.method, call.path) == ("GET", f"{base}/Messages.json"):
                return 200, self._list(call)
            _ask((call.method, call.path) == ("POST", f"{base}/Messages.json"), 20404, 404)
            _ask(call.headers.get("content-type") == "application/x-www-form-urlencoded", 20001)
            return 201, self._take(call.form)
        except _Refused as refused:
            return refused.status, _error(refused.code, refused.status)

    def _list(self, call: Call) -> bytes:
        _ask(set(call.query) <= {"To", "From", "PageSize", "DateSent", "DateSent>", "DateSent<"}, 20001)
        _ask(int(call.query.get("PageSize", "50")) <= 1000, 20001)
        found = [
            {
                "sid": one.sid,
                "to": one.to,
                "from": one.sender,
                "body": one.body,
                "status": one.status,
                "date_created": one.date_created,
                "error_code": None,
            }
            for one in reversed(self.accepted)
            if call.query.get("To", one.to) == one.to and call.query.get("From", one.sender) == one.sender
        ]
        return json.dumps({"messages": found, "page": 0, "next_page_uri": None}).encode()

    def _take(self, form: Mapping[str, str]) -> bytes:
        _ask(set(form) <= _FIELDS, 20001)
        _ask(bool(form.get("Body")) or bool(form.get("MediaUrl")), 21602)
        _ask(len(form.get("Body", "")) <= 1600, 21617)
        _ask(form.get("From") in self.numbers, 21606)
        _ask(_ADDRESS.fullmatch(form.get("To", "")) is not None, 21211)
        _ask(form["To"].startswith("whatsapp:") == form["From"].startswith("whatsapp:"), 21910)
        taken = Accepted(
            sid=f"SM{len(self.accepted) + 1:032x}",
            to=form["To"],
            sender=form["From"],
            body=form["Body"],
            status_callback=form.get("StatusCallback"),
        )
        self.accepted.append(taken)
        return json.dumps({"sid": taken.sid, "status": "queued", "error_code": None, "num_segments": "1"}).encode()


def signed(address: str, fields: Mapping[str, str], token: str = AUTH_TOKEN) -> tuple[dict[str, str], bytes]:
    """The headers and the body of a webhook as Twilio signs it for that address."""
    text = address + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    signature = base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
    headers = {"x-twilio-signature": signature, "content-type": "application/x-www-form-urlencoded"}
    return headers, urlencode(fields).encode()


def an_sms(text: str = "Hi", *, number: int = 1, sender: str = "+351912345678", **fields: str) -> dict[str, str]:
    """The fields of an SMS to NUMBER."""
    sid = f"SM{number:032x}"
    return {
        "ToCountry": "US",
        "ToState": "",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "SmsSid": sid,
        "SmsStatus": "received",
        "Body": text,
        "To": NUMBER,
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": ACCOUNT_SID,
        "From": sender,
        "ApiVersion": "2010-04-01",
    } | fields


def a_status(sid: str, status: str, **fields: str) -> dict[str, str]:
    """The fields of a status callback for a message that NUMBER sent."""
    return {
        "SmsSid": sid,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": "+351912345678",
        "MessageSid": sid,
        "AccountSid": ACCOUNT_SID,
        "From": NUMBER,
        "ApiVersion": "2010-04-01",
    } | fields


def _ask(fulfilled: bool, code: int, status: int | None = None) -> None:
    if not fulfilled:
        raise _Refused(code, status)


def _error(code: int, status: int) -> bytes:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return json.dumps({"code": code, "message": "simulated", "more_info": more, "status": status}).encode()


async def _reply(send: Send, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
    given = {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
    pairs = [(name.encode(), value.encode()) for name, value in given.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
