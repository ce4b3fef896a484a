"""One hotel, five dialects: whatever a vendor can say of the canonical hotel, its adapter says it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from jack.application.ports.pms import Capability
from jack.domain.reservation import ReservationStatus
from jack.domain.room import Housekeeping
from jack.domain.snapshot import ReservationSnapshot, RoomSnapshot
from tests.contracts import canonical_hotel
from tests.contracts.pms_readings import AROUND_TODAY, at, at_home, many, pages_of, read
from tests.contracts.stages.stage import PmsStage
from tests.hotel import NOW, a_guest_snapshot, a_period, a_reservation_snapshot, a_room_snapshot

FAR_ZONES = ("Pacific/Auckland", "Asia/Shanghai", "Pacific/Honolulu", "America/New_York")


@pytest.mark.parametrize("reading", ["changed", "staying"])
async def test_the_whole_hotel_is_told_truly(stage: PmsStage, reading: str) -> None:
    truth = canonical_hotel.settle(stage)

    found, rejected = await read(pages_of(stage, reading))

    assert rejected == []
    told = {stay.ref.key: stay for stay in found}
    assert set(told) == set(truth)
    assert {key: told[key] for key in truth} == {key: stage.reservation_as_told(stay) for key, stay in truth.items()}


async def test_a_stay_asked_for_by_itself_is_the_same_as_in_a_reading(stage: PmsStage) -> None:
    truth = canonical_hotel.settle(stage)

    for stay in truth.values():
        assert await stage.pms.reservation(stay.ref) == stage.reservation_as_told(stay)


async def test_every_room_is_told_with_the_state_that_the_vendor_knows(stage: PmsStage) -> None:
    stage.has_rooms(*canonical_hotel.rooms())

    found = await stage.pms.rooms()

    assert found.rejected == ()
    assert {room.number: room for room in found.rooms} == {
        room.number: stage.room_as_told(room) for room in canonical_hotel.rooms()
    }


async def test_every_guest_and_companion_is_found_by_reference(stage: PmsStage) -> None:
    family = canonical_hotel.settle(stage)["family"]
    told = stage.reservation_as_told(family)

    for guest in (told.guest, *told.companions):
        assert await stage.pms.guest(guest.ref) == guest


async def test_the_states_that_no_guest_lives_by_never_become_confirmed(stage: PmsStage) -> None:
    states = [ReservationStatus.TENTATIVE, ReservationStatus.CANCELLED, ReservationStatus.NO_SHOW]
    held = [
        at_home(stage, a_reservation_snapshot(status, status=status, room_number=None))
        for status in states
        if status in stage.statuses
    ]
    stage.holds(*held)

    found, _ = await read(stage.pms.staying(AROUND_TODAY))

    assert {stay.ref.key: stay.status for stay in found} == {stay.ref.key: stay.status for stay in held}


async def test_the_rooms_of_one_booking_are_found_under_its_number(stage: PmsStage) -> None:
    truth = canonical_hotel.settle(stage)
    booking = [stage.reservation_as_told(truth[key]) for key in ("first-room", "second-room")]

    for room in booking:
        found = await stage.pms.numbered(room.confirmation_number)

        same = [other for other in booking if other.confirmation_number == room.confirmation_number]
        assert {stay.ref for stay in same} <= {stay.ref for stay in found} <= {stay.ref for stay in booking}
        assert all(stay in booking for stay in found)


async def test_a_number_that_nobody_has_finds_nothing(stage: PmsStage) -> None:
    stage.holds(*many(stage, 3))

    assert await stage.pms.numbered("CN-nobody") == ()


async def test_a_booking_that_the_pms_no_longer_has_finds_nothing(stage: PmsStage) -> None:
    held = at_home(stage, a_reservation_snapshot())
    stage.holds(held)
    number = stage.reservation_as_told(held).confirmation_number
    assert [stay.ref for stay in await stage.pms.numbered(number)] == [held.ref]

    stage.forgets(held.ref)

    assert await stage.pms.numbered(number) == ()


@pytest.mark.parametrize("zone", FAR_ZONES)
async def test_the_days_of_a_stay_are_the_hotels_days_wherever_it_lies(stage: PmsStage, zone: str) -> None:
    stage.is_called("Far Harbour", zone)
    held = {
        name: at_home(stage, a_reservation_snapshot(name, arrival=first, departure=last))
        for name, (first, last) in {"tonight": (0, 1), "day-use": (0, 0), "long": (-20, 20)}.items()
    }
    stage.holds(*held.values())

    found, _ = await read(stage.pms.staying(AROUND_TODAY))

    assert {stay.ref.key: stay.period for stay in found} == {name: stay.period for name, stay in held.items()}


@pytest.mark.parametrize("zone", FAR_ZONES)
async def test_a_period_is_meant_in_the_hotels_days_wherever_it_lies(stage: PmsStage, zone: str) -> None:
    stage.is_called("Far Harbour", zone)
    dates = {"left": (-8, -6), "leaves": (-8, -5), "day-use": (0, 0), "arrives": (5, 8), "later": (6, 8)}
    stage.holds(*(at_home(stage, a_reservation_snapshot(key, arrival=a, departure=b)) for key, (a, b) in dates.items()))

    found, _ = await read(stage.pms.staying(a_period(-5, 5)))

    assert {stay.ref.key for stay in found} == {"leaves", "day-use", "arrives"}


FACTS: dict[Capability, Callable[[ReservationSnapshot], object]] = {
    Capability.COMPANIONS: lambda stay: stay.companions,
    Capability.EXPECTED_ARRIVAL: lambda stay: stay.expected_arrival,
    Capability.SPECIAL_REQUESTS: lambda stay: stay.special_requests,
    Capability.PREFERENCES: lambda stay: stay.guest.preferences,
    Capability.LANGUAGE: lambda stay: stay.guest.language,
    Capability.LOYALTY: lambda stay: stay.guest.loyalty_tier,
    Capability.VIP: lambda stay: stay.guest.vip,
}


@pytest.mark.parametrize("capability", FACTS)
async def test_a_fact_of_a_stay_is_told_exactly_when_the_vendor_is_said_to_tell_it(
    stage: PmsStage, capability: Capability
) -> None:
    family = canonical_hotel.settle(stage)["family"]

    told = await stage.pms.reservation(family.ref)

    assert told is not None
    assert bool(FACTS[capability](told)) is (capability in stage.pms.capabilities)


ROOM_FACTS: dict[Capability, Callable[[RoomSnapshot], object]] = {
    Capability.OCCUPANCY: lambda room: room.occupancy,
    Capability.HOUSEKEEPING: lambda room: room.housekeeping,
    Capability.INSPECTION: lambda room: room.housekeeping is Housekeeping.INSPECTED,
}


@pytest.mark.parametrize("capability", ROOM_FACTS)
async def test_a_fact_of_a_room_is_told_exactly_when_the_vendor_is_said_to_tell_it(
    stage: PmsStage, capability: Capability
) -> None:
    stage.has_rooms(a_room_snapshot(housekeeping=Housekeeping.INSPECTED))

    (told,) = (await stage.pms.rooms()).rooms

    assert bool(ROOM_FACTS[capability](told)) is (capability in stage.pms.capabilities)


async def test_a_guest_keeps_one_reference_over_two_stays_exactly_when_the_vendor_has_guests(stage: PmsStage) -> None:
    for key, arrival in (("R-1", -1), ("R-2", 30)):
        stage.holds(at_home(stage, a_reservation_snapshot(key, arrival=arrival, departure=arrival + 3)))

    found, _ = await read(stage.pms.staying(AROUND_TODAY))

    assert (len({stay.guest.ref for stay in found}) == 1) is (Capability.GUEST_IDS in stage.pms.capabilities)


async def test_telephone_texts_are_told_as_the_vendor_holds_them(stage: PmsStage) -> None:
    truth = canonical_hotel.settle(stage)

    found, _ = await read(stage.pms.staying(AROUND_TODAY))

    told = {stay.ref.key: [phone.strip() for phone in stay.guest.phones] for stay in found}
    for key, text in canonical_hotel.PHONES.items():
        assert told[f"phone-{key}"] == [text.strip()]
    assert told["shares-a-phone"] == list(truth["family"].guest.phones)
    assert told["no-phone"] == []


async def test_names_in_every_script_are_told_as_they_are(stage: PmsStage) -> None:
    canonical_hotel.settle(stage)

    found, _ = await read(stage.pms.staying(AROUND_TODAY))

    told = {stay.ref.key: (stay.guest.first_name, stay.guest.last_name) for stay in found}
    assert {key: told[f"name-{key}"] for key in canonical_hotel.NAMES} == dict(canonical_hotel.NAMES)


async def test_a_language_is_never_made_of_a_country(stage: PmsStage) -> None:
    guest = a_guest_snapshot(country="DE", language=None, phones=("+4989123343",))
    stage.holds(at_home(stage, a_reservation_snapshot(guest=guest)))

    (told,), _ = await read(stage.pms.staying(AROUND_TODAY))

    assert told.guest.language is None


async def test_a_room_move_is_told_as_the_room_of_today(stage: PmsStage) -> None:
    stay = at_home(stage, a_reservation_snapshot(room_number="201", modified_at=NOW - timedelta(hours=3)))
    stage.has_rooms(a_room_snapshot("201"), a_room_snapshot("310"))
    stage.holds(stay)
    stage.holds(replace(stay, room_number="310", modified_at=NOW - timedelta(hours=1)))

    found, _ = await read(stage.pms.staying(AROUND_TODAY))

    assert [told.room_number for told in found] == ["310"]


async def test_a_company_that_owns_a_stay_is_nobody_who_stays(stage: PmsStage) -> None:
    stay = at_home(stage, a_reservation_snapshot())
    stage.holds(stay)
    if not stage.company_owns(stay.ref, "Acme Travel Lda"):
        return

    (told,), _ = await read(stage.pms.staying(AROUND_TODAY))

    assert told.guest == stage.guest_as_told(stay.guest)
    assert "Acme" not in f"{told.companions}"


async def test_a_guest_whom_the_vendor_made_nameless_has_no_contact_and_no_wishes(stage: PmsStage) -> None:
    stay = at_home(stage, a_reservation_snapshot())
    stage.holds(stay)
    if not stage.anonymises(stay.guest.ref):
        return

    (told,), _ = await read(stage.pms.staying(AROUND_TODAY))

    assert (told.guest.phones, told.guest.emails, told.guest.preferences) == ((), (), ())
    assert "Silva" not in f"{told.guest}"


async def test_a_record_of_another_form_costs_itself_alone(stage: PmsStage) -> None:
    hotel = many(stage, 9)
    stage.holds(*hotel)
    stage.mangles(hotel[4].ref)

    found, rejected = await read(stage.pms.staying(AROUND_TODAY))

    assert {stay.ref for stay in found} == {stay.ref for stay in hotel} - {hotel[4].ref}
    (record,) = rejected
    assert record.ref in (hotel[4].ref, None)
    assert record.kind == "reservation"
    assert record.reason
    assert record.raw
    for word in ("Silva", "Guest4", "guest4@example.com"):
        assert word not in record.reason


async def test_the_hotel_says_its_own_name_and_zone(stage: PmsStage) -> None:
    stage.is_called("Harbour Hotel", "Europe/Lisbon")

    hotel = await stage.pms.hotel()

    assert hotel.name == "Harbour Hotel"
    assert hotel.time_zone in ("Europe/Lisbon", None)
    assert hotel.key


async def test_what_a_reference_does_not_name_is_none(stage: PmsStage) -> None:
    stage.holds(at_home(stage, a_reservation_snapshot()))

    for key in ("nowhere", "R-1-1", "r-1", "' OR 1=1", "../R-1", "Ž", "x" * 300):
        assert await stage.pms.reservation(at(stage, key)) is None
