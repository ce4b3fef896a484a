"""From apaleo's reservations to snapshots: one record, and a page of a list. Asks nobody.

The number that guests quote is the booking's: it is what apaleo gives for a booking as a whole, and a reservation's
number is that one with the room's place after it ("XPGMSXGF" and "XPGMSXGF-1"). Which of the two a guest has seen
depends on who wrote the confirmation, so `numbered` accepts both; docs/vendors/apaleo.md says what was found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from jack.adapters.pms.apaleo.payloads import RawReservationList, Reservation, ReservationList
from jack.adapters.pms.apaleo.people import SYSTEM, companions, main_guest, shows_phone
from jack.adapters.pms.apaleo.rooms_of_stay import room_number
from jack.adapters.vendor_api.records import Unreadable, present, read_instant, ref_of, rejected, why
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.errors import DomainError
from jack.domain.ids import ExternalRef
from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.snapshot import RejectedRecord, ReservationSnapshot, UnknownValue

BEDROOM = "BedRoom"
NO_BEDROOMS = frozenset({"MeetingRoom", "EventSpace", "ParkingLot", "Other"})
"""The types of what can be booked and is no room to sleep in."""

STATUSES = {
    "Confirmed": ReservationStatus.CONFIRMED,
    "InHouse": ReservationStatus.CHECKED_IN,
    "CheckedOut": ReservationStatus.CHECKED_OUT,
    "Canceled": ReservationStatus.CANCELLED,
    "NoShow": ReservationStatus.NO_SHOW,
}

_UTC_ENDS = ("Z", "z", "+00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reservation is read against: the hotel's property and time zone, and the present instant."""

    property_id: str
    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page of a list, read.

    `records` is how many it has and `ids` are theirs, also of those that are not told; `count` is how many all pages
    have. `people` are the guests on it, and `reachable` how many of them show a phone number.
    """

    page: ReservationPage
    records: int
    ids: frozenset[str]
    count: int | None
    people: int = 0
    reachable: int = 0


_LIST = msgspec.json.Decoder(ReservationList, strict=False)
_RAW_LIST = msgspec.json.Decoder(RawReservationList, strict=False)
_ONE = msgspec.json.Decoder(Reservation, strict=False)

_BAD = (Unreadable, DomainError, msgspec.DecodeError, ValueError, TypeError, LookupError)


def read_page(body: bytes, reading: Reading) -> ReservationPage:
    """The page of `GET /booking/v1/reservations` as the sync wants it. Raises msgspec.DecodeError for no such page."""
    return read_list(body, reading).page


def read_list(body: bytes, reading: Reading) -> ListPage:
    """A page of the list. A record that cannot be read is rejected, with its raw form, and the others are told."""
    try:
        listed = _LIST.decode(body)
    except msgspec.ValidationError:
        return _record_by_record(body, reading)
    good: list[ReservationSnapshot] = []
    failed: dict[int, Exception] = {}
    unknown: list[UnknownValue] = []
    for place, found in enumerate(listed.reservations):
        try:
            if _is_stay_here(found, reading):
                good.append(read_reservation(found, reading, unknown))
        except _BAD as error:
            failed[place] = error
    bad = [_rejected(raw, failed[place]) for place, raw in _raws(body, failed)] if failed else []
    return _list_page(len(listed.reservations), listed.reservations, listed.count, good, bad, unknown)


def read_one(body: bytes, reading: Reading) -> ReservationPage:
    """The answer of `GET /booking/v1/reservations/{id}`: an empty page when it is no stay in a room of this hotel."""
    unknown: list[UnknownValue] = []
    try:
        found = _ONE.decode(body)
        stays = (read_reservation(found, reading, unknown),) if _is_stay_here(found, reading) else ()
    except msgspec.ValidationError as error:
        return ReservationPage(rejected=(_rejected(msgspec.Raw(body), error),))
    except msgspec.DecodeError:
        raise  # no JSON at all: damaged on its way
    except _BAD as error:
        return ReservationPage(rejected=(_rejected(msgspec.Raw(body), error),))
    return ReservationPage(reservations=stays, unknown=tuple(dict.fromkeys(unknown)))


def read_reservation(found: Reservation, reading: Reading, unknown: list[UnknownValue]) -> ReservationSnapshot:
    """One record. Raises Unreadable or DomainError when it cannot be told; words unknown elsewhere go to `unknown`."""
    status = STATUSES.get(found.status or "")
    if status is None:
        raise Unreadable(f"the status {(found.status or '')[:40]!r} is not known")
    group = found.unit_group
    return ReservationSnapshot(
        ref=ExternalRef(system=SYSTEM, key=found.id),
        confirmation_number=present(found.booking_id) or found.id.rpartition("-")[0] or found.id,
        status=status,
        period=StayPeriod(
            arrival=_local_date(found.arrival, "arrival", reading.zone),
            departure=_local_date(found.departure, "departure", reading.zone),
        ),
        guest=main_guest(found, unknown),
        companions=tuple(companions(found, unknown)),
        room_number=room_number(found, reading.now, reading.zone),
        room_type=present(group.name) or present(group.code) if group else None,
        expected_arrival=_expected(found.arrival, reading.zone),
        adults=1 if found.adults is None else found.adults,
        children=len(found.children_ages or ()),
        special_requests=(comment,) if (comment := present(found.guest_comment)) else (),
        modified_at=read_instant(found.modified, "modification time", reading.zone),
    )


def _is_stay_here(found: Reservation, reading: Reading) -> bool:
    """False for a reservation of another property of the account, and for what is no bedroom."""
    if found.property is not None and found.property.id not in (None, reading.property_id):
        return False
    return found.unit_group is None or found.unit_group.type not in NO_BEDROOMS


def _local_date(text: str | None, what: str, zone: ZoneInfo) -> date:
    """The hotel's date of an instant: as it is written with the hotel's own offset, converted where it is in UTC."""
    given = present(text) or ""
    if given.endswith(_UTC_ENDS):
        instant = read_instant(given, what)
        if instant is not None:
            return instant.astimezone(zone).date()
    try:
        return date.fromisoformat(given[:10])
    except ValueError:
        raise Unreadable(f"the {what} is no date") from None


def _expected(text: str | None, zone: ZoneInfo) -> datetime | None:
    """The instant of arrival; None for a bare date, which apaleo may show as midnight."""
    given = present(text) or ""
    return None if given[11:19] in ("", "00:00:00") else read_instant(given, "arrival", zone)


def _record_by_record(body: bytes, reading: Reading) -> ListPage:
    listed = _RAW_LIST.decode(body)
    records: list[Reservation] = []
    good: list[ReservationSnapshot] = []
    bad: list[RejectedRecord] = []
    unknown: list[UnknownValue] = []
    for raw in listed.reservations:
        try:
            found = _ONE.decode(raw)
            records.append(found)
            if _is_stay_here(found, reading):
                good.append(read_reservation(found, reading, unknown))
        except _BAD as error:
            bad.append(_rejected(raw, error))
    return _list_page(len(listed.reservations), records, listed.count, good, bad, unknown)


def _raws(body: bytes, places: dict[int, Exception]) -> Iterator[tuple[int, msgspec.Raw]]:
    for place, raw in enumerate(_RAW_LIST.decode(body).reservations):
        if place in places:
            yield place, raw


def _rejected(raw: msgspec.Raw, error: Exception) -> RejectedRecord:
    return rejected("reservation", ref_of(SYSTEM, _id_in(raw)), why(error), bytes(raw))


def _id_in(raw: msgspec.Raw) -> str | None:
    found = msgspec.json.decode(raw)
    key = found.get("id") if isinstance(found, dict) else None
    return key if isinstance(key, str) else None


def _list_page(
    size: int,
    records: list[Reservation],
    count: int | None,
    good: list[ReservationSnapshot],
    bad: list[RejectedRecord],
    unknown: list[UnknownValue],
) -> ListPage:
    ids = {found.id for found in records} | {record.ref.key for record in bad if record.ref}
    return ListPage(
        page=ReservationPage(
            reservations=tuple(good), rejected=tuple(bad), total=count, unknown=tuple(dict.fromkeys(unknown))
        ),
        records=size,
        ids=frozenset(ids),
        count=count,
        people=sum(len(found.additional_guests or ()) + (found.primary_guest is not None) for found in records),
        reachable=sum(
            shows_phone(found.primary_guest) + sum(map(shows_phone, found.additional_guests or ())) for found in records
        ),
    )
