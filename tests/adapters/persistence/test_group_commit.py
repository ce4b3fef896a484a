"""The durable inbox when things go wrong: nobody waits for ever, nobody is told what is not true."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from jack.adapters.persistence import inbox as inbox_module
from jack.adapters.persistence.engine import open_database
from jack.adapters.persistence.inbox import DeliveryWriter, GroupCommitInbox, Stored
from jack.adapters.persistence.migrate import upgrade_async
from jack.adapters.persistence.open_inbox import make_inbox
from jack.application.errors import ServiceUnavailable
from jack.application.ports.channels import Delivery
from tests.adapters.persistence.test_failures import end_all_connections
from tests.contracts.persistence.test_delivery_inbox import a_delivery

SHORT = timedelta(milliseconds=200)


class ScriptedWriter(DeliveryWriter):
    """Writes to a list, slowly or not at all."""

    def __init__(self) -> None:
        self.commits: list[list[str]] = []
        self.failures = 0
        self.begun = asyncio.Event()
        self.disconnected = 0
        self.ready = asyncio.Event()
        self.ready.set()

    async def write(self, deliveries: Sequence[Stored]) -> None:
        self.begun.set()
        await self.ready.wait()
        if self.failures:
            self.failures -= 1
            raise RuntimeError("nobody foresaw this")
        self.commits.append([delivery.id for delivery in deliveries])

    async def disconnect(self) -> None:
        self.disconnected += 1


@pytest.fixture
def writer() -> ScriptedWriter:
    """The connection under the inbox."""
    return ScriptedWriter()


@pytest.fixture
async def inbox(writer: ScriptedWriter) -> AsyncIterator[GroupCommitInbox]:
    """An inbox that gives up quickly."""
    opened = GroupCommitInbox([writer], time_limit=SHORT)
    await opened.start()
    yield opened
    await opened.aclose()


async def outcome(inbox: GroupCommitInbox, delivery: Delivery) -> str:
    """ "stored", or why not."""
    try:
        await inbox.store(delivery)
    except ServiceUnavailable as failure:
        return str(failure)
    return "stored"


async def test_what_comes_during_a_write_shares_the_next(inbox: GroupCommitInbox, writer: ScriptedWriter) -> None:
    writer.ready.clear()
    storing = [asyncio.create_task(inbox.store(a_delivery(0)))]
    await writer.begun.wait()
    storing += [asyncio.create_task(inbox.store(a_delivery(number))) for number in range(1, 10)]
    await asyncio.sleep(0)
    writer.ready.set()
    await asyncio.gather(*storing)
    assert [len(commit) for commit in writer.commits] == [1, 9]


async def test_a_commit_has_a_bounded_size(
    inbox: GroupCommitInbox, writer: ScriptedWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "MOST_DELIVERIES", 3)
    monkeypatch.setattr(inbox_module, "MOST_BYTES", 100)
    sizes = [10, 10, 10, 10, 95, 95, 500]
    deliveries = [a_delivery(number, body=b"x" * size) for number, size in enumerate(sizes)]
    await asyncio.gather(*(inbox.store(delivery) for delivery in deliveries))
    assert [len(commit) for commit in writer.commits] == [3, 1, 1, 1, 1]


async def test_one_failure_is_tried_again_on_a_new_connection(inbox: GroupCommitInbox, writer: ScriptedWriter) -> None:
    writer.failures = 1
    assert await outcome(inbox, a_delivery()) == "stored"
    assert writer.disconnected == 1


async def test_a_batch_that_fails_twice_is_told_to_everyone_and_the_next_goes_through(
    inbox: GroupCommitInbox, writer: ScriptedWriter
) -> None:
    writer.failures = 2
    told = await asyncio.gather(*(outcome(inbox, a_delivery(number)) for number in range(5)))
    assert told == ["the delivery could not be stored (RuntimeError)"] * 5
    assert await outcome(inbox, a_delivery(9)) == "stored"


async def test_nobody_waits_longer_than_the_time_limit(inbox: GroupCommitInbox, writer: ScriptedWriter) -> None:
    writer.ready.clear()
    assert await outcome(inbox, a_delivery()) == "the delivery could not be stored in time"
    writer.ready.set()
    assert await outcome(inbox, a_delivery(2)) == "stored"


async def test_a_delivery_whose_sender_has_gone_is_not_written_later(
    inbox: GroupCommitInbox, writer: ScriptedWriter
) -> None:
    writer.ready.clear()
    blocking = asyncio.create_task(outcome(inbox, a_delivery(1)))
    await writer.begun.wait()
    assert await outcome(inbox, a_delivery(2)) != "stored"
    writer.ready.set()
    await blocking
    assert await outcome(inbox, a_delivery(3)) == "stored"
    assert writer.commits == [["delivery-0001"], ["delivery-0003"]]


async def test_an_inbox_that_is_not_open_takes_nothing(writer: ScriptedWriter) -> None:
    inbox = GroupCommitInbox([writer])
    assert await outcome(inbox, a_delivery()) == "the inbox is not open"
    await inbox.start()
    await inbox.aclose()
    assert await outcome(inbox, a_delivery()) == "the inbox is not open"


async def test_closing_writes_what_still_waits(writer: ScriptedWriter) -> None:
    inbox = GroupCommitInbox([writer])
    await inbox.start()
    storing = [asyncio.create_task(outcome(inbox, a_delivery(number))) for number in range(3)]
    await asyncio.sleep(0)
    await inbox.aclose()
    assert await asyncio.gather(*storing) == ["stored"] * 3


async def test_what_is_acknowledged_is_in_the_file(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/jack.db"
    await upgrade_async(url)
    database = open_database(url)
    inbox = make_inbox(database)
    await inbox.start()
    await inbox.store(a_delivery())
    with closing(sqlite3.connect(tmp_path / "jack.db")) as other:
        assert other.execute("SELECT id, channel FROM inbox_deliveries").fetchall() == [("delivery-0001", "whatsapp")]
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    await inbox.aclose()
    await database.aclose()


async def test_a_file_that_another_process_writes_to_is_unavailable_for_so_long(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/jack.db"
    await upgrade_async(url)
    database = open_database(url)
    inbox = make_inbox(database, time_limit=SHORT)
    await inbox.start()
    with closing(sqlite3.connect(tmp_path / "jack.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await outcome(inbox, a_delivery(1)) == "the delivery could not be stored in time"
        other.execute("ROLLBACK")
    for number in range(2, 60):
        if await outcome(inbox, a_delivery(number)) == "stored":
            break
    else:
        raise AssertionError("the inbox never recovered")
    await inbox.aclose()
    await database.aclose()


async def test_a_missing_file_is_told_at_once(tmp_path: Path) -> None:
    database = open_database("sqlite+aiosqlite:////nonexistent/folder/jack.db")
    inbox = make_inbox(database)
    await inbox.start()
    assert "cannot be opened" in await outcome(inbox, a_delivery())
    await inbox.aclose()
    await database.aclose()


async def test_a_restarted_server_costs_no_delivery(postgres_url: str) -> None:
    database = open_database(postgres_url)
    inbox = make_inbox(database)
    await inbox.start()
    for number in range(4):
        assert await outcome(inbox, a_delivery(number)) == "stored"
        await end_all_connections(postgres_url)
    await inbox.aclose()
    await database.aclose()


async def test_a_server_that_is_down_is_unavailable() -> None:
    database = open_database("postgresql+asyncpg://jack:do-not-tell@127.0.0.1:1/jack")
    inbox = make_inbox(database)
    await inbox.start()
    assert await outcome(inbox, a_delivery()) == "the database cannot be reached"
    await inbox.aclose()
    await database.aclose()
