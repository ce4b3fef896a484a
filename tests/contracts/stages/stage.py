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
from jack.domain.reservation import ReservationStatus
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
    given it directly, a vendor's simulator renders it as that vendor's JSON. The hotel is in Europe/Lisbon until
    `is_called` says otherwise. The stage's adapter (or its simulator) pages by about seven records, so that the small
    hotel fills several pages.

    `secrets` are the values that no error may contain.
    """

    secrets: tuple[str, ...]

    calls_for_one_stay: int = 0
    """Calls that the vendor costs for every single stay that is read, beside the calls for its page."""

    calls_for_one_named: int = 0
    """The same for every stay that a push names: 1 where a vendor has no way to ask for several at once."""

    @property
    def statuses(self) -> frozenset[ReservationStatus]:
        """The states that this vendor has a word for."""
        return frozenset(ReservationStatus)

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

        Reservations with one confirmation number are the rooms of one booking. A vendor that keeps the history of
        rooms shows the former room, when the room of a reservation changes.
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
    def mangles(self, ref: ExternalRef) -> None:
        """Let that reservation be told in a form that no documentation knows: a list where a text or a date belongs."""

    @abstractmethod
    def is_busy(self, retry_after: timedelta) -> None:
        """Let the vendor put off every call from now on."""

    @abstractmethod
    def refuses_credentials(self) -> None:
        """Let the vendor refuse every call from now on."""

    @abstractmethod
    def withholds_a_permission(self) -> str:
        """Take a permission that Jack needs from the credentials; the word for it that `check` must say."""

    @abstractmethod
    def opens_another_hotel(self) -> None:
        """Let the credentials be good, but not for the hotel that jack.toml names."""

    @abstractmethod
    def is_called(self, name: str, time_zone: str) -> None:
        """Let the vendor's hotel have that name and time zone, and the adapter be configured with the same zone.

        Asked before anything is held or read.
        """

    @abstractmethod
    def settings(self) -> dict[str, str]:
        """What `[hotels.pms]` in jack.toml says to reach this stage's simulator, `provider` included."""

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
    def idle_pushes(self) -> tuple[bytes, ...]:
        """Bodies of pushes that concern nothing here: the vendor's health check, an event of another hotel."""

    @abstractmethod
    def unknown_push(self) -> bytes:
        """The body of a push for this hotel about an event that no documentation knows."""

    @abstractmethod
    def tasks(self) -> list[str]:
        """The texts of the tasks and notes that were left at the vendor, oldest first."""

    def company_owns(self, ref: ExternalRef, name: str) -> bool:
        """Let a company of that name own that stay, its guests staying; False where the vendor has no such owner."""
        return False

    def anonymises(self, ref: ExternalRef) -> bool:
        """Let the vendor have made that guest nameless; False where the vendor marks no such thing."""
        return False

    @abstractmethod
    def reservation_as_told(self, reservation: ReservationSnapshot) -> ReservationSnapshot:
        """What this vendor is able to say of it: fields that its interface lacks are at their defaults."""

    @abstractmethod
    def guest_as_told(self, guest: GuestSnapshot) -> GuestSnapshot:
        """What this vendor is able to say of a guest."""

    @abstractmethod
    def room_as_told(self, room: RoomSnapshot) -> RoomSnapshot:
        """What this vendor is able to say of a room."""
