"""ReservationBook: what a mock PMS looks its answers up in."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from jack.application.ports.pms_pages import ReservationPage
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot

PAGE = 100
"""How many reservations a page holds."""


class ReservationBook(Protocol):
    """The hotel behind the mock PMS, as it is at an instant."""

    @abstractmethod
    async def asked(self) -> None:
        """The PMS is asked for one answer or one page; the place for delays and the three words of failure."""

    @abstractmethod
    def reservations(self, now: datetime) -> tuple[ReservationSnapshot, ...]:
        """Every reservation that the hotel has at that instant, each once, in a stable order."""

    @abstractmethod
    def rooms(self, now: datetime) -> tuple[RoomSnapshot, ...]:
        """Every room at that instant, by number."""

    @abstractmethod
    def pages(self, found: Sequence[ReservationSnapshot]) -> Iterator[ReservationPage]:
        """What was found, page by page, as this hotel's PMS would page it."""


def in_pages(found: Sequence[ReservationSnapshot], size: int = PAGE) -> Iterator[ReservationPage]:
    """Honest pages of that size with the total on each; nothing found is no page."""
    for first in range(0, len(found), size):
        yield ReservationPage(reservations=tuple(found[first : first + size]), total=len(found))


def newest_guests(reservations: Sequence[ReservationSnapshot]) -> tuple[GuestSnapshot, ...]:
    """Every guest and companion of these reservations once, in the newest version, in the order of appearance."""
    newest: dict[tuple[str, str], GuestSnapshot] = {}
    for reservation in reservations:
        for guest in (reservation.guest, *reservation.companions):
            key = (guest.ref.system, guest.ref.key)
            held = newest.get(key)
            if held is None or _is_newer(guest.modified_at, held.modified_at):
                newest[key] = guest
    return tuple(newest.values())


def _is_newer(new: datetime | None, held: datetime | None) -> bool:
    return new is not None and (held is None or new > held)
