"""OPERA's answers with reservations, whole where they are as documented, else record by record."""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from jack.adapters.pms.opera.stay_payloads import RawReservationAnswer, Reservation, ReservationAnswer
from jack.adapters.pms.opera.values import SYSTEM
from jack.adapters.vendor_api.records import ref_of, rejected, why
from jack.domain.snapshot import RejectedRecord

_WHOLE = msgspec.json.Decoder(ReservationAnswer, strict=False)
_RAW = msgspec.json.Decoder(RawReservationAnswer, strict=False)
_ONE = msgspec.json.Decoder(Reservation, strict=False)


@dataclass(frozen=True, slots=True)
class Told:
    """A reservation as it came; `raw` gives its own JSON, should it be needed."""

    payload: Reservation
    raw: Callable[[], bytes] = field(repr=False)


def told_in(body: bytes, asked_for: str | None = None) -> tuple[list[Told], list[RejectedRecord]]:
    """The reservations of an answer, and those of another shape than documented; `asked_for` names a nameless one."""
    try:
        whole = _WHOLE.decode(body)
    except msgspec.ValidationError:
        return _one_by_one(body, asked_for)
    found = (whole.reservations.reservation if whole.reservations is not None else None) or []
    raws = _Raws(body)
    return [Told(payload, raws.taker(place)) for place, payload in enumerate(found)], []


class _Raws:
    """The single records of an answer, split only when one of them is asked for."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._split: list[msgspec.Raw] | None = None

    def taker(self, place: int) -> Callable[[], bytes]:
        return lambda: self._take(place)

    def _take(self, place: int) -> bytes:
        if self._split is None:
            self._split = _records(self._body)
        return bytes(self._split[place])


def _records(body: bytes) -> list[msgspec.Raw]:
    answer = _RAW.decode(body)
    return (answer.reservations.reservation if answer.reservations is not None else None) or []


def _one_by_one(body: bytes, asked_for: str | None) -> tuple[list[Told], list[RejectedRecord]]:
    good: list[Told] = []
    bad: list[RejectedRecord] = []
    for record in _records(body):
        raw = bytes(record)
        try:
            good.append(Told(_ONE.decode(raw), lambda raw=raw: raw))  # type: ignore[misc]
        except msgspec.ValidationError as error:
            bad.append(rejected("reservation", ref_of(SYSTEM, raw_id(raw) or asked_for), why(error), raw))
    return good, bad


def raw_id(raw: bytes) -> str | None:
    """The reservation's id in a record of an unknown shape."""
    try:
        record = msgspec.json.decode(raw)
        ids = record["reservationIdList"]
        found = next(entry["id"] for entry in ids if str(entry.get("type", "")).lower() == "reservation")
    except (msgspec.DecodeError, LookupError, TypeError, AttributeError, StopIteration):
        return None
    return str(found) if isinstance(found, str | int) else None
