"""The bad days of a vendor: what passes is waited for, what stays is told in one of three words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from jack.adapters.vendor_api import caller
from jack.application.errors import OutsideFailure, ServiceUnavailable
from jack.application.ports.pms import Capability
from tests.contracts.pms_readings import Question, at_home, many, pages_of, read
from tests.contracts.stages import over_http
from tests.contracts.stages.stage import PmsStage
from tests.fakes.clock import FixedClock
from tests.hotel import NOW, a_reservation_snapshot, a_room_snapshot
from tests.simulators.pms.vendor import BreaksOff, CutsOff, Fails, Fault, Hangs, SaysNothing, VendorSimulator, Works

FAULTS: dict[str, Fault] = {
    "429 with Retry-After": Fails(429, retry_after=2),
    "429": Fails(429),
    "500": Fails(500),
    "502 in HTML": Fails(502, body=b"<html><body>Bad Gateway</body></html>"),
    "503": Fails(503),
    "503 with Retry-After": Fails(503, retry_after=2),
    "cut JSON": CutsOff(),
    "reset": BreaksOff(),
    "empty body": SaysNothing(),
}
by_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
by_reading = pytest.mark.parametrize("reading", ["changed", "staying"])

pytestmark = over_http


@by_fault
async def test_what_passes_is_waited_for_by_every_question(stage: PmsStage, question: Question, fault: Fault) -> None:
    stage.has_rooms(a_room_snapshot())
    stage.holds(at_home(stage, a_reservation_snapshot()))
    stage.fault(fault, fault)

    assert await question(stage)


@by_reading
@by_fault
async def test_a_fault_in_the_middle_of_a_reading_loses_nothing(stage: PmsStage, reading: str, fault: Fault) -> None:
    hotel = many(stage, 23)
    stage.holds(*hotel)
    stage.fault(*[Works(), Works(), fault] * 4)

    found, rejected = await read(pages_of(stage, reading))

    assert {stay.ref for stay in found} == {stay.ref for stay in hotel}
    assert rejected == []


@by_fault
async def test_what_stays_is_told_in_one_of_the_three_words_after_a_bounded_number_of_calls(
    stage: PmsStage, simulator: VendorSimulator, clock: FixedClock, question: Question, fault: Fault
) -> None:
    stage.holds(at_home(stage, a_reservation_snapshot()))
    simulator.always(fault)

    with pytest.raises(OutsideFailure) as failure:
        await question(stage)

    assert isinstance(failure.value, ServiceUnavailable)
    assert not any(secret in f"{failure.value} {failure.value!r}" for secret in stage.secrets)
    assert len(simulator.requests) <= 12
    assert sum(clock.slept, timedelta()) <= timedelta(minutes=2)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 422])
async def test_what_cannot_succeed_is_told_at_once(
    stage: PmsStage, simulator: VendorSimulator, clock: FixedClock, question: Question, status: int
) -> None:
    stage.holds(at_home(stage, a_reservation_snapshot()))
    simulator.always(Fails(status, body=b"{}"))

    failure: OutsideFailure | None = None
    found: object = None
    try:
        found = await question(stage)
    except OutsideFailure as told:
        failure = told

    assert not isinstance(failure, ServiceUnavailable)
    assert not any(secret in f"{failure} {failure!r}" for secret in stage.secrets)
    # only who asks by name may hear that the vendor does not have it
    assert failure is not None or (status == 404 and not found)
    assert len(simulator.requests) <= 6
    assert sum(clock.slept, timedelta()) <= timedelta(seconds=1)


async def test_a_silent_vendor_is_asked_again(
    stage: PmsStage, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caller, "TIME_LIMIT", 0.2)
    stage.has_rooms(a_room_snapshot())
    stage.holds(at_home(stage, a_reservation_snapshot()))
    stage.fault(Hangs())

    assert await question(stage)


async def test_a_vendor_that_stays_silent_is_unavailable(
    stage: PmsStage, simulator: VendorSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caller, "TIME_LIMIT", 0.05)
    simulator.always(Hangs())

    with pytest.raises(ServiceUnavailable):
        await stage.pms.rooms()


@by_reading
async def test_pages_that_shift_while_one_reads_hide_nothing(stage: PmsStage, reading: str) -> None:
    hotel = many(stage, 23)
    stage.holds(*hotel)
    stage.while_reading(lambda: stage.forgets(hotel[0].ref))

    found, _ = await read(pages_of(stage, reading))

    assert {stay.ref for stay in found} >= {stay.ref for stay in hotel[1:]}


@by_reading
async def test_stays_that_come_in_while_one_reads_hide_nothing(stage: PmsStage, reading: str) -> None:
    hotel = many(stage, 23)
    stage.holds(*hotel)
    stage.while_reading(
        lambda: stage.holds(*(replace(stay, ref=replace(stay.ref, key=f"N-{n}")) for n, stay in enumerate(hotel[:3])))
    )

    found, _ = await read(pages_of(stage, reading))

    assert {stay.ref for stay in found} >= {stay.ref for stay in hotel}


async def test_a_stay_that_changes_while_one_reads_hides_no_other_and_is_read_by_the_next_window(
    stage: PmsStage, clock: FixedClock
) -> None:
    hotel = [replace(stay, modified_at=NOW - timedelta(minutes=30 + n)) for n, stay in enumerate(many(stage, 23))]
    stage.holds(*hotel)
    changed = replace(hotel[0], room_number="310", modified_at=NOW + timedelta(minutes=2))
    stage.while_reading(lambda: stage.holds(changed))

    first, _ = await read(pages_of(stage, "changed"))
    clock.move(timedelta(minutes=10))
    alone = await stage.pms.reservation(changed.ref)

    assert {stay.ref for stay in first} >= {stay.ref for stay in hotel[1:]}
    assert alone is not None
    assert alone.room_number == "310"


@by_reading
async def test_a_malformed_record_on_a_page_spoils_no_other(stage: PmsStage, reading: str) -> None:
    hotel = many(stage, 23)
    stage.holds(*hotel)
    spoil: list[Callable[[], None]] = [lambda: stage.mangles(hotel[3].ref), lambda: stage.garbles(hotel[12].ref)]
    for happen in spoil:
        happen()

    found, rejected = await read(pages_of(stage, reading))

    assert {stay.ref for stay in found} == {stay.ref for stay in hotel} - {hotel[3].ref, hotel[12].ref}
    assert len(rejected) == 2


async def test_the_number_of_calls_does_not_grow_with_every_stay(stage: PmsStage, simulator: VendorSimulator) -> None:
    stage.holds(*many(stage, 60))
    pages = [page async for page in pages_of(stage, "staying")]

    allowed = 20 + 12 * len(pages) + 60 * stage.calls_for_one_stay

    assert len(simulator.requests) <= allowed


async def test_a_page_is_handed_over_before_the_next_is_asked_for(stage: PmsStage, simulator: VendorSimulator) -> None:
    stage.holds(*many(stage, 60))

    asked = [len(simulator.requests) async for _ in pages_of(stage, "staying")]

    assert len(asked) >= 3
    assert asked[0] < asked[-1]


async def test_a_vendor_that_keeps_events_is_asked_for_changes_only_by_them(stage: PmsStage) -> None:
    assert stage.pms.capabilities & {Capability.CHANGES, Capability.EVENTS}
