"""Windows, pages, dates and limits."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from jack.application.errors import ServiceUnavailable
from jack.domain.reservation import StayPeriod
from jack.domain.sync import SyncWindow
from tests.adapters.pms.mews.conftest import ALWAYS, AROUND, World, one, read
from tests.hotel import NOW
from tests.simulators.pms.mews_wire import interval_of
from tests.simulators.pms.vendor import Fails

HOUR = timedelta(hours=1)


async def test_windows_are_half_open_and_meet_without_a_gap(world: World) -> None:
    since = NOW - timedelta(days=200)
    for key, at in (("first", since), ("between", NOW - timedelta(days=100)), ("next", NOW)):
        world.holds(key, modified_at=at)

    found = await read(world.pms().changed(SyncWindow(since=since, until=NOW)))

    assert set(found.stays) == {"first", "between"}
    for operation in ("reservations/getAll/2023-06-06", "customers/getAll"):
        windows = [interval_of(b["UpdatedUtc"], "") for b in world.asked(operation) if b.get("UpdatedUtc")]
        assert windows[0][0] == since
        assert windows[-1][1] == NOW
        assert all(one[1] == other[0] for one, other in pairwise(windows))
        assert max(end - start for start, end in windows) < timedelta(days=89)


async def test_a_window_of_fractions_of_seconds_is_asked_for_whole(world: World) -> None:
    world.holds(modified_at=NOW)
    window = SyncWindow(since=NOW - HOUR + timedelta(milliseconds=400), until=NOW + timedelta(milliseconds=100))

    assert set((await read(world.pms().changed(window))).stays) == {"R-1"}
    assert world.asked()[0]["UpdatedUtc"] == {"StartUtc": "2026-11-22T11:00:00Z", "EndUtc": "2026-11-22T12:00:01Z"}


async def test_an_empty_window_asks_for_nothing(world: World) -> None:
    world.holds(modified_at=NOW)

    assert (await read(world.pms().changed(SyncWindow(since=NOW, until=NOW)))).stays == {}
    assert world.mews.requests == []


async def test_every_page_carries_count_and_cursor_and_reading_ends_with_a_short_page(world: World) -> None:
    world.holds_many(16)

    await read(world.pms().staying(StayPeriod(arrival=date(2026, 11, 20), departure=date(2026, 11, 25))))

    limits = [body["Limitation"] for body in world.asked()]
    assert limits == [
        {"Count": 7, "Cursor": None},
        {"Count": 7, "Cursor": "R-009"},
        {"Count": 7, "Cursor": "R-002"},
    ]


async def test_reading_ends_with_an_empty_page_too(world: World) -> None:
    world.holds_many(14)

    stays = await read(world.pms().staying(StayPeriod(arrival=date(2026, 11, 20), departure=date(2026, 11, 25))))

    assert len(stays.stays) == 14
    assert len(world.asked()) == 3


async def test_a_record_that_changes_while_it_is_paged_is_in_the_next_window(world: World) -> None:
    keys = world.holds_many(16)
    world.mews.after_next_page = lambda: world.house.otherwise.update({keys[2]: {"UpdatedUtc": "2026-11-22T12:01:00Z"}})
    first = await read(world.pms().changed(SyncWindow(since=NOW - 3 * HOUR, until=NOW)))

    second = await read(world.pms().changed(SyncWindow(since=NOW - HOUR, until=NOW + HOUR)))

    assert set(first.stays) >= set(keys) - {keys[2]}
    assert set(second.stays) == {keys[2]}


async def test_a_stay_that_touches_several_windows_is_told_once(world: World) -> None:
    world.holds("long", arrival=-20, departure=300)
    world.holds("short", arrival=100, departure=101)
    told = [stay.ref.key async for page in world.pms().staying(AROUND) for stay in page.reservations]

    assert sorted(told) == ["long", "short"]
    assert len(world.asked()) > 3


async def test_what_is_too_heavy_is_asked_for_in_halves(world: World) -> None:
    keys = world.holds_many(16)
    world.mews.heavy_windows = timedelta(hours=2)
    world.mews.heavy_above = 4

    found = await read(world.pms().changed(SyncWindow(since=NOW - 5 * HOUR, until=NOW)))

    assert set(found.stays) == set(keys)
    spans = [(body["Limitation"]["Count"], interval_of(body["UpdatedUtc"], "")) for body in world.asked()[:3]]
    assert [(count, end - start) for count, (start, end) in spans] == [
        (7, 5 * HOUR),
        (3, 2.5 * HOUR),
        (1, 1.25 * HOUR),
    ]


async def test_a_question_that_stays_too_heavy_is_put_off(world: World) -> None:
    world.holds()
    world.mews.heavy_above = 0

    with pytest.raises(ServiceUnavailable, match="too heavy"):
        await one(world.pms())
    with pytest.raises(ServiceUnavailable, match="too heavy"):
        await read(world.pms().changed(ALWAYS))


@pytest.mark.parametrize(
    ("zone", "start", "end", "arrival", "departure"),
    [
        ("Asia/Shanghai", "2026-03-21T16:00:00Z", "2026-03-23T04:00:00Z", "2026-03-22", "2026-03-23"),
        ("America/Los_Angeles", "2026-03-21T23:00:00Z", "2026-03-23T06:30:00Z", "2026-03-21", "2026-03-22"),
        ("Europe/Lisbon", "2026-10-24T23:30:00Z", "2026-10-25T23:30:00Z", "2026-10-25", "2026-10-25"),
        ("Pacific/Auckland", "2026-12-31T11:00:00.0000000Z", "2027-01-01T11:00:00Z", "2027-01-01", "2027-01-02"),
    ],
)
async def test_dates_are_those_of_the_hotels_zone(
    world: World, zone: str, start: str, end: str, arrival: str, departure: str
) -> None:
    world.house.time_zone = zone
    world.holds()
    world.house.otherwise["R-1"] = {"ScheduledStartUtc": start, "ScheduledEndUtc": end}

    period = (await one(world.pms())).period

    assert (period.arrival.isoformat(), period.departure.isoformat()) == (arrival, departure)


async def test_the_deprecated_instants_are_no_dates(world: World) -> None:
    stay = world.holds()
    world.house.otherwise["R-1"] = {"StartUtc": "2020-01-01T00:00:00Z", "EndUtc": "2030-01-01T00:00:00Z"}

    assert (await one(world.pms())).period == stay.period


async def test_jack_stays_below_two_hundred_calls_in_thirty_seconds(world: World) -> None:
    world.holds()
    pms = world.pms()
    for _ in range(60):
        await one(pms)

    made = [request.at for request in world.mews.requests]
    assert len(made) > 200
    assert all(later - earlier >= timedelta(seconds=30) for earlier, later in zip(made, made[200:], strict=False))
    assert world.clock.slept


async def test_a_throttled_call_without_retry_after_waits_longer_each_time(world: World) -> None:
    world.holds()
    world.mews.will(*[Fails(429)] * 4)

    await one(world.pms())

    assert len(world.clock.slept) == 4
    assert all(later > earlier for earlier, later in zip(world.clock.slept, world.clock.slept[2:], strict=False))


async def test_the_end_of_a_window_is_no_last_records_time(world: World) -> None:
    world.holds(modified_at=NOW - 2 * HOUR)

    await read(world.pms().changed(SyncWindow(since=datetime(2026, 11, 22, 9, tzinfo=UTC), until=NOW)))

    assert interval_of(world.asked()[0]["UpdatedUtc"], "")[1] == NOW


async def test_something_that_changes_at_the_moment_is_asked_for_again(world: World) -> None:
    world.holds()
    world.mews.will(Fails(409))

    assert (await one(world.pms())).ref.key == "R-1"
