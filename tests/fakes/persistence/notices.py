"""What PMSs pushed, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jack.application.ports.notices_store import Notices
from jack.domain.ids import HotelId
from jack.domain.notices import Following, Notice
from tests.fakes.persistence.state import State


@dataclass(frozen=True, slots=True)
class InMemoryNotices(Notices):
    """Plays Notices on one state."""

    state: State

    async def following(self, hotel_id: HotelId) -> Following:
        return self.state.followings.get(hotel_id, Following(hotel_id=hotel_id))

    async def save_following(self, following: Following) -> None:
        self.state.followings[following.hotel_id] = following

    async def waiting(self, hotel_id: HotelId, limit: int, after: Notice | None = None) -> tuple[Notice, ...]:
        found = sorted(
            (stored.notice for stored in self.state.notices.values() if stored.done_at is None),
            key=lambda notice: (notice.received_at, notice.id),
        )
        behind = (after.received_at, after.id) if after else None
        return tuple(
            notice
            for notice in found
            if notice.hotel_id == hotel_id and (behind is None or (notice.received_at, notice.id) > behind)
        )[:limit]

    async def done(self, ids: Sequence[str], now: datetime) -> None:
        self._end(ids, now, None)

    async def kept(self, ids: Sequence[str], problem: str, now: datetime) -> None:
        self._end(ids, now, problem)

    async def hotels_waiting(self, received_before: datetime) -> tuple[HotelId, ...]:
        waiting = [stored.notice for stored in self.state.notices.values() if stored.done_at is None]
        late = {notice.hotel_id for notice in waiting if notice.received_at < received_before}
        unsettled = {hotel_id for hotel_id, one in self.state.followings.items() if one.changes_at is not None}
        return tuple(sorted(late | unsettled))

    async def forget_before(self, done: datetime, unreadable: datetime) -> int:
        old = [
            key
            for key, stored in self.state.notices.items()
            if (stored.done_at or stored.notice.received_at)
            < (unreadable if stored.problem or not stored.done_at else done)
        ]
        for key in old:
            del self.state.notices[key]
        return len(old)

    def _end(self, ids: Sequence[str], now: datetime, problem: str | None) -> None:
        for key in ids:
            stored = self.state.notices.get(key)
            if stored and stored.done_at is None:
                self.state.notices[key] = replace(stored, done_at=now, problem=problem)
