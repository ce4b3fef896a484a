"""Tokens that expire: fetched once for everybody who waits, renewed before they end and after a refusal."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jack.application.errors import OutsideFailure
from jack.application.ports.clock import Clock

MARGIN = timedelta(seconds=60)
"""How long before its end a token counts as ended; for short-lived ones a tenth of their life."""


@dataclass(frozen=True, slots=True)
class FreshToken:
    """What a vendor's token service answered; without `expires_in` a token is good until it is refused."""

    value: str = field(repr=False)
    expires_in: timedelta | None = None


class Tokens:
    """The access token of one set of credentials. `fetch` asks the vendor and raises the three words."""

    def __init__(self, clock: Clock, fetch: Callable[[], Awaitable[FreshToken]]) -> None:
        self._clock = clock
        self._fetch = fetch
        self._value = ""
        self._good_until: datetime | None = None
        self._lock = asyncio.Lock()
        self._failures = 0
        self._failure: OutsideFailure | None = None

    async def current(self) -> str:
        """A token that is good for a while."""
        return self._value if self._is_good() else await self._another_than("")

    async def instead_of(self, refused: str) -> str:
        """A token after the vendor refused that one: a new one, unless somebody has fetched it already."""
        return await self._another_than(refused)

    async def _another_than(self, refused: str) -> str:
        """One fetches while the others wait, and whether it succeeds or fails, they take what came of it."""
        failures_before = self._failures
        async with self._lock:
            if self._is_good() and self._value != refused:
                return self._value
            if self._failure is not None and self._failures > failures_before:
                raise self._failure
            try:
                return await self._renewed()
            except OutsideFailure as failure:
                self._failures += 1
                self._failure = failure
                raise

    def _is_good(self) -> bool:
        return bool(self._value) and (self._good_until is None or self._clock.now() < self._good_until)

    async def _renewed(self) -> str:
        asked_at = self._clock.now()
        fresh = await self._fetch()
        self._value = fresh.value
        self._good_until = None
        if fresh.expires_in is not None:
            self._good_until = asked_at + fresh.expires_in - min(MARGIN, fresh.expires_in / 10)
        return self._value

    def __repr__(self) -> str:
        """Hide the token."""
        return "Tokens(…)"
