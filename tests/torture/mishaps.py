"""What goes wrong: every mishap kills, empties or stops something, and puts back what only people would put back."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.torture.gates import Body, Gate
from tests.torture.house import House, kill_one_child

Mishap = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Mishaps:
    """Bad luck for one house, by a seeded chance."""

    house: House
    chance: random.Random
    happened: Counter[str] = field(default_factory=Counter)
    spared: frozenset[str] = frozenset()
    """Mishaps that do not happen."""

    async def happen_until(self, over: asyncio.Event, pause: float) -> None:
        """One after another until it is over; each kind once before any comes again."""
        bag: list[tuple[str, Mishap]] = []
        while not over.is_set():
            if not bag:
                bag = [one for one in self._kinds().items() if one[0] not in self.spared]
                self.chance.shuffle(bag)
            name, mishap = bag.pop()
            await mishap()
            self.happened[name] += 1
            await asyncio.sleep(self.chance.random() * 2 * pause)

    def _kinds(self) -> dict[str, Mishap]:
        found: dict[str, Mishap] = {
            "web killed": self.web_killed,
            "killed while the model thinks": self.killed_while_the_model_thinks,
            "killed before the channel took it": self.killed_before_the_channel_took_it,
            "killed after the channel took it": self.killed_after_the_channel_took_it,
            "a process stood still": self.a_process_stood_still,
            "the channel was too busy": self.the_channel_was_too_busy,
            "the channel hung up": self.the_channel_hung_up,
        }
        if self.house.workers:
            found["worker killed"] = self.worker_killed
        if self.house.redis is not None:
            found |= {"Redis killed": self.redis_killed, "Redis emptied": self.redis_emptied}
        if self.house.postgres is not None:
            found |= {"PostgreSQL killed": self.postgres_killed, "a part of PostgreSQL killed": self.part_killed}
        return found

    async def web_killed(self) -> None:
        self.house.web.kill()

    async def worker_killed(self) -> None:
        self.chance.choice(self.house.workers).kill()

    async def a_process_stood_still(self) -> None:
        process = self.chance.choice(self.house.processes)
        process.freeze()
        await asyncio.sleep(self.chance.random() * 1.5)
        process.thaw()

    async def killed_while_the_model_thinks(self) -> None:
        await self._killed_at(self.house.model, "before", lost=True)

    async def killed_before_the_channel_took_it(self) -> None:
        await self._killed_at(self.house.graph, "before", lost=True)

    async def killed_after_the_channel_took_it(self) -> None:
        await self._killed_at(self.house.graph, "after", lost=False)

    async def _killed_at(self, gate: Gate, stop: str, *, lost: bool) -> None:
        """Every process that answers is killed while a call of one of them is held: one of them made it."""
        hold = gate.hold(_a_text, "after" if stop == "after" else "before")
        try:
            async with asyncio.timeout(2):
                await hold.reached.wait()
        except TimeoutError:  # nobody called
            hold.release()
            return
        for process in self.house.answering:
            process.kill()
        if lost:
            hold.lose()
        else:
            hold.release()

    async def the_channel_was_too_busy(self) -> None:
        self.house.whatsapp.fail_next(130429, times=self.chance.randint(1, 3))

    async def the_channel_hung_up(self) -> None:
        hold = self.house.graph.hold(_a_text, self.chance.choice(("before", "after")))
        hold.lose()

    async def redis_killed(self) -> None:
        redis = self.house.redis
        assert redis is not None
        redis.kill()
        await asyncio.sleep(self.chance.random() * 2)
        await asyncio.to_thread(redis.start)

    async def redis_emptied(self) -> None:
        assert self.house.redis is not None
        try:
            async with Redis.from_url(self.house.redis.url) as client:
                await client.flushall()
        except RedisError:
            pass

    async def postgres_killed(self) -> None:
        postgres = self.house.postgres
        assert postgres is not None
        postgres.kill()
        await asyncio.sleep(self.chance.random())
        await asyncio.to_thread(postgres.start)

    async def part_killed(self) -> None:
        assert self.house.postgres is not None
        kill_one_child(self.house.postgres.pid, self.chance.randrange(100))


def _a_text(body: Body) -> bool:
    """True of calls that ask a model or send a text; others (typing, read) do not matter."""
    return "messages" in body or body.get("type") == "text"
