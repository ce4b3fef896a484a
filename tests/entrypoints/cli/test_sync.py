"""`jack sync`: what it counts, what it shows meanwhile, and what its exit code says."""

import asyncio
import os
import pty
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from jack.adapters.clock import SystemClock
from jack.adapters.pms.mock.seeded import SeededBook
from jack.application.errors import ServiceUnavailable
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.ids import HotelId
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import RejectedRecord, ReservationSnapshot
from jack.entrypoints.settings import load_settings
from jack.entrypoints.wiring.container import open_jack
from tests import hotel as the
from tests.entrypoints.cli.conftest import Desk

CLEAN, SOME_REJECTED, CANNOT_RUN = 0, 1, 2


async def test_a_clean_run_tells_its_counts_and_its_pages(desk: Desk, book: SeededBook) -> None:
    book.put(*(_stay(f"R-{number}") for number in range(3)))

    said = await desk.jack("sync", "harbour")

    assert said.code == CLEAN
    assert said.out == "harbour: complete, 3 created, 0 updated, 0 unchanged, 0 rejected, 0 gone\n"
    assert said.err.splitlines() == ["harbour: 2 of 3 reservations read", "harbour: 3 of 3 reservations read"]


async def test_rejected_records_are_told_by_the_exit_code(desk: Desk, book: SeededBook) -> None:
    book.put(_stay("R-1"))
    book.reject(RejectedRecord(kind="reservation", ref=the.a_ref("R-2"), reason="has no dates", raw="{}"))

    said = await desk.jack("sync")

    assert said.code == SOME_REJECTED
    assert "1 created" in said.out
    assert "1 rejected" in said.out


async def test_a_pms_that_is_away_is_told_and_nothing_is_counted(desk: Desk, book: SeededBook) -> None:
    book.fail(ServiceUnavailable("the PMS does not answer"), times=9)

    said = await desk.jack("sync")

    assert said.code == CANNOT_RUN
    assert "harbour: failed, 0 created" in said.out
    assert "harbour: the PMS does not answer" in said.err


async def test_an_unknown_hotel_cannot_be_synced(desk: Desk) -> None:
    said = await desk.jack("sync", "castle")

    assert (said.code, said.err) == (CANNOT_RUN, "There is no hotel 'castle'; the configuration has: harbour.\n")


async def test_a_run_that_goes_on_elsewhere_is_not_joined(desk: Desk, book: SeededBook) -> None:
    async with open_jack(load_settings(desk.folder / "jack.toml", {})) as container:
        begin = await container.get(BeginUnitOfWork)
        await _hold_the_lease(begin, timedelta(minutes=1))

        waiting = asyncio.create_task(desk.jack("sync"))
        while not waiting.done():
            await asyncio.sleep(0.1)
            await _hold_the_lease(begin, timedelta(minutes=1))
        said = await waiting

    assert (said.code, said.out) == (CANNOT_RUN, "")
    assert said.err.splitlines()[-1] == "harbour: a sync of harbour is going on"


async def test_a_run_that_was_killed_is_waited_out(desk: Desk, book: SeededBook) -> None:
    async with open_jack(load_settings(desk.folder / "jack.toml", {})) as container:
        await _hold_the_lease(await container.get(BeginUnitOfWork), timedelta(seconds=3))

    said = await desk.jack("sync")

    assert said.code == CLEAN
    assert said.err.splitlines()[0] == "harbour: another sync goes on or was killed; looking which"


async def _hold_the_lease(begin: BeginUnitOfWork, duration: timedelta) -> None:
    async with begin() as uow:
        state = await uow.sync.state(HotelId("harbour"))
        until = SystemClock().now() + duration
        await uow.sync.save_state(replace(state, lease_owner="another", lease_until=until))
        await uow.commit()


async def test_a_full_run_finds_what_is_gone(desk: Desk, book: SeededBook) -> None:
    book.put(_stay("R-1"), _stay("R-2"))
    await desk.jack("sync")
    book.delete(the.a_ref("R-2"))

    usual, full = await desk.jack("sync"), await desk.jack("sync", "--full")

    assert "0 gone" in usual.out
    assert "1 gone" in full.out
    assert full.code == CLEAN


async def test_since_reads_what_changed_from_that_day_on(desk: Desk, book: SeededBook) -> None:
    now = SystemClock().now()
    book.put(_stay("R-1", modified_at=now - timedelta(days=30)), _stay("R-2", modified_at=now - timedelta(days=2)))

    said = await desk.jack("sync", "--since", (now - timedelta(days=9)).date().isoformat())

    assert said.code == CLEAN
    assert "1 created" in said.out


async def test_a_day_that_is_none_is_refused(desk: Desk) -> None:
    said = await desk.jack("sync", "--since", "yesterday")

    assert said.code == CANNOT_RUN
    assert said.err.startswith("--since 'yesterday' is no date; write it like 2026-11-01")


async def test_full_and_since_do_not_go_together(desk: Desk) -> None:
    said = await desk.jack("sync", "--full", "--since", "2026-11-01")

    assert said.code == CANNOT_RUN
    assert "--full reads everything" in said.err


def test_a_terminal_shows_a_bar_and_takes_it_away(desk: Desk, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "jack", "sync"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs
    )
    os.close(theirs)

    out, _ = process.communicate(timeout=60)

    drawn = _read_all(ours)
    assert process.returncode == CLEAN
    assert out.startswith(b"harbour: complete, ")
    assert "harbour: [##" in drawn
    assert "/s, 0 s left" in drawn
    assert drawn.endswith("\r\x1b[K")


def _read_all(terminal: int) -> str:
    found = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # Linux's way of telling that the other side has closed
            part = b""
        if not part:
            os.close(terminal)
            return found.decode()
        found += part


def _stay(key: str, **fields: Any) -> ReservationSnapshot:
    """A stay around the real today, because commands live by the machine's clock."""
    today = SystemClock().now().date()
    period = StayPeriod(arrival=today, departure=today + timedelta(days=2))
    given: dict[str, Any] = {"period": period, "modified_at": SystemClock().now()}
    return the.a_reservation_snapshot(key, **(given | fields))
