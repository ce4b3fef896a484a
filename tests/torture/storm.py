"""One storm: guests write, staff act and everything breaks for some seconds; then it is calm, and the judge looks."""

import asyncio
import random

from tests.torture.crowd import Crowd, somebody
from tests.torture.desk import Desk
from tests.torture.house import House
from tests.torture.judge import Judge, Verdict
from tests.torture.mishaps import Mishaps

FIRST_TOPIC = 100_000
"""Others may have asked about the topics before in the same house."""

SETTLES_WITHIN = 90.0
"""Seconds after which nothing may be open any more: the lease of a turn, the limit of a send, and a few sweeps."""


async def storm(
    house: House,
    seed: int,
    seconds: float,
    *,
    guests: int = 30,
    writing: float = 0.1,
    acting: float = 0.5,
    breaking: float = 1.2,
    spared: frozenset[str] = frozenset(),
) -> Verdict:
    """What a storm of that many seconds left behind. Prints the seed, what happened, and how it ended."""
    print(f"\n{house.name}: seed {seed}, {seconds:.0f} s", flush=True)
    chance = random.Random(f"{seed}:{house.name}")
    writers = [somebody(number) for number in range(guests)]
    crowd = Crowd(house, random.Random(chance.random()), writers, first_topic=FIRST_TOPIC)
    desk = Desk(house, random.Random(chance.random()))
    mishaps = Mishaps(house, random.Random(chance.random()), spared=spared)
    slow = random.Random(chance.random())
    house.model.delay = lambda: slow.random() * 0.3
    house.graph.delay = lambda: slow.random() * 0.03
    over, calm = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        writing_on = group.create_task(crowd.writes_until(over, writing))
        acting_on = group.create_task(desk.acts_until(over, acting))
        breaking_on = group.create_task(mishaps.happen_until(over, breaking))
        group.create_task(crowd.reports_until(calm))
        await asyncio.sleep(seconds)
        over.set()
        await asyncio.wait([breaking_on])
        house.graph.open()
        house.model.open()
        await house.serves()
        await asyncio.wait([writing_on, acting_on])
        verdict = await Judge(house, crowd, desk).waits(SETTLES_WITHIN)
        calm.set()
    await desk.leave()
    print(f"  mishaps  {_listed(mishaps.happened)}")
    print(f"  staff    {_listed(desk.acts)}")
    print(f"  meta     {_listed(crowd.refusals)} before the acknowledgements")
    print(f"  messages {_listed(verdict.figures)}")
    print(f"  starts   {[process.starts for process in house.processes]}")
    print(f"  settled  {verdict.settled_after:.1f} s after the storm", flush=True)
    for promise in verdict.broken:
        print(f"  BROKEN   {promise}", flush=True)
    return verdict


def _listed(found: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(found.items())) or "none"
