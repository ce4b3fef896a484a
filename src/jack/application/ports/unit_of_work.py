"""UnitOfWork: one transaction, opened and ended inside one story."""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from jack.application.ports.messaging_store import Conversations, Inbox, Messages, ServiceRequests
from jack.application.ports.notices_store import Notices
from jack.application.ports.staff_store import StaffAccounts
from jack.application.ports.stays_store import Guests, Reservations, Rooms, SeenStays, StayEvents, SyncStates


class UnitOfWork(Protocol):
    """Every repository, seeing and changing one consistent state.

    Nothing that leaves the process may be awaited while it is open.
    """

    @property
    @abstractmethod
    def inbox(self) -> Inbox:
        """Deliveries that wait."""

    @property
    @abstractmethod
    def conversations(self) -> Conversations:
        """Conversations."""

    @property
    @abstractmethod
    def messages(self) -> Messages:
        """Messages."""

    @property
    @abstractmethod
    def service_requests(self) -> ServiceRequests:
        """What people must do."""

    @property
    @abstractmethod
    def guests(self) -> Guests:
        """Guests."""

    @property
    @abstractmethod
    def reservations(self) -> Reservations:
        """Reservations."""

    @property
    @abstractmethod
    def seen_stays(self) -> SeenStays:
        """What a full reading has met."""

    @property
    @abstractmethod
    def stay_events(self) -> StayEvents:
        """What happened to stays."""

    @property
    @abstractmethod
    def rooms(self) -> Rooms:
        """Rooms."""

    @property
    @abstractmethod
    def sync(self) -> SyncStates:
        """Where the syncs stand."""

    @property
    @abstractmethod
    def notices(self) -> Notices:
        """What PMSs pushed."""

    @property
    @abstractmethod
    def staff(self) -> StaffAccounts:
        """Staff accounts."""

    @property
    def at_once(self) -> int:
        """How many reservations one unit should write at most, so that nobody waits long for it."""
        return 10_000

    @abstractmethod
    async def commit(self) -> None:
        """Make every change of this unit durable. May be called once; leaving without it changes nothing."""


class BeginUnitOfWork(Protocol):
    """Opens a unit of work: `async with begin() as uow: ...; await uow.commit()`."""

    @abstractmethod
    def __call__(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A new unit of work. Leaving it without commit, or by an exception, rolls everything back."""


class BeginReading(Protocol):
    """Opens a unit of work that only reads: it waits for no writer, and committing it is a mistake."""

    @abstractmethod
    def __call__(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A new unit of work over one consistent, committed state."""
