"""Meta's Graph API for WhatsApp, as strict as Meta is or stricter.

    simulator = WhatsAppSimulator()
    async with serve(simulator) as url:
        sender = WhatsAppSender(client, f"{url}/v23.0", PHONE_NUMBER_ID, ACCESS_TOKEN)

`accepted` lists what it took, `calls` everything that arrived. `fail_next`, `answer_next`, `hang_next` and `cut_next`
line up what happens to the next calls, in order. Webhooks are built by tests.simulators.whatsapp_webhooks.
Shapes: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages (2026).
"""

import asyncio
import base64
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

PHONE_NUMBER_ID = "106540352242922"
ACCESS_TOKEN = "EAAJB-simulated-access-token"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

USUAL_STATUS = {
    0: 401, 190: 401, 3: 500, 10: 403, 1: 400, 2: 503, 131000: 500, 131016: 500, 133004: 503, 131005: 403, 131031: 403,
    368: 403, 131045: 500,
}  # fmt: skip
"""HTTP status codes that Meta documents for error codes; the rest come as 400, throttling included."""

_TOP_KEYS = {
    "messaging_product", "recipient_type", "to", "recipient", "type", "text", "context", "biz_opaque_callback_data",
}  # fmt: skip
_PHONE = re.compile(r"\+[1-9][0-9]{4,14}")
_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A text that WhatsApp took. `address` is `to` (with plus) or `recipient` (a user id)."""

    wamid: str
    phone_number_id: str
    address: str
    body: str
    callback_data: str | None
    reply_to: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it arrived, right or wrong."""

    method: str
    path: str
    headers: Mapping[str, str]
    payload: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: bool = False
    cut: bool = False
    hang: bool = False


class _Refused(Exception):
    def __init__(self, code: int, message: str, subcode: int | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.subcode = code, message, subcode


class WhatsAppSimulator:
    """An ASGI app. `numbers` are the business numbers it knows, each with the token that may use it."""

    def __init__(self, numbers: Mapping[str, str] | None = None) -> None:
        self.numbers = dict(numbers or {PHONE_NUMBER_ID: ACCESS_TOKEN})
        self.number_status = "CONNECTED"
        self.accepted: list[Accepted] = []
        self.calls: list[Call] = []
        self._plan: deque[_Planned] = deque()
        self._changed = asyncio.Condition()

    def fail_next(
        self, code: int, *, status: int | None = None, times: int = 1, retry_after: str | None = None
    ) -> None:
        """Refuse the next calls with that error code of Meta's."""
        headers = {"retry-after": retry_after} if retry_after is not None else {}
        answer = status if status is not None else USUAL_STATUS.get(code, 400)
        self.answer_next(answer, _error(code, "simulated"), times=times, headers=headers)

    def answer_next(
        self,
        status: int,
        body: bytes,
        *,
        times: int = 1,
        accept: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer the next calls with just that; with `accept` the message is taken all the same."""
        self._plan += [_Planned(status=status, body=body, headers=headers or {}, accept=accept)] * times

    def hang_next(self, *, accept: bool = True) -> None:
        """Never answer the next call, having taken the message or not; it ends when the caller gives up."""
        self._plan.append(_Planned(hang=True, accept=accept))

    def cut_next(self, *, accept: bool) -> None:
        """Hang up on the next call without an answer, having taken the message or not."""
        self._plan.append(_Planned(cut=True, accept=accept))

    async def until_accepted(self, count: int, patience: float = 20.0) -> list[Accepted]:
        """Everything that was accepted, once it is that many. Raises TimeoutError after `patience` seconds."""
        async with asyncio.timeout(patience), self._changed:
            await self._changed.wait_for(lambda: len(self.accepted) >= count)
            return list(self.accepted)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """One request."""
        body = await _body(receive)
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            payload = json.loads(body) if body else None
        except ValueError:
            payload = body
        call = Call(method=scope["method"], path=scope["path"], headers=headers, payload=payload)
        self.calls.append(call)
        planned = self._plan.popleft() if self._plan else None
        if planned is None:
            await _reply(send, *await self._serve(call))
            return
        if planned.accept:
            await self._serve(call)
        if planned.hang:
            await receive()
            return
        if planned.cut:
            receive.__self__.transport.abort()  # type: ignore[attr-defined]  # uvicorn's request cycle
            return
        await _reply(send, planned.status, planned.body, planned.headers)

    async def _serve(self, call: Call) -> tuple[int, bytes]:
        try:
            number, what = self._authorized(call)
            if call.method == "GET" and what == "":
                return 200, _dump({"id": number, "status": self.number_status})
            _ask(call.method == "POST" and what == "messages", 2500, "Unknown path components")
            return 200, await self._take(number, call)
        except _Refused as refused:
            status = USUAL_STATUS.get(refused.code, 400)
            return status, _error(refused.code, refused.message, refused.subcode)

    def _authorized(self, call: Call) -> tuple[str, str]:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.numbers.values():
            raise _Refused(190, "Invalid OAuth access token - Cannot parse access token")
        found = re.fullmatch(r"/v[0-9]+\.0/([0-9]+)(?:/([a-z_]+))?", call.path)
        if found is None:
            raise _Refused(2500, "Unknown path components")
        if self.numbers.get(found[1]) != token:
            raise _Refused(100, f"Object with ID '{found[1]}' does not exist or cannot be loaded", subcode=33)
        return found[1], found[2] or ""

    async def _take(self, number: str, call: Call) -> bytes:
        address, body, callback, reply_to = _checked(call)
        serial = f"HBgL{len(self.accepted):06d}{call.path}"
        accepted = Accepted(
            wamid="wamid." + base64.b64encode(serial.encode()).decode(),
            phone_number_id=number,
            address=address,
            body=body,
            callback_data=callback,
            reply_to=reply_to,
        )
        async with self._changed:
            self.accepted.append(accepted)
            self._changed.notify_all()
        known_as = {"wa_id": address[1:]} if address.startswith("+") else {"user_id": address}
        return _dump(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": address, **known_as}],
                "messages": [{"id": accepted.wamid}],
            }
        )


def _checked(call: Call) -> tuple[str, str, str | None, str | None]:
    """The address, text, callback data and reference of a message, or the refusal that Meta would give."""
    asked = call.payload
    _ask(call.headers.get("content-type") == "application/json", 100, "Unsupported content type")
    _ask(isinstance(asked, dict), 100, "Invalid JSON")
    _ask(set(asked) <= _TOP_KEYS, 100, "Unexpected key")
    _ask(asked.get("messaging_product") == "whatsapp", 100, "(#100) The parameter messaging_product is required.")
    _ask(asked.get("recipient_type", "individual") == "individual", 131009, "Parameter value is not valid")
    _ask(("to" in asked) != ("recipient" in asked), 131008, "Required parameter is missing")
    address = asked.get("to", asked.get("recipient"))
    pattern = _PHONE if "to" in asked else _USER_ID
    _ask(isinstance(address, str) and pattern.fullmatch(address) is not None, 131009, "Parameter value is not valid")
    _ask(asked.get("type") == "text", 131009, "This simulator knows texts only")
    text = asked.get("text")
    _ask(isinstance(text, dict) and set(text) <= {"body", "preview_url"}, 131009, "Parameter value is not valid")
    body = text.get("body")
    _ask(isinstance(body, str) and body.strip() != "", 131008, "Required parameter is missing")
    _ask(len(body) <= 4096, 100, "(#100) Param text['body'] must be at most 4096 characters long.")
    callback = asked.get("biz_opaque_callback_data")
    _ask(callback is None or (isinstance(callback, str) and 0 < len(callback) <= 512), 131009, "Bad callback data")
    context = asked.get("context", {"message_id": None})
    _ask(isinstance(context, dict) and set(context) == {"message_id"}, 131009, "Parameter value is not valid")
    return address, body, callback, context["message_id"]


def _ask(holds: bool, code: int, message: str) -> None:
    if not holds:
        raise _Refused(code, message)


def _error(code: int, message: str, subcode: int | None = None) -> bytes:
    error: dict[str, Any] = {
        "message": f"(#{code}) {message}",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": message},
        "fbtrace_id": "AbCdEfGh",
    }
    if subcode is not None:
        error["error_subcode"] = subcode
    return _dump({"error": error})


def _dump(data: object) -> bytes:
    return json.dumps(data, separators=(",", ":")).encode()


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


async def _reply(send: Send, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
    named = {"content-type": "application/json; charset=UTF-8", "content-length": str(len(body)), **(headers or {})}
    pairs = [(name.encode(), value.encode()) for name, value in named.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
