"""What the simulators of PMS vendors share: reading requests, faults on demand, limits, and a record of every call."""

import asyncio
import json
from abc import abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from jack.application.ports.clock import Clock

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call as it came in: names of headers in lower case, the query as pairs in order, and the instant.

    `raw_path` is the path before %-escapes were read.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes
    at: datetime
    raw_path: str = ""

    def asked(self, name: str) -> str | None:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), None)

    def all(self, name: str) -> list[str]:
        """Every value of a query parameter."""
        return [value for key, value in self.query if key == name]

    def json(self) -> Any:
        """The body as JSON. Raises ValueError."""
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `body` is bytes as they go out, or what becomes JSON; None is no body at all."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The body's bytes."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True, slots=True)
class Fails:
    """The vendor answers with that status, and with Retry-After (seconds) if given."""

    status: int
    retry_after: float | None = None
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class CutsOff:
    """The vendor's JSON ends in the middle, with a length that fits."""


@dataclass(frozen=True, slots=True)
class BreaksOff:
    """The connection breaks in the middle of the answer."""


@dataclass(frozen=True, slots=True)
class SaysNothing:
    """A success with an empty body, where the vendor's own empty answer looks otherwise."""


@dataclass(frozen=True, slots=True)
class Hangs:
    """The vendor takes the call and never answers, until `release`."""


@dataclass(frozen=True, slots=True)
class Works:
    """No fault: this call goes well, and those queued behind it meet later calls."""


Fault = Fails | CutsOff | BreaksOff | SaysNothing | Hangs | Works


class VendorSimulator:
    """The ASGI application of one vendor; subclasses answer.

    `requests` keeps every call, also those that met a fault or were refused; `exchanges` those that were answered
    without a fault, with their answers. Faults hit the calls that
    `is_data_call` names, in the order in which they were queued, before the vendor does anything.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.requests: list[Request] = []
        self.exchanges: list[tuple[Request, Reply]] = []
        self.faults: deque[Fault] = deque()
        self.after_next_page: Callable[[], None] | None = None
        self.date_skew = timedelta()
        self._always: Fault | None = None
        self._released = asyncio.Event()

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """The vendor's answer: validates like the vendor, knows what the vendor knows."""

    def is_data_call(self, request: Request) -> bool:
        """False for calls that faults spare, such as asking for a token."""
        return True

    def will(self, *faults: Fault) -> None:
        """Let the next data calls meet these faults."""
        self.faults.extend(faults)

    def always(self, fault: Fault | None) -> None:
        """Let every data call meet that fault from now on; None ends it."""
        self._always = fault

    def page_served(self) -> None:
        """To be called by a subclass after it made a page: what was to happen while somebody reads happens now."""
        happen, self.after_next_page = self.after_next_page, None
        if happen is not None:
            happen()

    def release(self) -> None:
        """Let everything that hangs go, so that the server can stop."""
        self._released.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            return
        request = await self._read(scope, receive)
        if request is None:
            return
        self.requests.append(request)
        fault: Fault | None = None
        if self.is_data_call(request):
            fault = self.faults.popleft() if self.faults else self._always
        match fault:
            case Hangs():
                await self._released.wait()
                await self._send(send, Reply(503))
            case Fails(status, retry_after, body):
                headers = {"retry-after": f"{retry_after:g}"} if retry_after is not None else {}
                await self._send(send, Reply(status, body, headers))
            case SaysNothing():
                await self._send(send, Reply(200))
            case CutsOff():
                whole = self.answer(request).encoded()
                await self._send(send, Reply(200, whole[: len(whole) // 2] or b"{"))
            case BreaksOff():
                whole = self.answer(request).encoded()
                await self._start(send, 200, len(whole) + 50, {})
                await send({"type": "http.response.body", "body": whole[: len(whole) // 2], "more_body": False})
            case Works() | None:
                reply = self.answer(request)
                self.exchanges.append((request, reply))
                await self._send(send, reply)

    async def _read(self, scope: Scope, receive: Receive) -> Request | None:
        """The whole call; None when the caller hung up in the middle of it."""
        body = b""
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                return None
            body += event.get("body", b"")
            if not event.get("more_body"):
                break
        return Request(
            method=scope["method"],
            path=scope["path"],
            query=tuple(parse_qsl(scope["query_string"].decode(), keep_blank_values=True)),
            headers={name.decode().lower(): value.decode() for name, value in scope["headers"]},
            body=body,
            at=self.clock.now(),
            raw_path=scope.get("raw_path", b"").decode(),
        )

    async def _send(self, send: Send, reply: Reply) -> None:
        body = reply.encoded()
        await self._start(send, reply.status, len(body), reply.headers)
        await send({"type": "http.response.body", "body": body})

    async def _start(self, send: Send, status: int, length: int, headers: dict[str, str]) -> None:
        date = (self.clock.now() + self.date_skew).strftime("%a, %d %b %Y %H:%M:%S GMT")
        given = {"content-type": "application/json", "date": date} | headers
        if status != 204:
            given["content-length"] = str(length)
        pairs = [(name.encode(), value.encode()) for name, value in given.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})


class VendorSwitchboard:
    """One server for many tests: hands every call to the simulator of the test that runs."""

    def __init__(self) -> None:
        self.simulator: VendorSimulator | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the call on."""
        assert self.simulator is not None
        await self.simulator(scope, receive, send)
