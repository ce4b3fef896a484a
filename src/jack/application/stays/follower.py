"""What one batch of notices writes, and only while it holds the hotel's following."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from jack.application.ports.clock import Clock
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms_pages import ReservationPage, RoomList
from jack.application.ports.unit_of_work import BeginUnitOfWork, UnitOfWork
from jack.application.stays.heartbeat import kept_alive
from jack.application.stays.hinted import Hinted, Want
from jack.application.stays.pages import PageKeeper, note_unknown
from jack.application.stays.rooms import apply_rooms
from jack.domain.hotel import Hotel
from jack.domain.notices import Following


class FollowingLost(Exception):
    """Another process follows the hotel's notices now; this one must write nothing more."""


@dataclass(frozen=True, slots=True)
class Follower:
    """Writes for one batch of one hotel.

    Every method is one transaction and raises FollowingLost instead of committing when somebody else took over.
    """

    begin: BeginUnitOfWork
    phones: PhoneReader
    clock: Clock
    hotel: Hotel
    system: str
    id: str

    async def keep(self, page: ReservationPage) -> None:
        """One page; what a record fails with costs that record alone."""
        await PageKeeper(self.begin, self.phones, self.clock, self.hotel, self.system, self._commit).page(page)

    async def keep_rooms(self, rooms: RoomList) -> None:
        """Every room of the hotel."""
        async with self.begin() as uow:
            await apply_rooms(uow, self.hotel, self.system, rooms, self.clock.now())
            await self._commit(uow)

    @asynccontextmanager
    async def alive(self, every: timedelta) -> AsyncIterator[None]:
        """Hold the hotel's following while the block runs, however long the PMS takes for a page."""
        async with kept_alive(self._renewed, every):
            yield

    async def settle(self, hinted: Hinted, wants: Iterable[Want] | None = None) -> None:
        """These were read, and what waits for nothing else is done.

        Without `wants` the batch begins: what names nothing is done, what cannot be understood is kept with its reason,
        and that something unnamed changed is remembered.
        """
        done = hinted.idle() if wants is None else hinted.settle(wants)
        async with self.begin() as uow:
            now = self.clock.now()
            following = await self._mine(uow)
            if wants is None:
                for reason in dict.fromkeys(hinted.unreadable.values()):
                    ids = [notice_id for notice_id, why in hinted.unreadable.items() if why == reason]
                    await uow.notices.kept(ids, reason, now)
                await note_unknown(uow, self.hotel, self.system, tuple(hinted.unknown), now)
                if hinted.changes:
                    following = replace(following, changes_at=now)
            await uow.notices.done(done, now)
            await uow.notices.save_following(following.alive(now))
            await uow.commit()

    async def give_up(self, hinted: Hinted, wants: Iterable[Want], reason: str) -> None:
        """The PMS refuses to say anything about these: the notices stay for people to see, and a sync looks as well."""
        async with self.begin() as uow:
            now = self.clock.now()
            following = await self._mine(uow)
            ids = [notice_id for want in wants for notice_id in hinted.give_up(want)]
            await uow.notices.kept(ids, reason, now)
            await uow.notices.save_following(replace(following.alive(now), changes_at=now))
            await uow.commit()

    async def end(self) -> bool:
        """The batch is over; True when more waits."""
        async with self.begin() as uow:
            following = await uow.notices.following(self.hotel.id)
            if following.lease_owner != self.id:
                return False
            await uow.notices.save_following(following.ended())
            more = await uow.notices.waiting(self.hotel.id, 1)
            await uow.commit()
        return bool(more)

    async def fail(self, retry_after: timedelta | None) -> Following:
        """The batch broke off: what is not done waits, as the following says that is stored now."""
        async with self.begin() as uow:
            now = self.clock.now()
            following = await uow.notices.following(self.hotel.id)
            if following.lease_owner == self.id:
                following = following.failed(now, retry_after)
                await uow.notices.save_following(following)
                await uow.commit()
        return following

    async def _renewed(self) -> bool:
        try:
            async with self.begin() as uow:
                await self._commit(uow)
        except FollowingLost:
            return False
        return True

    async def _mine(self, uow: UnitOfWork) -> Following:
        following = await uow.notices.following(self.hotel.id)
        if following.lease_owner != self.id:
            raise FollowingLost(f"another process follows the notices of {self.hotel.id}")
        return following

    async def _commit(self, uow: UnitOfWork, *_: object) -> None:
        """Renew the lease with everything that is written."""
        following = await self._mine(uow)
        await uow.notices.save_following(following.alive(self.clock.now()))
        await uow.commit()
