"""Facts in apaleo's JSON, with its awkwardness: offsets of the hotel, seven digits of a second, absent members."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot

CHECK_IN, CHECK_OUT = time(15), time(11)

STATUSES = {
    ReservationStatus.CONFIRMED: "Confirmed",
    ReservationStatus.CHECKED_IN: "InHouse",
    ReservationStatus.CHECKED_OUT: "CheckedOut",
    ReservationStatus.CANCELLED: "Canceled",
    ReservationStatus.NO_SHOW: "NoShow",
}
"""apaleo has no word for a tentative reservation."""

BOOKER: dict[str, Any] = {
    "title": "Ms",
    "firstName": "Beatrice",
    "lastName": "Booker",
    "email": "beatrice@travel.example",
    "phone": "+442079460000",
    "company": {"name": "Travel Ltd"},
}
"""Who booked everything, and stays nowhere."""

_CONDITIONS = {
    Housekeeping.CLEAN: "CleanToBeInspected",
    Housekeeping.INSPECTED: "Clean",
    Housekeeping.DIRTY: "Dirty",
    Housekeeping.OUT_OF_ORDER: "Dirty",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A room and when a stay has it."""

    room: str
    since: datetime
    until: datetime


def arrives(stay: ReservationSnapshot, zone: ZoneInfo) -> datetime:
    """The instant of arrival: the one that is expected, else the hour of check-in."""
    return stay.expected_arrival or _at(stay.period.arrival, CHECK_IN, zone)


def departs(stay: ReservationSnapshot, zone: ZoneInfo) -> datetime:
    """The instant of departure; who leaves on the day of arrival stays until the evening."""
    is_day_use = stay.period.arrival == stay.period.departure
    return _at(stay.period.departure, time(23, 45) if is_day_use else CHECK_OUT, zone)


def local(moment: datetime, zone: ZoneInfo) -> str:
    """An instant with the hotel's offset."""
    return moment.astimezone(zone).isoformat(timespec="seconds")


def precise(moment: datetime, zone: ZoneInfo) -> str:
    """An instant as `created` and `modified` tell it."""
    there = moment.astimezone(zone)
    offset = there.isoformat(timespec="seconds")[-6:]
    return f"{there:%Y-%m-%dT%H:%M:%S}.{there.microsecond:06d}7{offset}"


def reservation(
    stay: ReservationSnapshot,
    *,
    property_id: str,
    zone: ZoneInfo,
    created: datetime,
    spans: Collection[Span],
    expand: Collection[str],
) -> dict[str, Any]:
    """A reservation of a list; what must be expanded is there only when it was."""
    group = _group(stay.room_type, property_id)
    told: dict[str, Any] = {
        "id": stay.ref.key,
        "bookingId": stay.confirmation_number,
        "status": STATUSES[stay.status],
        "property": _property_link(property_id),
        "ratePlan": {"id": f"{property_id}-FLEX", "code": "FLEX", "name": "Flexible", "isSubjectToCityTax": True},
        "unitGroup": group,
        "totalGrossAmount": _money(240),
        "arrival": local(arrives(stay, zone), zone),
        "departure": local(departs(stay, zone), zone),
        "created": precise(created, zone),
        "modified": precise(stay.modified_at or created, zone),
        "adults": stay.adults,
        "channelCode": "Direct",
        "guaranteeType": "CreditCard",
        "cancellationFee": {**_fee(), "dueDateTime": local(arrives(stay, zone), zone)},
        "noShowFee": _fee(),
        "balance": _money(-120.5),
        "hasCityTax": False,
        "comment": "Staff: pays late, be careful",
        "isPreCheckedIn": False,
        "somethingNew": {"nobody": ["knows", 1, None]},
    }
    if stay.children:
        told["childrenAges"] = [7] * stay.children
    if stay.special_requests:
        told["guestComment"] = "\n".join(stay.special_requests)
    if stay.room_number is not None:
        told["unit"] = _unit_link(stay.room_number, property_id)
    told["primaryGuest"] = person(stay.guest)
    if stay.companions:
        told["additionalGuests"] = [person(companion) for companion in stay.companions]
    if "booker" in expand:
        told["booker"] = dict(BOOKER)
    if "assignedUnits" in expand and spans:
        told["assignedUnits"] = [
            {
                "unit": _unit_link(span.room, property_id),
                "timeRanges": [{"from": local(span.since, zone), "to": local(span.until, zone)}],
            }
            for span in spans
        ]
    if "timeSlices" in expand:
        told["timeSlices"] = [_night(stay, day, property_id, zone) for day in _nights(stay.period)]
    return told


def alone(told: dict[str, Any]) -> dict[str, Any]:
    """The same reservation asked for by itself: it has a little more."""
    return {**told, "payableAmount": {"guest": _money(240)}, "taxDetails": []}


def person(guest: GuestSnapshot) -> dict[str, Any]:
    """A guest, as far as apaleo knows guests. The nationality is another one than the country to live in."""
    told: dict[str, Any] = {"title": "Other", "gender": "Unknown", "lastName": guest.last_name}
    if guest.first_name:
        told["firstName"] = guest.first_name
    if guest.emails:
        told["email"] = guest.emails[0]
    if guest.phones:
        told["phone"] = guest.phones[0]
    if guest.country:
        told["address"] = {"addressLine1": "Street 1", "city": "City", "countryCode": guest.country}
        told["nationalityCountryCode"] = "NZ"
    if guest.language:
        told["preferredLanguage"] = guest.language
    return told


def unit(room: RoomSnapshot, property_id: str, *, with_group: bool) -> dict[str, Any]:
    """A unit of a list."""
    status: dict[str, Any] = {
        "isOccupied": room.occupancy is Occupancy.OCCUPIED,
        "condition": _CONDITIONS[room.housekeeping or Housekeeping.CLEAN],
    }
    if room.housekeeping is Housekeeping.OUT_OF_ORDER:
        status["maintenance"] = {"id": f"{property_id}-M{room.number}", "type": "OutOfOrder"}
    told = {
        "id": f"{property_id}-{room.number}",
        "name": room.number,
        "description": "A room",
        "property": _property_link(property_id),
        "status": status,
        "maxPersons": 3,
        "created": "2019-11-04T14:02:11+01:00",
        "attributes": [],
    }
    return told | ({"unitGroup": _group(room.room_type, property_id)} if with_group else {})


def hotel(property_id: str, name: str, zone: str) -> dict[str, Any]:
    """A property asked for by itself: its name is a map of languages."""
    return {
        "id": property_id,
        "code": property_id,
        "name": {"de": f"{name} (deutsch)", "en": name},
        "description": {"en": "By the sea"},
        "isTemplate": False,
        "companyName": "Harbour Ltd",
        "commercialRegisterEntry": "HRB 1",
        "taxId": "PT1",
        "location": {"addressLine1": "Quay 1", "postalCode": "1100", "city": "Lisboa", "countryCode": "PT"},
        "paymentTerms": {"en": "On departure"},
        "timeZone": zone,
        "currencyCode": "EUR",
        "created": "2019-11-04T14:02:11+01:00",
        "status": "Live",
        "isArchived": False,
    }


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone)


def _nights(period: StayPeriod) -> list[date]:
    return [period.arrival + timedelta(days=n) for n in range(max(1, (period.departure - period.arrival).days))]


def _night(stay: ReservationSnapshot, day: date, property_id: str, zone: ZoneInfo) -> dict[str, Any]:
    told: dict[str, Any] = {
        "from": local(_at(day, CHECK_IN, zone), zone),
        "to": local(_at(day + timedelta(days=1), CHECK_OUT, zone), zone),
        "serviceDate": day.isoformat(),
        "ratePlan": {"id": f"{property_id}-FLEX", "isSubjectToCityTax": True},
        "unitGroup": _group(stay.room_type, property_id),
        "baseAmount": {
            "grossAmount": 80.0,
            "netAmount": 75.47,
            "vatType": "Reduced",
            "vatPercent": 6.0,
            "currency": "EUR",
        },
        "totalGrossAmount": _money(80),
    }
    return told


def _property_link(property_id: str) -> dict[str, Any]:
    return {"id": property_id, "code": property_id, "name": "Harbour Hotel", "description": "By the sea"}


def _group(room_type: str | None, property_id: str) -> dict[str, Any]:
    told = {"id": f"{property_id}-DBL", "description": "A type", "type": "BedRoom"}
    return told | ({"code": "DBL", "name": room_type} if room_type else {})


def _unit_link(room: str, property_id: str) -> dict[str, Any]:
    return {"id": f"{property_id}-{room}", "name": room, "description": "A room", "unitGroupId": f"{property_id}-DBL"}


def _money(amount: float) -> dict[str, Any]:
    return {"amount": float(amount), "currency": "EUR"}


def _fee() -> dict[str, Any]:
    return {"id": "FEE", "code": "FEE", "name": "Fee", "description": "A fee", "fee": _money(80)}
