"""PmsStage: one vendor's world under the control of a test."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import httpx

from jack.application.ports.clock import Clock
from jack.application.ports.pms import Pms
from jack.application.ports.pms_notices import PmsMemory
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot
from tests.simulators.pms.vendor import Fault, VendorSimulator


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDoor:
    """What a stage builds its adapter from; `base_url` leads to the stage's simulator, if it has one."""

    clock: Clock
    client: httpx.AsyncClient
    base_url: str
    memory: PmsMemory


class PmsStage(Protocol):
    """One vendor's world, under the control of a test.

    A stage owns the truth about a small hotel (snapshots from `tests.hotel`) and plays it to one adapter: the mock is
    given it directly, a vendor's simulator renders it as that vendor's JSON.

    `secrets` are the values that no error may contain.
    """

    secrets: tuple[str, ...]

    @property
    @abstractmethod
    def pms(self) -> Pms:
        """The adapter that is tested."""

    @property
    @abstractmethod
    def system(self) -> str:
        """What the adapter's references must name as their system."""

    @property
    @abstractmethod
    def simulator(self) -> VendorSimulator | None:
        """The vendor's simulator; None where no HTTP is spoken."""

    @abstractmethod
    def holds(self, *reservations: ReservationSnapshot) -> None:
        """Let the vendor have these reservations, beside or instead of those with the same reference.

        Reservations with one confirmation number are the rooms of one booking.
        """

    @abstractmethod
    def has_rooms(self, *rooms: RoomSnapshot) -> None:
        """Let the vendor have these rooms."""

    @abstractmethod
    def forgets(self, ref: ExternalRef) -> None:
        """Let the vendor no longer have that reservation."""

    @abstractmethod
    def garbles(self, ref: ExternalRef) -> None:
        """Let that reservation be told with a status that no documentation knows."""

    @abstractmethod
    def is_busy(self, retry_after: timedelta) -> None:
        """Let the vendor put off every call from now on."""

    @abstractmethod
    def refuses_credentials(self) -> None:
        """Let the vendor refuse every call from now on."""

    @abstractmethod
    def is_called(self, name: str, time_zone: str) -> None:
        """Let the vendor's hotel have that name and time zone."""

    @abstractmethod
    def fault(self, *faults: Fault) -> None:
        """Let the next calls for data meet these faults (HTTP vendors only)."""

    @abstractmethod
    def while_reading(self, happen: Callable[[], None]) -> None:
        """Let that happen at the vendor after the next page was served."""

    @abstractmethod
    def push(self, *refs: ExternalRef) -> bytes:
        """The body with which the vendor would tell that these reservations changed."""

    @abstractmethod
    def tasks(self) -> list[str]:
        """The texts of the tasks and notes that were left at the vendor, oldest first."""

    @abstractmethod
    def reservation_as_told(self, reservation: ReservationSnapshot) -> ReservationSnapshot:
        """What this vendor is able to say of it: fields that its interface lacks are at their defaults."""

    @abstractmethod
    def guest_as_told(self, guest: GuestSnapshot) -> GuestSnapshot:
        """What this vendor is able to say of a guest."""

    @abstractmethod
    def room_as_told(self, room: RoomSnapshot) -> RoomSnapshot:
        """What this vendor is able to say of a room."""
