"""What every memory of a PMS adapter does."""

from collections.abc import Callable

import pytest

from jack.adapters.persistence.pms_memory import SqlPmsMemory
from jack.application.ports.pms_notices import PmsMemory
from jack.domain.ids import HotelId
from tests.contracts.persistence.conftest import Store
from tests.fakes.pms import RememberingFake
from tests.hotel import HARBOUR, SYSTEM

GARDEN = HotelId("garden")
OfWhom = Callable[[HotelId, str], PmsMemory]


@pytest.fixture
def memories(store: Store) -> OfWhom:
    """The memory of a hotel's system, in each of the stores."""
    database, fakes = store.database, dict[tuple[HotelId, str], PmsMemory]()
    if database is None:
        return lambda hotel, system: fakes.setdefault((hotel, system), RememberingFake())
    return lambda hotel, system: SqlPmsMemory(database, hotel, system)


@pytest.fixture
def memory(memories: OfWhom) -> PmsMemory:
    """The memory of the Harbour Hotel's PMS."""
    return memories(HARBOUR, SYSTEM)


async def test_nothing_is_recalled_that_was_never_noted(memory: PmsMemory) -> None:
    assert await memory.recall("refresh_token") is None


async def test_the_newest_note_under_a_name_counts(memory: PmsMemory) -> None:
    await memory.note("refresh_token", "first")
    await memory.note("cursor", "2026-11-22")
    await memory.note("refresh_token", "second")
    assert await memory.recall("refresh_token") == "second"
    assert await memory.recall("cursor") == "2026-11-22"


async def test_what_is_kept_comes_back_oldest_first_as_it_was(memory: PmsMemory) -> None:
    await memory.keep([b"one", b"\x00\xff two"])
    await memory.keep([])
    await memory.keep([b"three"])
    kept = await memory.kept(10)
    assert [notice.body for notice in kept] == [b"one", b"\x00\xff two", b"three"]
    assert [notice.body for notice in await memory.kept(2)] == [b"one", b"\x00\xff two"]
    assert [notice.id for notice in kept] == sorted({notice.id for notice in kept})


async def test_what_is_dropped_is_forgotten_and_the_rest_stays(memory: PmsMemory) -> None:
    await memory.keep([b"one", b"two", b"three"])
    one, two, three = await memory.kept(10)
    await memory.drop([one.id, three.id])
    await memory.drop([])
    assert await memory.kept(10) == (two,)


async def test_the_number_of_a_dropped_notice_never_names_another(memory: PmsMemory) -> None:
    await memory.keep([b"one"])
    (one,) = await memory.kept(10)
    await memory.drop([one.id])
    await memory.keep([b"two"])
    await memory.drop([one.id])
    assert [notice.body for notice in await memory.kept(10)] == [b"two"]


async def test_a_thousand_are_kept_and_dropped_at_once(memory: PmsMemory) -> None:
    await memory.keep([str(number).encode() for number in range(1200)])
    await memory.drop([notice.id for notice in (await memory.kept(1200))[:1100]])
    assert [notice.body for notice in await memory.kept(1)] == [b"1100"]


@pytest.mark.parametrize(("hotel", "system"), [(GARDEN, SYSTEM), (HARBOUR, "another")])
async def test_other_hotels_and_systems_have_memories_of_their_own(
    memories: OfWhom, hotel: HotelId, system: str
) -> None:
    mine, other = memories(HARBOUR, SYSTEM), memories(hotel, system)
    await mine.note("name", "mine")
    await mine.keep([b"mine"])
    (kept,) = await mine.kept(10)
    assert (await other.recall("name"), await other.kept(10)) == (None, ())
    await other.note("name", "other")
    await other.keep([b"other"])
    (others,) = await other.kept(10)
    await other.drop([kept.id] if kept.id != others.id else [])
    assert (await mine.recall("name"), await mine.kept(10)) == ("mine", (kept,))
