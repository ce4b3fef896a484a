"""Pace: keeping below a vendor's limit of calls."""

from abc import abstractmethod
from collections import deque
from datetime import datetime, timedelta
from typing import Protocol

from jack.application.ports.clock import Clock


class Pace(Protocol):
    """A limit of calls that everybody shares who calls with the same credentials."""

    @abstractmethod
    async def turn(self) -> None:
        """Return when one more call may be made, and count it. Whoever came first goes first."""


class Paces(Protocol):
    """Every pace of this Jack, by name."""

    @abstractmethod
    def of(self, name: str, calls: int, per: timedelta) -> Pace:
        """The pace of that name: at most `calls` within any span of `per`. The same name gives the same pace.

        `name` must not hold a secret; a digest of one may stand in it.
        """


class SlidingPace(Pace):
    """At most `calls` within any span of `per`, in this process."""

    def __init__(self, clock: Clock, calls: int, per: timedelta) -> None:
        self._clock = clock
        self._calls = calls
        self._per = per
        self._turns: deque[datetime] = deque(maxlen=calls)
        self._seen = clock.now()

    async def turn(self) -> None:
        """As the port says: each caller reserves the next free instant and waits for it."""
        now = self._clock.now()
        if now < self._seen:  # the clock was set back: the turns keep their distance from now
            back = self._seen - now
            self._turns = deque((turn - back for turn in self._turns), maxlen=self._calls)
        self._seen = now
        full = len(self._turns) == self._calls
        at = max(now, self._turns[0] + self._per) if full else now
        self._turns.append(at)
        if at > now:
            await self._clock.sleep(at - now)


class ProcessPaces(Paces):
    """Paces of one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._paces: dict[str, SlidingPace] = {}

    def of(self, name: str, calls: int, per: timedelta) -> Pace:
        """As the port says."""
        return self._paces.setdefault(name, SlidingPace(self._clock, calls, per))
