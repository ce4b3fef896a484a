"""Pushes of a PMS: hints what to read again, and never facts."""

from contextlib import suppress
from dataclasses import replace

import pytest

from jack.application.errors import ServiceRejected
from jack.application.ports.pms import Capability
from jack.application.ports.pms_notices import PmsHints
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import ReservationSnapshot
from tests.contracts import canonical_hotel
from tests.contracts.pms_readings import at, at_home, many
from tests.contracts.stages.stage import PmsStage
from tests.hotel import a_reservation_snapshot


async def named(stage: PmsStage, *bodies: bytes) -> list[ReservationPage]:
    """What the pushes lead to, as Jack follows several of them up at once."""
    hints = PmsHints()
    for body in bodies:
        hints |= stage.pms.hints(body)
    return [page async for page in stage.pms.named(hints)]


def told(pages: list[ReservationPage]) -> dict[str, ReservationSnapshot]:
    return {stay.ref.key: stay for page in pages for stay in page.reservations}


def is_told_as_gone(stage: PmsStage, pages: list[ReservationPage], ref: ExternalRef, number: str) -> bool:
    """By name, or as a booking in one piece that it is not part of."""
    return any(
        ref in page.gone
        or any(booking.confirmation_number == number and ref not in booking.refs for booking in page.bookings)
        for page in pages
    )


async def test_a_push_leads_to_the_stays_that_changed(stage: PmsStage) -> None:
    hotel = many(stage, 9)
    stage.holds(*hotel)
    moved = replace(hotel[3], room_number="310")
    stage.holds(moved)

    found = told(await named(stage, stage.push(moved.ref, hotel[5].ref)))

    assert found[moved.ref.key] == stage.reservation_as_told(moved)
    assert found[hotel[5].ref.key] == stage.reservation_as_told(hotel[5])


async def test_a_hint_asks_nobody(stage: PmsStage) -> None:
    stage.holds(*many(stage, 3))

    stage.pms.hints(stage.push(at(stage, "R-1")))

    assert stage.simulator is None or stage.simulator.requests == []


async def test_a_batch_is_read_in_few_calls(stage: PmsStage) -> None:
    hotel = many(stage, 40)
    stage.holds(*hotel)

    found = told(await named(stage, stage.push(*(stay.ref for stay in hotel))))

    assert set(found) >= {stay.ref.key for stay in hotel}
    if stage.simulator is not None:
        pages = -(-len(hotel) // 7)
        assert len(stage.simulator.requests) <= 20 + 7 * pages + len(hotel) * stage.calls_for_one_named


async def test_duplicates_and_the_wrong_order_change_nothing(stage: PmsStage) -> None:
    hotel = many(stage, 5)
    stage.holds(*hotel)
    pushes = [stage.push(stay.ref, stay.ref) for stay in reversed(hotel)]

    hints = PmsHints()
    for body in [*pushes, *pushes]:
        hints |= stage.pms.hints(body)
    pages = [page async for page in stage.pms.named(hints)]

    assert len(hints.stays) == len(set(hints.stays))
    assert sorted(stay.ref.key for page in pages for stay in page.reservations) == sorted(s.ref.key for s in hotel)


async def test_a_stay_that_the_pms_no_longer_has_is_told_as_gone(stage: PmsStage) -> None:
    hotel = many(stage, 3)
    stage.holds(*hotel)
    number = stage.reservation_as_told(hotel[1]).confirmation_number
    stage.forgets(hotel[1].ref)

    pages = await named(stage, stage.push(hotel[1].ref, hotel[2].ref))

    assert is_told_as_gone(stage, pages, hotel[1].ref, number)
    assert hotel[2].ref.key in told(pages)
    assert hotel[1].ref.key not in told(pages)
    assert not any(hotel[2].ref in page.gone for page in pages)


async def test_a_room_that_was_taken_from_a_booking_is_told_as_gone(stage: PmsStage) -> None:
    truth = canonical_hotel.settle(stage)
    first, second = truth["first-room"], truth["second-room"]
    number = stage.reservation_as_told(second).confirmation_number
    stage.forgets(second.ref)

    pages = await named(stage, stage.push(first.ref, second.ref))

    assert is_told_as_gone(stage, pages, second.ref, number)
    assert told(pages)[first.ref.key] == stage.reservation_as_told(first)


async def test_a_push_about_nobody_is_no_error(stage: PmsStage) -> None:
    stage.holds(*many(stage, 3))

    assert told(await named(stage, stage.push(at(stage, "nowhere")))) == {}


async def test_nothing_named_asks_for_nothing(stage: PmsStage) -> None:
    stage.holds(*many(stage, 3))

    assert told(await named(stage)) == {}
    assert stage.simulator is None or stage.simulator.requests == []


async def test_a_health_check_and_another_hotels_event_are_hints_of_nothing(stage: PmsStage) -> None:
    assert stage.idle_pushes() or Capability.WEBHOOKS not in stage.pms.capabilities
    for body in stage.idle_pushes():
        assert stage.pms.hints(body) == PmsHints()


async def test_an_unknown_event_is_reported_and_makes_jack_look(stage: PmsStage) -> None:
    hints = stage.pms.hints(stage.unknown_push())

    assert len(hints.unknown) == 1
    assert hints.unknown[0].field
    assert hints.unknown[0].value
    assert hints.changes or hints.stays


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"7", b'"text"', b"<xml/>", b"\xff\xfe", b"[[[]]]", b'{"Events": 7}'], ids=repr
)
async def test_a_body_that_is_no_push_is_rejected_or_says_nothing(stage: PmsStage, body: bytes) -> None:
    hints = PmsHints()  # a body with nothing in it that the vendor would send may also be as good as nothing said
    with suppress(ServiceRejected):
        hints = stage.pms.hints(body)

    assert hints.stays == hints.guests == ()


async def test_a_stay_that_cannot_be_read_spoils_no_other(stage: PmsStage) -> None:
    hotel = many(stage, 5)
    stage.holds(*hotel)
    stage.garbles(hotel[2].ref)

    pages = await named(stage, stage.push(*(stay.ref for stay in hotel)))

    assert set(told(pages)) == {stay.ref.key for stay in hotel} - {hotel[2].ref.key}


async def test_a_guest_who_changed_is_told(stage: PmsStage) -> None:
    held = at_home(stage, a_reservation_snapshot())
    stage.holds(held)
    if Capability.GUEST_IDS not in stage.pms.capabilities:
        return
    key = held.guest.ref.key

    pages = [page async for page in stage.pms.named(PmsHints(guests=(key,)))]

    people = [guest for page in pages for guest in page.guests]
    people += [stay.guest for page in pages for stay in page.reservations]
    assert stage.guest_as_told(held.guest) in people
