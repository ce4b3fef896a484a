"""Nobody who writes to SQLite is kept waiting for somebody who is still thinking, or for a page of a thousand."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from jack.adapters.persistence.engine import Database, open_database
from jack.adapters.persistence.migrate import upgrade_async
from jack.adapters.persistence.unit_of_work import AT_ONCE, WHILE_DELIVERED, BeginSqlUnitOfWork
from jack.adapters.phones import LibPhoneReader
from jack.application.ports.pms_pages import ReservationPage
from jack.application.ports.unit_of_work import UnitOfWork
from jack.application.stays.pages import PageKeeper
from jack.domain.sync import SyncCounts
from tests.fakes.clock import FixedClock
from tests.hotel import HARBOUR, SYSTEM, a_guest_snapshot, a_hotel, a_reservation_snapshot


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh file."""
    url = f"sqlite+aiosqlite:///{tmp_path}/jack.db"
    await upgrade_async(url)
    opened = open_database(url)
    yield opened
    await opened.aclose()


async def delivered(database: Database) -> None:
    """A delivery is stored."""
    assert database.turn
    async with database.turn.taken(first=True):
        pass


async def test_a_unit_of_work_takes_its_turn_with_its_first_statement(database: Database) -> None:
    begin = BeginSqlUnitOfWork(database)
    async with begin() as thinking, asyncio.timeout(5):
        async with begin() as quick:
            await quick.sync.state(HARBOUR)
            await quick.commit()
        assert (await thinking.sync.state(HARBOUR)).hotel_id == HARBOUR


async def test_less_is_written_at_once_while_deliveries_come_in(database: Database) -> None:
    begin = BeginSqlUnitOfWork(database)
    async with begin() as uow:
        assert uow.at_once == AT_ONCE
    await delivered(database)
    async with begin() as uow:
        assert uow.at_once == WHILE_DELIVERED


async def test_a_long_page_is_kept_in_parts_with_deliveries_between_them(database: Database) -> None:
    stays = tuple(
        a_reservation_snapshot(f"R-{number}", guest=a_guest_snapshot(f"guest{number}", phones=()))
        for number in range(2 * WHILE_DELIVERED + 1)
    )
    commits = 0
    original = BeginSqlUnitOfWork(database)
    await delivered(database)

    async def counted(uow: UnitOfWork, counts: SyncCounts, page: ReservationPage) -> None:
        nonlocal commits
        commits += 1
        assert len(page.reservations) <= WHILE_DELIVERED
        await uow.commit()

    keeper = PageKeeper(original, LibPhoneReader(), FixedClock(), a_hotel(), SYSTEM, counted)
    assert await keeper.page(ReservationPage(reservations=stays)) == SyncCounts(created=len(stays))
    assert commits == 3
    async with database.reading() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM reservations"))).scalar_one() == len(stays)


async def test_everything_else_has_its_turn_while_a_page_is_kept(database: Database) -> None:
    stays = tuple(
        a_reservation_snapshot(f"R-{number}", guest=a_guest_snapshot(f"guest{number}", phones=()))
        for number in range(500)
    )
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    going_on = asyncio.create_task(others())
    keeper = PageKeeper(BeginSqlUnitOfWork(database), LibPhoneReader(), FixedClock(), a_hotel(), SYSTEM)
    await keeper.page(ReservationPage(reservations=stays))
    going_on.cancel()
    assert turns >= 4 * len(stays) // 50  # each of the four times that the page is looked through


async def test_postgresql_keeps_no_plan_from_when_its_tables_were_empty(postgres_url: str) -> None:
    database = open_database(postgres_url)
    async with database.reading() as connection:
        assert (await connection.execute(text("SHOW plan_cache_mode"))).scalar_one() == "force_custom_plan"
    await database.aclose()
