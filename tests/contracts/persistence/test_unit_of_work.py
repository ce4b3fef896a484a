"""What every unit of work does: all or nothing, and one after another where two want the same."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.unit_of_work import BeginSqlReading, BeginSqlUnitOfWork
from jack.application.errors import Conflict
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.conversation import ChannelIdentity
from jack.domain.sync import SyncCursor, SyncState
from tests.contracts.persistence.conftest import Store
from tests.hotel import HARBOUR, NOW, a_conversation, a_guest, a_message, a_ref, a_staff_member, a_stay

ANNA = [ChannelIdentity(kind="wa_id", value="351912345678")]


async def seed(begin: BeginUnitOfWork) -> None:
    """Commit one conversation."""
    async with begin() as uow:
        assert await uow.conversations.add(a_conversation(), ANNA)
        await uow.commit()


async def test_without_a_commit_nothing_stays(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.conversations.add(a_conversation(), ANNA)
        await uow.guests.save_synced([a_guest()])
    async with begin() as uow:
        assert await uow.conversations.get(a_conversation().id) is None
        assert await uow.guests.get(HARBOUR, a_guest().id) is None


async def test_an_exception_leaves_nothing_and_passes(begin: BeginUnitOfWork) -> None:
    async def story() -> None:
        async with begin() as uow:
            await uow.conversations.add(a_conversation(), ANNA)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await story()
    async with begin() as uow:
        assert await uow.conversations.get(a_conversation().id) is None


async def test_what_is_committed_is_seen_by_the_next(begin: BeginUnitOfWork) -> None:
    await seed(begin)
    async with begin() as uow:
        assert await uow.conversations.get(a_conversation().id) == a_conversation()


async def test_a_unit_of_work_sees_its_own_changes(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        await uow.guests.save_synced([a_guest()])
        assert await uow.guests.get(HARBOUR, a_guest().id) == a_guest()


async def test_a_cancelled_story_leaves_nothing_and_blocks_nobody(begin: BeginUnitOfWork) -> None:
    written, forever = asyncio.Event(), asyncio.Event()

    async def story() -> None:
        async with begin() as uow:
            await uow.conversations.add(a_conversation(), ANNA)
            written.set()
            await forever.wait()

    task = asyncio.create_task(story())
    await written.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await seed(begin)


async def test_changes_after_the_commit_come_to_nothing(store: Store) -> None:
    async with store.begin() as uow:
        await uow.commit()
        if store.kind == "memory":
            await uow.conversations.add(a_conversation(), ANNA)
        else:
            with pytest.raises(RuntimeError):
                await uow.conversations.add(a_conversation(), ANNA)
    async with store.begin() as uow:
        assert await uow.conversations.get(a_conversation().id) is None


async def test_a_stale_version_is_a_conflict(begin: BeginUnitOfWork) -> None:
    await seed(begin)
    async with begin() as uow:
        saved = await uow.conversations.save(a_conversation().seen())
        assert saved.version == a_conversation().version + 1
        await uow.commit()
    async with begin() as uow:
        with pytest.raises(Conflict):
            await uow.conversations.save(a_conversation().seen())
    async with begin() as uow:
        assert await uow.conversations.save(saved) == replace(saved, version=saved.version + 1)


async def test_a_lock_makes_the_second_wait_for_the_first(begin: BeginUnitOfWork) -> None:
    await seed(begin)
    order: list[str] = []
    first_has_it, second_wants_it = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with begin() as uow:
            conversation = await uow.conversations.lock(a_conversation().id)
            assert conversation
            first_has_it.set()
            await second_wants_it.wait()
            for _ in range(20):  # give the second every chance to go ahead
                await asyncio.sleep(0.001)
            order.append("first")
            await uow.conversations.save(replace(conversation, display_name="first"))
            await uow.commit()

    async def second() -> None:
        await first_has_it.wait()
        second_wants_it.set()
        async with begin() as uow:
            conversation = await uow.conversations.lock(a_conversation().id)
            order.append("second")
            assert conversation
            assert conversation.display_name == "first"

    await asyncio.gather(first(), second())
    assert order == ["first", "second"]


async def test_twenty_who_count_at_once_lose_nothing(begin: BeginUnitOfWork) -> None:
    await seed(begin)

    async def count() -> None:
        async with begin() as uow:
            conversation = await uow.conversations.lock(a_conversation().id)
            assert conversation
            await uow.conversations.save(replace(conversation, unread=conversation.unread + 1))
            await uow.commit()

    await asyncio.gather(*(count() for _ in range(20)))
    async with begin() as uow:
        conversation = await uow.conversations.get(a_conversation().id)
        assert conversation
        assert conversation.unread == 20


async def test_two_who_begin_the_first_sync_of_a_hotel_wait_for_each_other(begin: BeginUnitOfWork) -> None:
    async def lease(owner: str) -> str:
        async with begin() as uow:
            state = await uow.sync.state(HARBOUR)
            if not state.is_running(NOW):
                await uow.sync.save_state(replace(state, lease_owner=owner, lease_until=NOW + timedelta(minutes=1)))
                await uow.commit()
                return owner
            return str(state.lease_owner)

    assert len(set(await asyncio.gather(*(lease(f"worker {n}") for n in range(5))))) == 1


async def test_one_identity_makes_one_conversation_however_many_come_at_once(begin: BeginUnitOfWork) -> None:
    async def arrive(number: int) -> bool:
        async with begin() as uow:
            added = await uow.conversations.add(a_conversation(f"c-{number}"), ANNA)
            await uow.commit()
            return added

    assert sum(await asyncio.gather(*(arrive(number) for number in range(8)))) == 1


async def test_one_provider_id_makes_one_message_however_many_come_at_once(begin: BeginUnitOfWork) -> None:
    await seed(begin)

    async def arrive(number: int) -> bool:
        async with begin() as uow:
            message = a_message(f"m-{number}", provider_id="wamid.1")
            added = await uow.messages.add_inbound(message, "whatsapp", "106540352242922")
            await uow.commit()
            return added

    assert sum(await asyncio.gather(*(arrive(number) for number in range(8)))) == 1
    async with begin() as uow:
        assert len(await uow.messages.history(a_conversation().id, 10)) == 1


INSTANTS = st.builds(
    lambda microseconds, minutes: (NOW + timedelta(microseconds=microseconds)).astimezone(
        timezone(timedelta(minutes=minutes))
    ),
    st.integers(-(10**15), 10**15),
    st.integers(-14 * 60, 14 * 60),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(instant=INSTANTS)
async def test_instants_come_back_equal_and_aware(begin: BeginUnitOfWork, instant: datetime) -> None:
    async with begin() as uow:
        await uow.sync.save_state(SyncState(hotel_id=HARBOUR, cursor=SyncCursor(at=instant), retry_after=instant))
        state = await uow.sync.state(HARBOUR)
        assert state.cursor == SyncCursor(at=instant)
        assert state.retry_after
        assert state.retry_after.tzinfo is not None
        assert await uow.sync.confirmed_at(HARBOUR) == instant


async def test_a_naive_instant_is_refused_by_the_databases(database: Database) -> None:
    naive = datetime.fromtimestamp(0, tz=UTC).replace(tzinfo=None)
    async with BeginSqlUnitOfWork(database)() as uow:
        with pytest.raises((StatementError, TypeError), match="time zone"):
            await uow.sync.save_state(SyncState(hotel_id=HARBOUR, retry_after=naive))


async def test_what_belongs_to_nothing_is_a_conflict(store: Store) -> None:
    async with store.begin() as uow:
        with pytest.raises(Conflict):
            await uow.messages.add_inbound(a_message(), "whatsapp", "106540352242922")
    async with store.begin() as uow:
        with pytest.raises(Conflict):
            await uow.reservations.save_synced([a_stay(guest="nobody", ref=a_ref("R-9"))])


async def test_a_reading_waits_for_no_writer_and_sees_what_is_committed(database: Database) -> None:
    begin, read = BeginSqlUnitOfWork(database), BeginSqlReading(database)
    async with begin() as uow:
        await uow.staff.add(a_staff_member("maria"), "hash")
        async with asyncio.timeout(5), read() as reading:
            assert await reading.staff.by_email("maria@hotel.example") is None
        await uow.commit()
    async with read() as reading:
        assert await reading.staff.by_email("maria@hotel.example")
