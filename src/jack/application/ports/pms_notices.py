"""Notices: what a PMS pushes at Jack. Each is a hint what to read again, and never a fact."""

from abc import abstractmethod
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol

from jack.application.ports.pms_pages import ReservationPage
from jack.domain.snapshot import UnknownValue


@dataclass(frozen=True, slots=True, kw_only=True)
class PmsHints:
    """What to read again. Keys are the vendor's own, as its adapter's `named` understands them, each once.

    `stays` are keys of reservations or whole bookings, `guests` keys of guests; `rooms` means that something about some
    room changed. `changes` means that something changed which no key names: then whatever changed lately is read.
    `unknown` are events that the adapter does not know. A health check or another hotel's event is a hint of nothing.
    """

    stays: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    rooms: bool = False
    changes: bool = False
    unknown: tuple[UnknownValue, ...] = ()

    def __or__(self, other: "PmsHints") -> "PmsHints":
        """Both together, each key once, in the order of appearance."""
        return PmsHints(
            stays=tuple(dict.fromkeys(self.stays + other.stays)),
            guests=tuple(dict.fromkeys(self.guests + other.guests)),
            rooms=self.rooms or other.rooms,
            changes=self.changes or other.changes,
            unknown=tuple(dict.fromkeys(self.unknown + other.unknown)),
        )


class PmsNotices(Protocol):
    """Understands the vendor's pushes, and reads what they name."""

    @abstractmethod
    def hints(self, body: bytes) -> PmsHints:
        """What a push hints at; nothing for a health check and for events of other hotels.

        Asks nobody. Raises ServiceRejected for a body that cannot be understood at all.
        """

    @abstractmethod
    def named(self, hints: PmsHints) -> AsyncGenerator[ReservationPage, None]:
        """The stays and guests that the hints name, as they are now, in as few calls as the vendor allows.

        What the PMS does not have (any more) is told as `gone` or as a booking without it. Raises the three words.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNotice:
    """A notice that waits, with the number under which it is kept."""

    id: int
    body: bytes


class PmsMemory(Protocol):
    """What the adapter of one hotel must remember beyond the life of its process. All of it is durable on return.

    For adapters alone: an event queue that forgets what was read from it, a refresh token that was exchanged.
    Methods raise ServiceUnavailable when the memory cannot be reached.
    """

    @abstractmethod
    async def recall(self, name: str) -> str | None:
        """What was noted under that name, or None."""

    @abstractmethod
    async def note(self, name: str, value: str) -> None:
        """Note a value under that name, instead of what was there."""

    @abstractmethod
    async def keep(self, bodies: Sequence[bytes]) -> None:
        """Keep what was read from a queue that forgets it."""

    @abstractmethod
    async def kept(self, limit: int) -> tuple[KeptNotice, ...]:
        """The oldest that are kept, at most `limit`, oldest first."""

    @abstractmethod
    async def drop(self, ids: Sequence[int]) -> None:
        """Forget these: what they named was read and is durable."""
