"""The channels' webhooks. Meta wants an answer within 250 ms, so as little as possible stands before it."""

from urllib.parse import parse_qsl

from dishka import AsyncContainer
from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from jack.application.errors import Forbidden
from jack.application.messaging.accept import AcceptDelivery
from jack.application.ports.channels import Channels
from jack.entrypoints.web.problems import FORBIDDEN, METHOD, NOT_FOUND, WRONG_SIGNATURE, Refusal
from jack.entrypoints.web.raw import TEXT, answer, whole_body

LARGEST_BODY = 3 * 1024 * 1024
"""Bytes; Meta batches up to 3 MB (channels of the Cloud API, webhooks overview)."""

TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""Twilio sends whatever text stands in an answer to the guest: this one holds none."""


class ChannelDoor:
    """The handshake (GET) and the deliveries (POST) of one channel; `thanks` is the body of the 200, with its type."""

    def __init__(self, container: AsyncContainer, channel: str, thanks: bytes = b"", media_type: bytes = TEXT) -> None:
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
        body = await whole_body(scope, receive, LARGEST_BODY)
        if body is None:
            return  # the sender went away and will deliver it again
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            await accept(self._channel, headers, body, _target(scope))
        except Forbidden as error:
            raise Refusal(WRONG_SIGNATURE) from error
        await answer(send, self._thanks, self._media_type)

    async def shake_hands(self, query: bytes, send: Send) -> None:
        """Repeat the challenge to whoever knows the verify token. Raises Refusal."""
        webhook = (await self._container.get(Channels)).webhook(self._channel)
        if webhook is None:
            raise Refusal(NOT_FOUND, f"no hotel has the channel {self._channel}")
        challenge = webhook.handshake(dict(parse_qsl(query.decode("latin-1"))))
        if challenge is None:
            raise Refusal(FORBIDDEN, "the handshake is refused")
        await answer(send, challenge.encode())


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
