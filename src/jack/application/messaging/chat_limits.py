"""ChatLimits: nobody floods a hotel through its web chat."""

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jack.application.errors import TooManyAttempts
from jack.application.ports.clock import Clock

REMEMBERED = 20_000
"""How many names are remembered at once; the one unseen for longest is forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How often something may happen at once, and how long until all of that may happen again."""

    times: int
    within: timedelta

    @property
    def each(self) -> timedelta:
        """After how long one more is allowed."""
        return self.within / self.times


SESSIONS_PER_ADDRESS = Allowance(times=30, within=timedelta(minutes=10))
"""All guests on the hotel's own Wi-Fi may share one address."""

SESSIONS_PER_HOTEL = Allowance(times=600, within=timedelta(minutes=10))

MESSAGES_PER_SESSION = Allowance(times=15, within=timedelta(minutes=1))

MESSAGES_PER_ADDRESS = Allowance(times=150, within=timedelta(minutes=1))

GUESSES_PER_ADDRESS = Allowance(times=60, within=timedelta(minutes=1))
"""Unknown tokens: they cannot be guessed, but each costs a look into the database."""

POLITE = "That was a lot at once. Please wait a moment and try again."


@dataclass(slots=True)
class ChatLimits:
    """Counts in this process, so that several web processes allow as many times as much. Nothing is awaited here:
    asking and counting are one step."""

    clock: Clock
    full_again: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def session(self, hotel: str, address: str) -> None:
        """One more session. Raises TooManyAttempts."""
        self._spend("sessions of an address", _network(address), SESSIONS_PER_ADDRESS)
        self._spend("sessions of a hotel", hotel, SESSIONS_PER_HOTEL)

    def message(self, sender: str, address: str) -> None:
        """One more message. Raises TooManyAttempts."""
        self._spend("messages of a session", sender, MESSAGES_PER_SESSION)
        self._spend("messages of an address", _network(address), MESSAGES_PER_ADDRESS)

    def guessed(self, address: str) -> None:
        """One more token that nobody has."""
        key = ("guesses", _network(address))
        now = self.clock.now()
        most = now + GUESSES_PER_ADDRESS.within
        self._remember(key, min(most, max(now, self.full_again.get(key, now)) + GUESSES_PER_ADDRESS.each))

    def may_guess(self, address: str) -> None:
        """Raises TooManyAttempts for an address that tried too many tokens."""
        self._check(("guesses", _network(address)), GUESSES_PER_ADDRESS)

    def _spend(self, what: str, name: str, allowance: Allowance) -> None:
        key = (what, name)
        self._remember(key, self._check(key, allowance))

    def _check(self, key: tuple[str, str], allowance: Allowance) -> datetime:
        """When all would be allowed again after one more. Raises TooManyAttempts."""
        now = self.clock.now()
        after = max(now, self.full_again.get(key, now)) + allowance.each
        if after - now > allowance.within:
            raise TooManyAttempts(POLITE, after - now - allowance.within)
        return after

    def _remember(self, key: tuple[str, str], full_again: datetime) -> None:
        self.full_again.pop(key, None)
        self.full_again[key] = full_again
        if len(self.full_again) > REMEMBERED:
            del self.full_again[next(iter(self.full_again))]


def _network(address: str) -> str:
    """Whoever has one IPv6 address has the whole /64."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if read.version == 6:
        return str(ipaddress.ip_network((read, 64), strict=False))
    return address
