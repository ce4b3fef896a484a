"""What every message and every sweep asks costs the same however much the hotel has seen: an index answers it."""

from pathlib import Path
from typing import Any

from sqlalchemy import event

from jack.adapters.persistence.engine import Database, open_database
from jack.adapters.persistence.migrate import upgrade_async
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.application.ports.unit_of_work import UnitOfWork
from jack.domain.contact import ContactKind
from jack.domain.conversation import ChannelIdentity
from tests.hotel import HARBOUR, NOW, TODAY, a_conversation, a_guest, a_period, a_ref


async def ask_everything(uow: UnitOfWork) -> None:
    """What is asked for each message, each page of a sync and each sweep."""
    await uow.inbox.waiting(10)
    await uow.inbox.count_waiting()
    await uow.conversations.lock_by_identity(HARBOUR, "whatsapp", "1", [ChannelIdentity(kind="wa_id", value="1")])
    await uow.conversations.due_for_answer(NOW, NOW, 10)
    await uow.messages.get_by_provider_id("whatsapp", "1", "wamid.1")
    await uow.messages.unanswered(a_conversation().id)
    await uow.messages.history(a_conversation().id, 20)
    await uow.messages.in_state(a_conversation().id, ["queued"])
    await uow.messages.due_to_send(NOW, NOW, 10)
    await uow.messages.stuck_sending(NOW, 10)
    await uow.messages.take_parked("whatsapp", "1", "wamid.1")
    await uow.guests.by_contact(HARBOUR, ContactKind.PHONE, ["+351912345678"], 6)
    await uow.guests.by_refs(HARBOUR, [a_ref("anna")])
    await uow.reservations.by_refs(HARBOUR, [a_ref("R-1")])
    await uow.reservations.of_guests(HARBOUR, [a_guest().id], TODAY)
    await uow.reservations.count_in(HARBOUR, a_period())
    async for _ in uow.reservations.refs_in(HARBOUR, a_period()):
        pass
    await uow.sync.rejected_refs(HARBOUR, NOW, 10)
    await uow.staff.by_token("digest", NOW)


async def test_no_question_of_every_day_reads_a_whole_table(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/jack.db"
    await upgrade_async(url)
    database = open_database(url)
    plans = await plans_of(database)
    await database.aclose()
    whole = [
        (line, statement)
        for statement, plan in plans.items()
        for line in plan
        if line.startswith("SCAN") and not any(word in line for word in ("INDEX", "json_each", "VIRTUAL", "anon_"))
    ]
    assert len(plans) >= 19
    assert whole == []


async def plans_of(database: Database) -> dict[str, list[str]]:
    """SQLite's plan for each statement that is asked."""
    asked: dict[str, Any] = {}

    @event.listens_for(database.write_engine.sync_engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "DELETE", "UPDATE")):
            asked[statement] = parameters

    async with BeginSqlUnitOfWork(database)() as uow:
        await ask_everything(uow)
    async with database.read_engine.connect() as connection:
        return {
            statement: [
                row.detail for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ]
            for statement, parameters in list(asked.items())
        }
