"""Staff who take conversations over, write, and hand them back, while everything breaks around them."""

import asyncio
import random
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.journeys.hotel import EMAIL, PASSWORD
from tests.torture.house import House
from tests.torture.words import STAFF

PATIENCE = 40.0
"""Seconds that one call of the API may take: taking over waits for a send whose process may have died."""


@dataclass(slots=True, kw_only=True)
class Held:
    """Staff held the conversation from the return of `take-over` to the first try of `hand-back`."""

    address: str
    since: float
    until: float = float("inf")


@dataclass(slots=True)
class Desk:
    """Ann at the API, which may be away at any moment: every act is repeated until it was heard."""

    house: House
    chance: random.Random
    held: list[Held] = field(default_factory=list)
    acts: Counter[str] = field(default_factory=Counter)
    replies: int = 0
    _busy: set[str] = field(default_factory=set)
    _http: httpx.AsyncClient | None = None
    _door: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def acts_until(self, over: asyncio.Event, pause: float) -> None:
        """Do something now and then until it is over."""
        async with asyncio.TaskGroup() as group:
            while not over.is_set():
                group.create_task(self._act())
                await asyncio.sleep(self.chance.random() * 2 * pause)

    async def _act(self) -> None:
        found = [one for one in await self.conversations() if one["id"] not in self._busy]
        if not found:
            return
        conversation = self.chance.choice(found)
        self._busy.add(conversation["id"])
        try:
            if conversation["held_by"] == "staff":
                await self.hand_back(conversation)
            else:
                await self.take_over(conversation)
                if self.chance.random() < 0.3:
                    await self.reply(conversation)
        finally:
            self._busy.discard(conversation["id"])

    async def take_over(self, conversation: Any) -> Held:
        """Return once Jack says that no word of his leaves any more."""
        await self.post(f"/conversations/{conversation['id']}/take-over")
        held = Held(address=digits(conversation["address"]), since=time.monotonic())
        self.held.append(held)
        self.acts["take-over"] += 1
        return held

    async def hand_back(self, conversation: Any) -> None:
        """Give it back."""
        now = time.monotonic()
        for held in self.held:
            if held.address == digits(conversation["address"]):
                held.until = min(held.until, now)
        await self.post(f"/conversations/{conversation['id']}/hand-back")
        self.acts["hand-back"] += 1

    async def reply(self, conversation: Any) -> None:
        """Write to the guest."""
        self.replies += 1
        text = f"{STAFF} reply {self.replies}"
        await self.post(f"/conversations/{conversation['id']}/messages", {"text": text})
        self.acts["reply"] += 1

    # the API

    async def conversations(self) -> list[Any]:
        """All of them."""
        found: list[Any] = []
        cursor: str | None = None
        while True:
            page = await self.get("/conversations", limit="200", **({"cursor": cursor} if cursor else {}))
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    async def messages(self, conversation_id: str) -> list[Any]:
        """Every message, oldest first."""
        found: list[Any] = []
        cursor: str | None = None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = await self.get(f"/conversations/{conversation_id}/messages", limit="200", **more)
            found = page["items"] + found
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    async def get(self, path: str, **params: str) -> Any:
        """The JSON of something to read."""
        return (await self._ask("GET", path, params=params)).json()

    async def post(self, path: str, body: object = None) -> None:
        """Do something."""
        await self._ask("POST", path, json=body)

    async def _ask(self, method: str, path: str, **call: Any) -> httpx.Response:
        async with asyncio.timeout(4 * PATIENCE):
            while True:
                try:
                    http = await self._signed_in()
                    answer = await http.request(method, path, **call)
                except httpx.TransportError:
                    pass
                else:
                    if answer.is_success:
                        return answer
                    assert answer.status_code in (503, 504), f"{method} {path}: {answer.status_code} {answer.text}"
                await asyncio.sleep(0.1)

    async def _signed_in(self) -> httpx.AsyncClient:
        async with self._door:
            if self._http is None:
                url = f"{self.house.harbour.url}/api/v1"
                async with AsyncExitStack() as stack:
                    http = httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE)
                    stack.push_async_callback(http.aclose)
                    answer = await http.post("/session", json={"email": EMAIL, "password": PASSWORD})
                    if not answer.is_success:
                        raise httpx.ConnectError("not signed in")
                    http.headers["x-csrftoken"] = http.cookies["csrftoken"]
                    stack.pop_all()
                    self._http = http
            return self._http

    async def leave(self) -> None:
        """Sign out."""
        if self._http is not None:
            await self._http.aclose()


def digits(address: str) -> str:
    """A number as both sides of the channel write it."""
    return address.lstrip("+")
