"""WriteTurn: who may write to a SQLite file now."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

QUIET = 0.005
"""Seconds without a delivery after which a burst of them is taken as over."""

PATIENCE = 0.05
"""Seconds that everybody else lets a burst of deliveries pass at most."""

PAUSE = 10.0
"""Seconds after a delivery in which the next one is to be expected."""


class WriteTurn:
    """A lock for the one writer that SQLite allows; deliveries go before everyone else.

    While deliveries come in a burst, the others let it pass for a moment: providers want their acknowledgement within
    milliseconds, and those who answer guests have time until the burst is over.

    Waiting here costs nothing, while waiting in SQLite means asking again every few milliseconds. Other processes are
    waited for in SQLite (busy_timeout).
    """

    def __init__(self) -> None:
        self._taken = False
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._delivered_at = -PAUSE

    @property
    def delivering(self) -> bool:
        """True while deliveries come in, with pauses of some seconds."""
        return asyncio.get_running_loop().time() - self._delivered_at < PAUSE

    @asynccontextmanager
    async def taken(self, *, first: bool = False) -> AsyncIterator[None]:
        """The turn, in order of asking; `first` goes before all who wait."""
        if not first:
            await self._let_deliveries_pass()
        await self._take(first=first)
        try:
            yield
        finally:
            if first:
                self._delivered_at = asyncio.get_running_loop().time()
            self._pass_on()

    async def _let_deliveries_pass(self) -> None:
        now = asyncio.get_running_loop().time
        until = now() + PATIENCE
        while (wait := min(self._delivered_at + QUIET, until) - now()) > 0:  # noqa: ASYNC110  that nothing happens has no event
            await asyncio.sleep(wait)

    async def _take(self, *, first: bool) -> None:
        if not self._taken:
            self._taken = True
            return
        mine = asyncio.get_running_loop().create_future()
        if first:
            self._waiting.appendleft(mine)
        else:
            self._waiting.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            following = self._waiting.popleft()
            if not following.done():
                following.set_result(None)
                return
        self._taken = False
