"""Telling a run that goes on from one whose process was killed, for somebody who waits in front of a terminal."""

from datetime import timedelta

from jack.application.ports.clock import Clock
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.ids import HotelId
from jack.domain.sync import SyncState

LOOK_AGAIN = timedelta(seconds=1)


async def shows_life(begin: BeginUnitOfWork, clock: Clock, hotel_id: HotelId) -> bool:
    """Wait until it can be told whether a run of that hotel goes on.

    True once one renewed its lease, which a living one does with every page and at every heartbeat; False once none
    goes on, because it ended or its lease lapsed.
    """
    first = await _state(begin, hotel_id)
    state = first
    while state.is_running(clock.now()):
        if (state.lease_owner, state.lease_until) != (first.lease_owner, first.lease_until):
            return True
        await clock.sleep(LOOK_AGAIN)
        state = await _state(begin, hotel_id)
    return False


async def _state(begin: BeginUnitOfWork, hotel_id: HotelId) -> SyncState:
    async with begin() as uow:
        return await uow.sync.state(hotel_id)
