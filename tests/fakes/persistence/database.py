"""InMemoryDatabase: units of work with the semantics of a real transaction, one at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import cached_property

from jack.application.ports.channels import Delivery
from jack.application.ports.inbox import DeliveryInbox
from jack.application.ports.notices_store import NoticeInbox
from jack.application.ports.unit_of_work import UnitOfWork
from jack.domain.notices import Notice
from tests.fakes.persistence.messaging import (
    InMemoryConversations,
    InMemoryInbox,
    InMemoryMessages,
    InMemoryServiceRequests,
)
from tests.fakes.persistence.notices import InMemoryNotices
from tests.fakes.persistence.reading import InMemorySeenStays, InMemoryStayEvents
from tests.fakes.persistence.staff import InMemoryStaffAccounts
from tests.fakes.persistence.state import State, StoredDelivery, StoredNotice
from tests.fakes.persistence.stays import InMemoryGuests, InMemoryReservations, InMemoryRooms, InMemorySyncStates


class InMemoryUnitOfWork(UnitOfWork):
    """One transaction on a copy of the committed state."""

    def __init__(self, database: "InMemoryDatabase") -> None:
        self._database = database
        self._state = database.state.copy()
        self.is_open = True

    @cached_property
    def inbox(self) -> InMemoryInbox:
        return InMemoryInbox(self._state)

    @cached_property
    def conversations(self) -> InMemoryConversations:
        return InMemoryConversations(self._state)

    @cached_property
    def messages(self) -> InMemoryMessages:
        return InMemoryMessages(self._state)

    @cached_property
    def service_requests(self) -> InMemoryServiceRequests:
        return InMemoryServiceRequests(self._state)

    @cached_property
    def guests(self) -> InMemoryGuests:
        return InMemoryGuests(self._state)

    @cached_property
    def reservations(self) -> InMemoryReservations:
        return InMemoryReservations(self._state)

    @cached_property
    def seen_stays(self) -> InMemorySeenStays:
        return InMemorySeenStays(self._state)

    @cached_property
    def stay_events(self) -> InMemoryStayEvents:
        return InMemoryStayEvents(self._state)

    @cached_property
    def rooms(self) -> InMemoryRooms:
        return InMemoryRooms(self._state)

    @cached_property
    def sync(self) -> InMemorySyncStates:
        return InMemorySyncStates(self._state)

    @cached_property
    def notices(self) -> InMemoryNotices:
        return InMemoryNotices(self._state)

    @cached_property
    def staff(self) -> InMemoryStaffAccounts:
        return InMemoryStaffAccounts(self._state)

    async def commit(self) -> None:
        assert self.is_open, "a unit of work is committed once, while it is open"
        self.is_open = False
        self._database.state = self._state.copy()


_current: ContextVar[InMemoryUnitOfWork | None] = ContextVar("unit_of_work", default=None)


def assert_no_open_unit_of_work() -> None:
    """Fail the test when the caller stands inside an open unit of work; fakes of everything outside call this."""
    unit = _current.get()
    assert unit is None or not unit.is_open, "something outside is awaited while a transaction is open"


class InMemoryDatabase:
    """A database of one test. `begin` plays BeginUnitOfWork, `inbox` plays DeliveryInbox and NoticeInbox.

    `state` is what is committed; tests may read it. Units run one after another, so a lock always waits for real.
    """

    def __init__(self) -> None:
        self.state = State()
        self.lock = asyncio.Lock()
        self.inbox = InMemoryDeliveryInbox(self)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """A new unit of work; waits while another is open."""
        assert_no_open_unit_of_work()
        async with self.lock:
            unit = InMemoryUnitOfWork(self)
            token = _current.set(unit)
            try:
                yield unit
            finally:
                unit.is_open = False
                _current.reset(token)


class InMemoryDeliveryInbox(DeliveryInbox, NoticeInbox):
    """Plays DeliveryInbox and NoticeInbox. Set `failure` to make every store raise it."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database
        self.failure: Exception | None = None

    async def store(self, delivery: Delivery | Notice) -> None:
        assert_no_open_unit_of_work()
        if self.failure:
            raise self.failure
        async with self._database.lock:
            if isinstance(delivery, Notice):
                self._database.state.notices[delivery.id] = StoredNotice(notice=delivery)
            else:
                self._database.state.deliveries[delivery.id] = StoredDelivery(delivery=delivery)
