"""Lists of apaleo's: windows, pages, and what happens when they shift."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from jack.adapters.pms.apaleo.gateway import ApaleoPms
from jack.application.ports.pms import SearchBy
from jack.domain.ids import ExternalRef
from jack.domain.sync import SyncWindow
from tests.adapters.pms.apaleo.conftest import World, stays
from tests.hotel import NOW, a_guest_snapshot, a_period, a_reservation_snapshot
from tests.simulators.pms.vendor import Reply, Request, SaysNothing

HOUR, SECOND, BLINK = timedelta(hours=1), timedelta(seconds=1), timedelta(microseconds=1)
LATELY = SyncWindow(since=NOW - 3 * HOUR, until=NOW)
AROUND = a_period(-30, 30)


async def test_a_window_is_asked_for_in_whole_seconds_of_utc(world: World, pms: ApaleoPms) -> None:
    await stays(pms.changed(SyncWindow(since=NOW - HOUR + BLINK, until=NOW + BLINK)))

    (asked,) = world.lists
    assert (asked.asked("from"), asked.asked("to")) == ("2026-11-22T11:00:00Z", "2026-11-22T12:00:01Z")
    assert asked.asked("dateFilter") == "Modification"


async def test_a_window_keeps_its_ends_to_the_microsecond(world: World, pms: ApaleoPms) -> None:
    since, until = NOW - HOUR + 500 * BLINK, NOW + 500 * BLINK
    instants = {"A-1": since - BLINK, "B-1": since, "C-1": until - BLINK, "D-1": until}
    for key, at in instants.items():
        world.apaleo.hold(a_reservation_snapshot(key, modified_at=at))

    found = await stays(pms.changed(SyncWindow(since=since, until=until)))

    assert {stay.ref.key for stay in found} == {"B-1", "C-1"}


async def test_an_empty_window_asks_nobody(world: World, pms: ApaleoPms) -> None:
    assert await stays(pms.changed(SyncWindow(since=NOW, until=NOW))) == []
    assert world.apaleo.requests == []


async def test_pages_are_asked_for_by_an_explicit_size_from_the_first_one_on(world: World) -> None:
    world.holds(201)

    assert len(await stays(world.pms(page_size=200).changed(LATELY))) == 201

    assert [(r.asked("pageNumber"), r.asked("pageSize")) for r in world.lists] == [("1", "200"), ("2", "200")]


async def test_lists_name_the_property_and_leave_parking_lots_out(world: World, pms: ApaleoPms) -> None:
    world.apaleo.hold(a_reservation_snapshot("CAR-1"), type="ParkingLot")
    world.apaleo.hold(a_reservation_snapshot("PORTO-1"), property_id="PRT")

    assert await stays(pms.changed(LATELY)) == []

    (asked,) = world.lists
    assert (asked.asked("propertyIds"), asked.asked("unitGroupTypes")) == ("LIS", "BedRoom")


async def test_what_is_to_be_expanded_is_joined_by_commas(world: World, pms: ApaleoPms) -> None:
    await stays(pms.changed(LATELY))

    assert world.lists[0].all("expand") == ["booker,assignedUnits,timeSlices"]
    assert world.lists[0].all("sort") == ["updated:asc"]


async def test_an_empty_list_without_a_body_is_no_error(pms: ApaleoPms) -> None:
    assert await stays(pms.changed(LATELY)) == []
    assert await stays(pms.staying(AROUND)) == []
    assert (await pms.rooms()).rooms == ()


async def test_a_success_without_a_body_is_not_taken_for_an_empty_list(world: World, pms: ApaleoPms) -> None:
    world.holds(3)
    world.apaleo.will(SaysNothing())

    assert len(await stays(pms.changed(LATELY))) == 3


async def test_a_record_that_leaves_the_window_hides_no_other(world: World, pms: ApaleoPms) -> None:
    keys = world.holds(20)
    world.apaleo.after_next_page = lambda: world.apaleo.hold(
        a_reservation_snapshot(keys[0], modified_at=NOW + SECOND, room_number="310")
    )

    found = await stays(pms.changed(LATELY))

    assert {stay.ref.key for stay in found} == set(keys)


async def test_a_record_that_slips_from_the_last_page_is_found(world: World, pms: ApaleoPms) -> None:
    keys = world.holds(8)  # the second page vanishes, so no count tells of it
    world.apaleo.after_next_page = lambda: world.apaleo.held.__delitem__(keys[0])

    found = await stays(pms.staying(AROUND))

    assert {stay.ref.key for stay in found} == set(keys)


async def test_a_list_that_shifted_is_read_again_and_tells_only_what_is_new(world: World, pms: ApaleoPms) -> None:
    keys = world.holds(20)
    changed = a_reservation_snapshot(keys[1], modified_at=NOW - SECOND, room_number="310")

    def shift() -> None:
        del world.apaleo.held[keys[0]]
        world.apaleo.hold(changed)

    world.apaleo.after_next_page = shift

    found = await stays(pms.staying(AROUND))

    told = [stay.ref.key for stay in found]
    assert set(told) == set(keys)
    assert [key for key in keys if told.count(key) > 1] == [keys[1]]
    assert [stay.room_number for stay in found if stay.ref.key == keys[1]] == ["204", "310"]


async def test_a_list_that_never_stands_still_is_read_twice_and_no_more(world: World, pms: ApaleoPms) -> None:
    keys = iter(world.holds(40))

    def shift() -> None:
        world.apaleo.held.pop(next(keys), None)
        world.apaleo.after_next_page = shift

    world.apaleo.after_next_page = shift

    await stays(pms.staying(AROUND))

    assert [request.asked("pageNumber") for request in world.lists].count("1") == 2


async def test_a_list_that_stands_still_is_read_once(world: World, pms: ApaleoPms) -> None:
    world.holds(20)

    assert len(await stays(pms.changed(LATELY))) == 20

    assert len(world.lists) == 3


async def test_a_page_shorter_than_asked_for_does_not_end_a_list_without_a_count(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pms = world.pms(page_size=200)
    keys = world.holds(8)
    always = world.apaleo.answer

    def short_pages(request: Request) -> Reply:
        query = tuple((name, "3" if name == "pageSize" else value) for name, value in request.query)
        reply = always(replace(request, query=query))
        if isinstance(reply.body, dict):
            reply.body.pop("count", None)
        return reply

    monkeypatch.setattr(world.apaleo, "answer", short_pages)

    assert [stay.ref.key for stay in await stays(pms.staying(AROUND))] == keys


async def test_pages_that_repeat_for_ever_come_to_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    pms = world.pms()
    keys = world.holds(8)
    always = world.apaleo.answer

    def first_page(request: Request) -> Reply:
        query = tuple((name, "1" if name == "pageNumber" else value) for name, value in request.query)
        return always(replace(request, query=query))

    monkeypatch.setattr(world.apaleo, "answer", first_page)

    assert {stay.ref.key for stay in await stays(pms.staying(AROUND))} < set(keys)


async def test_who_leaves_at_the_first_midnight_still_stays_that_day(world: World, pms: ApaleoPms) -> None:
    world.apaleo.hold(a_reservation_snapshot("BOOK-1", arrival=-3, departure=0))
    world.apaleo.spoil("BOOK-1", lambda told: {**told, "departure": "2026-11-22T00:00:00+00:00"})

    found = await stays(pms.staying(a_period(0, 0)))

    assert [stay.ref.key for stay in found] == ["BOOK-1"]
    assert world.lists[0].asked("from") == "2026-11-21T23:59:59Z"


async def test_several_rooms_of_one_booking_are_found_by_its_number_and_each_by_its_own(
    world: World, pms: ApaleoPms
) -> None:
    for n in (1, 2):
        world.apaleo.hold(a_reservation_snapshot(f"XPGMSXGF-{n}", confirmation_number="XPGMSXGF", room_number=f"20{n}"))

    assert {stay.room_number for stay in await pms.numbered("XPGMSXGF")} == {"201", "202"}
    assert [stay.room_number for stay in await pms.numbered(" xpgmsxgf-2 ")] == ["202"]
    assert await pms.numbered("XPGMSXGF-3") == ()
    assert await pms.numbered("  ") == ()


async def test_a_hotel_without_any_phone_number_is_told_once(
    world: World, pms: ApaleoPms, caplog: pytest.LogCaptureFixture
) -> None:
    world.holds(9)
    world.apaleo.shows_personal_data = False

    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            await stays(pms.staying(AROUND))

    told = [record for record in caplog.records if record.getMessage() == "pms.no_phones"]
    assert len(told) == 1
    assert "personally identifiable information" in told[0].hint  # type: ignore[attr-defined]
    assert "Silva" not in caplog.text


async def test_addresses_alone_do_not_hide_that_every_phone_number_is_missing(
    world: World, pms: ApaleoPms, caplog: pytest.LogCaptureFixture
) -> None:
    for key, number in zip(world.holds(9), ((), ("XXXX",), ("+49***",)) * 3, strict=True):
        guest = a_guest_snapshot("nobody", phones=number, emails=("anna@example.com",))
        world.apaleo.hold(a_reservation_snapshot(key, guest=guest))

    await stays(pms.staying(AROUND))

    assert "pms.no_phones" in caplog.text


async def test_a_hotel_with_one_phone_number_raises_no_alarm(
    world: World, pms: ApaleoPms, caplog: pytest.LogCaptureFixture
) -> None:
    world.holds(9)
    nobody = a_guest_snapshot("nobody", phones=(), emails=())
    for key in list(world.apaleo.held)[1:]:
        world.apaleo.hold(a_reservation_snapshot(key, guest=nobody))

    await stays(pms.staying(AROUND))

    assert "pms.no_phones" not in caplog.text


async def test_guests_of_former_and_foreign_reservations_are_none(world: World, pms: ApaleoPms) -> None:
    world.apaleo.hold(a_reservation_snapshot("PORTO-1"), property_id="PRT")

    for key in ("PORTO-1:primary", "GONE-1:primary", "GONE-1:additional:7", "anna"):
        assert await pms.guest(ExternalRef(system="apaleo", key=key)) is None


async def test_a_search_leaves_out_who_is_found_by_room_or_booker(world: World, pms: ApaleoPms) -> None:
    world.holds(3)

    assert await pms.search_guests(SearchBy.NAME, "Booker") == ()
    assert await pms.search_guests(SearchBy.NAME, "204") == ()
    (anna,) = await pms.search_guests(SearchBy.NAME, "anna sil")
    assert anna.last_name == "Silva"
