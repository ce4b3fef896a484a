"""How Cloudbeds would write down a booking, a guest and a room: its words, its numbers as texts, its maps by id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jack.domain.reservation import ReservationStatus
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot

STATUS = {
    ReservationStatus.TENTATIVE: "not_confirmed",
    ReservationStatus.CONFIRMED: "confirmed",
    ReservationStatus.CHECKED_IN: "checked_in",
    ReservationStatus.CHECKED_OUT: "checked_out",
    ReservationStatus.CANCELLED: "canceled",
    ReservationStatus.NO_SHOW: "no_show",
}
ROOM_STATUS = {
    ReservationStatus.TENTATIVE: "not_checked_in",
    ReservationStatus.CONFIRMED: "not_checked_in",
    ReservationStatus.CHECKED_IN: "in_house",
    ReservationStatus.CHECKED_OUT: "checked_out",
    ReservationStatus.CANCELLED: "cancelled",
    ReservationStatus.NO_SHOW: "not_checked_in",
}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A booking as the simulator holds it: its rooms, where each was before, and what is wrong with it."""

    number: str
    stays: tuple[ReservationSnapshot, ...]
    former: Mapping[str, tuple[str, date]]
    """The room before and the day of the move, by sub-reservation id."""
    deleted: bool = False
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the simulator knows beside the bookings."""

    property_id: str
    zone: ZoneInfo
    virtual: frozenset[str] = frozenset()
    anonymous: frozenset[str] = frozenset()
    companies: Mapping[str, str] = field(default_factory=dict)
    booking_fields: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)


def wall(moment: datetime | None, zone: ZoneInfo) -> str:
    """An instant as text without a zone; "" where there is none."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def status_of(stays: Sequence[ReservationSnapshot]) -> str:
    """The whole booking's word: what its most living room says."""
    order = (
        ReservationStatus.CHECKED_IN,
        ReservationStatus.CONFIRMED,
        ReservationStatus.TENTATIVE,
        ReservationStatus.CHECKED_OUT,
        ReservationStatus.NO_SHOW,
        ReservationStatus.CANCELLED,
    )
    return STATUS[min((stay.status for stay in stays), key=order.index)]


def guest_fields(guest: GuestSnapshot, dialect: Dialect) -> Json:
    """A guest in `guestList` and in `getGuestList`."""
    if guest.ref.key in dialect.anonymous:
        return {
            "guestID": guest.ref.key,
            "guestName": "Anonymized Guest",
            "guestFirstName": "Anonymized",
            "guestLastName": "Guest",
            "guestGender": "N/A",
            "guestEmail": "anonymized@example.com",
            "guestPhone": "0000000",
            "guestCellPhone": "",
            "guestCountry": "",
            "customFields": custom_fields([("pillow", "removed")]),
            "isAnonymized": True,
        }
    phones = [*guest.phones, "", ""]
    return {
        "guestID": guest.ref.key,
        "guestName": f"{guest.first_name} {guest.last_name}".strip(),
        "guestFirstName": guest.first_name,
        "guestLastName": guest.last_name,
        "guestGender": "N/A",
        "guestEmail": next(iter(guest.emails), ""),
        "guestPhone": phones[0],
        "guestCellPhone": phones[1],
        "guestCountry": (guest.country or "").lower(),
        "guestDocumentType": "",
        "taxID": "",
        "companyName": "",
        "customFields": custom_fields([(p.category, p.value) for p in guest.preferences]),
        "isAnonymized": False,
    }


def custom_fields(pairs: Sequence[tuple[str, str]]) -> list[Json]:
    """Fields that the hotel made, filled in."""
    return [
        {
            "customFieldID": str(700 + number),
            "shortcode": f"cf_{name.replace(' ', '_').lower()}",
            "isActive": True,
            "customFieldName": name,
            "customFieldValue": value,
        }
        for number, (name, value) in enumerate(pairs)
    ]


def rooms_of(stay: ReservationSnapshot, former: tuple[str, date] | None, dialect: Dialect) -> list[Json]:
    """The rooms of one sub-reservation: one entry for each room that was lived in."""
    owner = dialect.companies.get(stay.ref.key)
    here: Json = {
        "roomTypeID": f"t-{stay.room_type}",
        "roomTypeName": stay.room_type or "",
        "roomTypeIsVirtual": stay.ref.key in dialect.virtual,
        "subReservationID": stay.ref.key,
        "isRoomLocked": False,
        "guestID": f"company-{stay.ref.key}" if owner else stay.guest.ref.key,
        "guestName": owner or f"{stay.guest.first_name} {stay.guest.last_name}".strip(),
        "rateID": "90001",
        "rateName": "Flexible",
        "adults": str(stay.adults),
        "children": str(stay.children),
        "reservationRoomID": f"rr-{stay.ref.key}",
        "roomID": None,
        "roomCheckIn": stay.period.arrival.isoformat(),
        "roomCheckOut": stay.period.departure.isoformat(),
        "roomStatus": ROOM_STATUS[stay.status],
        "marketName": "Leisure",
        "marketCode": "LEI",
        "detailedRoomRates": {stay.period.arrival.isoformat(): 120.5},
    }
    if stay.room_number:
        here |= {"roomID": f"{dialect.property_id}-{stay.room_number}", "roomName": stay.room_number}
    if former is None:
        return [here]
    room, moved = former
    before = here | {
        "roomID": f"{dialect.property_id}-{room}",
        "roomName": room,
        "roomCheckOut": moved.isoformat(),
        "roomStatus": "checked_out",
        "reservationRoomID": f"rr-{stay.ref.key}-before",
    }
    return [here | {"roomCheckIn": moved.isoformat()}, before]


def guest_list(told: Told, dialect: Dialect) -> Json:
    """Everybody of a booking, keyed by guest id, with the rooms that they are in."""
    people: dict[str, Json] = {}
    for stay in told.stays:
        for guest in (stay.guest, *stay.companions):
            entry = people.setdefault(
                guest.ref.key,
                guest_fields(guest, dialect) | {"rooms": [], "unassignedRooms": [], "isMainGuest": not people},
            )
            room: Json = {
                "reservationRoomID": f"rr-{stay.ref.key}",
                "roomTypeName": stay.room_type or "",
                "roomTypeIsVirtual": stay.ref.key in dialect.virtual,
                "subReservationID": stay.ref.key,
            }
            if stay.room_number:
                entry["rooms"].append(
                    room | {"roomID": f"{dialect.property_id}-{stay.room_number}", "roomName": stay.room_number}
                )
            else:
                entry["unassignedRooms"].append(room | {"roomTypeID": f"t-{stay.room_type}"})
            entry["assignedRoom"] = bool(stay.room_number)
        if owner := dialect.companies.get(stay.ref.key):
            key = f"company-{stay.ref.key}"
            people[key] = {"guestID": key, "guestFirstName": "", "guestLastName": "", "companyName": owner}
            people[key] |= {"guestEmail": "office@acme.example", "guestPhone": "+351210000000", "isMainGuest": True}
            people[key] |= {"rooms": [], "unassignedRooms": [], "isAnonymized": False, "customFields": []}
    return people


def expected_time(told: Told, dialect: Dialect) -> str | None:
    """When the guests mean to come, as a time of day."""
    expected = next((stay.expected_arrival for stay in told.stays if stay.expected_arrival), None)
    return expected.astimezone(dialect.zone).strftime("%H:%M") if expected else None


def with_rate_details(told: Told, dialect: Dialect) -> Json:
    """An item of `getReservationsWithRateDetails`."""
    modified = told.modified
    first = min(stay.period.arrival for stay in told.stays)
    last = max(stay.period.departure for stay in told.stays)
    return {
        "propertyID": dialect.property_id,
        "reservationID": told.number,
        "isDeleted": told.deleted,
        "dateCreated": "2026-09-01 10:00:00",
        "dateCreatedUTC": "2026-09-01 09:00:00",
        "dateModified": wall(modified, dialect.zone),
        "dateModifiedUTC": wall(modified, ZoneInfo("UTC")),
        "dateCancelled": None,
        "dateCancelledUTC": None,
        "status": status_of(told.stays),
        "reservationCheckIn": first.isoformat(),
        "reservationCheckOut": last.isoformat(),
        "guestID": told.stays[0].guest.ref.key,
        "profileID": "5550001",
        "guestCountry": "PT",
        "sourceName": "Website",
        "source": {"name": "Website", "paymentCollect": "hotel", "sourceID": "s-1", "category": "direct"},
        "sourceCategory": None,
        "sourceReservationID": None,
        "propertyCurrency": "EUR",
        "balanceDetailed": {"suggestedDeposit": "0.00", "subTotal": 241, "grandTotal": 241.0, "paid": 0},
        "detailedRates": {(first + timedelta(days=n)).isoformat(): 120.5 for n in range(min((last - first).days, 30))},
        "rooms": [room for stay in told.stays for room in rooms_of(stay, told.former.get(stay.ref.key), dialect)],
        "origin": "direct",
        "mealPlans": "",
        "guestList": guest_list(told, dialect),
        "thirdPartyIdentifier": f"OTA-{told.number}",
        "customFields": custom_fields(dialect.booking_fields.get(told.number, ())),
        "estimatedArrivalTime": expected_time(told, dialect),
        "total": 241.0,
        "balance": 241.0,
    }


def alone(told: Told, dialect: Dialect) -> Json:
    """The data of `getReservation`: assigned and unassigned rooms apart, no room states, no UTC time."""
    whole = with_rate_details(told, dialect)
    parts: dict[bool, list[Json]] = {True: [], False: []}
    for room in whole["rooms"]:
        kept = {key: value for key, value in room.items() if key not in _NOT_ALONE}
        kept |= {"startDate": room["roomCheckIn"], "endDate": room["roomCheckOut"], "roomTotal": "241.00"}
        assigned = room["roomID"] is not None
        if not assigned:
            del kept["roomID"]
        parts[assigned].append(kept)
    main = told.stays[0].guest
    return {
        "propertyID": dialect.property_id,
        "guestName": f"{main.first_name} {main.last_name}".strip(),
        "guestEmail": next(iter(main.emails), ""),
        "isAnonymized": False,
        "guestList": {key: guest | {"guestStatus": "confirmed"} for key, guest in whole["guestList"].items()},
        "reservationID": told.number,
        "dateCreated": whole["dateCreated"],
        "dateModified": whole["dateModified"],
        "estimatedArrivalTime": whole["estimatedArrivalTime"],
        "source": "Website",
        "sourceID": "s-1",
        "thirdPartyIdentifier": None,
        "status": whole["status"],
        "total": 241.0,
        "balance": 241.0,
        "assigned": parts[True],
        "unassigned": parts[False],
        "cardsOnFile": [],
        "customFields": whole["customFields"],
        "startDate": whole["reservationCheckIn"],
        "endDate": whole["reservationCheckOut"],
        "origin": "direct",
        "mealPlans": "",
    }


_NOT_ALONE = (
    "roomStatus",
    "guestID",
    "guestName",
    "rateID",
    "rateName",
    "detailedRoomRates",
    "roomCheckIn",
    "roomCheckOut",
)


def single_guest(guest: GuestSnapshot, wishes: str, dialect: Dialect) -> Json:
    """The data of `getGuest`, in which no id stands."""
    fields = guest_fields(guest, dialect)
    anonymous = bool(fields["isAnonymized"])
    return {
        "firstName": fields["guestFirstName"],
        "lastName": fields["guestLastName"],
        "gender": "N/A",
        "email": fields["guestEmail"],
        "phone": fields["guestPhone"],
        "cellPhone": fields["guestCellPhone"],
        "country": fields["guestCountry"].upper(),
        "birthDate": "",
        "documentIssueDate": "",
        "documentExpirationDate": "",
        "customFields": [
            {key: field[key] for key in ("customFieldName", "customFieldValue")} for field in fields["customFields"]
        ],
        "specialRequests": "" if anonymous else wishes,
        "taxID": None,
        "companyTaxID": None,
        "companyName": None,
        "isAnonymized": anonymous,
        "guestOptIn": False,
        "isMerged": False,
        "newGuestID": "",
    }


def room_of_hotel(room: RoomSnapshot, property_id: str, *, virtual: bool = False) -> Json:
    """A room in `getRooms`."""
    return {
        "roomID": f"{property_id}-{room.number}",
        "roomName": room.number,
        "dormRoomName": "",
        "roomDescription": "",
        "maxGuests": 2,
        "isPrivate": True,
        "isVirtual": virtual,
        "roomBlocked": room.housekeeping is Housekeeping.OUT_OF_ORDER,
        "roomTypeID": f"t-{room.room_type}",
        "roomTypeName": room.room_type or "",
        "roomTypeNameShort": (room.room_type or "")[:3],
        "doorlockID": "",
    }


def room_care(room: RoomSnapshot, property_id: str) -> Json:
    """A room in `getHousekeepingStatus`."""
    state = room.housekeeping
    blocked = state is Housekeeping.OUT_OF_ORDER
    return {
        "date": "2026-11-22",
        "roomTypeID": f"t-{room.room_type}",
        "roomTypeName": room.room_type or "",
        "roomID": f"{property_id}-{room.number}",
        "roomName": room.number,
        "roomCondition": "dirty" if blocked or state is None else state.value,
        "roomOccupied": room.occupancy is Occupancy.OCCUPIED,
        "roomBlocked": blocked,
        "frontdeskStatus": "stayover",
        "housekeeperID": "0",
        "housekeeper": "",
        "doNotDisturb": False,
        "refusedService": False,
        "vacantPickup": False,
        "roomComments": "",
    }


def utc(text: str) -> datetime:
    """A wall time read as UTC. Raises ValueError for a form that the vendor does not document."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
