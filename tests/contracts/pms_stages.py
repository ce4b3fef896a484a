"""Stages for the PMS contract: one hotel, told in the dialect of each vendor.

A stage owns the truth about a small hotel (snapshots from `tests.hotel`) and plays it to one adapter: the mock is given
it directly, a vendor's simulator renders it as that vendor's JSON. To add a vendor, write its stage and name it in
STAGES.
"""

from abc import abstractmethod
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from jack.adapters.pms.mock.gateway import MockPms
from jack.adapters.pms.mock.seeded import SeededBook
from jack.application.errors import ServiceDenied, ServiceUnavailable
from jack.application.ports.clock import Clock
from jack.application.ports.pms import Pms
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import GuestSnapshot, RejectedRecord, ReservationSnapshot, RoomSnapshot


class PmsStage(Protocol):
    """One vendor's world, under the control of a test.

    `secrets` are the values that no error may contain. `system` is the vendor's word in references.
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

    @abstractmethod
    def holds(self, *reservations: ReservationSnapshot) -> None:
        """Let the vendor have these reservations, beside or instead of those with the same reference."""

    @abstractmethod
    def has_rooms(self, *rooms: RoomSnapshot) -> None:
        """Let the vendor have these rooms."""

    @abstractmethod
    def forgets(self, ref: ExternalRef) -> None:
        """Let the vendor no longer have that reservation."""

    @abstractmethod
    def garbles(self, ref: ExternalRef) -> None:
        """Let that reservation be told in a way that cannot be understood, such as with an unknown status."""

    @abstractmethod
    def is_busy(self, retry_after: timedelta) -> None:
        """Let the vendor put off every call from now on."""

    @abstractmethod
    def refuses_credentials(self) -> None:
        """Let the vendor refuse every call from now on."""

    @abstractmethod
    def reservation_as_told(self, reservation: ReservationSnapshot) -> ReservationSnapshot:
        """What this vendor is able to say of it: fields that its interface lacks are at their defaults."""

    @abstractmethod
    def guest_as_told(self, guest: GuestSnapshot) -> GuestSnapshot:
        """What this vendor is able to say of a guest."""

    @abstractmethod
    def room_as_told(self, room: RoomSnapshot) -> RoomSnapshot:
        """What this vendor is able to say of a room."""


class MockStage(PmsStage):
    """The mock PMS: it says everything as it is."""

    def __init__(self, clock: Clock) -> None:
        self.secrets = ()
        self._book = SeededBook(page=7)
        self._pms = MockPms(self._book, clock)

    @property
    def pms(self) -> Pms:
        return self._pms

    @property
    def system(self) -> str:
        return "mock"

    def holds(self, *reservations: ReservationSnapshot) -> None:
        self._book.put(*reservations)

    def has_rooms(self, *rooms: RoomSnapshot) -> None:
        self._book.put_rooms(*rooms)

    def forgets(self, ref: ExternalRef) -> None:
        self._book.delete(ref)

    def garbles(self, ref: ExternalRef) -> None:
        self._book.delete(ref)
        self._book.reject(RejectedRecord(kind="reservation", ref=ref, reason="status 'Hexed' is not known", raw="{}"))

    def is_busy(self, retry_after: timedelta) -> None:
        self._book.fail(ServiceUnavailable("the mock PMS is busy", retry_after), times=100)

    def refuses_credentials(self) -> None:
        self._book.fail(ServiceDenied("the mock PMS does not know you"), times=100)

    def reservation_as_told(self, reservation: ReservationSnapshot) -> ReservationSnapshot:
        return reservation

    def guest_as_told(self, guest: GuestSnapshot) -> GuestSnapshot:
        return guest

    def room_as_told(self, room: RoomSnapshot) -> RoomSnapshot:
        return room


STAGES: dict[str, Callable[[Clock], PmsStage]] = {
    "mock": MockStage,
}
"""Every PMS that Jack speaks to; one line for each."""
