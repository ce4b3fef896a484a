"""`jack sync` is killed for real, at points that the PMS can see, and the next one makes the copy whole."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from jack.adapters.clock import SystemClock
from jack.adapters.http import make_client
from jack.adapters.persistence.engine import open_database
from jack.application.errors import OutsideFailure
from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.snapshot import ReservationSnapshot
from tests.contracts.pms_readings import at_home
from tests.contracts.stages import STAGES
from tests.contracts.stages.stage import PmsStage, StageDoor
from tests.fakes.pms import RememberingFake
from tests.hotel import a_guest_snapshot, a_reservation_snapshot, a_room_snapshot
from tests.programs import Program, eventually
from tests.simulators.pms.vendor import Hangs, VendorSwitchboard, Works
from tests.simulators.serving import serve

_CONFIGURATION = """\
[database]
url = "{database}"

[model]
provider = "scripted"

[[hotels]]
id = "harbour"
name = "Harbour Hotel"
time_zone = "Europe/Lisbon"
language = "en"
phone_region = "PT"

[hotels.pms]
{pms}
"""


@dataclass(slots=True)
class Desk:
    """A hotel's folder and database, and the PMS on loopback."""

    folder: Path
    stage: PmsStage
    url: str
    stays: list[ReservationSnapshot] = field(default_factory=list)

    def hold(self, number: int, nights: int = 3) -> None:
        """Let the PMS have so many stays, from three weeks ago to most of a year ahead."""
        now = SystemClock().now()
        first = now.date() - timedelta(days=20)
        self.stays = [
            at_home(
                self.stage,
                a_reservation_snapshot(
                    f"stay-{n:05}",
                    status=ReservationStatus.CONFIRMED,
                    guest=replace(a_guest_snapshot(f"guest-{n:05}"), modified_at=now - timedelta(days=1)),
                    period=StayPeriod(
                        arrival=first + timedelta(days=n * 300 // number),
                        departure=first + timedelta(days=n * 300 // number + nights),
                    ),
                    modified_at=now - timedelta(hours=2),
                ),
            )
            for n in range(number)
        ]
        self.stage.holds(*self.stays)

    async def sync(self, *arguments: str) -> tuple[int, str]:
        """One whole `jack sync`."""
        program = await Program.start(self.folder, "sync", *arguments)
        code = await program.end()
        return code, program.said

    async def killed_sync(self, until: Callable[[], Awaitable[Any]], *arguments: str) -> None:
        """A `jack sync` that is killed as soon as `until` finds something; then its lease lapses."""
        program = await Program.start(self.folder, "sync", *arguments)
        await eventually(until)
        assert program.process.returncode is None, program.said
        await program.kill()
        assert self.stage.simulator is not None
        self.stage.simulator.faults.clear()
        self.stage.simulator.release()
        past = SystemClock().now() - timedelta(seconds=1)
        await self._do("UPDATE sync_states SET lease_until = :at WHERE lease_until IS NOT NULL", at=past)

    async def ask(self, question: str) -> list[tuple[Any, ...]]:
        """What the database answers; nothing while there is none yet."""
        database = open_database(self.url)
        try:
            async with database.reading() as connection:
                return [tuple(row) for row in await connection.execute(text(question))]
        finally:
            await database.aclose()

    async def _do(self, order: str, at: datetime) -> None:
        database = open_database(self.url)
        try:
            async with database.writing() as connection:
                told: Any = at if database.dialect == "postgresql" else at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
                await connection.execute(text(order), {"at": told})
                await connection.commit()
        finally:
            await database.aclose()

    async def is_whole(self) -> None:
        """Jack's copy equals the PMS: each stay and each guest once, none doubled, none gone."""
        rows = await self.ask("SELECT pms_key, arrival, departure, status FROM reservations WHERE gone_at IS NULL")
        held = {(key, str(arrival), str(departure), status) for key, arrival, departure, status in rows}
        assert len(rows) == len(held)
        assert held == {
            (stay.ref.key, str(stay.period.arrival), str(stay.period.departure), stay.status.value)
            for stay in self.stays
        }
        assert await self.ask("SELECT count(*) FROM guests") == [(len(self.stays),)]
        assert await self.ask("SELECT count(*) FROM sync_runs WHERE status = 'running'") == [(0,)]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite+aiosqlite:///{tmp_path}/jack.db"


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    switchboard = VendorSwitchboard()
    async with serve(switchboard) as url, make_client() as client:
        door = StageDoor(clock=SystemClock(), client=client, base_url=url, memory=RememberingFake())
        stage = STAGES["apaleo"](door)
        switchboard.simulator = stage.simulator
        stage.is_called("Harbour Hotel", "Europe/Lisbon")
        stage.has_rooms(a_room_snapshot())
        desk = Desk(tmp_path, stage, database_url)
        pms = "\n".join(f'{key} = "{value}"' for key, value in stage.settings().items())
        (tmp_path / "jack.toml").write_text(_CONFIGURATION.format(database=database_url, pms=pms), encoding="utf-8")
        yield desk
        assert stage.simulator is not None
        stage.simulator.release()


@pytest.mark.parametrize(
    ("point", "calls"), [("nothing was read yet", 0), ("one page is kept", 1), ("two pages are kept", 2)]
)
async def test_a_first_sync_that_is_killed_is_made_whole_by_the_next(desk: Desk, point: str, calls: int) -> None:
    desk.hold(500)
    simulator = desk.stage.simulator
    assert simulator is not None
    simulator.will(*[Works()] * calls, Hangs())
    before = len(simulator.requests)

    async def hangs() -> bool:
        return not simulator.faults and len(simulator.requests) > before + calls

    await desk.killed_sync(hangs)
    code, said = await desk.sync()
    assert code == 0, f"{point}: {said}"
    await desk.is_whole()


async def test_a_full_sync_that_is_killed_while_it_asks_for_a_missing_stay_marks_it_the_next_time(desk: Desk) -> None:
    desk.hold(300)
    assert (await desk.sync())[0] == 0
    simulator = desk.stage.simulator
    assert simulator is not None
    before = len(simulator.requests)
    assert (await desk.sync("--full"))[0] == 0
    calls = [request for request in simulator.requests[before:] if simulator.is_data_call(request)]
    readings = next(number for number, request in enumerate(calls) if "/units" in request.path)
    lost = desk.stays.pop(7)
    desk.stage.forgets(lost.ref)
    simulator.will(*[Works()] * readings, Hangs())

    async def asks_for_it() -> bool:
        return not simulator.faults and lost.ref.key in simulator.requests[-1].path

    await desk.killed_sync(asks_for_it, "--full")
    code, said = await desk.sync("--full")
    assert code == 0, said
    held = await desk.ask("SELECT pms_key FROM reservations WHERE gone_at IS NOT NULL")
    assert held == [(lost.ref.key,)]
    assert await desk.ask("SELECT kind FROM stay_events") == [("gone",)]
    assert await desk.ask("SELECT count(*) FROM seen_stays") == [(0,)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_first_load_of_a_big_hotel_goes_on_where_it_was_killed(desk: Desk) -> None:
    desk.hold(5_200)
    simulator = desk.stage.simulator
    assert simulator is not None

    async def some_slices_are_kept() -> bool:
        try:
            rows = await desk.ask("SELECT loaded_until FROM sync_states WHERE loaded_until IS NOT NULL")
        except OutsideFailure:
            return False  # there is no database yet
        return bool(rows)

    await desk.killed_sync(some_slices_are_kept)
    kept = (await desk.ask("SELECT count(*) FROM reservations"))[0][0]
    assert 0 < kept < 5_200
    code, said = await desk.sync()
    assert code == 0, said
    created = int(re.findall(r"(\d+) created", said)[-1])
    assert created < 5_200
    assert "0 updated" in said
    await desk.is_whole()


async def test_two_syncs_at_the_same_moment_do_no_harm(desk: Desk) -> None:
    desk.hold(120)
    await desk.sync()  # so that the database is made before they meet
    outcomes = await asyncio.gather(*(desk.sync() for _ in range(3)))
    assert min(code for code, _ in outcomes) == 0, outcomes
    odd = [(code, said) for code, said in outcomes if code and "going on" not in said]
    assert not odd, odd
    await desk.is_whole()
