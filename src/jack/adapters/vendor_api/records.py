"""Reading untidy records: one bad record costs itself alone, and blank values are no values."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from jack.adapters.http import Answer
from jack.domain.errors import DomainError
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import RejectedRecord

R = TypeVar("R")
S = TypeVar("S")

LONGEST_RAW = 64 * 1024
"""Characters of a rejected record's raw form that are kept."""


class Unreadable(Exception):
    """A record cannot be read; the text says why in plain words and quotes no guest's data."""


_BAD_RECORD = (
    Unreadable,
    DomainError,
    msgspec.DecodeError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
)
"""What reading a record raises that is not as its reader expects."""


def present(text: str | None) -> str | None:
    """The text without blanks around it; None for a missing, null, empty or blank one."""
    return (text or "").strip() or None


def texts(*found: str | None) -> tuple[str, ...]:
    """Those that are present, each once, in order."""
    return tuple(dict.fromkeys(text for text in map(present, found) if text))


def read_date(text: str | None, what: str) -> date:
    """A calendar date at the beginning of `text` (YYYY-MM-DD). Raises Unreadable, naming `what`."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        raise Unreadable(f"the {what} is no date") from None


def read_instant(text: str | None, what: str, zone: ZoneInfo | None = None) -> datetime | None:
    """An instant in UTC from an ISO date and time with `T` or a blank, any number of fraction digits, `Z` or an offset;
    one without either is in `zone`. None where there is no text. Raises Unreadable, naming `what`.
    """
    given = present(text)
    if given is None:
        return None
    head, dot, tail = given.partition(".")
    if dot:
        digits = len(tail) - len(tail.lstrip("0123456789"))
        head += "." + tail[: min(digits, 6)].ljust(6, "0") + tail[digits:]
    try:
        moment = datetime.fromisoformat(head)
        if moment.tzinfo is None:
            if zone is None:
                raise Unreadable(f"the {what} has no time zone")
            moment = moment.replace(tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(f"the {what} is no date and time") from None


def wire_instant(moment: datetime) -> str:
    """The instant as most vendors take it: whole seconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def whole_second_after(moment: datetime) -> datetime:
    """The first whole second that is not before that instant: the end of a window on a vendor's wire."""
    return moment if moment.microsecond == 0 else moment.replace(microsecond=0) + timedelta(seconds=1)


def ref_of(system: str, key: str | None) -> ExternalRef | None:
    """The reference of that key; None when it cannot be one."""
    try:
        return ExternalRef(system=system, key=key or "")
    except DomainError:
        return None


def rejected(kind: str, ref: ExternalRef | None, reason: str, raw: bytes) -> RejectedRecord:
    """The record as it is kept, its raw form bounded."""
    return RejectedRecord(
        kind=kind, ref=ref, reason=reason, raw=raw[: LONGEST_RAW * 4].decode(errors="replace")[:LONGEST_RAW]
    )


def why(error: Exception) -> str:
    """Why a record could not be read, in words that quote nothing of it.

    msgspec's texts name the place and the expected type; only for a word that is not on a list they quote it.
    """
    if isinstance(error, Unreadable | DomainError):
        return str(error)
    if not isinstance(error, msgspec.ValidationError):
        return f"could not be read: {type(error).__name__}"
    text = str(error)
    if text.startswith("Invalid"):
        _, at, place = text.rpartition(" - at `$")
        text = f"an unknown word - at `${place}" if at else "an unknown word"
    return f"is not as documented: {text}"


def each_readable(
    kind: str,
    system: str,
    raws: Iterable[msgspec.Raw],
    decode: Callable[[bytes], R],
    read: Callable[[R], S],
    key_of: Callable[[Mapping[str, object]], object],
) -> tuple[list[S], list[RejectedRecord]]:
    """Decode and read record by record; what fails becomes a rejected record with its reason.

    `key_of` finds the record's key in its raw object, for records that decode to nothing better.
    """
    good: list[S] = []
    bad: list[RejectedRecord] = []
    for raw in raws:
        try:
            good.append(read(decode(bytes(raw))))
        except _BAD_RECORD as error:
            bad.append(rejected(kind, _ref_in(system, raw, key_of), why(error), bytes(raw)))
    return good, bad


def _ref_in(system: str, raw: msgspec.Raw, key_of: Callable[[Mapping[str, object]], object]) -> ExternalRef | None:
    try:
        found = msgspec.json.decode(raw)
        key = key_of(found) if isinstance(found, dict) else None
    except (msgspec.DecodeError, LookupError, TypeError, AttributeError):
        return None
    return ref_of(system, str(key)) if isinstance(key, str | int) else None


def nothing_in(answer: Answer) -> bool:
    """True for the answer with which a vendor says "nothing found" (204).

    A 200 without a body is no such word: it was lost on its way, and reading it as JSON makes the call be repeated.
    """
    return answer.status == 204
