"""The mailbox of what PMSs push: how notices get in, and what is done with those that wait."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from jack.domain.ids import HotelId
from jack.domain.notices import Following, Notice


class NoticeInbox(Protocol):
    """Stores notices durably; many concurrent calls share one commit."""

    @abstractmethod
    async def store(self, notice: Notice, /) -> None:
        """Return once the notice is on disk (it survives a crash of the process, the server and the machine).

        Raises ServiceUnavailable when it could not be stored: then it must not be acknowledged.
        """


class Notices(Protocol):
    """Notices that were acknowledged; part of a unit of work."""

    @abstractmethod
    async def following(self, hotel_id: HotelId) -> Following:
        """Who follows up that hotel's notices; a fresh state when nobody ever did. Locks it until the transaction
        ends."""

    @abstractmethod
    async def save_following(self, following: Following) -> None:
        """Store that."""

    @abstractmethod
    async def waiting(self, hotel_id: HotelId, limit: int, after: Notice | None = None) -> tuple[Notice, ...]:
        """Notices of that hotel that wait, by time received, then id; only those behind `after`, if it is given."""

    @abstractmethod
    async def done(self, ids: Sequence[str], now: datetime) -> None:
        """What these named is durable."""

    @abstractmethod
    async def kept(self, ids: Sequence[str], problem: str, now: datetime) -> None:
        """These cannot be understood; they stay, with this sentence, for people to look at, and wait no more."""

    @abstractmethod
    async def hotels_waiting(self, received_before: datetime) -> tuple[HotelId, ...]:
        """Hotels with a notice that came before that instant and waits, or with unnamed changes that no sync has
        settled yet, by id."""

    @abstractmethod
    async def forget_before(self, done: datetime, unreadable: datetime) -> int:
        """Delete notices that were done before `done`, those kept with a problem before `unreadable`, and those that
        came before it and still wait (nobody serves that hotel any more); how many."""
