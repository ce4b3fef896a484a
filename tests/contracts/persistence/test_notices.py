"""What every mailbox of PMS notices does."""

import asyncio
from datetime import timedelta

from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.ids import HotelId
from jack.domain.notices import Following, Notice
from tests.contracts.persistence.conftest import Store
from tests.contracts.persistence.test_delivery_inbox import a_delivery
from tests.hotel import HARBOUR, NOW

GARDEN = HotelId("garden")
LATER = NOW + timedelta(hours=1)
LAST = NOW + timedelta(days=999)


def a_notice(number: int = 1, hotel: HotelId = HARBOUR, **fields: object) -> Notice:
    """One push, received that many seconds after NOW."""
    given: dict[str, object] = {
        "id": f"notice-{number:05}",
        "hotel_id": hotel,
        "body": b'{"Events":[]}\x00\xff',
        "received_at": NOW + timedelta(seconds=number),
    }
    return Notice(**(given | fields))  # type: ignore[arg-type]  # a test's builder


async def test_a_stored_notice_waits_as_it_came(store: Store) -> None:
    await store.notices.store(a_notice())
    async with store.begin() as uow:
        assert await uow.notices.waiting(HARBOUR, 10) == (a_notice(),)
        assert await uow.notices.waiting(GARDEN, 10) == ()


async def test_notices_and_deliveries_come_in_together(store: Store) -> None:
    await asyncio.gather(
        *(store.notices.store(a_notice(number)) for number in range(120)),
        *(store.inbox.store(a_delivery(number)) for number in range(120)),
    )
    async with store.begin() as uow:
        assert await uow.notices.waiting(HARBOUR, 500) == tuple(a_notice(number) for number in range(120))
        assert await uow.inbox.count_waiting() == 120


async def test_a_notice_that_is_stored_twice_waits_once(store: Store) -> None:
    await store.notices.store(a_notice())
    await store.notices.store(a_notice())
    async with store.begin() as uow:
        assert await uow.notices.waiting(HARBOUR, 10) == (a_notice(),)


async def test_the_oldest_notices_come_first_in_parts_without_a_gap(store: Store) -> None:
    same = [a_notice(7, id=f"same-{number}") for number in (3, 1, 2)]
    for notice in (a_notice(9), *same, a_notice(1)):
        await store.notices.store(notice)
    async with store.begin() as uow:
        first = await uow.notices.waiting(HARBOUR, 3)
        rest = await uow.notices.waiting(HARBOUR, 3, first[-1])
    assert [notice.id for notice in first] == ["notice-00001", "same-1", "same-2"]
    assert [notice.id for notice in rest] == ["same-3", "notice-00009"]


async def test_what_is_done_or_kept_waits_no_more(store: Store) -> None:
    for number in (1, 2, 3):
        await store.notices.store(a_notice(number))
    async with store.begin() as uow:
        await uow.notices.done(["notice-00001"], NOW)
        await uow.notices.kept(["notice-00002"], "it is no JSON \x00\ud800", NOW)
        await uow.notices.done([], NOW)
        await uow.commit()
    async with store.begin() as uow:
        assert await uow.notices.waiting(HARBOUR, 10) == (a_notice(3),)


async def test_hotels_with_waiting_notices_are_told(store: Store) -> None:
    for number, hotel in enumerate((HARBOUR, GARDEN, HARBOUR, GARDEN)):
        await store.notices.store(a_notice(number, hotel))
    async with store.begin() as uow:
        assert await uow.notices.hotels_waiting(NOW) == ()
        assert await uow.notices.hotels_waiting(NOW + timedelta(seconds=1)) == (HARBOUR,)
        assert await uow.notices.hotels_waiting(LAST) == (GARDEN, HARBOUR)
        await uow.notices.done(["notice-00001", "notice-00003"], NOW)
        assert await uow.notices.hotels_waiting(LAST) == (HARBOUR,)
        await uow.notices.save_following(Following(hotel_id=GARDEN, changes_at=NOW))
        assert await uow.notices.hotels_waiting(NOW) == (GARDEN,)


async def test_done_notices_are_forgotten_earlier_than_unreadable_and_abandoned_ones(store: Store) -> None:
    for number in (1, 2, 3):
        await store.notices.store(a_notice(number))
    async with store.begin() as uow:
        await uow.notices.done(["notice-00001"], NOW)
        await uow.notices.kept(["notice-00002"], "it is no JSON", NOW)
        assert await uow.notices.forget_before(NOW, NOW) == 0
        assert await uow.notices.forget_before(LAST, NOW) == 1
        assert await uow.notices.forget_before(LAST, a_notice(3).received_at) == 1
        assert await uow.notices.waiting(HARBOUR, 10) == (a_notice(3),)
        assert await uow.notices.forget_before(LAST, LAST) == 1
        assert await uow.notices.waiting(HARBOUR, 10) == ()


async def test_who_follows_comes_back_as_it_was_stored(begin: BeginUnitOfWork) -> None:
    whole = Following(
        hotel_id=HARBOUR,
        began_at=NOW,
        lease_owner="me",
        lease_until=LATER,
        retry_after=LAST,
        failures=3,
        changes_at=NOW,
    )
    async with begin() as uow:
        assert await uow.notices.following(HARBOUR) == Following(hotel_id=HARBOUR)
        await uow.notices.save_following(whole)
        await uow.commit()
    async with begin() as uow:
        assert await uow.notices.following(HARBOUR) == whole
        assert await uow.notices.following(GARDEN) == Following(hotel_id=GARDEN)
        await uow.notices.save_following(Following(hotel_id=HARBOUR))
        assert await uow.notices.following(HARBOUR) == Following(hotel_id=HARBOUR)
