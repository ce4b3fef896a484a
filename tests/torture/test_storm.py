"""A short storm over both houses at once; `make torture` does it for minutes, with seeds of its own."""

import asyncio

from tests.torture.house import House
from tests.torture.judge import Verdict
from tests.torture.storm import storm

SEED = 4
SECONDS = 6.0
TAKES_LONG = frozenset({"killed before the channel took it"})
"""Its fate counts as unknown only after half a minute: for the long version."""


async def test_whatever_is_killed_while_guests_write_the_promises_hold(
    one_process: House, many_processes: House
) -> None:
    verdicts = await asyncio.gather(*(_storm(house) for house in (one_process, many_processes)))
    for verdict in verdicts:
        assert verdict.broken == []
        assert verdict.figures["acknowledged"] >= 10
        assert verdict.figures["taken by the channel"] >= 1


async def _storm(house: House) -> Verdict:
    return await storm(house, SEED, SECONDS, breaking=0.5, spared=TAKES_LONG)
