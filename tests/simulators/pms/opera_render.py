"""The truth in OPERA's own JSON, with its awkwardness: numbers as texts, two names for a room, times without zone."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jack.domain.ids import ExternalRef
from jack.domain.reservation import ReservationStatus
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot

LANGUAGES = {"en": "E", "de": "D", "pt": "PT", "fr": "F", "it": "I"}
"""The hotel's own codes; `D` is one that only jack.toml can explain."""

_HOUSEKEEPING = {
    Housekeeping.CLEAN: "Clean",
    Housekeeping.DIRTY: "Dirty",
    Housekeeping.INSPECTED: "Inspected",
    Housekeeping.OUT_OF_ORDER: "OutOfOrder",
}


@dataclass(slots=True)
class World:
    """What the simulator renders from: the hotel's zone and day, former rooms, companies that own stays, and guests
    whom OPERA made anonymous."""

    hotel_id: str
    zone: ZoneInfo
    today: date
    former_rooms: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    anonymous: set[str] = field(default_factory=set)


def local(moment: datetime | None, world: World) -> str | None:
    """An instant as OPERA writes it."""
    return moment.astimezone(world.zone).strftime("%Y-%m-%d %H:%M:%S.0") if moment is not None else None


def row(stay: ReservationSnapshot, world: World) -> dict[str, Any]:
    """A row of the reservation search."""
    guest = stay.guest
    room = {("roomId" if _odd(stay.ref.key) else "roomNumber"): stay.room_number} if stay.room_number else {}
    return _told(
        reservationIdList=_ids(stay),
        roomStay=_told(
            arrivalDate=stay.period.arrival.isoformat(),
            departureDate=stay.period.departure.isoformat(),
            expectedTimes=_told(reservationExpectedArrivalTime=_expected(stay, world)),
            adultCount=str(stay.adults),
            childCount=str(stay.children),
            roomType=stay.room_type,
            numberOfRooms="1",
            ratePlanCode="BAR",
            pseudoRoom=False,
            **room,
        ),
        reservationGuest=_told(
            givenName=guest.first_name,
            surname=guest.last_name,
            phoneNumber=next(iter(guest.phones), None),
            email=next(iter(guest.emails), None),
            language=LANGUAGES.get(guest.language or ""),
            vip={"vipCode": "V1", "vipDescription": "Very important"} if guest.vip else None,
            anonymization={},
            accompanyGuests=[
                {"firstName": c.first_name, "lastName": c.last_name, "profileIdList": _profile_ids(c.ref)}
                for c in stay.companions
            ],
            nameType="Guest",
            id=guest.ref.key,
            type="Profile",
        ),
        reservationIndicators=[{"indicatorName": "PREFERENCE", "count": str(len(guest.preferences))}],
        displayColor="GREEN",
        hotelId=world.hotel_id,
        hotelName="Hotel One",
        roomStayReservation=True,
        createDateTime="2026-01-28 14:33:54.0",
        lastModifyDateTime=local(stay.modified_at, world),
        reservationStatus=status(stay, world),
        computedReservationStatus=status(stay, world),
        walkInIndicator=False,
    )


def single(stay: ReservationSnapshot, world: World) -> dict[str, Any]:
    """A reservation by its id, with what the adapter's instructions fetch."""
    people = [stay.guest, *stay.companions]
    guests: list[dict[str, Any]] = [
        {"profileInfo": {"profileIdList": _profile_ids(p.ref), "profile": _in_reservation(p, world)}, "primary": False}
        for p in people
    ]
    if owner := world.owners.get(stay.ref.key):
        company = {"company": {"companyName": owner}, "profileType": "Company"}
        info = {"profileIdList": [{"id": f"C-{stay.ref.key}", "type": "Profile"}], "profile": company}
        guests.insert(0, {"profileInfo": info, "primary": True})
    else:
        guests[0]["primary"] = True
    return _told(
        reservationIdList=_ids(stay),
        roomStay=_told(
            arrivalDate=stay.period.arrival.isoformat(),
            departureDate=stay.period.departure.isoformat(),
            expectedTimes=_told(
                reservationExpectedArrivalTime=_expected(stay, world),
                reservationExpectedDepartureTime=stay.period.departure.isoformat(),
            ),
            guestCounts={"adults": str(stay.adults), "children": str(stay.children)},
            currentRoomInfo=_told(roomType=stay.room_type, roomId=stay.room_number),
            roomRates=_rates(stay, world),
            guarantee={"guaranteeCode": "6PM", "shortDescription": "6pm Hold"},
        ),
        # the main guest first or last: only `primary` says who it is
        reservationGuests=guests if _odd(stay.ref.key) else guests[::-1],
        comments=_comments(stay),
        traces=[{"traceText": "ask for the deposit"}],
        alerts=[{"code": "VIP", "description": "difficult"}],
        hotelId=world.hotel_id,
        reservationStatus=status(stay, world),
        createDateTime="2026-01-28 14:33:54.0",
        lastModifyDateTime=local(stay.modified_at, world),
        preRegistered=False,
    )


def profile(guest: GuestSnapshot, world: World) -> dict[str, Any]:
    """A whole profile."""
    if guest.ref.key in world.anonymous:
        anonymous = {"anonymizationStatus": "ANONYMIZED", "anonymizationDate": "2026-11-01T00:00:00.0Z"}
        return {"customer": {"personName": [{"surname": "XXXX"}], "anonymization": anonymous}, "profileType": "Guest"}
    telephones = [
        {"telephone": {"phoneNumber": phone, "phoneTechType": "PHONE", "phoneUseType": "MOBILE", "primaryInd": n == 0}}
        for n, phone in enumerate(guest.phones)
    ]
    fax = {"telephone": {"phoneNumber": "+351210000000", "phoneTechType": "FAX", "primaryInd": False}}
    emails = [
        {"email": {"emailAddress": address, "type": "EMAIL", "primaryInd": n == 0}, "id": str(n), "type": "Email"}
        for n, address in enumerate(guest.emails)
    ]
    memberships = [
        {"membershipType": "HP", "membershipLevel": "Bronze", "inactive": True, "preferredCard": True},
        {"membershipType": "HP", "membershipLevel": guest.loyalty_tier, "inactive": False, "preferredCard": False},
    ]
    groups = [
        {"preferenceType": p.category, "preference": [{"preferenceValue": p.value}], "reservationPreference": False}
        for p in guest.preferences
    ]
    return _told(
        customer=_told(
            personName=[
                {"surname": "Alias", "nameType": "Incognito"},
                {
                    "givenName": guest.first_name,
                    "surname": guest.last_name,
                    "nameType": "Primary",
                    "language": "E",
                },
            ],
            language=LANGUAGES.get(guest.language or ""),
            nationality=guest.country,
            vipStatus="2" if guest.vip else None,
            blacklist=False,
        ),
        addresses={"addressInfo": [{"address": {"country": {"code": guest.country}}}]} if guest.country else None,
        telephones={"telephoneInfo": [fax, *telephones], "count": str(len(telephones) + 1)} if telephones else None,
        emails={"emailInfo": emails} if emails else None,
        profileMemberships={"profileMembership": memberships} if guest.loyalty_tier else None,
        preferenceCollection={"preferenceType": groups} if groups else None,
        comments={"commentInfo": [{"comment": {"text": {"value": "pays late"}, "internal": True}}]},
        profileType="Guest",
        statusCode="Active",
        createDateTime="2020-01-28 14:33:54.0",
        lastModifyDateTime=local(guest.modified_at, world),
    )


def room(told: RoomSnapshot, world: World) -> dict[str, Any]:
    """A room of the housekeeping board."""
    states = _told(
        housekeepingRoomStatus=_HOUSEKEEPING[told.housekeeping] if told.housekeeping else None,
        frontOfficeStatus={Occupancy.VACANT: "Vacant", Occupancy.OCCUPIED: "Occupied"}.get(told.occupancy)
        if told.occupancy
        else None,
        reservationStatusList=["NotReserved"],
    )
    return {
        "roomType": _told(pseudoRoom=False, roomClass="ALL", roomType=told.room_type),
        "floor": "01",
        "roomId": told.number,
        "housekeeping": {
            "housekeepingRoomStatus": states,
            "roomPersons": {"frontOfficePersons": "0", "houseKeepingPersons": "0"},
        },
    }


def status(stay: ReservationSnapshot, world: World) -> str:
    """The word for a stay's state, by the business date."""
    match stay.status:
        case ReservationStatus.CONFIRMED:
            return "DueIn" if stay.period.arrival == world.today else "Reserved"
        case ReservationStatus.CHECKED_IN:
            return "DueOut" if stay.period.departure == world.today else "InHouse"
        case ReservationStatus.CHECKED_OUT:
            return "CheckedOut"
        case ReservationStatus.CANCELLED:
            return "Cancelled"
        case ReservationStatus.NO_SHOW:
            return "NoShow"
        case _:
            return "Requested" if _odd(stay.ref.key) else "Waitlisted"


def _in_reservation(guest: GuestSnapshot, world: World) -> dict[str, Any]:
    """What a reservation tells of a profile: the name and one of each contact."""
    whole = profile(guest, world)
    told: dict[str, Any] = {key: whole[key] for key in ("customer", "profileType") if key in whole}
    for key, entries in (("telephones", "telephoneInfo"), ("emails", "emailInfo")):
        if key in whole and guest.ref.key not in world.anonymous:
            told[key] = {entries: whole[key][entries][:2]}
    return told


def _rates(stay: ReservationSnapshot, world: World) -> list[dict[str, Any]]:
    """One period, or two after a room move."""
    first, last = stay.period.arrival, stay.period.departure
    now = _told(
        start=first.isoformat(),
        end=last.isoformat(),
        roomType=stay.room_type,
        roomId=stay.room_number,
        ratePlanCode="BAR",
        numberOfUnits="1",
        pseudoRoom=False,
    )
    former = world.former_rooms.get(stay.ref.key)
    if former is None or not first < world.today <= last:
        return [now]
    before = {**now, "roomId": former, "end": (world.today - timedelta(days=1)).isoformat()}
    return [before, {**now, "start": world.today.isoformat()}]


def _comments(stay: ReservationSnapshot) -> list[dict[str, Any]]:
    """The wishes of guests between notes for staff."""
    said = [("RESERVATION", text, False) for text in stay.special_requests]
    staff = [("RESERVATION", "do not upgrade", True), ("CASHIER", "pays in cash", False)]
    return [
        {
            "comment": {
                "text": {"value": text},
                "type": kind,
                "internal": internal,
                "notificationLocation": "GEN",
                "createDateTime": "2020-01-28 17:22:35.0",
            },
            "id": str(number),
            "type": "Comment",
        }
        for number, (kind, text, internal) in enumerate([staff[0], *said, staff[1]])
    ]


def _expected(stay: ReservationSnapshot, world: World) -> str:
    """A bare date where no time is known, as OPERA has it."""
    return local(stay.expected_arrival, world) or stay.period.arrival.isoformat()


def _ids(stay: ReservationSnapshot) -> list[dict[str, str]]:
    return [
        {"id": "5735646", "type": "ExternalReference"},
        {"id": stay.ref.key, "type": "Reservation"},
        {"id": stay.confirmation_number, "type": "Confirmation"},
    ]


def _profile_ids(ref: ExternalRef) -> list[dict[str, str]]:
    return [{"id": ref.key, "type": "Profile"}]


def _odd(key: str) -> bool:
    return hashlib.sha256(key.encode()).digest()[0] % 2 == 1


def _told(**fields: Any) -> dict[str, Any]:
    """OPERA leaves out what it does not know."""
    return {name: value for name, value in fields.items() if value is not None}
