"""The machine's clock."""

from datetime import UTC, timedelta

import pytest

from jack.adapters.clock import SystemClock
from tests.fakes.clock import FixedClock
from tests.hotel import NOW


def test_the_systems_clock_goes_forward_in_utc() -> None:
    clock = SystemClock()
    first, second = clock.now(), clock.now()

    assert first.tzinfo is UTC
    assert first <= second


@pytest.mark.parametrize("clock", [SystemClock(), FixedClock(NOW)])
@pytest.mark.parametrize("duration", [timedelta(), timedelta(days=-1)])
async def test_nobody_waits_for_nothing(clock: SystemClock | FixedClock, duration: timedelta) -> None:
    before = clock.now()

    await clock.sleep(duration)

    assert clock.now() - before < timedelta(seconds=1)


@pytest.mark.parametrize("clock", [SystemClock(), FixedClock(NOW)])
async def test_after_a_sleep_that_much_time_has_passed(clock: SystemClock | FixedClock) -> None:
    before = clock.now()

    await clock.sleep(timedelta(milliseconds=5))

    assert clock.now() - before >= timedelta(milliseconds=4)


async def test_the_clock_of_the_tests_moves_only_when_told() -> None:
    clock = FixedClock(NOW)
    assert clock.now() == clock.now() == NOW

    clock.move(timedelta(hours=1))
    await clock.sleep(timedelta(hours=1))

    assert clock.now() == NOW + timedelta(hours=2)
    assert clock.slept == [timedelta(hours=1)]
