"""The machine's clock: the one place that asks what time it is."""

import asyncio
from datetime import UTC, datetime, timedelta

from jack.application.ports.clock import Clock


class SystemClock(Clock):
    """The time of the machine, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, duration: timedelta) -> None:
        if duration > timedelta():
            await asyncio.sleep(duration.total_seconds())
