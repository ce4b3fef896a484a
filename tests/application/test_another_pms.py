"""A hotel that changes its PMS: nothing of the one before says what was read of the new one."""

from dataclasses import replace
from datetime import timedelta

from jack.adapters.pms.mock.gateway import MockPms
from jack.application.errors import ServiceDenied
from jack.domain.ids import ExternalRef
from jack.domain.sync import SyncKind, SyncStatus
from tests.application.test_syncing import many
from tests.application.world import World
from tests.fakes.pms import ListedPms, WatchedBook
from tests.hotel import HARBOUR, a_guest_snapshot, a_reservation_snapshot

NEW = ("N-1", "N-2", "N-3")


class OtherPms(MockPms):
    """The same mock under another name."""

    @property
    def system(self) -> str:
        return "other"


def ref(key: str) -> ExternalRef:
    return ExternalRef(system="other", key=key)


async def a_hotel_with_another_pms() -> World:
    world = World(*many(12))
    await world.sync(HARBOUR)
    world.clock.move(timedelta(hours=1))
    guest = a_guest_snapshot("G-1", ref=ref("G-1"))
    long_ago = world.clock.now() - timedelta(days=40)
    stays = [a_reservation_snapshot(key, ref=ref(key), guest=guest, modified_at=long_ago) for key in NEW]
    world.book = WatchedBook(*stays)
    world.sync = replace(world.sync, pms=ListedPms({HARBOUR: OtherPms(world.book, world.clock)}))
    return world


async def test_the_first_run_with_another_pms_reads_everything() -> None:
    world = await a_hotel_with_another_pms()
    run = await world.sync(HARBOUR)
    assert (run.kind, run.status, run.counts.created) == (SyncKind.FIRST, SyncStatus.COMPLETE, 3)
    world.clock.move(timedelta(minutes=5))
    assert (await world.sync(HARBOUR)).kind is SyncKind.CHANGES


async def test_the_stays_of_the_pms_before_are_gone_once_the_new_one_is_loaded() -> None:
    world = await a_hotel_with_another_pms()
    run = await world.sync(HARBOUR)
    assert run.counts.gone == 12
    assert {stay.ref for stay in world.state.reservations.values() if stay.gone_at is None} == set(map(ref, NEW))


async def test_a_new_pms_that_cannot_be_read_takes_nothing_away() -> None:
    world = await a_hotel_with_another_pms()
    world.book.fail(ServiceDenied("wrong credentials"))
    run = await world.sync(HARBOUR)
    assert (run.status, run.counts.gone) == (SyncStatus.FAILED, 0)
    assert not any(stay.gone_at for stay in world.state.reservations.values())
