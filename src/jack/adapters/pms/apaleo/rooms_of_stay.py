"""Which room a stay has now: a stay may move from room to room."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from jack.adapters.pms.apaleo.payloads import Reservation, UnitLink
from jack.adapters.vendor_api.records import Unreadable, present, read_instant

_Range = tuple[str, str | None, str | None]


def room_number(found: Reservation, now: datetime, zone: ZoneInfo) -> str | None:
    """The number of the room that the stay has now, by its assigned rooms, else by its nights.

    Before and after the stay, and where apaleo tells no ranges, its own `unit` counts, else the first room to come.
    """
    own = _number(found.unit)
    ranges = list(_assigned(found)) or list(_nights(found))
    names = {name for name, _, _ in ranges}
    if not names or names == {own}:
        return own
    upcoming: list[tuple[datetime, str]] = []
    for name, since, until in ranges:
        begin, end = _instant(since, zone), _instant(until, zone)
        if begin is not None and begin <= now and (end is None or now < end):
            return name
        if begin is not None and now < begin:
            upcoming.append((begin, name))
    return own or (min(upcoming)[1] if upcoming else ranges[-1][0])


def _assigned(found: Reservation) -> Iterator[_Range]:
    for assigned in found.assigned_units or ():
        name = _number(assigned.unit) if assigned is not None else None
        if assigned is None or name is None:
            continue
        for span in assigned.time_ranges or ():
            if span is not None:
                yield name, span.since, span.until


def _nights(found: Reservation) -> Iterator[_Range]:
    for night in found.time_slices or ():
        name = _number(night.unit) if night is not None else None
        if night is not None and name is not None:
            yield name, night.since, night.until


def _number(unit: UnitLink | None) -> str | None:
    return present(unit.name) if unit is not None else None


def _instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    """The instant, or None: a stay is worth more than an unreadable range of one of its rooms."""
    try:
        return read_instant(text, "range", zone)
    except Unreadable:
        return None
