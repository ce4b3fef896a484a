"""FollowNotices: what a PMS pushed is read again, so that Jack's copy is right within seconds."""

import logging
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta

from jack.application.errors import NotFound, OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.jobs import Follow, JobQueue, Sync
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms import Pms, PmsDirectory
from jack.application.ports.pms_notices import PmsHints
from jack.application.ports.unit_of_work import BeginReading, BeginUnitOfWork
from jack.application.stays.follower import Follower, FollowingLost
from jack.application.stays.hinted import LONGEST_REASON, ROOMS, Hinted, halves, wants_of
from jack.domain.ids import HotelId, new_id
from jack.domain.notices import HEARTBEAT, LONGEST_PAUSE, QUIET, Notice
from jack.domain.sync import SyncKind

log = logging.getLogger(__name__)

CHUNK = 100
"""Notices that are read from the database at once, so that the largest bodies do not fill the memory."""

MOST_NOTICES = 20_000
MOST_NAMES = 5_000
"""Notices of one batch at most, and things named in it; the next batch takes the rest."""

PART = 200
"""Stays, and guests, that the PMS is asked for before what it says is settled."""

MOST_REFUSALS = 24
"""Calls of one batch that the PMS may refuse before Jack stops looking for the one name that it does not like."""

TOO_MANY = "the PMS refused too much of what came with it; a sync reads what changed"

WORK_TIME = timedelta(seconds=30)
"""After this long a batch ends with the part that it is at; the next one goes on."""

_THEIR_OWN = (ServiceUnavailable, ServiceDenied, FollowingLost)
"""What ends a batch, because the next call would meet it as well."""

SYNCS_APART = timedelta(seconds=15)
"""From the start of one sync to that of the next that is rung for unnamed changes."""


@dataclass(frozen=True, slots=True)
class FollowNotices:
    """Follow up what waits for one hotel: one batch, by one process at a time.

    Everything is coalesced first, so that a burst of notices about one stay is one question. A notice is done when what
    it named is durable; what is done twice does no harm.
    """

    begin: BeginUnitOfWork
    read: BeginReading
    pms: PmsDirectory
    hotels: Hotels
    phones: PhoneReader
    queue: JobQueue
    clock: Clock

    async def __call__(self, hotel_id: HotelId) -> None:
        """Return when the batch is over, or at once when it is not time for one, and ring for what is left.

        Raises NotFound for a hotel that is not served. A PMS that is away is not raised: everything waits.
        """
        hotel = self.hotels.get(hotel_id)
        if hotel is None:
            raise NotFound(f"there is no hotel {hotel_id!r} in the configuration")
        pms = self.pms.of(hotel_id)
        follower = Follower(self.begin, self.phones, self.clock, hotel, pms.system, new_id())
        if not await self._may_begin(follower):
            return
        try:
            async with follower.alive(HEARTBEAT):
                await self._batch(follower, pms)
        except OutsideFailure as failure:
            pause = failure.retry_after if isinstance(failure, ServiceUnavailable) else LONGEST_PAUSE
            following = await follower.fail(pause)
            if following.failures == 1:  # said once, however long the PMS stays away
                log.info("pms.notices_wait", extra={"hotel": hotel_id, "reason": str(failure)})
            self.queue.ring(Follow(hotel_id=hotel_id), after=following.wait(self.clock.now()))
        except FollowingLost:
            log.info("pms.notices_taken_over", extra={"hotel": hotel_id})
        except BaseException:
            await follower.fail(None)  # a bug or a shutdown: nobody has to wait for the lease
            raise
        else:
            if await follower.end():
                self.queue.ring(Follow(hotel_id=hotel_id), after=QUIET)
        await self._see_to_unnamed_changes(hotel_id)

    async def _may_begin(self, follower: Follower) -> bool:
        """Take the lease, unless nothing waits or it is too early: then whoever made it wait has rung or will."""
        async with self.begin() as uow:
            following = await uow.notices.following(follower.hotel.id)
            if not await uow.notices.waiting(follower.hotel.id, 1):
                waiting, wait = False, timedelta(0)
            else:
                waiting, wait = True, following.wait(self.clock.now())
            if waiting and wait <= timedelta(0):
                await uow.notices.save_following(following.begun(follower.id, self.clock.now()))
                await uow.commit()
                return True
        if waiting and following.lease_owner is None and wait <= QUIET:
            self.queue.ring(Follow(hotel_id=follower.hotel.id), after=wait)
        if not waiting and following.changes_at is not None:
            await self._see_to_unnamed_changes(follower.hotel.id)
        return False

    async def _batch(self, follower: Follower, pms: Pms) -> None:
        until = self.clock.now() + WORK_TIME
        hinted = await self._gathered(follower, pms)
        await follower.settle(hinted)
        refusals = 0
        if ROOMS in hinted.wanted_by:
            refusals += await self._rooms(follower, pms, hinted)
        for part in hinted.parts(PART):
            if self.clock.now() > until:
                return
            todo = [part]
            while todo:
                named = todo.pop()
                if refusals >= MOST_REFUSALS:
                    await follower.give_up(hinted, wants_of(named), TOO_MANY)
                    continue
                try:
                    await self._named(follower, pms, named)
                except _THEIR_OWN:
                    raise
                except Exception as error:  # noqa: BLE001  one bad name must not hold up the others, even by a bug
                    refusals += 1
                    if split := halves(named):
                        todo += split
                    else:
                        await follower.give_up(hinted, wants_of(named), _refusal(error))
                else:
                    await follower.settle(hinted, wants_of(named))

    async def _gathered(self, follower: Follower, pms: Pms) -> Hinted:
        hinted, last = Hinted(), None
        while len(hinted.waiting) + len(hinted.unreadable) < MOST_NOTICES and hinted.size < MOST_NAMES:
            found = await self._waiting(follower.hotel.id, last)
            hinted.add(pms, found)
            if len(found) < CHUNK:
                break
            last = found[-1]
        return hinted

    async def _waiting(self, hotel_id: HotelId, after: Notice | None) -> tuple[Notice, ...]:
        async with self.read() as uow:
            return await uow.notices.waiting(hotel_id, CHUNK, after)

    async def _named(self, follower: Follower, pms: Pms, named: PmsHints) -> None:
        async with aclosing(pms.named(named)) as pages:
            async for page in pages:
                await follower.keep(page)

    async def _rooms(self, follower: Follower, pms: Pms, hinted: Hinted) -> int:
        """Read the rooms again; how often the PMS refused."""
        try:
            await follower.keep_rooms(await pms.rooms())
        except _THEIR_OWN:
            raise
        except Exception as error:  # noqa: BLE001  the stays that were named are read all the same
            await follower.give_up(hinted, [ROOMS], _refusal(error))
            return 1
        await follower.settle(hinted, [ROOMS])
        return 0

    async def _see_to_unnamed_changes(self, hotel_id: HotelId) -> None:
        """Ring for a sync where something changed that nobody named, until one that began later has settled it.

        Not while one runs or the PMS is away: then whoever sweeps rings here again.
        """
        async with self.begin() as uow:
            following = await uow.notices.following(hotel_id)
            state = await uow.sync.state(hotel_id)
            now = self.clock.now()
            if following.changes_at is None:
                return
            if state.cursor is not None and state.cursor.at >= following.changes_at:
                await uow.notices.save_following(replace(following, changes_at=None))
                await uow.commit()
                return
        resting = state.retry_after is not None and now < state.retry_after
        recent = state.last_started_at is not None and timedelta(0) <= now - state.last_started_at < SYNCS_APART
        if not (resting or recent or state.is_running(now)):
            self.queue.ring(Sync(hotel_id=hotel_id, kind=SyncKind.CHANGES))


def _refusal(error: Exception) -> str:
    if isinstance(error, ServiceRejected):
        return f"the PMS refuses what it names: {error.reason[:LONGEST_REASON]}"
    log.error("notice.broke", exc_info=error)
    return f"what it names could not be read: {type(error).__name__}"
