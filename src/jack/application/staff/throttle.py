"""SignInThrottle: guessing passwords gets slower with every failure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jack.application.errors import TooManyAttempts
from jack.application.ports.clock import Clock

FREE_TRIES = 5
"""Failures in a row that cost nothing."""

LONGEST_PAUSE = timedelta(minutes=15)
"""The longest pause between two tries."""

FORGOTTEN_AFTER = timedelta(hours=1)
"""How long after the last failure a name begins anew."""

REMEMBERED = 10_000
"""How many names are remembered at once; the oldest are forgotten first."""


@dataclass(slots=True)
class SignInThrottle:
    """Counts failures by account and by client address, in this process.

    Waiting times double from one second. An address that guesses does not lock an account for its owner elsewhere:
    an account waits at most a few seconds, an address up to a quarter of an hour.
    """

    clock: Clock
    failures: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def check(self, email: str, address: str) -> None:
        """Raises TooManyAttempts while this account or address has to wait."""
        now = self.clock.now()
        waits = [
            since + pause - now
            for count, since, pause in (
                self._pause(f"account {email}", timedelta(seconds=8)),
                self._pause(f"address {address}", LONGEST_PAUSE),
            )
            if count >= FREE_TRIES
        ]
        longest = max(waits, default=timedelta(0))
        if longest > timedelta(0):
            raise TooManyAttempts("too many failed sign-ins; please wait", longest)

    def failed(self, email: str, address: str) -> None:
        """One more failure. A try counts as one until it succeeded, or many at once would all be free."""
        now = self.clock.now()
        for key in (f"account {email}", f"address {address}"):
            count, _, _ = self._pause(key, LONGEST_PAUSE)
            self.failures.pop(key, None)
            self.failures[key] = (count + 1, now)
        while len(self.failures) > REMEMBERED:
            del self.failures[next(iter(self.failures))]

    def succeeded(self, email: str, address: str) -> None:
        """The right password forgives this account and this try; the address's failures stay until they age."""
        self.failures.pop(f"account {email}", None)
        key = f"address {address}"
        count, since = self.failures.pop(key, (0, self.clock.now()))
        if count > 1:
            self.failures[key] = (count - 1, since)
            # whoever came this far has waited already
            self.failures[key] = (count - 1, since - self._pause(key, LONGEST_PAUSE)[2])

    def _pause(self, key: str, most: timedelta) -> tuple[int, datetime, timedelta]:
        now = self.clock.now()
        count, since = self.failures.get(key, (0, now))
        if now - since > FORGOTTEN_AFTER:
            count, since = 0, now
        return count, since, min(timedelta(seconds=2 ** max(0, min(count - FREE_TRIES, 20))), most)
