"""The rules of a sync: which window to read, and what a run reports."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from jack.domain.errors import DomainError
from jack.domain.ids import HotelId, SyncRunId
from jack.domain.reservation import StayPeriod

LOOK_BACK = timedelta(days=30)
"""How far before today a first load or a full sync reads stays."""

LOOK_AHEAD = timedelta(days=366)
"""How far after today a first load or a full sync reads stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncWindow:
    """What changed in [since, until): since is included, until is not."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise DomainError("a sync window needs instants with their time zone")
        if self.until < self.since:
            raise DomainError("a sync window cannot end before it begins")

    def contains(self, instant: datetime) -> bool:
        """True for an instant inside the window."""
        return self.since <= instant < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncCursor:
    """Up to which instant everything that changed at the PMS was read.

    It is the start of the last run that read all its pages, so a change made during that run is read by the next.
    """

    at: datetime

    def window(self, now: datetime, overlap: timedelta) -> SyncWindow:
        """The next window. The overlap catches what the PMS committed late or under a clock that runs behind.

        A cursor in the future (the clock was set back) is taken as now, so that nothing is skipped.
        """
        return SyncWindow(since=min(self.at, now) - overlap, until=now)


FULL_RETRY = timedelta(hours=1)
"""When a nightly reading of everything that did not come to its end is tried again."""

LONGEST_AHEAD = timedelta(hours=1)
"""An instant that lies further ahead than processes' clocks differ was written by a clock that was set back since; it
holds up nobody."""

LONGEST_LOAD = timedelta(days=7)
"""For how long a load that was broken off goes on where it stopped; an older one begins anew."""


def rolling_period(today: date) -> StayPeriod:
    """The stays that a first load and a full sync read, in the hotel's dates."""
    return StayPeriod(arrival=today - LOOK_BACK, departure=today + LOOK_AHEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncLoad:
    """A long first load in slices of days, so that one that is broken off goes on where it stopped.

    `done` are the days around today that were read to their end, without a gap between them. What changes from
    `began_at` on is read after the last slice.
    """

    began_at: datetime
    done: StayPeriod | None = None

    def next_slice(self, period: StayPeriod, today: date, length: int) -> StayPeriod | None:
        """The next `length` days of `period` to read: today first, then what lies ahead, then what lies behind; None
        when nothing is left."""
        more = timedelta(days=length - 1)
        if self.done is None:
            return StayPeriod(arrival=today, departure=min(today + more, period.departure))
        if self.done.departure < period.departure:
            first = self.done.departure + timedelta(days=1)
            return StayPeriod(arrival=first, departure=min(first + more, period.departure))
        if self.done.arrival > period.arrival:
            last = self.done.arrival - timedelta(days=1)
            return StayPeriod(arrival=max(last - more, period.arrival), departure=last)
        return None

    def having_read(self, days: StayPeriod) -> "SyncLoad":
        """The load after the slice of these days."""
        held = self.done or days
        return replace(
            self,
            done=StayPeriod(arrival=min(held.arrival, days.arrival), departure=max(held.departure, days.departure)),
        )

    def is_fresh(self, now: datetime) -> bool:
        """True while it may go on."""
        return now - self.began_at < LONGEST_LOAD


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingStays:
    """More stays than may be lost at once were missing at the PMS: `number` of the `held` ones, found by a run.

    Nothing is marked as gone before staff `confirmed` that the hotel really has lost them.
    """

    number: int
    held: int
    run_id: SyncRunId
    confirmed: bool = False


class SyncKind(StrEnum):
    """What a run reads: `FIRST` everything around today, `CHANGES` the window since the cursor, `FULL` everything
    around today and also what the PMS no longer has."""

    FIRST = "first"
    CHANGES = "changes"
    FULL = "full"


class SyncStatus(StrEnum):
    """How a run stands: `PARTIAL` means that it read something but not all of it, or that records were rejected."""

    RUNNING = "running"
    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncCounts:
    """Reservations by what became of them."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    gone: int = 0

    def __add__(self, other: "SyncCounts") -> "SyncCounts":
        return SyncCounts(
            created=self.created + other.created,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            rejected=self.rejected + other.rejected,
            gone=self.gone + other.gone,
        )

    @property
    def read(self) -> int:
        """How many reservations were read."""
        return self.created + self.updated + self.unchanged + self.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRun:
    """One run of the sync of one hotel, while it goes on and afterwards. `error` is a sentence for staff.

    `total` is how many reservations its present reading will bring, None where the vendor does not say.
    """

    id: SyncRunId
    hotel_id: HotelId
    kind: SyncKind
    started_at: datetime
    finished_at: datetime | None = None
    status: SyncStatus = SyncStatus.RUNNING
    counts: SyncCounts = SyncCounts()
    total: int | None = None
    error: str | None = None

    def adding(self, counts: SyncCounts) -> "SyncRun":
        """The run after one more page."""
        return replace(self, counts=self.counts + counts)

    def finished(self, now: datetime, problem: str | None = None) -> "SyncRun":
        """The run after its last page: complete, or partial when records were rejected or there was another problem."""
        status = SyncStatus.PARTIAL if self.counts.rejected or problem else SyncStatus.COMPLETE
        return replace(self, status=status, finished_at=now, error=problem)

    def stopped(self, now: datetime, reason: str) -> "SyncRun":
        """The run ended early: partial when it had read something, failed otherwise. The cursor stays."""
        status = SyncStatus.PARTIAL if self.counts.read else SyncStatus.FAILED
        return replace(self, status=status, finished_at=now, error=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """Where the sync of one hotel stands between runs, with the lease of the process that runs it.

    `load` is a first load that has not ended. `last_full_at` is when the last reading of everything began that came to
    its end, `full_tried_at` when the last one began at all. `missing` waits for a decision of staff. `system` is the
    one that all this is about, None before the first run.
    """

    hotel_id: HotelId
    system: str | None = None
    cursor: SyncCursor | None = None
    last_success_at: datetime | None = None
    last_started_at: datetime | None = None
    retry_after: datetime | None = None
    lease_owner: str | None = None
    lease_until: datetime | None = None
    unreachable_since: datetime | None = None
    load: SyncLoad | None = None
    last_full_at: datetime | None = None
    full_tried_at: datetime | None = None
    missing: MissingStays | None = None

    def at(self, system: str) -> "SyncState":
        """The state of a sync with that system: a new one when the hotel had another PMS before, because a cursor of
        that one says nothing about this one."""
        if self.system in (None, system):
            return replace(self, system=system)
        return SyncState(hotel_id=self.hotel_id, system=system)

    def is_running(self, now: datetime) -> bool:
        """True while a living process holds the lease."""
        return (
            self.lease_owner is not None
            and self.lease_until is not None
            and now < self.lease_until <= now + LONGEST_AHEAD
        )

    def is_due(self, now: datetime, interval: timedelta) -> bool:
        """True when the schedule wants a run now: an interval after the last one began, or when a failed one may be
        tried again."""
        if self.is_running(now):
            return False
        if self.retry_after is not None and self.retry_after <= now + max(interval, LONGEST_AHEAD):
            return now >= self.retry_after
        if self.lease_owner is not None:
            return True  # the process that ran it died
        began = _believed(self.last_started_at, now)
        return began is None or began + interval <= now

    def is_full_due(self, now: datetime, since: datetime) -> bool:
        """True when the nightly reading of everything, wanted at the instant `since`, has to begin now.

        One that did not come to its end is tried again after an hour; the runs between them read what changed. A cursor
        from a clock that was set back since does not say what was read, so everything is read then, too.
        """
        wait = _believed(self.retry_after, now)
        if self.cursor is None or self.is_running(now) or (wait is not None and now < wait):
            return False
        ended, tried = _believed(self.last_full_at, now), _believed(self.full_tried_at, now)
        if ended is not None and ended >= since and _believed(self.cursor.at, now) is not None:
            return False
        return tried is None or tried < since or tried + FULL_RETRY <= now


def _believed(instant: datetime | None, now: datetime) -> datetime | None:
    return None if instant is not None and instant > now + LONGEST_AHEAD else instant
