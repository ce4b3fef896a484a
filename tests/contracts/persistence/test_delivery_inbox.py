"""What every inbox does with deliveries."""

import asyncio
from datetime import timedelta

import pytest

from jack.adapters.persistence.deliveries import SqlInbox
from jack.adapters.persistence.engine import open_database
from jack.adapters.persistence.open_inbox import make_inbox
from jack.adapters.persistence.unit_of_work import BeginSqlUnitOfWork
from jack.application.ports.channels import Delivery
from tests.contracts.persistence.conftest import Store
from tests.hotel import NOW


def a_delivery(number: int = 1, **fields: object) -> Delivery:
    """One webhook call, received that many seconds after NOW."""
    given: dict[str, object] = {
        "id": f"delivery-{number:04}",
        "channel": "whatsapp",
        "accounts": ("106540352242922", "106540352242923"),
        "body": b'{"object":"whatsapp_business_account"}\x00\xff',
        "received_at": NOW + timedelta(seconds=number),
    }
    return Delivery(**(given | fields))  # type: ignore[arg-type]  # a test's builder


async def test_a_stored_delivery_waits_as_it_came(store: Store) -> None:
    await store.inbox.store(a_delivery())
    async with store.begin() as uow:
        assert await uow.inbox.waiting(10) == (a_delivery(),)
        assert await uow.inbox.count_waiting() == 1


async def test_two_hundred_at_once_are_all_stored_once(store: Store) -> None:
    await asyncio.gather(*(store.inbox.store(a_delivery(number)) for number in range(200)))
    async with store.begin() as uow:
        assert await uow.inbox.waiting(500) == tuple(a_delivery(number) for number in range(200))


async def test_storing_goes_on_while_units_of_work_write(store: Store) -> None:
    async def work(number: int) -> None:
        async with store.begin() as uow:
            await uow.sync.state(f"hotel-{number}")  # type: ignore[arg-type]  # a hotel's id
            await uow.commit()

    await asyncio.gather(
        *(store.inbox.store(a_delivery(number)) for number in range(50)), *(work(number) for number in range(20))
    )
    async with store.begin() as uow:
        assert await uow.inbox.count_waiting() == 50


async def test_the_oldest_come_first_and_no_more_than_asked_for(store: Store) -> None:
    for number in (3, 1, 2):
        await store.inbox.store(a_delivery(number))
    async with store.begin() as uow:
        assert [delivery.id for delivery in await uow.inbox.waiting(2)] == ["delivery-0001", "delivery-0002"]


async def test_what_is_unpacked_waits_no_more(store: Store) -> None:
    for number in (1, 2, 3):
        await store.inbox.store(a_delivery(number))
    async with store.begin() as uow:
        await uow.inbox.unpacked(["delivery-0001", "delivery-0003"], NOW)
        await uow.commit()
    async with store.begin() as uow:
        assert [delivery.id for delivery in await uow.inbox.waiting(10)] == ["delivery-0002"]
        assert await uow.inbox.count_waiting() == 1


async def test_a_delivery_with_a_problem_is_done_but_never_forgotten(store: Store) -> None:
    await store.inbox.store(a_delivery(1))
    await store.inbox.store(a_delivery(2))
    async with store.begin() as uow:
        await uow.inbox.kept("delivery-0001", ["one entry could not be read\x00"], NOW)
        await uow.inbox.unpacked(["delivery-0002"], NOW)
        await uow.commit()
    async with store.begin() as uow:
        assert await uow.inbox.waiting(10) == ()
        assert await uow.inbox.forget_before(NOW) == 0
        assert await uow.inbox.forget_before(NOW + timedelta(seconds=1)) == 1
        assert await uow.inbox.forget_before(NOW + timedelta(days=999)) == 0
        await uow.commit()


async def test_only_one_unpacks_at_a_time(postgres_url: str) -> None:
    # only here: in memory and on SQLite units of work run one after another
    database = open_database(postgres_url)
    begin, inbox = BeginSqlUnitOfWork(database), make_inbox(database)
    await inbox.start()
    for number in range(4):
        await inbox.store(a_delivery(number))
    async with begin() as first, begin() as second:
        assert [delivery.id for delivery in await first.inbox.waiting(2)] == ["delivery-0000", "delivery-0001"]
        assert await second.inbox.waiting(9) == ()
        await first.inbox.unpacked(["delivery-0000", "delivery-0001"], NOW)
        await first.commit()
    async with begin() as second:
        assert [delivery.id for delivery in await second.inbox.waiting(9)] == ["delivery-0002", "delivery-0003"]
    await inbox.aclose()
    await database.aclose()


async def test_whoever_finds_nothing_keeps_nobody_from_what_comes_then(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(postgres_url)
    begin, inbox = BeginSqlUnitOfWork(database), make_inbox(database)
    await inbox.start()
    await inbox.store(a_delivery(1))
    looks: list[int] = []
    look = SqlInbox._oldest

    async def another_is_faster(self: SqlInbox, limit: int) -> tuple[Delivery, ...]:
        looks.append(limit)
        if looks == [1, 9]:
            async with begin() as other:
                await other.inbox.unpacked(["delivery-0001"], NOW)
                await other.commit()
        return await look(self, limit)

    monkeypatch.setattr(SqlInbox, "_oldest", another_is_faster)
    async with begin() as first:
        assert await first.inbox.waiting(9) == ()
        assert looks == [1, 9, 1]
        await inbox.store(a_delivery(2))
        async with begin() as second:
            assert await second.inbox.waiting(9) == (a_delivery(2),)
    await inbox.aclose()
    await database.aclose()
