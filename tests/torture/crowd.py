"""Guests who write and write, and Meta, which delivers until it is thanked: copies, batches, statuses anyhow."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

import httpx

from tests.simulators.whatsapp import Accepted
from tests.simulators.whatsapp_webhooks import Person
from tests.torture.house import House
from tests.torture.words import question, topic

STATUSES = ("sent", "delivered", "read")
PATIENCE = 5.0
"""Seconds that Meta waits for an acknowledgement (its own figure is of that size)."""


def somebody(number: int) -> Person:
    """A guest whom no PMS knows."""
    return Person(name=f"Guest {number}", wa_id=f"1650666{number:04d}")


@dataclass(slots=True)
class Crowd:
    """The guests of one house and what they wrote. `acknowledged` has each topic that Jack thanked for, and by whom."""

    house: House
    chance: random.Random
    guests: list[Person]
    first_topic: int = 0
    acknowledged: dict[str, Person] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    _written: int = 0
    _reported: int = field(init=False)

    def __post_init__(self) -> None:
        self._reported = len(self.house.whatsapp.accepted)

    async def writes_until(self, over: asyncio.Event, pause: float) -> None:
        """Everybody writes now and then, on many connections at once, until it is over and all was acknowledged."""
        async with asyncio.TaskGroup() as group:
            while not over.is_set():
                group.create_task(self.write())
                await asyncio.sleep(self.chance.random() * 2 * pause)

    async def write(self, *people: Person) -> list[str]:
        """One delivery with a message of each of these guests (some at random if none is named), in several copies at
        the same instant; delivered again until every copy is acknowledged. The topics."""
        many = self.chance.choice((1, 1, 1, 2, 3))
        writers = list(people) or self.chance.choices(self.guests, k=many)
        asked = [self.next_topic() for _ in writers]
        await self.ask(dict(zip(asked, writers, strict=True)), copies=self.chance.choice((1, 1, 2, 5, 12)))
        return asked

    def next_topic(self) -> str:
        """One that nobody asked about."""
        self._written += 1
        return topic(self.first_topic + self._written)

    async def ask(self, asked: dict[str, Person], copies: int = 1) -> None:
        """One delivery in which guests ask about topics; returns when every copy was acknowledged."""
        meta = self.house.harbour.meta
        messages = [meta.text(person, question(of)) for of, person in asked.items()]
        body = meta.body(meta.change(messages=messages, people=dict.fromkeys(asked.values())))
        await asyncio.gather(*(self._deliver(body) for _ in range(copies)))
        self.acknowledged |= asked

    async def reports_until(self, over: asyncio.Event) -> None:
        """Meta reports on every message that it took: late, twice, in the wrong order, and in batches."""
        async with asyncio.TaskGroup() as group:
            while not over.is_set() or self._reported < len(self.house.whatsapp.accepted):
                new = self.house.whatsapp.accepted[self._reported :]
                self._reported += len(new)
                if new:
                    group.create_task(self._report(new))
                await asyncio.sleep(0.05)

    async def _report(self, new: list[Accepted]) -> None:
        meta = self.house.harbour.meta
        statuses = [meta.status(sent, status) for sent in new for status in self.chance.choices(STATUSES, k=2)]
        statuses += [meta.status(sent, "delivered") for sent in new]
        self.chance.shuffle(statuses)
        body = meta.body(meta.change(statuses=statuses))
        await asyncio.gather(*(self._deliver(body) for _ in range(self.chance.choice((1, 2)))))

    async def _deliver(self, body: bytes) -> None:
        """One connection that delivers until it gets its 200."""
        headers = self.house.harbour.meta.headers(body)
        while True:
            try:
                # without certificates, whose loading takes longer than the call
                async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE, verify=False) as client:
                    url = f"{self.house.harbour.url}/webhooks/whatsapp"
                    answer = await client.post(url, content=body, headers=headers)
            except httpx.TransportError as error:
                self.refusals[type(error).__name__] += 1
            else:
                if answer.status_code == 200:
                    return
                assert answer.status_code == 503, f"{answer.status_code}: {answer.text}"
                self.refusals["503"] += 1
            await asyncio.sleep(0.1 + self.chance.random() / 5)
