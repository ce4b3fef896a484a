"""apaleo's webhook events, and what is read again because of them."""

import json
from typing import Any

import pytest

from jack.adapters.pms.apaleo.gateway import ApaleoPms
from jack.application.errors import ServiceRejected
from jack.application.ports.pms_notices import PmsHints
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import UnknownValue, WholeBooking
from tests.adapters.pms.apaleo.conftest import World
from tests.contracts.stages.apaleo import an_event
from tests.hotel import a_reservation_snapshot


def hints(pms: ApaleoPms, *events: dict[str, Any]) -> PmsHints:
    found = PmsHints()
    for event in events:
        found |= pms.hints(json.dumps(event).encode())
    return found


async def named(pms: ApaleoPms, *events: dict[str, Any]) -> list[ReservationPage]:
    return [page async for page in pms.named(hints(pms, *events))]


def ref(key: str) -> ExternalRef:
    return ExternalRef(system="apaleo", key=key)


@pytest.mark.parametrize("topic", ["Reservation", "reservation", "RESERVATION"])
@pytest.mark.parametrize("kind", ["created", "amended", "checked-in", "unit-assigned", "set-to-no-show", "deleted"])
def test_an_event_of_a_reservation_names_it_whatever_the_case_of_its_letters(
    pms: ApaleoPms, topic: str, kind: str
) -> None:
    assert hints(pms, an_event(topic, kind, "XPGMSXGF-1", propertyId="LIS")) == PmsHints(stays=("XPGMSXGF-1",))


@pytest.mark.parametrize(
    "event",
    [
        {"topic": "system", "type": "healthcheck"},
        {
            "topic": "system",
            "type": "healthcheck",
            "id": "1",
            "accountId": "A",
            "timestamp": 1764072000000,
            "data": None,
        },
        an_event("System", "healthcheck", "x", propertyId=None),
        an_event("Reservation", "changed", "XPGMSXGF-1", propertyId="PRT"),
        an_event("Unit", "changed", "PRT-101", propertyId="PRT"),
        an_event("account", "suspended", "ABCD", propertyId=None),
        an_event("Property", "changed", "LIS"),
        an_event("Folio", "payment-posted", "XPGMSXGF-1-1"),
    ],
)
def test_a_health_check_and_what_concerns_others_hint_at_nothing(pms: ApaleoPms, event: dict[str, Any]) -> None:
    assert hints(pms, event) == PmsHints()


@pytest.mark.parametrize("topic", ["unit", "Maintenance", "UnitGroup"])
def test_an_event_of_a_unit_hints_at_rooms(pms: ApaleoPms, topic: str) -> None:
    assert hints(pms, an_event(topic, "changed", "LIS-101")) == PmsHints(rooms=True)


def test_the_end_of_a_night_audit_hints_at_changes(pms: ApaleoPms) -> None:
    assert hints(pms, an_event("NightAudit", "succeeded", "LIS")) == PmsHints(changes=True)


def test_an_unknown_event_is_told_and_hints_at_changes(pms: ApaleoPms) -> None:
    found = hints(pms, an_event("Reservation", "teleported", "XPGMSXGF-1"))

    assert found.unknown == (UnknownValue(field="event", value="Reservation/teleported"),)
    assert (found.stays, found.changes) == (("XPGMSXGF-1",), True)


@pytest.mark.parametrize("body", [b"", b"hello", b"[1]", b"{}", b'"reservation"', b"\xff\xfe"])
def test_what_is_no_event_is_rejected(pms: ApaleoPms, body: bytes) -> None:
    with pytest.raises(ServiceRejected):
        pms.hints(body)


async def test_a_deleted_reservation_is_gone(world: World, pms: ApaleoPms) -> None:
    pages = await named(pms, an_event("Reservation", "deleted", "XPGMSXGF-1"))

    assert [page.gone for page in pages] == [(ref("XPGMSXGF-1"),)]


async def test_an_event_of_a_booking_reads_all_its_rooms_in_one_call(world: World, pms: ApaleoPms) -> None:
    for n in (1, 2, 3):
        world.apaleo.hold(a_reservation_snapshot(f"XPGMSXGF-{n}", confirmation_number="XPGMSXGF"))

    pages = await named(pms, an_event("booking", "changed", "XPGMSXGF", propertyId=None))

    refs = tuple(ref(f"XPGMSXGF-{n}") for n in (1, 2, 3))
    assert [stay.ref for page in pages for stay in page.reservations] == list(refs)
    assert [b for page in pages for b in page.bookings] == [WholeBooking(confirmation_number="XPGMSXGF", refs=refs)]
    assert len(world.lists) == 1


async def test_a_deleted_booking_is_told_as_empty(world: World, pms: ApaleoPms) -> None:
    pages = await named(pms, an_event("Booking", "deleted", "XPGMSXGF", propertyId=None))

    assert pages == [ReservationPage(bookings=(WholeBooking(confirmation_number="XPGMSXGF", refs=()),))]


async def test_several_rooms_of_one_booking_are_one_call_and_a_missing_one_is_asked_for_by_name(
    world: World, pms: ApaleoPms
) -> None:
    world.apaleo.hold(a_reservation_snapshot("XPGMSXGF-1", confirmation_number="XPGMSXGF"))

    pages = await named(pms, *(an_event("Reservation", "changed", f"XPGMSXGF-{n}") for n in (1, 2)))

    assert [stay.ref for page in pages for stay in page.reservations] == [ref("XPGMSXGF-1")]
    assert [gone for page in pages for gone in page.gone] == [ref("XPGMSXGF-2")]
    assert [request.path.rpartition("/")[2] for request in world.apaleo.requests[1:]] == ["reservations", "XPGMSXGF-2"]


async def test_a_booking_with_an_unreadable_room_loses_no_room(world: World, pms: ApaleoPms) -> None:
    for n in (1, 2):
        world.apaleo.hold(a_reservation_snapshot(f"XPGMSXGF-{n}", confirmation_number="XPGMSXGF"))
    world.apaleo.spoil("XPGMSXGF-2", lambda told: {**told, "status": "Hexed"})

    pages = await named(pms, an_event("booking", "changed", "XPGMSXGF", propertyId=None))

    (booking,) = (b for page in pages for b in page.bookings)
    assert ref("XPGMSXGF-2") in booking.refs


async def test_a_parking_lots_event_tells_of_no_stay(world: World, pms: ApaleoPms) -> None:
    world.apaleo.hold(a_reservation_snapshot("CAR-1"), type="ParkingLot")

    pages = await named(pms, an_event("Reservation", "changed", "CAR-1"))

    assert [(page.reservations, page.gone) for page in pages] == [((), ())]


async def test_a_flood_of_events_is_read_from_the_latest_changes(world: World) -> None:
    pms = world.pms(page_size=200)
    keys = world.holds(150)

    pages = await named(pms, *(an_event("Reservation", "changed", key) for key in [*keys, "GONE1234-1"]))

    assert {stay.ref.key for page in pages for stay in page.reservations} == set(keys)
    assert [gone.key for page in pages for gone in page.gone] == ["GONE1234-1"]
    assert len(world.apaleo.requests) == 3  # the token, one list, and the one that no list shows
