"""A clock that tests own."""

import asyncio
from datetime import UTC, datetime, timedelta

from jack.application.ports.clock import Clock

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""The instant at which tests begin when they do not care: a Sunday at noon in UTC and in Lisbon."""


class FixedClock(Clock):
    """Stands still until a test moves it; sleeping moves it as well, so that nothing ever waits.

    `slept` keeps every duration that somebody slept, in order.
    """

    def __init__(self, now: datetime = NOON) -> None:
        assert now.tzinfo is not None, "an instant needs its time zone"
        self._now = now.astimezone(UTC)
        self.slept: list[timedelta] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, duration: timedelta) -> None:
        self.slept.append(duration)
        if duration > timedelta():
            self._now += duration
        await asyncio.sleep(0)

    def move(self, duration: timedelta) -> datetime:
        """Let that much time pass (or go back); returns the new now."""
        self._now += duration
        return self._now

    def set(self, now: datetime) -> None:
        """Make it that instant."""
        assert now.tzinfo is not None, "an instant needs its time zone"
        self._now = now.astimezone(UTC)
