"""Reading single values of OPERA: ids, numbers, flags, words and local times."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from jack.adapters.pms.opera.payloads import Flag, Id, Number, Text
from jack.adapters.vendor_api.records import Unreadable, present, read_instant
from jack.domain.snapshot import UnknownValue

SYSTEM = "opera"
"""The `system` of every reference that OPERA gives."""

_NO_LETTER = re.compile(r"[^a-z0-9]+")


class Unknowns:
    """The words that a page holds and Jack does not know, each once."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[UnknownValue, None] = {}

    def note(self, field: str, value: str) -> None:
        """Remember that word."""
        self._found[UnknownValue(field=field, value=value)] = None

    def all(self) -> tuple[UnknownValue, ...]:
        """Everything that was noted, in order."""
        return tuple(self._found)


def text(value: Text) -> str | None:
    """A text that may come as a number; None where there is nothing."""
    return present(value) if isinstance(value, str) or value is None else str(value)


def id_of(ids: Iterable[Id] | None, kind: str) -> str | None:
    """The id of that type, whatever its case; a list whose only entry has no type means that entry."""
    found = list(ids or ())
    for entry in found:
        if (entry.type or "").lower() == kind:
            return text(entry.id)
    return text(found[0].id) if len(found) == 1 and not present(found[0].type) else None


def count(value: Number) -> int | None:
    """A whole number, however it is written; None where there is none. Raises Unreadable for other texts."""
    if isinstance(value, int) or value is None:
        return value
    if isinstance(value, str) and not value.strip():
        return None
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        raise Unreadable("a number is not written in digits") from None


def flag(value: Flag) -> bool:
    """True for true, "true", "Y"; False for everything else."""
    if isinstance(value, str):
        return value.strip().lower() in ("true", "y", "yes", "1")
    return value is True


def may_go_on(more: Flag, total: int | None, offset: int) -> bool:
    """True when there may be more behind that offset of a list, by OPERA's word or by its count. Both may be missing
    (None); where it says nothing at all, only the next answer tells."""
    if more in (None, "") and total is None:
        return True
    return flag(more) or (total is not None and offset < total)


def word(value: str | None) -> str:
    """A word of a list in one spelling, because OPERA varies case, blanks and underscores: `IN HOUSE` is `inhouse`."""
    return _NO_LETTER.sub("", value.lower()) if value else ""


def stated_time(value: str | None, zone: ZoneInfo, what: str, unknown: Unknowns) -> datetime | None:
    """The instant of a date-time without zone, in the hotel's; None for a bare date, which says no time."""
    given = present(value)
    if given is None or len(given) <= 10:
        return None
    try:
        return read_instant(given, what, zone)
    except Unreadable:
        unknown.note(what, given)
        return None


def version_time(value: str | None, zone: ZoneInfo) -> datetime | None:
    """When a record was changed, to tell the older of two versions of it; nothing else may hang on it.

    The zone of these times is documented nowhere. Read in the hotel's zone they keep their order whichever it is,
    except in the hours in which the hotel's clocks are changed: those are told as None.
    """
    given = present(value)
    if given is None or len(given) <= 10:
        return None
    try:
        early = read_instant(given, "modification time", zone)
        local = datetime.fromisoformat(given.partition(".")[0].removesuffix("Z"))
    except (Unreadable, ValueError):
        return None
    if local.tzinfo is not None or given.endswith("Z"):
        return early
    twice = local.replace(tzinfo=zone, fold=0).utcoffset() != local.replace(tzinfo=zone, fold=1).utcoffset()
    return None if twice else early


def local_text(moment: datetime, zone: ZoneInfo) -> str:
    """An instant as OPERA writes date-times: the hotel's wall clock, a blank, one digit of a second."""
    return moment.astimezone(UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S.0")
