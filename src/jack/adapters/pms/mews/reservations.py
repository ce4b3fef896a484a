"""Reservations: stays of Mews as snapshots. Pure mapping."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from jack.adapters.pms.mews.guests import Around
from jack.adapters.pms.mews.listing import RESERVATIONS, Listed
from jack.adapters.pms.mews.payloads import PersonCount, Reservation, as_number
from jack.adapters.pms.mews.reference import Reference
from jack.adapters.pms.mews.words import CANCELED, COMPANY, CUSTOMER, NO_SHOW, REASONS, STATES, SYSTEM
from jack.adapters.vendor_api.records import Unreadable, read_instant, ref_of, rejected, why
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.errors import DomainError
from jack.domain.ids import ExternalRef
from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.snapshot import GuestSnapshot, RejectedRecord, ReservationSnapshot, UnknownValue

Unknown = dict[UnknownValue, None]

UTC_ZONE = ZoneInfo("UTC")


def reservation_page(body: bytes, reference: Reference, around: Around) -> ReservationPage:
    """An answer of `reservations/getAll` as a page. Raises msgspec.DecodeError for a body that is none."""
    return page_of(RESERVATIONS.read(body), reference, around)


def page_of(listed: Listed[Reservation], reference: Reference, around: Around) -> ReservationPage:
    """The page; a record that cannot be read is kept with its raw form and reason."""
    good: list[ReservationSnapshot] = []
    bad: list[RejectedRecord] = [*listed.rejected, *around.rejected]
    unknown: Unknown = dict.fromkeys(around.unknown)
    raws: list[msgspec.Raw] = []
    for place, record in zip(listed.places, listed.records, strict=True):
        try:
            good.append(snapshot_of(record, reference, around, unknown))
        except (Unreadable, DomainError, ValueError, TypeError, OverflowError) as error:
            raws = raws or listed.raws()
            bad.append(rejected("reservation", ref_of(SYSTEM, record.id), why(error), bytes(raws[place])))
    return ReservationPage(reservations=tuple(good), rejected=tuple(bad), guests=around.merged, unknown=tuple(unknown))


def snapshot_of(record: Reservation, reference: Reference, around: Around, unknown: Unknown) -> ReservationSnapshot:
    """One stay. Raises Unreadable, DomainError or ValueError."""
    status = _status(record)
    if (
        status is ReservationStatus.CANCELLED
        and record.cancellation_reason
        and record.cancellation_reason not in REASONS
    ):
        unknown[UnknownValue(field="reservation.CancellationReason", value=record.cancellation_reason)] = None
    period = _period(record, reference)
    guest, companions = _party(record, around, unknown)
    adults, children = _people(record.person_counts, reference, unknown)
    room = record.assigned_resource_id
    number = reference.numbers.get(room) if room else None
    if room and number is None:
        unknown[UnknownValue(field="reservation.AssignedResourceId", value=room)] = None
    if record.number is None or record.number == "":
        raise Unreadable("it has no confirmation number")
    return ReservationSnapshot(
        ref=ExternalRef(system=SYSTEM, key=record.id),
        confirmation_number=str(record.number),
        status=status,
        period=period,
        guest=guest,
        companions=companions,
        room_number=number,
        room_type=reference.room_type(room, record.requested_resource_category_id),
        adults=adults,
        children=children,
        special_requests=around.wishes.get(record.id, ()),
        modified_at=_instant(record.updated_utc, "time of the last change"),
    )


def points_at(records: list[Reservation]) -> list[str]:
    """The rooms, room types and ages that these reservations name."""
    named = [key for r in records for key in (r.assigned_resource_id, r.requested_resource_category_id) if key]
    return named + [c.age_category_id for r in records for c in r.person_counts or () if c.age_category_id]


def scheduled_start(record: Reservation) -> datetime | None:
    """When the stay is planned to begin; None where that cannot be read."""
    try:
        return _instant(record.scheduled_start_utc, "arrival")
    except Unreadable:
        return None


def _status(record: Reservation) -> ReservationStatus:
    if record.state == CANCELED and record.cancellation_reason == NO_SHOW:
        return ReservationStatus.NO_SHOW
    status = STATES.get(record.state or "")
    if status is None:
        word = UnknownValue(field="reservation.State", value=(record.state or "")[:50]).value
        raise Unreadable(f"the state {word!r} is not known" if word else "it has no state")
    return status


def _period(record: Reservation, reference: Reference) -> StayPeriod:
    zone = reference.house.zone
    arrival = _instant(record.scheduled_start_utc, "arrival")
    departure = _instant(record.scheduled_end_utc, "departure")
    if arrival is None or departure is None:
        raise Unreadable(f"it has no {'arrival' if arrival is None else 'departure'}")
    return StayPeriod(arrival=arrival.astimezone(zone).date(), departure=departure.astimezone(zone).date())


def _instant(text: str | None, what: str) -> datetime | None:
    """As `read_instant`, quicker for the form that Mews documents."""
    if text and len(text) == 20 and text[-1] == "Z":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise Unreadable(f"the {what} is no date and time") from None
    return read_instant(text, what, UTC_ZONE)


def _party(record: Reservation, around: Around, unknown: Unknown) -> tuple[GuestSnapshot, tuple[GuestSnapshot, ...]]:
    """The main guest and the others. A company, an agency or an account of the house is no guest: then somebody who
    stays is the main guest, and where nobody is known it is a name without contact points.
    """
    owner_id = record.account_id
    if not owner_id:
        raise Unreadable("it belongs to nobody")
    companions = _sharing(record, around)
    owner = None
    if record.account_type in (CUSTOMER, None):
        if owner_id in around.broken:
            raise Unreadable(f"its guest cannot be read: {around.broken[owner_id]}")
        owner = around.people.get(owner_id)
        if owner is not None and owner.is_guest:
            companions.pop(owner.snapshot.ref, None)
            return owner.snapshot, tuple(companions.values())
    elif record.account_type != COMPANY:
        unknown[UnknownValue(field="reservation.AccountType", value=record.account_type)] = None
    if companions:
        first, *others = companions.values()
        return first, tuple(others)
    unreadable = [key for key in around.companions.get(record.id, ()) if key in around.broken]
    if unreadable:  # the stay must not pass to a name by which nobody is reached
        raise Unreadable(f"its guest cannot be read: {around.broken[unreadable[0]]}")
    if owner is not None:
        return owner.snapshot, ()
    ref = ExternalRef(system=SYSTEM, key=owner_id)
    return GuestSnapshot(ref=ref, first_name="", last_name=around.companies.get(owner_id, "")), ()


def _sharing(record: Reservation, around: Around) -> dict[ExternalRef, GuestSnapshot]:
    """The guests who share the stay, in the order in which they joined."""
    found: dict[ExternalRef, GuestSnapshot] = {}
    for key in around.companions.get(record.id, ()):
        person = around.people.get(key)
        if person is not None and person.is_guest:
            found[person.snapshot.ref] = person.snapshot
    return found


def _people(counts: list[PersonCount] | None, reference: Reference, unknown: Unknown) -> tuple[int, int]:
    """Adults and children; one adult where Mews says nothing that can be understood."""
    adults = children = 0
    understood = False
    for count in counts or ():
        is_adult = reference.adults.get(count.age_category_id or "")
        if is_adult is None:
            unknown[UnknownValue(field="reservation.AgeCategoryId", value=count.age_category_id or "")] = None
            continue
        understood = True
        if is_adult:
            adults += as_number(count.count)
        else:
            children += as_number(count.count)
    return (adults, children) if understood else (1, 0)
