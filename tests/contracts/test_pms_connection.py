"""The connection test: what is wrong, said plainly, and what to do about it."""

from datetime import timedelta
from typing import Any

import pytest

from jack.application.ports.pms import ConnectionReport
from tests.contracts.pms_readings import many
from tests.contracts.stages import over_http
from tests.contracts.stages.stage import PmsStage
from tests.hotel import a_room_snapshot
from tests.simulators.pms.vendor import Fails, Hangs, VendorSimulator

pytestmark = over_http


def said(report: ConnectionReport) -> str:
    return f"{report.summary} {report.problem} {' '.join(report.notes)}"


async def problem(stage: PmsStage) -> str:
    report = await stage.pms.check()
    assert report.problem, report
    assert not any(secret in said(report) for secret in stage.secrets)
    assert report.problem[0].isupper() or not report.problem[0].isalpha() or " " in report.problem
    return report.problem


async def test_all_is_well(stage: PmsStage) -> None:
    stage.is_called("Harbour Hotel", "Europe/Lisbon")
    stage.has_rooms(a_room_snapshot())
    stage.holds(*many(stage, 3))

    report = await stage.pms.check()

    assert report.problem is None
    assert report.summary
    assert report.hotel is not None
    assert report.hotel.name == "Harbour Hotel"
    assert report.hotel == await stage.pms.hotel()


async def test_an_empty_hotel_is_well(stage: PmsStage) -> None:
    assert (await stage.pms.check()).problem is None


async def test_a_missing_permission_is_named(stage: PmsStage) -> None:
    permission = stage.withholds_a_permission()

    assert permission.lower() in (await problem(stage)).lower()


async def test_the_wrong_hotel_is_not_taken_for_the_right_one(stage: PmsStage) -> None:
    right = stage.settings()
    stage.opens_another_hotel()

    told = (await problem(stage)).lower()

    assert "hotel" in told or "property" in told or "enterprise" in told
    assert right["provider"] == stage.system


@pytest.mark.parametrize("skew", [timedelta(minutes=10), timedelta(minutes=-10)], ids=["ahead", "behind"])
async def test_a_clock_that_runs_wrong_is_told(stage: PmsStage, simulator: VendorSimulator, skew: timedelta) -> None:
    simulator.date_skew = skew

    assert "clock" in (await problem(stage)).lower()


async def test_a_clock_that_is_a_little_off_is_no_problem(stage: PmsStage, simulator: VendorSimulator) -> None:
    simulator.date_skew = timedelta(seconds=20)

    assert (await stage.pms.check()).problem is None


@pytest.mark.parametrize("fault", [Fails(500), Fails(503, retry_after=30), Fails(429)], ids=repr)
async def test_a_busy_or_broken_vendor_is_told_without_waiting(
    stage: PmsStage, simulator: VendorSimulator, clock: Any, fault: Fails
) -> None:
    simulator.always(fault)

    assert str(fault.status) in await problem(stage)
    assert sum(clock.slept, timedelta()) <= timedelta(seconds=1)


async def test_a_silent_vendor_is_told(
    stage: PmsStage, simulator: VendorSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jack.adapters.vendor_api import caller

    monkeypatch.setattr(caller, "TIME_LIMIT", 0.1)
    simulator.always(Hangs())

    assert "did not answer" in await problem(stage)


async def test_no_object_of_the_adapter_shows_a_secret(stage: PmsStage) -> None:
    await stage.pms.check()
    seen: set[int] = set()

    def look(thing: object, depth: int) -> None:
        if id(thing) in seen or depth > 4 or not type(thing).__module__.startswith("jack."):
            return
        seen.add(id(thing))
        assert not any(secret in f"{thing!r} {thing}" for secret in stage.secrets), type(thing).__name__
        names = [*getattr(thing, "__dict__", {}), *(n for kind in type(thing).__mro__ for n in _slots(kind))]
        for name in names:
            look(getattr(thing, name, None), depth + 1)

    look(stage.pms, 0)
    assert seen


def _slots(kind: type) -> tuple[str, ...]:
    slots = kind.__dict__.get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)
