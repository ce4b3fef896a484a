"""From OPERA's JSON to stays: what its states, rooms, times and notes mean."""

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jack.adapters.pms.opera.languages import Languages
from jack.adapters.pms.opera.reservations import Reference, read_page
from jack.adapters.pms.opera.values import version_time
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.reservation import ReservationStatus as Status
from jack.domain.snapshot import PreferenceSnapshot, ReservationSnapshot, UnknownValue

LISBON = ZoneInfo("Europe/Lisbon")


def page(*records: dict[str, Any], zone: ZoneInfo = LISBON) -> ReservationPage:
    reference = Reference(zone=zone, today=date(2026, 3, 10), languages=Languages())
    return read_page(json.dumps({"reservations": {"reservation": list(records)}}).encode(), reference)


def stay(**fields: Any) -> ReservationSnapshot:
    found = page(record(**fields))
    assert found.rejected == ()
    (told,) = found.reservations
    return told


def record(**fields: Any) -> dict[str, Any]:
    """A reservation as OPERA gives it by its id."""
    told = {
        "reservationIdList": [{"id": "571062", "type": "Reservation"}, {"id": "813595", "type": "Confirmation"}],
        "roomStay": room_stay(),
        "reservationGuests": [a_guest()],
        "hotelId": "HARBOUR",
        "reservationStatus": "Reserved",
    }
    return told | fields


def room_stay(**fields: Any) -> dict[str, Any]:
    return {"arrivalDate": "2026-03-01", "departureDate": "2026-03-20"} | fields


def a_guest(key: str = "687128", primary: bool = True, **profile: Any) -> dict[str, Any]:
    name = {"givenName": "Jennifer", "surname": "Clarke", "nameType": "Primary"}
    told = {"customer": {"personName": [name]}} | profile
    return {"profileInfo": {"profileIdList": [{"id": key, "type": "Profile"}], "profile": told}, "primary": primary}


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Reserved", Status.CONFIRMED),
        ("DueIn", Status.CONFIRMED),
        ("InHouse", Status.CHECKED_IN),
        ("DueOut", Status.CHECKED_IN),
        ("PendingCheckout", Status.CHECKED_IN),
        ("CheckedOut", Status.CHECKED_OUT),
        ("Cancelled", Status.CANCELLED),
        ("NoShow", Status.NO_SHOW),
        ("Requested", Status.TENTATIVE),
        ("Waitlisted", Status.TENTATIVE),
        ("DUE IN", Status.CONFIRMED),
        ("IN_HOUSE", Status.CHECKED_IN),
        ("WAITLIST", Status.TENTATIVE),
        ("PROSPECT", Status.TENTATIVE),
    ],
)
def test_every_state_is_told_in_any_spelling(word: str, status: Status) -> None:
    assert stay(reservationStatus=word).status is status


@pytest.mark.parametrize("word", ["Hexed", "", None, "CONFIRMED"])
def test_an_unknown_state_is_rejected_with_its_word_and_never_confirmed(word: str | None) -> None:
    found = page(record(reservationStatus=word))

    assert found.reservations == ()
    (rejected,) = found.rejected
    assert (rejected.kind, rejected.ref and rejected.ref.key) == ("reservation", "571062")
    assert repr(word or "") in rejected.reason
    assert "Clarke" in rejected.raw


def test_a_walk_in_is_in_house_when_opera_computes_it_or_when_it_has_a_room() -> None:
    roomed = room_stay(currentRoomInfo={"roomId": "204"})
    assert (
        stay(reservationStatus="Walkin", computedReservationStatus="DueIn", roomStay=roomed).status is Status.CONFIRMED
    )
    assert (
        stay(reservationStatus="Walkin", computedReservationStatus="Walkin", roomStay=roomed).status
        is Status.CHECKED_IN
    )
    assert stay(reservationStatus="Walkin", roomStay=roomed).status is Status.CHECKED_IN
    assert "walk-in" in page(record(reservationStatus="Walkin")).rejected[0].reason


def test_the_key_is_the_reservation_and_the_number_the_confirmation_among_many_ids() -> None:
    ids = [
        {"id": "5735646", "type": "ExternalReference"},
        {"id": "238564", "type": "ParentReservation"},
        {"id": 432198, "type": "CONFIRMATION"},
        {"id": 267803, "type": "reservation"},
    ]
    told = stay(reservationIdList=ids)

    assert (told.ref.key, told.confirmation_number) == ("267803", "432198")


def test_stay_dates_are_taken_as_they_are_wherever_the_hotel_lies() -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Honolulu", "Europe/Lisbon"):
        (told,) = page(record(), zone=ZoneInfo(zone)).reservations
        assert (told.period.arrival, told.period.departure) == (date(2026, 3, 1), date(2026, 3, 20))


def test_a_date_time_without_zone_is_the_hotels_wall_clock() -> None:
    times = {"reservationExpectedArrivalTime": "2026-07-08 19:17:25.0"}
    told = stay(roomStay=room_stay(expectedTimes=times), lastModifyDateTime="2026-07-26 03:00:08.0")

    assert told.expected_arrival == datetime(2026, 7, 8, 18, 17, 25, tzinfo=UTC)
    assert told.modified_at == datetime(2026, 7, 26, 2, 0, 8, tzinfo=UTC)


def test_an_expected_time_that_is_a_bare_date_says_no_time() -> None:
    assert (
        stay(roomStay=room_stay(expectedTimes={"reservationExpectedArrivalTime": "2026-03-01"})).expected_arrival
        is None
    )


def test_an_expected_time_that_nobody_can_read_is_reported_and_costs_nothing_else() -> None:
    found = page(record(roomStay=room_stay(expectedTimes={"reservationExpectedArrivalTime": "after the concert"})))

    assert found.reservations[0].expected_arrival is None
    assert found.unknown == (UnknownValue(field="reservation.expectedArrival", value="after the concert"),)


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "America/New_York", "Australia/Lord_Howe"])
def test_no_change_of_clocks_makes_a_later_version_look_older(zone: str) -> None:
    """Whether OPERA writes them in the hotel's zone, in UTC or in the server's."""
    written = [
        f"2026-{month:02}-{day:02} {hour:02}:{minute:02}:00.0"
        for month in (3, 4, 10, 11)
        for day in range(1, 31)
        for hour in range(24)
        for minute in (0, 30)
    ]
    versions = [found for text in written if (found := version_time(text, ZoneInfo(zone))) is not None]

    assert versions == sorted(versions)
    assert len(versions) > len(written) - 12


def test_numbers_may_be_texts() -> None:
    told = stay(roomStay=room_stay(guestCounts={"adults": "2", "children": "1"}))
    assert (told.adults, told.children) == (2, 1)
    counted = stay(roomStay=room_stay(adultCount="3", childCount=""))
    assert (counted.adults, counted.children) == (3, 0)


@pytest.mark.parametrize("name", ["roomId", "roomNumber"])
def test_a_room_is_read_under_both_of_its_names(name: str) -> None:
    assert stay(roomStay=room_stay(currentRoomInfo={name: "2010", "roomType": "STDQ"})).room_number == "2010"
    assert stay(roomStay=room_stay(roomRates=[{name: 2010, "roomType": "STDQ"}])).room_number == "2010"
    assert stay(roomStay=room_stay(**{name: "2010"})).room_number == "2010"


def test_after_a_room_move_the_room_of_the_business_date_counts() -> None:
    rates = [
        {"start": "2026-03-01", "end": "2026-03-09", "roomId": "201", "roomType": "STD"},
        {"start": "2026-03-10", "end": "2026-03-20", "roomId": "310", "roomType": "DLX"},
        {"start": "2026-03-15", "end": "2026-03-20", "roomId": "400", "roomType": "DLX"},
    ]
    assert stay(roomStay=room_stay(roomRates=rates)).room_number == "310"
    assert stay(roomStay=room_stay(roomRates=rates, currentRoomInfo={"roomId": "201"})).room_number == "201"


def test_the_current_room_type_counts_though_no_room_is_chosen_yet() -> None:
    upgraded = room_stay(roomRates=[{"roomType": "STD", "roomId": "201"}], currentRoomInfo={"roomType": "DLX"})
    assert stay(roomStay=upgraded).room_type == "DLX"


def test_several_rooms_in_one_reservation_are_one_stay_without_a_room_number() -> None:
    rates = [{"roomId": "201", "roomType": "STD", "numberOfUnits": "2"}]
    told = stay(roomStay=room_stay(roomRates=rates))

    assert (told.room_number, told.room_type) == (None, "STD")
    assert stay(roomStay=room_stay(numberOfRooms="3", roomId="201")).room_number is None


def test_sharers_are_stays_of_their_own_in_the_same_room() -> None:
    shared = [{"profileId": {"id": "2"}, "firstName": "Bob", "lastName": "Clarke"}]
    room = room_stay(currentRoomInfo={"roomId": "204"})
    ids = [{"id": "2", "type": "Reservation"}]
    found = page(
        record(roomStay=room, sharedGuests=shared),
        record(roomStay=room, reservationIdList=ids, reservationGuests=[a_guest("2")]),
    )

    assert [told.room_number for told in found.reservations] == ["204", "204"]
    assert [told.companions for told in found.reservations] == [(), ()]


def test_those_who_accompany_are_companions_with_their_profile_where_they_have_one() -> None:
    nameless = {"profileInfo": {"profile": {"customer": {"personName": [{"surname": "Kid"}]}}}, "primary": "false"}
    told = stay(reservationGuests=[nameless, a_guest("9", primary=False), a_guest("1")])

    assert told.guest.ref.key == "1"
    assert [(c.ref.key, c.last_name) for c in told.companions] == [("571062/guest-1", "Kid"), ("9", "Clarke")]


def test_a_posting_master_is_passed_over() -> None:
    found = page(record(roomStay=room_stay(roomRates=[{"roomId": "9001", "pseudoRoom": "true"}])))

    assert (found.reservations, found.rejected) == ((), ())


def test_a_company_that_holds_a_stay_with_nobody_in_it_is_no_guest_that_can_be_reached() -> None:
    telephones = {"telephoneInfo": [{"telephone": {"phoneNumber": "+351210000000"}}]}
    company = a_guest(
        "77", customer=None, company={"companyName": "Acme"}, profileType="Company", telephones=telephones
    )
    told = stay(reservationGuests=[company])

    assert (told.guest.first_name, told.guest.last_name, told.guest.phones) == ("", "Acme", ())


def test_notes_for_staff_never_become_requests() -> None:
    notes: list[tuple[str, str, dict[str, Any]]] = [
        ("A cot, please", "RESERVATION", {"internal": False}),
        ("Quiet room", "INHOUSE", {}),
        ("do not upgrade", "RESERVATION", {"internal": True}),
        ("owes money", "RESERVATION", {"internal": "true"}),
        ("a secret", "RESERVATION", {"confidential": True}),
        ("pays in cash", "CASHIER", {"internal": False}),
        ("", "RESERVATION", {}),
    ]
    comments = [{"comment": {"text": {"value": text}, "type": kind, **marks}} for text, kind, marks in notes]
    told = stay(comments=comments, traces=[{"traceText": "call bank"}], alerts=[{"description": "difficult"}])

    assert told.special_requests == ("A cot, please", "Quiet room")
    assert "difficult" not in str(told)


def test_the_preferences_of_a_stay_are_the_guests_and_its_specials_are_requests() -> None:
    groups = [
        {"preferenceType": "FLOOR", "preferenceTypeDescription": "Floor",
         "preference": [{"preferenceValue": "HI", "description": "High floor"}, {"preferenceValue": "NE"}, {}]},
        {"preferenceType": "SPECIALS", "preference": [{"preferenceValue": "CHAMP", "description": "Champagne"}]},
    ]  # fmt: skip
    told = stay(preferenceCollection=groups)

    assert told.guest.preferences == (
        PreferenceSnapshot(category="Floor", value="High floor"),
        PreferenceSnapshot(category="Floor", value="NE"),
    )
    assert told.special_requests == ("Champagne",)


@pytest.mark.parametrize(
    "broken",
    [
        {"roomStay": {"arrivalDate": ["2026-03-01"], "departureDate": "2026-03-20"}},
        {"roomStay": {"arrivalDate": "", "departureDate": "2026-03-20"}},
        {"roomStay": {"arrivalDate": "2026-03-20", "departureDate": "2026-03-01"}},
        {"roomStay": {"arrivalDate": "2026-03-01", "departureDate": "2026-03-20", "guestCounts": {"adults": "two"}}},
        {"reservationGuests": []},
        {"reservationGuests": 7},
    ],
    ids=["a list", "no date", "backwards", "a word", "nobody", "a number"],
)
def test_a_record_that_cannot_be_read_costs_itself_alone(broken: dict[str, Any]) -> None:
    other = record(reservationIdList=[{"id": "2", "type": "Reservation"}])

    found = page(record(**broken), other)

    assert [told.ref.key for told in found.reservations] == ["2"]
    (rejected,) = found.rejected
    assert rejected.ref is not None
    assert rejected.ref.key == "571062"
    assert "Clarke" not in rejected.reason


def test_what_is_null_or_empty_is_nothing() -> None:
    empty: dict[str, Any] = {
        "expectedTimes": None,
        "guestCounts": None,
        "currentRoomInfo": {},
        "roomRates": None,
        "roomType": "",
    }
    told = stay(
        roomStay=room_stay(**empty),
        comments=None,
        preferenceCollection=[],
        lastModifyDateTime="",
        reservationGuests=[a_guest(telephones={}, emails=None, profileMemberships={"profileMembership": None})],
    )

    assert (told.room_number, told.room_type, told.adults, told.modified_at) == (None, None, 1, None)
    assert told.guest.phones == ()
