"""The channels' webhooks. Meta wants an answer within 250 ms, so as little as possible stands before it."""

import asyncio
from urllib.parse import parse_qsl

from dishka import AsyncContainer
from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from jack.application.errors import Forbidden
from jack.application.messaging.accept import AcceptDelivery
from jack.application.ports.channels import Channels
from jack.entrypoints.web.problems import FORBIDDEN, METHOD, NOT_FOUND, TOO_LARGE, WRONG_SIGNATURE, Refusal
from jack.entrypoints.web.sizes import announces_more

LARGEST_BODY = 3 * 1024 * 1024
"""Bytes; Meta batches up to 3 MB (channels of the Cloud API, webhooks overview)."""

_TEXT = b"text/plain; charset=utf-8"

BODY_TIME_LIMIT = 20.0
"""Seconds for a body that comes in pieces."""


TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""Twilio sends whatever text stands in an answer to the guest: this one holds none."""


class ChannelDoor:
    """The handshake (GET) and the deliveries (POST) of one channel; `thanks` is the body of the 200, with its type."""

    def __init__(self, container: AsyncContainer, channel: str, thanks: bytes = b"", media_type: bytes = _TEXT) -> None:
        self._container = container
        self._channel = channel
        self._thanks = thanks
        self._media_type = media_type
        self._accept: AcceptDelivery | None = None

    async def start(self) -> AcceptDelivery:
        """Find the story once; every request finds it here."""
        if self._accept is None:
            self._accept = await self._container.get(AcceptDelivery)
        return self._accept

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 200 once the delivery is durable.

        Raises Refusal for a wrong signature and a body that is too large, and what else AcceptDelivery raises.
        """
        accept = self._accept or await self.start()
        body = await _body(scope, receive)
        if body is None:
            return  # the sender went away and will deliver it again
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            await accept(self._channel, headers, body, _target(scope))
        except Forbidden as error:
            raise Refusal(WRONG_SIGNATURE) from error
        await _answer(send, self._thanks, self._media_type)

    async def shake_hands(self, query: bytes, send: Send) -> None:
        """Repeat the challenge to whoever knows the verify token. Raises Refusal."""
        webhook = (await self._container.get(Channels)).webhook(self._channel)
        if webhook is None:
            raise Refusal(NOT_FOUND, f"no hotel has the channel {self._channel}")
        answer = webhook.handshake(dict(parse_qsl(query.decode("latin-1"))))
        if answer is None:
            raise Refusal(FORBIDDEN, "the handshake is refused")
        await _answer(send, answer.encode())


def door(path: str | list[str], channel: ChannelDoor) -> ASGIRouteHandler:
    """The route of a webhook: below Litestar's routing and errors, without its request and response objects."""

    @asgi(path, copy_scope=False)
    async def handler(scope: Scope, receive: Receive, send: Send) -> None:
        match scope.get("method"):
            case "POST":
                await channel.deliver(scope, receive, send)
            case "GET":
                await channel.shake_hands(scope["query_string"], send)
            case _:
                raise Refusal(METHOD)

    return handler


def _target(scope: Scope) -> str:
    """The path and query as they came: a signature may cover them byte for byte."""
    query: bytes = scope["query_string"]
    path = scope.get("raw_path") or scope["path"].encode()
    return (path.partition(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body, None when the sender went away before its end.

    Raises Refusal before reading when it says that it is too large, else as soon as it is.
    """
    for name, value in scope["headers"]:
        if name == b"content-length" and announces_more(value, LARGEST_BODY):
            raise Refusal(TOO_LARGE)
    pieces: list[bytes] = []
    size, more = 0, True
    async with asyncio.timeout(BODY_TIME_LIMIT):
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return None
            piece, more = message["body"], message["more_body"]
            size += len(piece)
            if size > LARGEST_BODY:
                raise Refusal(TOO_LARGE)
            pieces.append(piece)
    return b"".join(pieces)


async def _answer(send: Send, text: bytes, media_type: bytes = _TEXT) -> None:
    # Without its length the body would be chunked: one more write for an answer that is usually empty.
    headers = [(b"content-type", media_type), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": False})
