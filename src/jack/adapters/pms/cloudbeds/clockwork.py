"""Wall times for questions whose time zone nobody knows.

No documentation says whether Cloudbeds reads `modifiedFrom` and its like in the hotel's time or in UTC. So a question
begins at the earlier of both and ends at the later, and what comes back too much is sorted out by its own UTC time.
"""

from datetime import UTC, datetime, timedelta, tzinfo

LATE = timedelta(minutes=10)
"""How much is asked for on either side: some changes are not told at once."""

_DAY = timedelta(days=1)


def earliest(instant: datetime, zone: tzinfo) -> str:
    """The wall time that is not after `instant`, whichever clock it is read from."""
    return _written(min(_walls(instant, zone)) - LATE)


def latest(instant: datetime, zone: tzinfo) -> str:
    """The wall time that is not before `instant`, whichever clock it is read from."""
    return _written(max(_walls(instant, zone)) + LATE)


def _walls(instant: datetime, zone: tzinfo) -> list[datetime]:
    """In UTC and in the zone; around a change of the hotel's clocks also by the clock before and after it, because an
    hour that comes twice may be taken for either."""
    utc = instant.astimezone(UTC).replace(tzinfo=None)
    near = (instant - _DAY, instant, instant + _DAY)
    return [utc, *(utc + (moment.astimezone(zone).utcoffset() or timedelta()) for moment in near)]


def _written(wall: datetime) -> str:
    return wall.strftime("%Y-%m-%d %H:%M:%S")
