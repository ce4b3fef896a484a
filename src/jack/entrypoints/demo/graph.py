"""A stand-in for Meta's Graph API on this machine: takes Jack's messages and reports them delivered and read.

The far end of the demo. It checks what Meta checks first (path, token, shape), answers like Meta, and sends receipts
back as signed webhooks. https://developers.facebook.com/documentation/business-messaging/whatsapp
"""

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from jack.entrypoints.demo.webhooks import signed, status_body

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

STATUSES = ("sent", "delivered", "read")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenMessage:
    """A message that the stand-in took: to whom, and what."""

    to: str
    text: str


@dataclass(slots=True)
class GraphStandIn:
    """An ASGI application. `webhook_url` is where receipts go, None for nowhere (then messages stay `sent`)."""

    phone_number_id: str
    access_token: str = field(repr=False)
    app_secret: str = field(repr=False)
    webhook_url: str | None = None
    taken: list[TakenMessage] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _reports: set[asyncio.Task[None]] = field(default_factory=set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, or follow the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._follow(receive, send)
        elif scope["type"] == "http":
            status, answer = await self._answer(scope, receive)
            body = json.dumps(answer).encode()
            await send(
                {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
            )
            await send({"type": "http.response.body", "body": body})

    async def _follow(self, receive: Receive, send: Send) -> None:
        while True:
            event = (await receive())["type"]
            await send({"type": f"{event}.complete"})
            if event == "lifespan.shutdown":
                for report in self._reports:
                    report.cancel()
                await asyncio.gather(*self._reports, return_exceptions=True)
                return

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
        headers = dict(scope["headers"])
        if headers.get(b"authorization") != f"Bearer {self.access_token}".encode():
            return 401, _error(190, "Invalid OAuth access token.")
        path = scope["path"].rstrip("/")
        if scope["method"] == "GET" and path.endswith(f"/{self.phone_number_id}"):
            return 200, {"id": self.phone_number_id, "verified_name": "Demo hotel"}
        if scope["method"] != "POST" or not path.endswith(f"/{self.phone_number_id}/messages"):
            return 404, _error(100, "Unknown path.")
        try:
            payload = json.loads(await _body(receive))
            address = str(payload.get("to") or payload["recipient"])
            if payload.get("status") == "read":
                return 200, {"success": True}
            text = str(payload["text"]["body"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return 400, _error(100, "Invalid parameter.")
        provider_id = f"wamid.{secrets.token_urlsafe(24)}"
        self.taken.append(TakenMessage(to=address, text=text))
        self.arrived.set()
        if self.webhook_url:
            report = asyncio.create_task(self._report(provider_id, address, payload.get("biz_opaque_callback_data")))
            self._reports.add(report)
            report.add_done_callback(self._reports.discard)
        contact = {"input": address, "wa_id": address.lstrip("+")}
        return 200, {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": provider_id}]}

    async def _report(self, provider_id: str, address: str, echo: str | None) -> None:
        """Tell Jack by signed webhooks that the message was sent, delivered and read."""
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            for status in STATUSES:
                await asyncio.sleep(0.3)
                body = status_body(
                    self.phone_number_id, provider_id, status, address.lstrip("+"), int(time.time()), echo
                )
                try:
                    await client.post(str(self.webhook_url), content=body, headers=signed(body, self.app_secret))
                except httpx.HTTPError:
                    return  # Jack is going down; Meta would try again later


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        event = await receive()
        parts.append(event.get("body", b""))
        if not event.get("more_body"):
            return b"".join(parts)


def _error(code: int, message: str) -> dict[str, Any]:
    return {"error": {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code}}
