"""The rows of OPERA's reservation search: which reservations there are, and whether a row reads as it did before.

A row says too little to be a stay (no notes, no preferences, one telephone). It is read for its id, its dates and a
digest of what it says.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

import msgspec

from jack.adapters.pms.opera.answers import raw_id
from jack.adapters.pms.opera.payloads import Flag, Id, Number, Payload
from jack.adapters.pms.opera.values import count, flag, id_of, may_go_on
from jack.adapters.vendor_api.records import Unreadable, read_date, rejected
from jack.domain.snapshot import RejectedRecord

_NOTHING = msgspec.Raw()


@dataclass(frozen=True, slots=True)
class Row:
    """A reservation as the search lists it. `version` is its modification time as OPERA writes it, or "".

    The dates are None in a row that could not be read; its reservation may be readable nevertheless.
    """

    key: str
    digest: str
    arrival: date | None
    departure: date | None
    version: str


@dataclass(frozen=True, slots=True)
class RowPage:
    """One answer of the search: how many records it held, how many there are in all, and whether there are more. The
    last two are None where OPERA does not say."""

    rows: tuple[Row, ...] = ()
    rejected: tuple[RejectedRecord, ...] = ()
    count: int = 0
    total: int | None = None
    more: bool | None = None

    def goes_on(self, offset: int) -> bool:
        """True when there is more behind that offset, by OPERA's word or by its count; where it says nothing, the next
        answer tells."""
        return self.count > 0 and may_go_on(self.more, self.total, offset)


class _Stay(Payload, frozen=True, gc=False):
    arrival_date: str | None = None
    departure_date: str | None = None
    pseudo_room: Flag = None
    expected_times: msgspec.Raw = _NOTHING
    adult_count: msgspec.Raw = _NOTHING
    child_count: msgspec.Raw = _NOTHING
    room_type: msgspec.Raw = _NOTHING
    room_id: msgspec.Raw = _NOTHING
    room_number: msgspec.Raw = _NOTHING
    number_of_rooms: msgspec.Raw = _NOTHING


class _Row(Payload, frozen=True, gc=False):
    reservation_id_list: list[Id] | None = None
    room_stay: _Stay | None = None
    last_modify_date_time: str | None = None
    reservation_status: msgspec.Raw = _NOTHING
    computed_reservation_status: msgspec.Raw = _NOTHING
    reservation_guest: msgspec.Raw = _NOTHING
    reservation_memberships: msgspec.Raw = _NOTHING
    attached_profiles: msgspec.Raw = _NOTHING
    reservation_indicators: msgspec.Raw = _NOTHING
    specials: msgspec.Raw = _NOTHING
    room_features: msgspec.Raw = _NOTHING


class _Rows(Payload, frozen=True, gc=False):
    reservation_info: list[msgspec.Raw] | None = None
    total_results: Number = None
    has_more: Flag = None


class _Answer(Payload, frozen=True, gc=False):
    reservations: _Rows | None = None


_ANSWER = msgspec.json.Decoder(_Answer, strict=False)
_ONE = msgspec.json.Decoder(_Row, strict=False)


def read_rows(body: bytes) -> RowPage:
    """An answer of the search; posting masters are passed over. Raises msgspec.DecodeError."""
    listed = _ANSWER.decode(body).reservations
    if listed is None:
        return RowPage()
    rows: list[Row] = []
    bad: list[RejectedRecord] = []
    raws = listed.reservation_info or []
    for raw in map(bytes, raws):
        try:
            row = _read(raw)
        except Unreadable as error:
            bad.append(rejected("reservation", None, str(error), raw))
            continue
        if row is not None:
            rows.append(row)
    return RowPage(
        tuple(rows),
        tuple(bad),
        len(raws),
        count(listed.total_results),
        None if listed.has_more in (None, "") else flag(listed.has_more),
    )


def _read(raw: bytes) -> Row | None:
    try:
        record = _ONE.decode(raw)
        key = id_of(record.reservation_id_list, "reservation")
        stay = record.room_stay or _Stay()
        if flag(stay.pseudo_room):
            return None
        arrival, departure = read_date(stay.arrival_date, "arrival"), read_date(stay.departure_date, "departure")
    except (msgspec.ValidationError, Unreadable):
        key = raw_id(raw)
        if key is None:
            raise Unreadable("the reservation has no id") from None
        return Row(key, _digest(raw), None, None, "")
    if key is None:
        raise Unreadable("the reservation has no id")
    version = record.last_modify_date_time or ""
    parts = [
        *(getattr(record, name) for name in _Row.__struct_fields__[3:]),
        *(getattr(stay, name) for name in _Stay.__struct_fields__[3:]),
    ]
    said = b"\n".join(map(bytes, parts))
    return Row(key, _digest(f"{arrival}{departure}{version}".encode() + said), arrival, departure, version)


def _digest(said: bytes) -> str:
    return blake2b(said, digest_size=6).hexdigest()
