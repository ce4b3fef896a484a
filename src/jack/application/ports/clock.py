"""Clock: what time it is, and waiting."""

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """The only source of "now"; tests own it."""

    @abstractmethod
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""

    @abstractmethod
    async def sleep(self, duration: timedelta) -> None:
        """Return after that long; at once for zero or less."""
