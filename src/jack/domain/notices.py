"""Notices: what a PMS pushed, and the rules of following them up."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from jack.domain.ids import HotelId

QUIET = timedelta(seconds=2)
"""From the beginning of one batch to that of the next at least: what comes in a burst is read once."""

LEASE = timedelta(minutes=1)
"""How long who follows a hotel's notices may be silent before another may take over."""

HEARTBEAT = timedelta(seconds=15)
"""How often they say that they are at it, however long the PMS takes."""

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)
"""After the first failure, and after many, where the PMS does not say when to come back."""

LONGEST_WAIT = timedelta(hours=1)
"""However long the PMS says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One push of a hotel's PMS as it came in."""

    id: str
    hotel_id: HotelId
    body: bytes = field(repr=False)
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Who follows up one hotel's notices, since when, and how it went; between two batches nobody does.

    `changes_at` is the instant up to which some notice said that something changed without naming it; a sync that began
    later settles that.
    """

    hotel_id: HotelId
    began_at: datetime | None = None
    lease_owner: str | None = None
    lease_until: datetime | None = None
    retry_after: datetime | None = None
    failures: int = 0
    changes_at: datetime | None = None

    def wait(self, now: datetime) -> timedelta:
        """How long until a batch may begin; zero when it may begin now.

        Instants that lie further ahead than any of these waits can be were written under a clock that was set back
        since, and hold up nobody.
        """
        waits = [timedelta(0)]
        if self.lease_owner is not None and self.lease_until is not None:
            waits.append(min(self.lease_until - now, LEASE))
        if self.began_at is not None and self.began_at <= now:
            waits.append(self.began_at + QUIET - now)
        if self.retry_after is not None and self.retry_after - now <= LONGEST_WAIT:
            waits.append(self.retry_after - now)
        return max(waits)

    def begun(self, owner: str, now: datetime) -> "Following":
        """A batch begins."""
        return replace(self, began_at=now, lease_owner=owner, lease_until=now + LEASE)

    def alive(self, now: datetime) -> "Following":
        """Whoever follows is still at it."""
        return replace(self, lease_until=now + LEASE)

    def ended(self) -> "Following":
        """A batch is done."""
        return replace(self, lease_owner=None, lease_until=None, retry_after=None, failures=0)

    def failed(self, now: datetime, retry_after: timedelta | None) -> "Following":
        """The PMS is away: everything still waits; longer after each failure in a row where it says nothing itself."""
        usual = min(FIRST_PAUSE * 2 ** min(self.failures, 10), LONGEST_PAUSE)
        pause = usual if retry_after is None else min(retry_after, LONGEST_WAIT)
        return replace(self, lease_owner=None, lease_until=None, retry_after=now + pause, failures=self.failures + 1)
