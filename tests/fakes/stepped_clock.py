"""A clock on which many may sleep at once: it goes from one waking to the next."""

import asyncio
import heapq
from datetime import datetime, timedelta

from jack.application.ports.clock import Clock
from tests.fakes.clock import NOON

SETTLING = 5
"""Turns of the event loop after which everybody who can go on has gone on to the next sleep or to the end."""


class SteppedClock(Clock):
    """Sleepers wake in the order of their wakings, each at its own instant.

    `elapsed` is the time that really passed; what the clock shows can be set otherwise with `set_back`.
    """

    def __init__(self) -> None:
        self.elapsed = timedelta()
        self._shown_from = NOON
        self._sleepers: list[tuple[timedelta, int, asyncio.Future[None]]] = []
        self._number = 0

    def now(self) -> datetime:
        return self._shown_from + self.elapsed

    async def sleep(self, duration: timedelta) -> None:
        waking = asyncio.get_running_loop().create_future()
        self._number += 1
        heapq.heappush(self._sleepers, (self.elapsed + max(duration, timedelta()), self._number, waking))
        await waking

    def set_back(self, by: timedelta) -> None:
        """Show an earlier time from now on; nobody sleeps longer for it."""
        self._shown_from -= by

    async def pass_by(self, duration: timedelta) -> None:
        """Let that much time pass, waking everybody whose time comes."""
        end = self.elapsed + duration
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            await self._wake()
        self.elapsed = end

    async def until_all_woke(self) -> None:
        """Let time pass until nobody sleeps."""
        await self._settle()
        while self._sleepers:
            await self._wake()

    async def _wake(self) -> None:
        at, _, waking = heapq.heappop(self._sleepers)
        self.elapsed = at
        if not waking.done():
            waking.set_result(None)
        await self._settle()

    async def _settle(self) -> None:
        for _ in range(SETTLING):
            await asyncio.sleep(0)
