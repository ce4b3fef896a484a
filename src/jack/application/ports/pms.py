"""The PMS: narrow ports that each vendor's adapter plays as far as the vendor can."""

from abc import abstractmethod
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from jack.domain.ids import ExternalRef, HotelId
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import GuestSnapshot, RejectedRecord, ReservationSnapshot, RoomSnapshot
from jack.domain.sync import SyncWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationPage:
    """One page of reservations as the vendor pages them.

    `rejected` are the records of this page that could not be read; the rest of the page is good. `total` is how many
    reservations the whole reading will bring, None where the vendor does not say.
    """

    reservations: tuple[ReservationSnapshot, ...]
    rejected: tuple[RejectedRecord, ...] = ()
    total: int | None = None


class ReservationSource(Protocol):
    """Reads reservations. Every method raises ServiceUnavailable, ServiceDenied or ServiceRejected and nothing else.

    Pages come as they are read, so memory does not grow with the hotel; reading again gives the same facts. A
    reservation may appear on two pages when the vendor's pages shift. No reservation at all is no page or an empty one.
    """

    @property
    @abstractmethod
    def system(self) -> str:
        """The `system` of this source's external references, such as "mews"."""

    @abstractmethod
    def changed(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        """Every reservation created or changed in [since, until), cancelled ones included, in any order."""

    @abstractmethod
    def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        """Every reservation whose stay shares a day with `period`, cancelled ones included, in any order."""

    @abstractmethod
    async def reservation(self, ref: ExternalRef) -> ReservationSnapshot | None:
        """That reservation as it is now; None when the PMS does not have it (any more)."""


class RoomBoard(Protocol):
    """Reads rooms with their state. Raises the three words for outside failures."""

    @abstractmethod
    async def rooms(self) -> tuple[RoomSnapshot, ...]:
        """Every room of the hotel, in any order."""


class GuestDirectory(Protocol):
    """Reads guests. Raises the three words for outside failures."""

    @abstractmethod
    async def guest(self, ref: ExternalRef) -> GuestSnapshot | None:
        """That guest as they are now; None when the PMS does not have them."""

    @abstractmethod
    async def search_guests(self, text: str) -> tuple[GuestSnapshot, ...]:
        """Guests whose name, e-mail or phone fits `text`, at most 50, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionReport:
    """How a connection test went: `problem` is None when all is well, else what is wrong and what to do."""

    summary: str
    problem: str | None = None


class PmsConnection(Protocol):
    """Tests the connection."""

    @abstractmethod
    async def check(self) -> ConnectionReport:
        """Try the connection as a sync would. Never raises for outside failures; never names a secret."""


class Pms(ReservationSource, RoomBoard, GuestDirectory, PmsConnection, Protocol):
    """What every vendor's adapter plays today."""


class PmsDirectory(Protocol):
    """Which PMS a hotel has."""

    @abstractmethod
    def of(self, hotel_id: HotelId) -> Pms:
        """The PMS of that hotel. Raises NotFound for a hotel that this Jack does not serve."""
