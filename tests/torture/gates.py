"""A gate before a simulator: it notes when each call arrived, and holds those that a test wants to catch on the way."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.simulators.plays import Receive, Scope, Send

Body = dict[str, Any]
Stop = Literal["before", "after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A call with a JSON body, and the `time.monotonic()` at which all of it was here."""

    at: float
    body: Body


@dataclass(slots=True)
class Hold:
    """One call, stopped before the simulator sees it, or after that and before the answer."""

    wants: Callable[[Body], bool]
    stop: Stop
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    _go: asyncio.Event = field(default_factory=asyncio.Event)
    lost: bool = False

    def release(self) -> None:
        """Let it go on, whether or not anybody still waits for the answer."""
        self._go.set()

    def lose(self) -> None:
        """Drop the call as a broken network does: the simulator never sees one that was stopped before it."""
        self.lost = True
        self._go.set()

    async def wait(self) -> None:
        """Be stopped."""
        self.reached.set()
        await self._go.wait()


class Gate:
    """An ASGI app around a simulator. `delay` says how long the far end takes for each call."""

    def __init__(self, app: Any, delay: Callable[[], float] = lambda: 0.0) -> None:
        self.app = app
        self.delay = delay
        self.arrivals: list[Arrival] = []
        self._holds: list[Hold] = []

    def hold(self, wants: Callable[[Body], bool] = bool, stop: Stop = "before") -> Hold:
        """Stop the next call that `wants` is true of."""
        hold = Hold(wants, stop)
        self._holds.append(hold)
        return hold

    def open(self) -> None:
        """Let everything go and stop nothing more."""
        for hold in self._holds:
            hold.release()
        self._holds.clear()
        self.delay = lambda: 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call."""
        raw = b""
        more = True
        while more:
            event = await receive()
            raw += event.get("body", b"")
            more = event.get("more_body", False)
        body = _json(raw)
        self.arrivals.append(Arrival(at=time.monotonic(), body=body))
        hold = next((one for one in self._holds if not one.reached.is_set() and one.wants(body)), None)
        await asyncio.sleep(self.delay())
        if hold is not None and hold.stop == "before":
            await hold.wait()
            if hold.lost:
                _hang_up(receive)
                return
        said: list[Any] = []

        async def replayed() -> Any:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def keep(event: Any) -> None:
            said.append(event)

        await self.app(scope, replayed, keep)
        if hold is not None and hold.stop == "after":
            await hold.wait()
            if hold.lost:
                _hang_up(receive)
                return
        for event in said:
            await send(event)


def _json(raw: bytes) -> Body:
    try:
        body = json.loads(raw)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _hang_up(receive: Receive) -> None:
    receive.__self__.transport.abort()  # type: ignore[attr-defined]  # uvicorn's request cycle
