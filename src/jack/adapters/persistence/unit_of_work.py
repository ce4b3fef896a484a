"""SqlUnitOfWork: one transaction with every repository."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property

from jack.adapters.persistence.connection import SqlConnection
from jack.adapters.persistence.conversations import SqlConversations
from jack.adapters.persistence.deliveries import SqlInbox
from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.guests import SqlGuests
from jack.adapters.persistence.messages import SqlMessages
from jack.adapters.persistence.notices import SqlNotices
from jack.adapters.persistence.reservations import SqlReservations
from jack.adapters.persistence.rooms import SqlRooms
from jack.adapters.persistence.seen_stays import SqlSeenStays
from jack.adapters.persistence.service_requests import SqlServiceRequests
from jack.adapters.persistence.staff import SqlStaffAccounts
from jack.adapters.persistence.stay_events import SqlStayEvents
from jack.adapters.persistence.sync_states import SqlSyncStates
from jack.application.ports.unit_of_work import BeginReading, BeginUnitOfWork, UnitOfWork

AT_ONCE, WHILE_DELIVERED = 1_000, 100
"""Reservations that are written in one go. A thousand take some 80 ms on SQLite, in which nobody else can write; so
there are fewer while deliveries come in."""


class SqlUnitOfWork(UnitOfWork):
    """Plays UnitOfWork. A driver's error never escapes: see `failures.translated`."""

    def __init__(self, connection: SqlConnection, *, at_once: int = AT_ONCE) -> None:
        self._connection = connection
        self._at_once = at_once

    @cached_property
    def inbox(self) -> SqlInbox:
        return SqlInbox(self._connection)

    @cached_property
    def conversations(self) -> SqlConversations:
        return SqlConversations(self._connection)

    @cached_property
    def messages(self) -> SqlMessages:
        return SqlMessages(self._connection)

    @cached_property
    def service_requests(self) -> SqlServiceRequests:
        return SqlServiceRequests(self._connection)

    @cached_property
    def guests(self) -> SqlGuests:
        return SqlGuests(self._connection)

    @cached_property
    def reservations(self) -> SqlReservations:
        return SqlReservations(self._connection)

    @cached_property
    def seen_stays(self) -> SqlSeenStays:
        return SqlSeenStays(self._connection)

    @cached_property
    def stay_events(self) -> SqlStayEvents:
        return SqlStayEvents(self._connection)

    @cached_property
    def rooms(self) -> SqlRooms:
        return SqlRooms(self._connection)

    @cached_property
    def sync(self) -> SqlSyncStates:
        return SqlSyncStates(self._connection)

    @cached_property
    def notices(self) -> SqlNotices:
        return SqlNotices(self._connection)

    @cached_property
    def staff(self) -> SqlStaffAccounts:
        return SqlStaffAccounts(self._connection)

    @property
    def at_once(self) -> int:
        return self._at_once

    async def commit(self) -> None:
        await self._connection.commit()


@dataclass(frozen=True, slots=True)
class BeginSqlUnitOfWork(BeginUnitOfWork):
    """Plays BeginUnitOfWork. On SQLite units of this process wait for one another here, in order."""

    database: Database

    def __call__(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self._begin()

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[UnitOfWork]:
        turn = self.database.turn
        at_once = WHILE_DELIVERED if turn and turn.delivering else AT_ONCE
        async with self.database.writing() as connection:
            yield SqlUnitOfWork(connection, at_once=at_once)


@dataclass(frozen=True, slots=True)
class BeginSqlReading(BeginReading):
    """Plays BeginReading, on connections that wait for no writer."""

    database: Database

    def __call__(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self._begin()

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[UnitOfWork]:
        async with self.database.reading() as connection:
            yield SqlUnitOfWork(connection)
