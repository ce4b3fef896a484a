"""Small rules of the hotel: its today, its contacts, rooms for its stays, its staff, what people must do."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jack.domain.contact import ContactKind, ContactPoint, PhoneNumber, keep_readable
from jack.domain.errors import DomainError
from jack.domain.ids import HotelId, ServiceRequestId, new_id
from jack.domain.match import Level
from jack.domain.replies import FixedReply, fixed_reply
from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.service_request import ServiceRequest, ServiceRequestKind, ServiceRequestStatus
from jack.domain.staff import Role
from tests.domain.strategies import instants
from tests.hotel import HARBOUR, NOW, a_companion, a_hotel, a_period, a_phone, a_staff_member, a_stay, an_email

ZONES = ["Europe/Lisbon", "America/Santiago", "Pacific/Auckland", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"]

# midnight and the change to summer time at the hotel


@pytest.mark.parametrize(
    ("zone", "now", "today"),
    [
        ("Europe/Lisbon", "2026-07-01T22:59:59+00:00", "2026-07-01"),
        ("Europe/Lisbon", "2026-07-01T23:00:00+00:00", "2026-07-02"),
        ("Europe/Lisbon", "2026-12-01T23:59:59+00:00", "2026-12-01"),
        ("Europe/Lisbon", "2026-12-02T00:00:00+00:00", "2026-12-02"),
        ("Europe/Lisbon", "2026-03-29T00:59:59+00:00", "2026-03-29"),
        ("Europe/Lisbon", "2026-03-29T23:00:00+00:00", "2026-03-30"),
        ("Europe/Lisbon", "2026-10-24T23:00:00+00:00", "2026-10-25"),
        ("Europe/Lisbon", "2026-10-25T23:59:59+00:00", "2026-10-25"),
        ("America/New_York", "2026-11-22T04:59:59+00:00", "2026-11-21"),
        ("Pacific/Auckland", "2026-11-22T11:00:00+00:00", "2026-11-23"),
        ("Pacific/Kiritimati", "2026-11-22T10:00:00+00:00", "2026-11-23"),
        # Santiago's clocks go forward at midnight: that day begins at one o'clock.
        ("America/Santiago", "2026-09-06T03:59:59+00:00", "2026-09-05"),
        ("America/Santiago", "2026-09-06T04:00:00+00:00", "2026-09-06"),
    ],
)
def test_the_hotels_today_is_the_date_on_its_own_clock(zone: str, now: str, today: str) -> None:
    assert a_hotel(time_zone=zone).today(datetime.fromisoformat(now)) == date.fromisoformat(today)


@given(now=instants, zone=st.sampled_from(ZONES), seconds=st.integers(min_value=0, max_value=10**6))
def test_the_hotels_today_never_goes_back_and_names_no_other_instants_zone(
    now: datetime, zone: str, seconds: int
) -> None:
    hotel = a_hotel(time_zone=zone)

    assert hotel.today(now) <= hotel.today(now + timedelta(seconds=seconds))
    assert hotel.today(now) == hotel.today(now.astimezone(ZoneInfo("Asia/Tokyo")))


def test_an_instant_without_its_zone_is_refused() -> None:
    with pytest.raises(DomainError):
        a_hotel().today(NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    "fields",
    [
        {"id": HotelId("Harbour Hotel")},
        {"id": HotelId("")},
        {"name": " "},
        {"phone_region": "pt"},
        {"phone_region": "PRT"},
        {"language": "English"},
        {"language": "e"},
        {"time_zone": "Lisbon"},
        {"time_zone": ""},
        {"time_zone": "../etc/passwd"},
    ],
)
def test_a_hotel_refuses_what_it_cannot_work_with(fields: dict[str, str]) -> None:
    with pytest.raises(DomainError):
        a_hotel(**fields)


# contact points


@pytest.mark.parametrize("text", ["351912345678", "+0351", "+", "+3519123456781234", "+351 912", "", "+35191234567\n"])
def test_a_phone_number_is_in_e164_form_or_not_at_all(text: str) -> None:
    with pytest.raises(DomainError):
        PhoneNumber(e164=text)
    with pytest.raises(DomainError):
        ContactPoint(kind=ContactKind.PHONE, value=text)


def test_a_contact_point_hides_its_value() -> None:
    assert "912" not in repr(a_phone()) + repr(PhoneNumber(e164="+351912345678"))
    assert "anna" not in repr(an_email())


points = st.lists(
    st.sampled_from(
        [
            a_phone(),
            a_phone("+442079460123"),
            an_email(),
            ContactPoint(kind=ContactKind.PHONE, value="ask at desk", readable=False),
            ContactPoint(kind=ContactKind.EMAIL, value="none", readable=False),
        ]
    ),
    max_size=4,
    unique=True,
).map(tuple)


@given(before=points, after=points)
def test_a_readable_contact_point_goes_only_for_another_or_for_none_of_its_kind(
    before: tuple[ContactPoint, ...], after: tuple[ContactPoint, ...]
) -> None:
    kept = keep_readable(before, after)

    assert kept[: len(after)] == after
    for point in set(before) - set(kept):
        same_kind = [p for p in after if p.kind is point.kind]
        assert not point.readable or not same_kind or any(p.readable for p in same_kind)
    assert keep_readable(kept, after) == kept


# stays


def test_a_stay_cannot_end_before_it_begins_but_on_the_same_day() -> None:
    assert a_period(0, 0).covers(a_period(0, 0).arrival)
    with pytest.raises(DomainError):
        a_period(1, 0)


@given(first=st.tuples(*[st.integers(0, 9)] * 2), second=st.tuples(*[st.integers(0, 9)] * 2))
def test_periods_overlap_when_a_day_lies_in_both(first: tuple[int, int], second: tuple[int, int]) -> None:
    one, other = a_period(*sorted(first)), a_period(*sorted(second))

    shared = any(one.covers(day) and other.covers(day) for day in days_of(one))

    assert one.overlaps(other) == other.overlaps(one) == shared


def days_of(period: StayPeriod) -> list[date]:
    return [period.arrival + timedelta(days=n) for n in range((period.departure - period.arrival).days + 1)]


def test_a_stay_belongs_to_its_guest_and_every_companion() -> None:
    stay = a_stay(companions=(a_companion("bruno"), a_companion("x", guest_id=None)))

    assert stay.belongs_to(a_stay().guest_id)
    assert stay.belongs_to(a_stay(guest="bruno").guest_id)
    assert not stay.belongs_to(a_stay(guest="x").guest_id)


@pytest.mark.parametrize("status", list(ReservationStatus))
def test_a_stay_is_live_until_it_is_cancelled_missed_or_gone(status: ReservationStatus) -> None:
    void = status in (ReservationStatus.CANCELLED, ReservationStatus.NO_SHOW)

    assert a_stay(status=status).is_live is not void
    assert not a_stay(status=status, gone_at=NOW).is_live


# staff


@given(one=st.sampled_from(list(Role)), other=st.sampled_from(list(Role)))
def test_each_role_includes_the_ones_before_it(one: Role, other: Role) -> None:
    order = [Role.VIEWER, Role.AGENT, Role.ADMIN]

    assert one.includes(other) == (order.index(one) >= order.index(other))


@given(one=st.sampled_from(list(Level)), other=st.sampled_from(list(Level)))
def test_each_level_includes_the_ones_before_it(one: Level, other: Level) -> None:
    order = [Level.PUBLIC, Level.CLAIMED, Level.CONTACT, Level.STAFF]

    assert one.includes(other) == (order.index(one) >= order.index(other))


@pytest.mark.parametrize("email", ["Maria@hotel.example", "maria", "@hotel.example", "maria@", " maria@hotel.example"])
def test_a_staff_member_has_an_email_address_in_lower_case(email: str) -> None:
    with pytest.raises(DomainError):
        a_staff_member(email=email)


def test_a_staff_member_needs_a_name() -> None:
    with pytest.raises(DomainError):
        a_staff_member(name="  ")


def test_staff_see_their_hotels_and_staff_of_none_see_all() -> None:
    assert a_staff_member(hotels=()).may_see(HARBOUR)
    assert a_staff_member(hotels=(HARBOUR,)).may_see(HARBOUR)
    assert not a_staff_member(hotels=(HotelId("castle"),)).may_see(HARBOUR)


# service requests


def a_request(status: ServiceRequestStatus) -> ServiceRequest:
    return ServiceRequest(
        id=ServiceRequestId("request"),
        hotel_id=HARBOUR,
        conversation_id=None,
        guest_id=None,
        reservation_id=None,
        kind=ServiceRequestKind.TOWELS,
        details="two more",
        room_number="204",
        status=status,
        due_at=None,
        created_at=NOW,
        verified=True,
    )


STEPS = {
    "open": {"open", "accepted", "done", "declined", "cancelled"},
    "accepted": {"accepted", "done", "declined", "cancelled"},
    "done": {"done"},
    "declined": {"declined"},
    "cancelled": {"cancelled"},
}


@pytest.mark.parametrize("begin", list(ServiceRequestStatus))
@pytest.mark.parametrize("end", list(ServiceRequestStatus))
def test_a_service_request_goes_forward_and_stays_where_it_ended(
    begin: ServiceRequestStatus, end: ServiceRequestStatus
) -> None:
    if end.value in STEPS[begin.value]:
        assert a_request(begin).moved_to(end).status is end
    else:
        with pytest.raises(DomainError):
            a_request(begin).moved_to(end)


# the rest


def test_new_ids_are_all_different_and_have_32_hexadecimal_digits() -> None:
    ids = {new_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert all(len(found) == 32 and int(found, 16) >= 0 for found in ids)


@pytest.mark.parametrize("reply", list(FixedReply))
def test_a_fixed_reply_comes_in_the_guests_language_or_in_english(reply: FixedReply) -> None:
    assert fixed_reply(reply, "pt-BR") == fixed_reply(reply, "PT") != fixed_reply(reply, "en")
    assert fixed_reply(reply, "xx") == fixed_reply(reply, "en")
