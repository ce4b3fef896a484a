"""Which reservations are stays, and what state they are in."""

import pytest

from jack.application.errors import ServiceDenied, ServiceRejected
from jack.domain.reservation import ReservationStatus
from tests.adapters.pms.mews.conftest import ALWAYS, AROUND, World, at_mews, one, read
from tests.hotel import a_guest_snapshot
from tests.simulators.pms.mews_truth import MEETINGS, PARKING, STAY

ALL_SEVEN = ["Canceled", "Confirmed", "Inquired", "Optional", "Processed", "Requested", "Started"]


@pytest.mark.parametrize("word", ["Optional", "Inquired", "Requested"])
async def test_a_tentative_state_is_never_confirmed(world: World, word: str) -> None:
    world.holds()
    world.house.otherwise["R-1"] = {"State": word}

    assert (await one(world.pms())).status is ReservationStatus.TENTATIVE


@pytest.mark.parametrize("word", ["Enquired", "confirmed", "Hexed", "", None])
async def test_an_unknown_state_is_rejected_with_its_word_and_its_raw_form(world: World, word: str | None) -> None:
    world.holds()
    world.house.otherwise["R-1"] = {"State": word}

    reading = await read(world.pms().staying(AROUND))

    assert reading.stays == {}
    (record,) = reading.rejected
    assert (record.kind, record.ref) == ("reservation", at_mews("R-1"))
    assert word in record.reason if word else "no state" in record.reason
    assert '"ScheduledStartUtc"' in record.raw
    with pytest.raises(ServiceRejected):
        await world.pms().reservation(at_mews("R-1"))
    with pytest.raises(ServiceRejected):
        await world.pms().numbered("CN-R-1")


async def test_a_canceled_reservation_whose_reason_is_no_show_is_a_no_show(world: World) -> None:
    world.holds("missed", status=ReservationStatus.NO_SHOW)
    world.holds("cancelled", status=ReservationStatus.CANCELLED)

    stays = (await read(world.pms().changed(ALWAYS))).stays

    assert stays["missed"].status is ReservationStatus.NO_SHOW
    assert stays["cancelled"].status is ReservationStatus.CANCELLED


async def test_a_reason_of_a_cancellation_that_nobody_knows_is_named(world: World) -> None:
    world.holds(status=ReservationStatus.CANCELLED)
    world.house.otherwise["R-1"] = {"CancellationReason": "MeteorStrike"}

    found = await read(world.pms().staying(AROUND))

    assert found.stays["R-1"].status is ReservationStatus.CANCELLED
    assert found.unknown == {("reservation.CancellationReason", "MeteorStrike")}


async def test_all_seven_states_are_asked_for_in_every_call(world: World) -> None:
    world.holds()
    pms = world.pms()
    await read(pms.changed(ALWAYS))
    await read(pms.staying(AROUND))
    await pms.reservation(at_mews("R-1"))
    await pms.numbered("CN-R-1")
    await pms.rooms()
    await pms.check()

    assert len(world.asked()) > 5
    assert all(sorted(body["States"]) == ALL_SEVEN for body in world.asked())


async def test_only_lodging_services_are_asked_for(world: World) -> None:
    stay = world.holds()
    parking = world.house.table("reservations")[0] | {"Id": "parked", "Number": "77", "ServiceId": PARKING}
    meeting = parking | {"Id": "met", "Number": "78", "ServiceId": MEETINGS}
    world.house.extra["reservations"] = [parking, meeting]
    pms = world.pms()

    for pages in (pms.changed(ALWAYS), pms.staying(AROUND)):
        assert set((await read(pages)).stays) == {"R-1"}
    assert await pms.reservation(at_mews("parked")) is None
    assert await pms.numbered("78") == ()
    assert all(body["ServiceIds"] == [STAY] for body in world.asked())
    assert stay.ref.key == "R-1"


async def test_the_hotel_may_say_which_services_are_stays(world: World) -> None:
    world.holds()
    world.house.otherwise["R-1"] = {"ServiceId": MEETINGS}

    assert await world.pms().reservation(at_mews("R-1")) is None
    assert await world.pms(service_ids=(MEETINGS, STAY)).reservation(at_mews("R-1")) is not None
    assert world.asked()[-1]["ServiceIds"] == [MEETINGS, STAY]


async def test_a_hotel_without_lodging_services_is_told_what_to_set(world: World) -> None:
    world.house.otherwise[STAY] = {"Data": {"Discriminator": "Bookable", "Value": {"TimeUnitPeriod": "Hour"}}}
    pms = world.pms()

    with pytest.raises(ServiceDenied, match="service_ids"):
        await read(pms.staying(AROUND))
    report = await pms.check()
    assert report.problem is not None
    assert "service_ids" in report.problem


async def test_a_stay_is_found_by_its_number_and_by_the_channels_number(world: World) -> None:
    world.holds("R-1", confirmation_number="52")
    world.holds("R-2", confirmation_number="52", guest=a_guest_snapshot("bruno"), room_number="205")
    world.holds("R-3", confirmation_number="53")
    pms = world.pms()

    assert {stay.ref.key for stay in await pms.numbered("52")} == {"R-1", "R-2"}
    assert {stay.ref.key for stay in await pms.numbered("OTA-52")} == {"R-1", "R-2"}
    assert await pms.numbered("54") == ()


async def test_rooms_of_one_booking_are_stays_of_their_own(world: World) -> None:
    for number, room in enumerate(("101", "102", "103")):
        world.holds(f"R-{number}", confirmation_number="60", room_number=room)
        world.house.otherwise[f"R-{number}"] = {"GroupId": "group-60", "Number": str(60 + number)}

    stays = (await read(world.pms().staying(AROUND))).stays

    assert {stay.room_number for stay in stays.values()} == {"101", "102", "103"}
    assert {stay.confirmation_number for stay in stays.values()} == {"60", "61", "62"}


async def test_a_malformed_record_in_the_middle_costs_itself_alone(world: World) -> None:
    keys = world.holds_many(20)
    world.house.otherwise[keys[5]] = {"ScheduledEndUtc": ["2026"]}
    world.house.otherwise[keys[9]] = {"ScheduledStartUtc": "soon"}
    world.house.otherwise[keys[11]] = {"ScheduledEndUtc": "2020-01-01T10:00:00Z"}
    world.house.otherwise[keys[13]] = {"PersonCounts": "two"}

    reading = await read(world.pms().staying(AROUND))

    assert {record.ref and record.ref.key for record in reading.rejected} == {keys[n] for n in (5, 9, 11, 13)}
    assert set(reading.stays) == set(keys) - {keys[n] for n in (5, 9, 11, 13)}
    assert all(record.raw.startswith("{") and record.reason for record in reading.rejected)
