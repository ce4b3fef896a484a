"""Reading by dates: below the thousand rows that OPERA shows of a search, and only what does not read as it did."""

from datetime import date, timedelta

import pytest

from jack.application.errors import ServiceRejected
from jack.domain.reservation import ReservationStatus
from jack.domain.sync import SyncWindow
from tests.adapters.pms.opera.conftest import SEARCH, World, keys_of, read
from tests.hotel import NOW, a_guest_snapshot, a_period

AROUND = a_period(-30, 366)
ANNA = a_guest_snapshot()


async def staying(world: World, page_size: int = 100) -> list[str]:
    pages = await read(world.pms(page_size=page_size).staying(AROUND))
    return [key for page in pages for key in keys_of(page)]


async def test_more_than_a_thousand_stays_are_all_read_and_no_search_reaches_the_limit(world: World) -> None:
    keys = [f"R-{n}" for n in range(1_100)]
    for n, key in enumerate(keys):
        world.holds(key, arrival=n % 100 - 20, departure=n % 100 - 20 + n % 5, guest=ANNA)

    found = await staying(world)

    assert len(found) == len(keys)
    assert set(found) == set(keys)
    offsets = [int(call.asked("offset") or 0) + int(call.asked("limit") or 0) for call in world.asked(SEARCH)]
    assert max(offsets) <= 1_000


async def test_a_day_of_more_than_a_thousand_departures_is_read_by_its_arrivals(world: World) -> None:
    world.holds(*(f"R-{n}" for n in range(700)), arrival=-1, departure=2, guest=ANNA)
    world.holds(*(f"S-{n}" for n in range(700)), arrival=-9, departure=2, guest=ANNA)

    assert len(set(await staying(world, page_size=200))) == 1_400


async def test_more_than_a_thousand_stays_of_the_same_days_are_read_from_both_ends(world: World) -> None:
    world.holds(*(f"R-{n}" for n in range(1_300)), arrival=0, departure=0, guest=ANNA)

    assert len(set(await staying(world, page_size=200))) == 1_300


async def test_more_stays_of_the_same_days_than_can_be_read_are_told_and_not_passed_over(world: World) -> None:
    world.holds(*(f"R-{n}" for n in range(2_100)), arrival=0, departure=0, guest=ANNA)

    with pytest.raises(ServiceRejected, match="more stays"):
        await staying(world, page_size=200)


async def test_a_stay_that_outlasts_the_period_is_part_of_it(world: World) -> None:
    world.holds("resident", arrival=-400, departure=800)

    assert await staying(world) == ["resident"]


async def test_a_total_that_is_a_text_is_a_number(world: World) -> None:
    world.holds("R-1", "R-2")

    assert [page.total async for page in world.pms().staying(AROUND)] == [2]


async def test_posting_masters_are_no_stays(world: World) -> None:
    world.holds("R-1", "PM-1")
    world.opera.pseudo.add("PM-1")

    assert await staying(world) == ["R-1"]
    assert ("excludePseudoRoomReservations", "true") in world.asked(SEARCH)[0].query
    assert await world.changes() == ["R-1"]


async def test_after_a_first_load_only_what_changed_is_read(world: World) -> None:
    world.without_events()
    world.holds(*(f"R-{n}" for n in range(5)), modified_at=NOW - timedelta(days=3))
    world.opera.queue.clear()
    await staying(world)
    world.opera.requests.clear()

    assert await world.changes() == []
    assert world.singles == []

    world.holds("R-3", status=ReservationStatus.CHECKED_OUT, modified_at=NOW)
    assert await world.changes() == ["R-3"]


async def test_what_was_changed_around_a_first_load_is_read_once_more(world: World) -> None:
    """The load may have thrown away what it met twice."""
    world.without_events()
    world.holds("R-1", modified_at=NOW - timedelta(hours=1))
    await staying(world)

    assert await world.changes() == ["R-1"]
    assert await world.changes() == []


async def test_a_change_that_leaves_the_modification_time_alone_is_noticed(world: World) -> None:
    world.without_events()
    world.holds("R-1")
    await world.changes()

    world.holds("R-1", room_number="310")

    assert await world.changes() == ["R-1"]


async def test_a_stay_that_is_listed_no_more_is_asked_for_by_itself(world: World) -> None:
    world.without_events()
    purged, _ = world.holds("R-1", "R-2")
    await world.changes()
    del world.opera.held["R-1"]
    window = SyncWindow(since=NOW, until=NOW)

    pages = await read(world.pms().changed(window))

    assert [ref for page in pages for ref in page.gone] == [purged.ref]
    assert await read(world.pms().changed(window)) == []


async def test_a_stay_whose_dates_moved_is_read_once(world: World) -> None:
    world.without_events()
    world.holds("R-1", arrival=1, departure=3)
    await world.changes()
    world.opera.requests.clear()

    world.holds("R-1", arrival=30, departure=33, modified_at=NOW)

    assert set(await world.changes()) == {"R-1"}
    assert await world.changes() == []


async def test_a_reading_that_was_left_early_is_no_reading(world: World) -> None:
    world.without_events()
    world.holds(*(f"R-{n}" for n in range(20)))
    pages = world.pms(page_size=7).changed(SyncWindow(since=NOW, until=NOW))
    await anext(pages)
    await pages.aclose()

    assert len(await world.changes()) == 20


async def test_what_is_remembered_of_rows_stays_bounded_and_names_nobody(world: World) -> None:
    world.without_events()
    for weeks in range(0, 200, 4):
        world.clock.set(NOW + timedelta(weeks=weeks))
        world.opera.held.clear()
        world.opera.business_date = date(2026, 11, 22) + timedelta(weeks=weeks)
        world.holds(*(f"R-{weeks}-{n}" for n in range(5)), arrival=weeks * 7, departure=weeks * 7 + 2)
        await world.changes()

    notes = {name: text for name, text in world.memory.notes.items() if name.startswith("rows.")}
    assert len(notes) <= 81
    assert sum(text.count("R-") for text in notes.values()) <= 200
    assert not any(word in str(notes) for word in ("Silva", "guest", "example.com"))


async def test_today_is_the_business_date(world: World) -> None:
    """The hotel has not ended its day, though the calendar has."""
    world.clock.set(NOW + timedelta(hours=14))
    world.opera.business_date = date(2026, 11, 22)
    world.without_events()
    world.holds("R-1", arrival=-3, departure=-1)

    assert await world.changes() == ["R-1"]
    first = world.asked(SEARCH)[0]
    assert first.asked("departureStartDate") == "2026-11-21"
