"""From OPERA's reservations to snapshots: pure, without a call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from jack.adapters.pms.opera.answers import Told, told_in
from jack.adapters.pms.opera.guests import (
    Noted,
    company_name,
    groups_of,
    guest_of,
    is_person,
    profile_id,
    values_of,
    words_of,
)
from jack.adapters.pms.opera.languages import Languages
from jack.adapters.pms.opera.payloads import PreferenceGroup, Profile
from jack.adapters.pms.opera.stay_payloads import Reservation, ReservationGuest, Room, RoomStay
from jack.adapters.pms.opera.values import (
    SYSTEM,
    Unknowns,
    count,
    flag,
    id_of,
    stated_time,
    text,
    version_time,
    word,
)
from jack.adapters.vendor_api.records import Unreadable, present, read_date, ref_of, rejected, why
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.errors import DomainError
from jack.domain.ids import ExternalRef
from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.snapshot import GuestSnapshot, RejectedRecord, ReservationSnapshot

STATUSES: Mapping[str, ReservationStatus] = {
    "reserved": ReservationStatus.CONFIRMED,
    "duein": ReservationStatus.CONFIRMED,
    "inhouse": ReservationStatus.CHECKED_IN,
    "checkedin": ReservationStatus.CHECKED_IN,
    "dueout": ReservationStatus.CHECKED_IN,
    "pendingcheckout": ReservationStatus.CHECKED_IN,
    "checkedout": ReservationStatus.CHECKED_OUT,
    "cancelled": ReservationStatus.CANCELLED,
    "canceled": ReservationStatus.CANCELLED,
    "noshow": ReservationStatus.NO_SHOW,
    "requested": ReservationStatus.TENTATIVE,
    "waitlisted": ReservationStatus.TENTATIVE,
    "waitlist": ReservationStatus.TENTATIVE,
    "prospect": ReservationStatus.TENTATIVE,
}
"""Every state of OPERA but Walkin, in one spelling; answers, filters and events spell them differently."""

_STAFF_TYPES = frozenset({"cashier"})
_WISHES = frozenset({"specials", "special"})

_BAD = (Unreadable, DomainError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What records are read with: the hotel's zone, its today in OPERA's sense, its languages, and the profiles that
    were read for them, by id."""

    zone: ZoneInfo
    today: date
    languages: Languages
    profiles: Mapping[str, Profile] = field(default_factory=dict)


def read_page(body: bytes, reference: Reference) -> ReservationPage:
    """An answer with reservations as a page. Raises msgspec.DecodeError for what is no JSON."""
    told, bad = told_in(body)
    return page_of(told, reference, bad)


def page_of(told: Sequence[Told], reference: Reference, bad: Sequence[RejectedRecord] = ()) -> ReservationPage:
    """These reservations as a page. Posting masters are no stays and are passed over."""
    unknown = Unknowns()
    good: list[ReservationSnapshot] = []
    rejects = list(bad)
    for record in told:
        try:
            snapshot = snapshot_of(record.payload, reference, unknown)
        except _BAD as error:
            ref = ref_of(SYSTEM, id_of(record.payload.reservation_id_list, "reservation"))
            rejects.append(rejected("reservation", ref, why(error), record.raw()))
            continue
        if snapshot is not None:
            good.append(snapshot)
    return ReservationPage(reservations=tuple(good), rejected=tuple(rejects), unknown=unknown.all())


def people_in(told: Sequence[Told]) -> tuple[str, ...]:
    """The profile ids of everybody who stays, each once."""
    ids = (profile_id(guest.profile_info) for record in told for guest in record.payload.reservation_guests or ())
    return tuple(dict.fromkeys(key for key in ids if key))


def snapshot_of(payload: Reservation, reference: Reference, unknown: Unknowns) -> ReservationSnapshot | None:
    """One reservation; None for a posting master. Raises Unreadable and DomainError."""
    key = id_of(payload.reservation_id_list, "reservation")
    if key is None:
        raise Unreadable("the reservation has no id")
    stay = payload.room_stay or RoomStay()
    if _is_pseudo(stay):
        return None
    arrival = read_date(stay.arrival_date, "arrival")
    departure = read_date(stay.departure_date, "departure")
    room = _room(stay, min(max(reference.today, arrival), departure))
    number = text(room.room_id) or text(room.room_number)
    if _rooms(stay) > 1:
        number = None  # several rooms in one record: it has no number until staff split it
    groups = groups_of(payload.preference_collection)
    guest, companions = _people(key, payload, groups, reference, unknown)
    counts = stay.guest_counts
    adults = count(counts.adults) if counts is not None else count(stay.adult_count)
    children = count(counts.children) if counts is not None else count(stay.child_count)
    expected = stay.expected_times.reservation_expected_arrival_time if stay.expected_times is not None else None
    return ReservationSnapshot(
        ref=ExternalRef(system=SYSTEM, key=key),
        confirmation_number=id_of(payload.reservation_id_list, "confirmation") or key,
        status=_status(payload, number),
        period=StayPeriod(arrival=arrival, departure=departure),
        guest=guest,
        companions=companions,
        room_number=number,
        room_type=_room_type(stay, room),
        expected_arrival=stated_time(expected, reference.zone, "reservation.expectedArrival", unknown),
        adults=1 if adults is None else adults,
        children=children or 0,
        special_requests=_requests(payload, groups),
        modified_at=version_time(payload.last_modify_date_time, reference.zone),
    )


def _status(payload: Reservation, room_number: str | None) -> ReservationStatus:
    """What OPERA calls the state. A walk-in is in house by OPERA's computed state, or by having a room."""
    given, computed = present(payload.reservation_status), present(payload.computed_reservation_status)
    said = word(given or computed)
    if said == "walkin":
        status = STATUSES.get(word(computed))
        if status is None and room_number is None:
            raise Unreadable("a walk-in without a room may be anything")
        return status or ReservationStatus.CHECKED_IN
    if said not in STATUSES:
        raise Unreadable(f"the status {(given or computed or '')[:40]!r} is not known")
    return STATUSES[said]


def _is_pseudo(stay: RoomStay) -> bool:
    return flag(stay.pseudo_room) or any(flag(rate.pseudo_room) for rate in stay.room_rates or ())


def _rooms(stay: RoomStay) -> int:
    units = [count(rate.number_of_units) or 1 for rate in stay.room_rates or ()]
    return max([count(stay.number_of_rooms) or 1, *units])


def _room(stay: RoomStay, day: date) -> Room:
    """The room of that day: the current one by OPERA's word, else the one of its period after room moves."""
    current = stay.current_room_info
    if current is not None and (text(current.room_id) or text(current.room_number)):
        return current
    rates = [rate for rate in stay.room_rates or () if text(rate.room_id) or text(rate.room_number)]
    of_day = [rate for rate in rates if (rate.start or "")[:10] <= day.isoformat() <= (rate.end or "9")[:10]]
    # periods follow one another in the list, and a day of moving ends one and begins the next
    found = (of_day or rates)[-1:]
    if found:
        return found[0]
    if text(stay.room_id) or text(stay.room_number):
        return Room(room_type=stay.room_type, room_id=stay.room_id, room_number=stay.room_number)
    return current or next(iter(stay.room_rates or ()), Room())


def _room_type(stay: RoomStay, room: Room) -> str | None:
    """The current type by OPERA's word, also where no room has been chosen yet; else that of the room's period."""
    current = stay.current_room_info or Room()
    return text(current.room_type) or text(room.room_type) or text(stay.room_type)


def _people(
    key: str, payload: Reservation, groups: Sequence[PreferenceGroup], reference: Reference, unknown: Unknowns
) -> tuple[GuestSnapshot, tuple[GuestSnapshot, ...]]:
    """The main guest and those who accompany. Where a company holds the stay, the first person is the main guest."""
    listed = payload.reservation_guests or []
    if not listed:
        raise Unreadable("the reservation names no guest")
    if len(listed) > 1:
        listed = sorted(listed, key=lambda guest: not flag(guest.primary))
    noted = Noted(
        memberships=[*(payload.guest_memberships or ()), *(payload.reservation_memberships or ())],
        preferences=[group for group in groups if word(group.preference_type) not in _WISHES],
        comments=payload.guest_comments or (),
    )
    people: list[GuestSnapshot] = []
    owner: tuple[str, list[Profile]] | None = None
    for place, guest in enumerate(listed):
        own, told = _profiles(guest, reference)
        ref_key = own or f"{key}/guest-{place}"
        if not is_person(*told):
            owner = owner or (ref_key, told)
            continue
        people.append(
            guest_of(
                ref_key,
                told,
                zone=reference.zone,
                languages=reference.languages,
                unknown=unknown,
                noted=Noted() if people else noted,
            )
        )
    if not people and owner is not None:
        ref = ExternalRef(system=SYSTEM, key=owner[0])
        return GuestSnapshot(ref=ref, first_name="", last_name=company_name(*owner[1])), ()
    return people[0], tuple(people[1:])


def _profiles(guest: ReservationGuest, reference: Reference) -> tuple[str | None, list[Profile]]:
    """The profile's id, and everything that told of it: the profile itself before the reservation's copy of it."""
    own = profile_id(guest.profile_info)
    copy = guest.profile_info.profile if guest.profile_info is not None else None
    itself = reference.profiles.get(own) if own is not None else None
    return own, [profile for profile in (itself, copy) if profile is not None]


def _requests(payload: Reservation, groups: Sequence[PreferenceGroup]) -> tuple[str, ...]:
    """The notes of the stay that are not for staff, and what OPERA calls its specials."""
    found: dict[str, None] = {}
    for info in payload.comments or ():
        if info.comment is not None and word(info.comment.type) not in _STAFF_TYPES and (words := words_of(info)):
            found[words] = None
    for group in groups:
        if word(group.preference_type) in _WISHES:
            found |= dict.fromkeys(values_of(group))
    return tuple(found)
