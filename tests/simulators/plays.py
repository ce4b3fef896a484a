"""What a simulated model provider is told to do next; shared by the simulators of both model APIs."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class UseTool:
    """One tool call of the model; `arguments` go out as they are, `id` None leaves the id out where a server would."""

    arguments: object
    name: str = "open_service_request"
    id: str | None = "auto"


@dataclass(frozen=True, slots=True)
class Say:
    """The model answers. `stop` None means the natural reason; `extra` are blocks or fields beside the text."""

    text: str | None = "Certainly."
    tools: tuple[UseTool, ...] = ()
    stop: str | None = None
    extra: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raw:
    """The provider answers exactly this."""

    status: int
    body: bytes | Json
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Hang:
    """The provider takes the request and never answers."""


@dataclass(frozen=True, slots=True)
class BreakOff:
    """The provider begins its answer and the connection breaks."""


Play = Say | Raw | Hang | BreakOff


class Refused(Exception):
    """The provider refuses the request itself: status and error body."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


class ProviderSimulator:
    """The ASGI application that both simulators are: validate like the vendor, remember, play the next play."""

    def __init__(self) -> None:
        self.plays: deque[Play] = deque()
        self.requests: list[Json] = []
        self.refused: list[Json] = []
        self._released = asyncio.Event()

    def will(self, *plays: Play) -> None:
        """Queue what comes next; with an empty queue the model says "Certainly."."""
        self.plays.extend(plays)

    def validate(self, path: str, headers: dict[str, str], body: Json) -> None:
        """Raises Refused for what the vendor refuses."""
        raise NotImplementedError

    def render(self, say: Say, body: Json) -> Json:
        """The answer in the vendor's words."""
        raise NotImplementedError

    def malformed(self) -> Refused:
        """What the vendor says about a body that is no JSON."""
        raise NotImplementedError

    def release(self) -> None:
        """Let everything that hangs go, so that the server can stop."""
        self._released.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event."""
        if scope["type"] != "http":
            return
        try:
            body = await self._read(scope, receive)
        except Refused as refusal:
            self.refused.append(refusal.body)
            await _answer(send, Raw(refusal.status, refusal.body))
            return
        play = self.plays.popleft() if self.plays else Say()
        match play:
            case Say():
                await _answer(send, Raw(200, self.render(play, body)))
            case Raw():
                await _answer(send, play)
            case Hang():
                await self._released.wait()
            case BreakOff():
                await _start(send, 200, [(b"content-length", b"5000"), (b"content-type", b"application/json")])
                await send({"type": "http.response.body", "body": b'{"type":"mess', "more_body": False})

    async def _read(self, scope: Scope, receive: Receive) -> Json:
        raw = b""
        while True:
            event = await receive()
            raw += event.get("body", b"")
            if not event.get("more_body"):
                break
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        try:
            body = json.loads(raw)
        except ValueError:
            raise self.malformed() from None
        if scope["method"] != "POST" or not isinstance(body, dict):
            raise self.malformed()
        self.validate(scope["path"], headers, body)
        self.requests.append(body)
        return body


class Switchboard:
    """One server for many tests: connects every call to the simulator of the test that runs."""

    def __init__(self) -> None:
        self.provider: ProviderSimulator | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the call on."""
        assert self.provider is not None
        await self.provider(scope, receive, send)


async def _start(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _answer(send: Send, raw: Raw) -> None:
    body = raw.body if isinstance(raw.body, bytes) else json.dumps(raw.body).encode()
    headers = [(b"content-type", raw.content_type.encode()), (b"content-length", str(len(body)).encode())]
    await _start(send, raw.status, headers + [(name.encode(), value.encode()) for name, value in raw.headers])
    await send({"type": "http.response.body", "body": body})
