"""ChatOrigins: around the chat's routes: which pages of which hotel may use them (CORS).

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import re

from dishka import AsyncContainer
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from jack.application.ports.web_chat import WebChats

_CHAT = re.compile(r"/chat/([^/]+)/(sessions|messages|events)/?")
_METHODS = {"sessions": b"POST", "messages": b"POST", "events": b"GET"}
_REMEMBERED = b"600"
"""Seconds for which a browser need not ask again."""


class ChatOrigins:
    """Answers browsers that ask beforehand, refuses pages of other sites, and lets those of the hotel read answers.

    No cookies and no credentials are involved, so none are ever allowed. A request without an Origin comes from no
    page of another site: it needs its session's token like all others.
    """

    def __init__(self, app: ASGIApp, container: AsyncContainer) -> None:
        self._app = app
        self._container = container
        self._chats: WebChats | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        found = _CHAT.fullmatch(scope["path"]) if scope["type"] == ScopeType.HTTP else None
        if found is None:
            await self._app(scope, receive, send)
            return
        allowed = (await self._known()).origins(found[1]) or frozenset()
        origin = _header(scope, b"origin")
        if origin is None:
            await self._app(scope, receive, send)
        elif origin.decode("latin-1") not in allowed:
            await _refuse(send)
        elif scope.get("method") == "OPTIONS":
            asked = _header(scope, b"access-control-request-method")
            await _answer(
                send, 204 if asked in (_METHODS[found[2]], None) else 405, [*_allowed(origin), *_preflight(found[2])]
            )
        else:

            async def send_on(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message["headers"], *_allowed(origin)]
                await send(message)

            await self._app(scope, receive, send_on)

    async def _known(self) -> WebChats:
        if self._chats is None:
            chats: WebChats = await self._container.get(WebChats)
            self._chats = chats
        return self._chats


def _allowed(origin: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", b"retry-after"),
        (b"vary", b"origin"),
    ]


def _preflight(what: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"access-control-allow-methods", _METHODS[what]),
        (b"access-control-allow-headers", b"authorization, content-type, last-event-id"),
        (b"access-control-max-age", _REMEMBERED),
    ]


async def _refuse(send: Send) -> None:
    body = (
        b'{"type":"/problems/forbidden","title":"Forbidden","status":403,'
        b'"detail":"this page may not use the hotel\'s chat; see allowed_origins in jack.toml"}'
    )
    headers = [(b"content-type", b"application/problem+json"), (b"vary", b"origin")]
    await _answer(send, 403, headers, body)


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    headers = [*headers, (b"content-length", str(len(body)).encode())] if status != 204 else headers
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _header(scope: Scope, name: bytes) -> bytes | None:
    values = [value for key, value in scope["headers"] if key == name]
    return values[0] if len(values) == 1 else (b"" if values else None)
