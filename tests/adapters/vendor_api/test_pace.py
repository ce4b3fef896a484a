"""The pace of calls: never more than the vendor allows in any span, whoever comes first goes first."""

import asyncio
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jack.adapters.vendor_api.pace import Pace, ProcessPaces, SlidingPace
from tests.fakes.clock import FixedClock
from tests.fakes.stepped_clock import SteppedClock

SECOND = timedelta(seconds=1)

milliseconds = st.integers(0, 4000).map(lambda number: timedelta(milliseconds=number))
crowds = st.lists(
    st.tuples(milliseconds, st.integers(0, 7), st.sampled_from([0, 0, 0, 1, 90, 3600]).map(lambda s: s * SECOND)),
    max_size=8,
)
"""After how long so many come at once, and by how much the clock is set back before they do."""


@given(limit=st.integers(1, 5), per=st.sampled_from([SECOND / 2, SECOND, 3 * SECOND]), crowds=crowds)
def test_no_span_ever_sees_more_calls_than_allowed_and_the_first_goes_first(
    limit: int, per: timedelta, crowds: list[tuple[timedelta, int, timedelta]]
) -> None:
    clock = SteppedClock()
    gone: list[tuple[timedelta, int]] = []

    async def caller(pace: Pace, number: int) -> None:
        await pace.turn()
        gone.append((clock.elapsed, number))

    async def story() -> None:
        pace = SlidingPace(clock, limit, per)
        callers: list[asyncio.Task[None]] = []
        for pause, crowd, set_back in crowds:
            await clock.pass_by(pause)
            clock.set_back(set_back)
            callers += [asyncio.create_task(caller(pace, len(callers) + n)) for n in range(crowd)]
        await clock.until_all_woke()
        await asyncio.gather(*callers)

    asyncio.run(story())

    assert [number for _, number in gone] == list(range(len(gone)))
    assert all(later - earlier >= per for (earlier, _), (later, _) in zip(gone, gone[limit:], strict=False))


@given(limit=st.integers(1, 5), waiting=st.integers(0, 23))
def test_nobody_waits_longer_than_the_limit_asks(limit: int, waiting: int) -> None:
    clock = SteppedClock()

    async def story() -> None:
        pace = SlidingPace(clock, limit, SECOND)
        callers = [asyncio.create_task(pace.turn()) for _ in range(waiting)]
        await clock.until_all_woke()
        await asyncio.gather(*callers)

    asyncio.run(story())

    assert clock.elapsed == max(0, -(-waiting // limit) - 1) * SECOND


async def test_a_clock_set_back_keeps_nobody_waiting_for_the_old_time() -> None:
    clock = FixedClock()
    pace = SlidingPace(clock, 2, SECOND)
    for _ in range(2):
        await pace.turn()
    clock.move(timedelta(hours=-1))

    await pace.turn()

    assert clock.slept == [SECOND]


async def test_a_caller_who_gives_up_does_not_hold_up_the_others() -> None:
    clock = SteppedClock()
    pace = SlidingPace(clock, 1, SECOND)
    first, second, third = (asyncio.create_task(pace.turn()) for _ in range(3))
    await clock.pass_by(SECOND / 2)
    second.cancel()

    await clock.until_all_woke()

    assert first.done()
    assert second.cancelled()
    assert third.done()
    assert clock.elapsed <= 2 * SECOND


def test_everybody_who_names_the_same_pace_shares_it() -> None:
    paces = ProcessPaces(FixedClock())

    same = [paces.of("mews:1f0c", 3, SECOND) for _ in range(3)]

    assert all(one is other for one, other in pairwise(same))
    assert paces.of("mews:77aa", 3, SECOND) is not same[0]
