"""The bad days that a seeded book can play."""

import asyncio
from collections.abc import AsyncIterable
from datetime import timedelta

import pytest

from jack.adapters.pms.mock.gateway import MockPms
from jack.adapters.pms.mock.seeded import SeededBook
from jack.application.errors import ServiceRejected, ServiceUnavailable
from jack.application.ports.pms import SearchBy
from jack.application.ports.pms_pages import ReservationPage, RoomList
from jack.domain.snapshot import RejectedRecord
from jack.domain.sync import SyncWindow
from tests.fakes.clock import FixedClock
from tests.hotel import NOW, a_guest_snapshot, a_period, a_ref, a_reservation_snapshot

PERIOD = a_period(-10, 10)


def a_book(number: int = 5, page: int = 2) -> tuple[SeededBook, MockPms]:
    book = SeededBook(*(a_reservation_snapshot(f"R-{n}") for n in range(number)), page=page)
    return book, MockPms(book, FixedClock(NOW))


async def keys(pages: AsyncIterable[ReservationPage]) -> list[list[str]]:
    return [[r.ref.key for r in page.reservations] async for page in pages]


async def read_into(seen: list[str], pages: AsyncIterable[ReservationPage]) -> None:
    async for page in pages:
        seen += [r.ref.key for r in page.reservations]


async def test_a_reading_may_break_after_its_first_page() -> None:
    book, pms = a_book()
    book.fail(ServiceUnavailable("down", timedelta(seconds=3)), after=1)
    seen: list[str] = []

    with pytest.raises(ServiceUnavailable):
        await read_into(seen, pms.staying(PERIOD))

    assert seen == ["R-0", "R-1"]
    assert len(await keys(pms.staying(PERIOD))) == 3, "the next reading goes through"


async def test_failures_come_as_often_as_they_were_ordered() -> None:
    book, pms = a_book()
    book.fail(ServiceRejected("bad item"), times=2)

    for _ in range(2):
        with pytest.raises(ServiceRejected):
            await pms.rooms()

    assert await pms.rooms() == RoomList()
    assert book.asked_times == 3


async def test_a_hanging_pms_answers_when_it_goes_on() -> None:
    book, pms = a_book()
    book.hang()
    waiting = asyncio.create_task(pms.reservation(a_ref("R-1")))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waiting.done()

    book.go_on()

    assert await waiting == a_reservation_snapshot("R-1")


async def test_shifted_pages_bring_reservations_twice_and_lose_none() -> None:
    book, pms = a_book()
    book.shift_pages()

    assert await keys(pms.staying(PERIOD)) == [["R-0", "R-1"], ["R-1", "R-2", "R-3"], ["R-3", "R-4"]]


async def test_rejected_records_stand_on_the_first_page_even_of_an_empty_hotel() -> None:
    book, pms = a_book(0)
    record = RejectedRecord(kind="reservation", ref=a_ref("R-9"), reason="no dates", raw="{}")
    book.reject(record)

    assert [page.rejected async for page in pms.staying(PERIOD)] == [(record,)]


async def test_a_reservation_without_a_modification_instant_is_always_read() -> None:
    book, pms = a_book(0)
    book.put(a_reservation_snapshot(modified_at=None))

    assert await keys(pms.changed(SyncWindow(since=NOW, until=NOW))) == [["R-1"]]


async def test_a_guest_of_several_stays_is_told_in_the_newest_version() -> None:
    book, pms = a_book(0)
    book.put(
        a_reservation_snapshot("R-1", guest=a_guest_snapshot(last_name="Costa", modified_at=NOW)),
        a_reservation_snapshot("R-2", guest=a_guest_snapshot(last_name="Silva", modified_at=NOW - timedelta(days=9))),
    )

    guest = await pms.guest(a_ref("anna"))

    assert guest is not None
    assert guest.last_name == "Costa"


@pytest.mark.parametrize(
    ("by", "text", "first"),
    [
        (SearchBy.NAME, "costa", "Anna"),
        (SearchBy.NAME, "ann", "Anna"),
        (SearchBy.PHONE, "+351912345678", "Anna"),
        (SearchBy.NAME, "bruno co", "Bruno"),
        (SearchBy.EMAIL, "ANNA@EXAMPLE.COM", "Anna"),
    ],
)
async def test_the_best_fitting_guest_comes_first(by: SearchBy, text: str, first: str) -> None:
    book, pms = a_book(0)
    book.put(
        a_reservation_snapshot("R-1", guest=a_guest_snapshot("anna", last_name="Costa")),
        a_reservation_snapshot("R-2", guest=a_guest_snapshot("bruno", last_name="Costantini")),
    )

    found = await pms.search_guests(by, text)

    assert found[0].first_name == first


async def test_a_search_for_nothing_finds_nobody() -> None:
    _, pms = a_book()

    assert await pms.search_guests(SearchBy.NAME, "  ") == ()
