"""What happened to a stay is told by comparing what Jack held before with what it holds now."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jack.domain.reservation import Reservation, ReservationStatus
from jack.domain.stay_events import StayEvent, StayEventKind, events_between
from tests.hotel import NOW, a_period, a_stay


def told(before: Reservation | None, after: Reservation) -> list[StayEventKind]:
    return [event.kind for event in events_between(before, after, NOW)]


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (ReservationStatus.TENTATIVE, ReservationStatus.CONFIRMED, [StayEventKind.CONFIRMED]),
        (ReservationStatus.CONFIRMED, ReservationStatus.CHECKED_IN, [StayEventKind.CHECKED_IN]),
        (ReservationStatus.TENTATIVE, ReservationStatus.CHECKED_IN, [StayEventKind.CHECKED_IN]),
        (ReservationStatus.CHECKED_IN, ReservationStatus.CHECKED_OUT, [StayEventKind.CHECKED_OUT]),
        (ReservationStatus.CONFIRMED, ReservationStatus.CANCELLED, [StayEventKind.CANCELLED]),
        (ReservationStatus.CONFIRMED, ReservationStatus.NO_SHOW, [StayEventKind.NO_SHOW]),
        (ReservationStatus.CANCELLED, ReservationStatus.CONFIRMED, [StayEventKind.REINSTATED]),
        (ReservationStatus.CHECKED_IN, ReservationStatus.CONFIRMED, [StayEventKind.CHECK_IN_UNDONE]),
        (ReservationStatus.CHECKED_OUT, ReservationStatus.CHECKED_IN, [StayEventKind.CHECKED_IN]),
        (ReservationStatus.CONFIRMED, ReservationStatus.TENTATIVE, []),
    ],
)
def test_a_change_of_status_is_one_event(
    before: ReservationStatus, after: ReservationStatus, kinds: list[StayEventKind]
) -> None:
    assert told(a_stay(status=before), a_stay(status=after)) == kinds


def test_a_guest_who_is_in_house_when_first_seen_is_an_event_and_a_new_booking_is_none() -> None:
    assert told(None, a_stay(status=ReservationStatus.CHECKED_IN)) == [StayEventKind.FIRST_SEEN_CHECKED_IN]
    assert told(None, a_stay(status=ReservationStatus.CONFIRMED)) == []


def test_the_first_room_is_no_move() -> None:
    assert told(a_stay(room_number=None), a_stay(room_number="204")) == []
    assert told(a_stay(room_number="204"), a_stay(room_number="305")) == [StayEventKind.ROOM_MOVED]


def test_everything_that_happened_at_once_is_told_in_order_with_what_it_was() -> None:
    before = a_stay(status=ReservationStatus.CONFIRMED, room_number="204")
    after = replace(
        before, status=ReservationStatus.CHECKED_IN, room_number="305", period=a_period(-1, 5), modified_at=NOW
    )
    dates, room, status = events_between(before, after, NOW)
    assert (dates.kind, room.kind, status.kind) == (
        StayEventKind.DATES_CHANGED,
        StayEventKind.ROOM_MOVED,
        StayEventKind.CHECKED_IN,
    )
    assert dates.id < room.id < status.id
    assert (dict(room.before), dict(room.after)) == ({"room_number": "204"}, {"room_number": "305"})
    assert dates.after["departure"] == a_period(-1, 5).departure.isoformat()
    assert (status.reservation_id, status.guest_id, status.at, status.modified_at) == (
        before.id,
        before.guest_id,
        NOW,
        NOW,
    )


def test_what_is_gone_and_what_comes_back_is_told() -> None:
    assert told(a_stay(), a_stay(gone_at=NOW)) == [StayEventKind.GONE]
    assert told(a_stay(gone_at=NOW), a_stay()) == [StayEventKind.CAME_BACK]


stays = st.builds(
    a_stay,
    status=st.sampled_from(list(ReservationStatus)),
    room_number=st.sampled_from([None, "204", "305"]),
    departure=st.integers(2, 4),
    gone_at=st.sampled_from([None, NOW]),
)


@given(stay=stays, other=st.dictionaries(st.sampled_from(["adults", "children"]), st.integers(0, 9)))
def test_nothing_that_people_would_not_tell_is_an_event(stay: Reservation, other: dict[str, Any]) -> None:
    assert told(stay, stay) == []
    assert told(stay, replace(stay, **other)) == []


@given(before=stays, after=stays)
def test_no_kind_is_told_twice_for_one_change(before: Reservation, after: Reservation) -> None:
    events: tuple[StayEvent, ...] = events_between(before, after, NOW)
    assert len({event.kind for event in events}) == len(events)
