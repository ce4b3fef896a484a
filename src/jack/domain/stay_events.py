"""What happens to stays, told from what Jack held of them before and holds now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from jack.domain.ids import GuestId, HotelId, ReservationId, StayEventId, new_id
from jack.domain.reservation import Reservation, ReservationStatus


class StayEventKind(StrEnum):
    """What can happen to a stay.

    `FIRST_SEEN_CHECKED_IN` is a guest who is in house when Jack hears of the stay for the first time; any other stay
    that is new to Jack is no event. `ROOM_MOVED` is from one room to another, not the first room that is given.
    `GONE` and `CAME_BACK` are about the PMS having the stay at all.
    """

    FIRST_SEEN_CHECKED_IN = "first_seen_checked_in"
    CONFIRMED = "confirmed"
    REINSTATED = "reinstated"
    CHECKED_IN = "checked_in"
    CHECK_IN_UNDONE = "check_in_undone"
    ROOM_MOVED = "room_moved"
    DATES_CHANGED = "dates_changed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    CHECKED_OUT = "checked_out"
    GONE = "gone"
    CAME_BACK = "came_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class StayEvent:
    """Something that happened to a stay.

    `before` and `after` hold what changed by name ("room_number", "arrival", "departure", "status"), with dates as
    2026-11-22. `at` is when Jack learnt of it, `modified_at` when the PMS says that it last changed the reservation.
    """

    id: StayEventId
    hotel_id: HotelId
    reservation_id: ReservationId
    guest_id: GuestId
    kind: StayEventKind
    before: Mapping[str, str]
    after: Mapping[str, str]
    at: datetime
    modified_at: datetime | None


def events_between(before: Reservation | None, after: Reservation, now: datetime) -> tuple[StayEvent, ...]:
    """What happened from `before` to `after`, in the order in which people would tell it; often nothing."""

    def event(kind: StayEventKind, *fields: str) -> StayEvent:
        return StayEvent(
            id=StayEventId(new_id()),
            hotel_id=after.hotel_id,
            reservation_id=after.id,
            guest_id=after.guest_id,
            kind=kind,
            before=_told(before, fields),
            after=_told(after, fields),
            at=now,
            modified_at=after.modified_at,
        )

    if before is None:
        in_house = after.status is ReservationStatus.CHECKED_IN
        return (event(StayEventKind.FIRST_SEEN_CHECKED_IN, "status", "room_number"),) if in_house else ()
    events: list[StayEvent] = []
    if before.gone_at is not None and after.gone_at is None:
        events.append(event(StayEventKind.CAME_BACK, "status"))
    if before.period != after.period:
        events.append(event(StayEventKind.DATES_CHANGED, "arrival", "departure"))
    if before.room_number and after.room_number and before.room_number != after.room_number:
        events.append(event(StayEventKind.ROOM_MOVED, "room_number"))
    changed = _change_of_status(before.status, after.status)
    if changed is not None:
        events.append(event(changed, "status"))
    if before.gone_at is None and after.gone_at is not None:
        events.append(event(StayEventKind.GONE, "status"))
    # ids of one millisecond lie in any order; these tell the order of what happened at once
    ids = sorted(one.id for one in events)
    return tuple(replace(one, id=event_id) for one, event_id in zip(events, ids, strict=True))


_OFF = (ReservationStatus.CANCELLED, ReservationStatus.NO_SHOW)

_ARRIVED_AT = {
    ReservationStatus.CHECKED_IN: StayEventKind.CHECKED_IN,
    ReservationStatus.CHECKED_OUT: StayEventKind.CHECKED_OUT,
    ReservationStatus.CANCELLED: StayEventKind.CANCELLED,
    ReservationStatus.NO_SHOW: StayEventKind.NO_SHOW,
}


def _change_of_status(before: ReservationStatus, after: ReservationStatus) -> StayEventKind | None:
    if before is after:
        return None
    if after in _ARRIVED_AT:
        return _ARRIVED_AT[after]
    if before in _OFF:
        return StayEventKind.REINSTATED
    if before in (ReservationStatus.CHECKED_IN, ReservationStatus.CHECKED_OUT):
        return StayEventKind.CHECK_IN_UNDONE
    return StayEventKind.CONFIRMED if after is ReservationStatus.CONFIRMED else None


def _told(stay: Reservation | None, fields: tuple[str, ...]) -> dict[str, str]:
    if stay is None:
        return {}
    values = {
        "status": stay.status.value,
        "room_number": stay.room_number,
        "arrival": stay.period.arrival.isoformat(),
        "departure": stay.period.departure.isoformat(),
    }
    return {name: value for name in fields if (value := values[name]) is not None}
