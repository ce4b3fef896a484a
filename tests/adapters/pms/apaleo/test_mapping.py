"""What becomes of apaleo's records: guests, rooms, days and words."""

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from jack.adapters.pms.apaleo.people import reservation_in
from jack.adapters.pms.apaleo.reservations import Reading, read_list, read_page
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.reservation import ReservationStatus
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, UnknownValue

NOW = datetime(2026, 10, 2, 8, 0, tzinfo=UTC)
READING = Reading(property_id="MUC", zone=ZoneInfo("Europe/Berlin"), now=NOW)

RECORD: dict[str, Any] = {
    "id": "XPGMSXGF-1",
    "bookingId": "XPGMSXGF",
    "status": "InHouse",
    "property": {"id": "MUC", "code": "MUC", "name": "Demo Hotel Munich"},
    "unitGroup": {"id": "MUC-DBL", "code": "DBL", "name": "Double", "type": "BedRoom"},
    "unit": {"id": "MUC-MTA", "name": "A.101", "unitGroupId": "MUC-SUITE"},
    "arrival": "2026-10-01T15:00:00+02:00",
    "departure": "2026-10-04T11:00:00+02:00",
    "modified": "2026-09-29T16:19:28.2750481+02:00",
    "adults": 2,
    "childrenAges": [6, 9],
    "guestComment": "A cot, please",
    "primaryGuest": {
        "title": "Mr",
        "firstName": "Jon",
        "lastName": "Doe",
        "email": "jon@doe.example",
        "phone": "+4989123343",
        "address": {"countryCode": "GB"},
        "preferredLanguage": "de",
    },
    "booker": {"firstName": "Beatrice", "lastName": "Booker", "email": "b@travel.example", "phone": "+442079460000"},
}


def page_of(*records: object) -> ReservationPage:
    return read_page(json.dumps({"reservations": records, "count": len(records)}).encode(), READING)


def told(**fields: Any) -> ReservationSnapshot:
    """The stay of the record with these members; one that is None is left out."""
    page = page_of({name: value for name, value in {**RECORD, **fields}.items() if value is not None})
    assert page.rejected == ()
    (stay,) = page.reservations
    return stay


def guest(**fields: Any) -> GuestSnapshot:
    return told(primaryGuest={**RECORD["primaryGuest"], **fields}).guest


def test_a_record_is_told_with_all_that_it_says() -> None:
    stay = told()

    assert (stay.ref.key, stay.confirmation_number) == ("XPGMSXGF-1", "XPGMSXGF")
    assert stay.status is ReservationStatus.CHECKED_IN
    assert (stay.room_number, stay.room_type) == ("A.101", "Double")
    assert (stay.adults, stay.children) == (2, 2)
    assert stay.special_requests == ("A cot, please",)
    assert stay.expected_arrival == datetime(2026, 10, 1, 13, 0, tzinfo=UTC)


def test_seven_digits_of_a_second_are_read() -> None:
    assert told().modified_at == datetime(2026, 9, 29, 14, 19, 28, 275048, tzinfo=UTC)


def test_an_arrival_after_midnight_is_of_the_day_that_is_written() -> None:
    assert told(arrival="2026-10-01T00:30:00+02:00").period.arrival == date(2026, 10, 1)


@pytest.mark.parametrize("text", ["2026-09-30T22:30:00Z", "2026-09-30T22:30:00+00:00"])
def test_an_arrival_in_utc_is_taken_to_the_hotels_day(text: str) -> None:
    stay = told(arrival=text)

    assert stay.period.arrival == date(2026, 10, 1)
    assert stay.expected_arrival == datetime(2026, 9, 30, 22, 30, tzinfo=UTC)


def test_a_bare_date_tells_a_day_and_no_hour() -> None:
    stay = told(arrival="2026-10-01")

    assert stay.period.arrival == date(2026, 10, 1)
    assert stay.expected_arrival is None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Confirmed", ReservationStatus.CONFIRMED),
        ("InHouse", ReservationStatus.CHECKED_IN),
        ("CheckedOut", ReservationStatus.CHECKED_OUT),
        ("Canceled", ReservationStatus.CANCELLED),
        ("NoShow", ReservationStatus.NO_SHOW),
    ],
)
def test_every_state_of_apaleo_is_known(word: str, status: ReservationStatus) -> None:
    assert told(status=word).status is status


@pytest.mark.parametrize("word", ["Tentative", "confirmed", "", None])
def test_an_unknown_state_is_never_confirmed(word: str | None) -> None:
    page = page_of({**RECORD, "status": word}, {**RECORD, "id": "XPGMSXGF-2"})

    assert [stay.ref.key for stay in page.reservations] == ["XPGMSXGF-2"]
    (record,) = page.rejected
    assert record.ref is not None
    assert record.ref.key == "XPGMSXGF-1"
    assert repr(word or "") in record.reason
    assert json.loads(record.raw)["id"] == "XPGMSXGF-1"


def test_a_reservation_of_another_property_is_not_told() -> None:
    assert page_of({**RECORD, "property": {"id": "BER"}}).reservations == ()


@pytest.mark.parametrize("kind", ["ParkingLot", "MeetingRoom", "EventSpace", "Other"])
def test_what_is_no_bedroom_is_no_stay(kind: str) -> None:
    assert page_of({**RECORD, "unitGroup": {"id": "MUC-P", "name": "P", "type": kind}}).reservations == ()


def test_the_rooms_of_a_booking_share_its_number() -> None:
    page = page_of(RECORD, {**RECORD, "id": "XPGMSXGF-2"})

    assert {stay.confirmation_number for stay in page.reservations} == {"XPGMSXGF"}
    assert len({stay.guest.ref for stay in page.reservations}) == 2


def test_guests_without_an_identity_are_named_by_their_stay() -> None:
    stay = told(additionalGuests=[{"lastName": "Doe", "firstName": "Jane"}, {"lastName": ""}, {"lastName": "Roe"}])

    assert stay.guest.ref.key == "XPGMSXGF-1:primary"
    assert [(c.ref.key, c.last_name) for c in stay.companions] == [
        ("XPGMSXGF-1:additional:0", "Doe"),
        ("XPGMSXGF-1:additional:2", "Roe"),
    ]


@pytest.mark.parametrize("key", ["XPGMSXGF-1:primary", "XPGMSXGF-1:additional:0", "XPGMSXGF-1:additional:12"])
def test_a_guests_key_leads_to_their_reservation(key: str) -> None:
    assert reservation_in(key) == "XPGMSXGF-1"


def test_the_booker_is_no_guest() -> None:
    assert "Booker" not in repr(told())


def test_without_a_main_guest_the_bookers_name_stands_in_without_contact_points() -> None:
    guest = told(primaryGuest=None).guest

    assert (guest.ref.key, guest.first_name, guest.last_name) == ("XPGMSXGF-1:primary", "Beatrice", "Booker")
    assert (guest.phones, guest.emails, guest.language) == ((), (), None)


def test_without_any_person_the_companys_name_stands_in() -> None:
    guest = told(primaryGuest=None, booker=None, company={"id": "MUC-ACME", "name": "Acme Corp."}).guest

    assert (guest.first_name, guest.last_name) == ("", "Acme Corp.")
    assert (guest.phones, guest.emails) == ((), ())


def test_what_staff_noted_is_told_to_nobody() -> None:
    assert "careful" not in repr(told(comment="Be careful with him"))


def test_a_language_is_what_the_guest_prefers() -> None:
    assert guest(preferredLanguage="PT").language == "pt"


def test_a_language_is_not_made_of_a_nationality() -> None:
    assert guest(preferredLanguage=None, nationalityCountryCode="DE").language is None


def test_a_word_that_is_no_language_is_reported_and_left_out() -> None:
    page = page_of({**RECORD, "primaryGuest": {**RECORD["primaryGuest"], "preferredLanguage": "Klingon!"}})

    assert page.reservations[0].guest.language is None
    assert page.unknown == (UnknownValue(field="guest.preferredLanguage", value="Klingon!"),)


def test_a_country_is_where_the_guest_lives_else_their_nationality() -> None:
    assert guest(nationalityCountryCode="FR").country == "GB"
    assert guest(address=None, nationalityCountryCode="fr").country == "FR"


def test_a_portals_relay_address_is_nobodys() -> None:
    told_guest = guest(email="jdoe.987180@guest.booking.com")

    assert told_guest.emails == ()
    assert told_guest.phones == ("+4989123343",)


def test_masked_personal_data_is_no_contact_point() -> None:
    told_guest = guest(email="j***@***", phone="****", firstName="***")

    assert (told_guest.first_name, told_guest.phones, told_guest.emails) == ("", (), ())


def test_blank_and_missing_members_are_no_facts() -> None:
    stay = told(
        unit={"id": "x", "name": ""}, guestComment="  ", childrenAges=None, adults=None, assignedUnits=[], timeSlices=[]
    )

    assert (stay.room_number, stay.special_requests, stay.children, stay.adults) == (None, (), 0, 1)


def test_a_null_in_a_list_does_not_cost_the_stay() -> None:
    room = a_room("101", "2026-10-01T15:00", "2026-10-04T11:00")
    stay = told(
        additionalGuests=[None, {"firstName": "Maya", "lastName": "Doe"}],
        assignedUnits=[None, {**room, "timeRanges": [None, *room["timeRanges"]]}],
        timeSlices=[None],
    )

    assert [(guest.ref.key, guest.first_name) for guest in stay.companions] == [
        (f"{stay.ref.key}:additional:1", "Maya")
    ]
    assert stay.room_number == "101"


def test_numbers_may_come_as_texts() -> None:
    assert told(adults="3").adults == 3


def test_a_stay_that_moved_is_in_the_room_of_now() -> None:
    rooms = [
        a_room("101", "2026-10-01T15:00", "2026-10-02T11:00"),
        a_room("207", "2026-10-02T11:00", "2026-10-04T11:00"),
    ]

    assert told(unit={"id": "u", "name": "207"}, assignedUnits=rooms).room_number == "101"


def test_the_nights_tell_the_room_where_the_assigned_rooms_are_missing() -> None:
    nights = [
        a_night("101", "2026-10-01T15:00", "2026-10-02T11:00"),
        a_night("207", "2026-10-02T11:00", "2026-10-04T11:00"),
    ]

    assert told(unit=None, timeSlices=nights).room_number == "101"


def test_before_the_stay_the_first_room_counts() -> None:
    rooms = [
        a_room("207", "2026-12-02T11:00", "2026-12-04T11:00"),
        a_room("101", "2026-12-01T15:00", "2026-12-02T11:00"),
    ]

    assert told(unit=None, assignedUnits=rooms).room_number == "101"


def test_an_unreadable_range_of_a_room_does_not_cost_the_stay() -> None:
    rooms = [a_room("101", "yesterday", "?"), a_room("207", "2026-10-02T11:00", "2026-10-04T11:00")]

    assert told(assignedUnits=rooms).room_number == "A.101"


def test_the_booked_type_is_told_and_not_the_rooms_own() -> None:
    assert told(unit={"id": "u", "name": "1", "unitGroupId": "MUC-SUITE"}).room_type == "Double"


def test_one_malformed_record_costs_itself_alone() -> None:
    records = [{**RECORD, "id": f"B-{n}"} for n in range(5)]
    records[2]["arrival"] = ["2026-10-01"]
    records[3]["primaryGuest"] = "Jon Doe"

    page = page_of(*records, 7)

    assert [stay.ref.key for stay in page.reservations] == ["B-0", "B-1", "B-4"]
    assert [record.ref.key if record.ref else None for record in page.rejected] == ["B-2", "B-3", None]
    assert not any("Doe" in record.reason for record in page.rejected)


def test_a_departure_before_the_arrival_is_rejected() -> None:
    (record,) = page_of({**RECORD, "departure": "2026-09-30T11:00:00+02:00"}).rejected

    assert "cannot end" in record.reason


def test_the_number_of_a_page_counts_what_is_not_told_as_well() -> None:
    body = json.dumps(
        {"reservations": [RECORD, {**RECORD, "id": "P-1", "property": {"id": "BER"}}], "count": 9}
    ).encode()

    listed = read_list(body, READING)

    assert (listed.records, listed.count, listed.ids) == (2, 9, frozenset({"XPGMSXGF-1", "P-1"}))


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b'{"reservations": null}', b"[]"])
def test_what_is_no_page_is_not_taken_for_an_empty_one(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        read_page(body, READING)


def a_room(name: str, since: str, until: str) -> dict[str, Any]:
    return {
        "unit": {"id": name, "name": name},
        "timeRanges": [{"from": f"{since}:00+02:00", "to": f"{until}:00+02:00"}],
    }


def a_night(name: str, since: str, until: str) -> dict[str, Any]:
    return {"unit": {"id": name, "name": name}, "from": f"{since}:00+02:00", "to": f"{until}:00+02:00"}
