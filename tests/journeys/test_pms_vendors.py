"""A hotel connects its PMS: `jack doctor` and `jack sync` as processes against each vendor on loopback."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from jack.adapters.clock import SystemClock
from jack.adapters.http import make_client
from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.snapshot import ReservationSnapshot
from tests.conftest import migrate
from tests.contracts.pms_readings import at_home
from tests.contracts.stages import STAGES, over_http
from tests.contracts.stages.stage import PmsStage, StageDoor
from tests.fakes.pms import RememberingFake
from tests.hotel import a_guest_snapshot, a_reservation_snapshot, a_room_snapshot
from tests.programs import Program, free_port
from tests.simulators.pms.vendor import Fails, VendorSwitchboard
from tests.simulators.serving import serve

pytestmark = over_http

_CONFIGURATION = """\
[database]
url = "sqlite+aiosqlite:///jack.db"

[model]
provider = "scripted"

[[hotels]]
id = "harbour"
name = "Harbour Hotel"
time_zone = "{zone}"
language = "en"
phone_region = "PT"

[hotels.pms]
{pms}
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """A hotel's folder, and the vendor that it connects to."""

    folder: Path
    stage: PmsStage

    def configure(self, zone: str = "Europe/Lisbon", **keys: str) -> None:
        """Write jack.toml."""
        settings = self.stage.settings() | keys
        pms = "\n".join(f'{key} = "{value}"' for key, value in settings.items())
        (self.folder / "jack.toml").write_text(_CONFIGURATION.format(zone=zone, pms=pms), encoding="utf-8")

    async def jack(self, *arguments: str) -> tuple[int, str]:
        """Run a command; its exit code and what it said, which is never a secret or a traceback."""
        program = await Program.start(self.folder, *arguments)
        code = await program.end()
        assert "Traceback" not in program.said
        assert not [secret for secret in self.stage.secrets if secret in program.said]
        return code, program.said

    async def pms_line(self) -> str:
        """What the doctor says of the PMS, once it has found something wrong."""
        code, said = await self.jack("doctor")
        (line,) = [line for line in said.splitlines() if "PMS of harbour" in line]
        assert line.startswith("WRONG  PMS of harbour: "), said
        assert code == 1
        return line


@pytest.fixture(scope="module")
async def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without anything in it, to be copied."""
    file = tmp_path_factory.mktemp("prepared") / "jack.db"
    await migrate(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
async def desk(vendor_name: str, tmp_path: Path, prepared: Path) -> AsyncIterator[Desk]:
    shutil.copy(prepared, tmp_path / "jack.db")
    switchboard = VendorSwitchboard()
    async with serve(switchboard) as url, make_client() as client:
        door = StageDoor(clock=SystemClock(), client=client, base_url=url, memory=RememberingFake())
        stage = STAGES[vendor_name](door)
        switchboard.simulator = stage.simulator
        stage.is_called("Harbour Hotel", "Europe/Lisbon")
        stage.has_rooms(a_room_snapshot())
        stage.holds(*guests(stage))
        desk = Desk(tmp_path, stage)
        desk.configure()
        yield desk
        assert stage.simulator is not None
        stage.simulator.release()


def guests(stage: PmsStage) -> list[ReservationSnapshot]:
    """Three stays of today's world: one in house, one to come, one that was called off."""
    now = SystemClock().now()
    days = {"in-house": (-1, 2), "to-come": (5, 8), "off": (7, 9)}
    states = (ReservationStatus.CHECKED_IN, ReservationStatus.CONFIRMED, ReservationStatus.CANCELLED)
    return [
        at_home(
            stage,
            a_reservation_snapshot(
                key,
                status=status,
                room_number="204" if status is ReservationStatus.CHECKED_IN else None,
                guest=replace(a_guest_snapshot(f"guest-{key}"), modified_at=now - timedelta(days=1)),
                period=StayPeriod(
                    arrival=now.date() + timedelta(days=first), departure=now.date() + timedelta(days=last)
                ),
                modified_at=now - timedelta(hours=2),
            ),
        )
        for (key, (first, last)), status in zip(days.items(), states, strict=True)
    ]


async def test_the_first_day_with_a_pms(desk: Desk) -> None:
    code, said = await desk.jack("sync")
    assert code == 0, said
    assert "harbour: complete, 3 created, 0 updated, 0 unchanged, 0 rejected, 0 gone" in said

    code, said = await desk.jack("doctor")
    assert code == 0, said
    assert "Harbour Hotel" in said

    code, said = await desk.jack("sync", "--full")
    assert code == 0, said
    assert "harbour: complete, 0 created, 0 updated, 3 unchanged" in said

    with sqlite3.connect(desk.folder / "jack.db") as database:
        states = database.execute("SELECT status, count(*) FROM reservations GROUP BY status").fetchall()
        rooms = database.execute("SELECT number FROM rooms").fetchall()
    assert dict(states) == {"checked_in": 1, "confirmed": 1, "cancelled": 1}
    assert rooms == [("204",)]


async def test_a_record_that_cannot_be_read_is_told_by_the_exit_code(desk: Desk) -> None:
    desk.stage.garbles(guests(desk.stage)[1].ref)

    code, said = await desk.jack("sync")

    assert code == 1, said
    assert "2 created, 0 updated, 0 unchanged, 1 rejected" in said


WRONG: dict[str, tuple[Callable[[PmsStage], object], tuple[str, ...]]] = {
    "a wrong token": (lambda stage: stage.refuses_credentials(), ("credential", "token", "key", "secret", "client")),
    "the wrong hotel": (lambda stage: stage.opens_another_hotel(), ("hotel", "property", "enterprise")),
    "a missing permission": (lambda stage: stage.withholds_a_permission(), ()),
    "a clock that runs wrong": (lambda stage: _skew(stage, timedelta(minutes=7)), ("clock",)),
    "a vendor that is down": (lambda stage: _always(stage, Fails(503)), ("503",)),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_is_wrong_is_told_in_a_plain_sentence(desk: Desk, wrong: str) -> None:
    breaks, words = WRONG[wrong]
    told = breaks(desk.stage)

    line = (await desk.pms_line()).lower()

    words = words or (str(told).lower(),)
    assert any(word in line for word in words), line


async def test_a_sync_that_could_not_run_says_why_and_ends_with_two(desk: Desk) -> None:
    desk.stage.refuses_credentials()

    code, said = await desk.jack("sync")

    assert code == 2, said
    assert "harbour: failed" in said
    assert any(word in said.lower() for word in WRONG["a wrong token"][1]), said


async def test_a_host_that_cannot_be_reached_and_a_wrong_time_zone_are_told(desk: Desk) -> None:
    desk.configure(zone="America/New_York")
    zone = await desk.pms_line() if (await desk.stage.pms.hotel()).time_zone else "America/New_York, Europe/Lisbon"
    assert "America/New_York" in zone
    assert "Europe/Lisbon" in zone

    nowhere = f"http://127.0.0.1:{free_port()}"
    addresses = {key: nowhere for key in desk.stage.settings() if key.endswith("_url")}
    desk.configure(**addresses)

    assert "could not be reached: nothing listens at its address" in await desk.pms_line()


def _skew(stage: PmsStage, skew: timedelta) -> None:
    assert stage.simulator is not None
    stage.simulator.date_skew = skew


def _always(stage: PmsStage, fault: Fails) -> None:
    assert stage.simulator is not None
    stage.simulator.always(fault)
