"""The shapes of Cloudbeds' answers: success that is none, maps by id, numbers as texts, one bad record."""

import json
from zoneinfo import ZoneInfo

import msgspec
import pytest

from jack.adapters.pms.cloudbeds.answers import fit_for_staff, refusal
from jack.adapters.pms.cloudbeds.bookings import Reference
from jack.adapters.pms.cloudbeds.pages import page_of
from jack.application.errors import ServiceDenied, ServiceRejected, ServiceUnavailable
from tests.adapters.pms.cloudbeds.world import World
from tests.hotel import NOW, TODAY, a_guest_snapshot, a_reservation_snapshot
from tests.simulators.pms.cloudbeds import PROPERTY
from tests.simulators.pms.cloudbeds_json import Dialect, Json, Told, with_rate_details

LISBON = ZoneInfo("Europe/Lisbon")
REFERENCE = Reference(property_id=PROPERTY, zone=LISBON, today=TODAY)


def a_booking(**fields: object) -> Json:
    """One booking as Cloudbeds writes it: Anna and Bruno in room 204."""
    stay = a_reservation_snapshot("100-1", confirmation_number="100", companions=(a_guest_snapshot("bruno"),))
    told = Told("100", (stay,), {}, modified=NOW)
    return with_rate_details(told, Dialect(property_id=PROPERTY, zone=LISBON)) | fields


def answered(*bookings: object, **envelope: object) -> bytes:
    return json.dumps({"success": True, "data": list(bookings), "total": len(bookings)} | envelope).encode()


def test_two_hundred_with_success_false_is_a_failure() -> None:
    with pytest.raises(ServiceRejected, match="Cloudbeds refused: no"):
        page_of(b'{"success": false, "message": "no"}', REFERENCE)


@pytest.mark.parametrize("success", [True, "true", "True", "1", 1])
def test_success_may_be_a_text(success: object) -> None:
    assert len(page_of(answered(a_booking(), success=success), REFERENCE).reservations) == 1


@pytest.mark.parametrize("success", [False, "false", "0", 0, ""])
def test_so_may_its_opposite(success: object) -> None:
    with pytest.raises(ServiceRejected):
        page_of(answered(a_booking(), success=success), REFERENCE)


def test_an_answer_with_neither_success_nor_data_is_none() -> None:
    with pytest.raises(msgspec.DecodeError):
        page_of(b"{}", REFERENCE)


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("Too many requests, slow down", ServiceUnavailable),
        ("You do not have access to this property", ServiceDenied),
        ("User who approved this connection is not active anymore", ServiceDenied),
        ("None of the included property id's match the access_token user's property id", ServiceDenied),
        ("The property(ies) you are accessing have an invalid status. See details: canceled: 4711", ServiceDenied),
        ("Invalid access token", ServiceDenied),
        ("Reservation not found", ServiceRejected),
        ("", ServiceRejected),
    ],
)
def test_a_refusal_is_told_by_its_words(message: str, word: type[Exception]) -> None:
    assert isinstance(refusal(message), word)


def test_what_cloudbeds_says_is_told_without_numbers_addresses_and_keys() -> None:
    said = fit_for_staff("Bad token cbat_0123456789abcdefghij01 of anna@example.com, +351 912 345 678\nagain")

    assert said == "Bad token … of … … again"


def test_a_list_may_come_as_a_map_and_an_empty_map_as_a_list() -> None:
    body = json.dumps({"success": True, "data": {"0": a_booking(), "7": a_booking(guestList=[])}}).encode()

    first, second = page_of(body, REFERENCE).reservations

    assert [guest.first_name for guest in (first.guest, *first.companions)] == ["Anna", "Bruno"]
    assert (second.guest.first_name, second.guest.last_name) == ("", "Anna Silva")


def test_numbers_come_as_texts_and_ids_as_numbers() -> None:
    booking = a_booking(propertyID=int(PROPERTY), reservationID=100)
    booking["rooms"][0] |= {"adults": "2", "children": "", "roomTypeIsVirtual": "0", "guestID": "anna"}

    (stay,) = page_of(answered(booking), REFERENCE).reservations

    assert (stay.confirmation_number, stay.adults, stay.children, stay.room_number) == ("100", 2, 0, "204")


@pytest.mark.parametrize("blank", ["", None])
def test_blank_fields_are_no_values(blank: str | None) -> None:
    booking = a_booking(estimatedArrivalTime=blank, customFields=blank, dateCancelledUTC=blank)
    booking["rooms"][0] |= {"roomName": blank, "roomTypeName": blank, "roomStatus": blank}
    booking["guestList"]["anna"] |= {"guestPhone": blank, "guestEmail": blank, "guestCountry": blank}

    (stay,) = page_of(answered(booking), REFERENCE).reservations

    assert (stay.room_number, stay.room_type, stay.expected_arrival) == (None, None, None)
    assert (stay.guest.phones, stay.guest.emails, stay.guest.country) == ((), (), None)


def test_a_bad_record_in_the_middle_costs_itself_alone_and_is_kept_raw() -> None:
    bad = a_booking(reservationID="101")
    bad["rooms"][0] |= {"subReservationID": "101-1", "roomCheckIn": ["2026-11-22"]}

    page = page_of(answered(a_booking(), bad, a_booking(reservationID="102")), REFERENCE)

    assert [stay.confirmation_number for stay in page.reservations] == ["100", "102"]
    (record,) = page.rejected
    assert record.ref is not None
    assert record.ref.key == "101-1"
    assert json.loads(record.raw) == bad
    assert [booking.confirmation_number for booking in page.bookings] == ["100", "102"]


def test_an_unknown_status_is_named_and_never_guessed() -> None:
    page = page_of(answered(a_booking(status="waitlisted")), REFERENCE)

    assert page.reservations == ()
    assert page.rejected[0].reason == "the status 'waitlisted' is not known"
    assert [ref.key for ref in page.bookings[0].refs] == ["100-1"]  # it is there, though nobody can say how


def test_a_record_of_another_property_is_nobodys() -> None:
    assert page_of(answered(a_booking(propertyID="4712")), REFERENCE).reservations == ()


async def test_the_names_of_the_property_parameter_differ_from_method_to_method(world: World) -> None:
    world.cloudbeds.hold(a_reservation_snapshot("100-1", confirmation_number="100"))
    pms = world.pms()

    await pms.numbered("100")
    await pms.rooms()

    one = ("getReservationsWithRateDetails", "getGuest", "getHousekeepingStatus", "getCustomFields")
    many = ("getHotels", "getRooms")
    for methods, name in ((one, "propertyID"), (many, "propertyIDs")):
        for method in methods:
            asked = world.asked(method)
            assert asked, method
            assert all(request.asked(name) == PROPERTY for request in asked), method
