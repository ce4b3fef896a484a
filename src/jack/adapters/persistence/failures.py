"""What a database's errors mean in the application's words.

SQLAlchemy's and the drivers' texts quote statements and values (a guest's phone, a password), so they are never passed
on: neither in the new error's text nor as its cause.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from jack.adapters.persistence.tables import metadata
from jack.application.errors import (
    ApplicationError,
    Conflict,
    ServiceDenied,
    ServiceRejected,
    ServiceUnavailable,
)

_CONFLICTS: Final = {
    "uq_guests_hotel_id_pms_system_pms_key": "another guest holds this external reference already",
    "pk_guest_refs": "another guest holds this external reference already",
    "fk_guest_refs_guest_id": "the guest is not known",
    "fk_guest_preferences_guest_id": "the guest is not known",
    "uq_reservations_hotel_id_pms_system_pms_key": "another reservation holds this external reference already",
    "fk_reservations_guest_id": "the guest of this reservation is not known",
    "pk_conversations": "this conversation is stored already",
    "fk_channel_identities_conversation_id": "the conversation is not known",
    "pk_messages": "this message is stored already",
    "uq_messages_channel_account_provider_id": "another message has this provider's id already",
    "fk_messages_conversation_id": "the conversation of this message is not known",
    "pk_answer_receipts": "this answer has its receipt already",
    "fk_answer_receipts_message_id": "the answer is not known",
    "pk_service_requests": "this service request is stored already",
    "uq_staff_members_email": "this e-mail has an account already",
    "pk_staff_sessions": "this session exists already",
    "fk_staff_sessions_staff_id": "the session belongs to nobody",
}
"""What staff may read when a constraint refuses a change, by the constraint's name."""

_TOGETHER: Final = "this does not fit what is stored already"
_UNSTORABLE: Final = "a value cannot be stored (a NUL character, half a character, or a number out of range)"
_OLD_TABLES: Final = "the database has not the tables that this version of Jack needs: run `jack db upgrade`"
_DENIED_STATES: Final = {
    "28P01": "the database refuses Jack's user name or password",
    "28000": "the database refuses Jack's user name or password",
    "3D000": "the database server has no database of that name",
    "42501": "the database does not allow Jack's user to do this",
    "42P01": _OLD_TABLES,
    "42703": _OLD_TABLES,
}
_BUSY_CLASSES: Final = ("08", "40", "53", "55", "57", "58")
"""PostgreSQL's SQLSTATE classes that pass by themselves: connection lost, deadlock, no room, lock not available,
shutdown, I/O (appendix A of its manual)."""

_OF_DATABASES: Final = (SQLAlchemyError, sqlite3.Error, OSError, UnicodeEncodeError, OverflowError)

_SQLITE_COLUMNS = re.compile(r"UNIQUE constraint failed: (.+)$")
_SQLITE_BY_COLUMNS: Final = {
    (table.name, tuple(sorted(column.name for column in constraint.columns))): str(constraint.name)
    for table in metadata.sorted_tables
    for constraint in table.constraints
    if hasattr(constraint, "columns")
}
_SQLITE_CLOSED: Final = ("unable to open database", "not a database", "readonly database")
_SQLITE_BUSY: Final = ("locked", "busy", "disk i/o error", "disk is full", "interrupted")


@contextmanager
def translated() -> Iterator[None]:
    """Let only the application's errors out of what is done with a database inside.

    Conflict: a constraint refused it. ServiceRejected: a value that cannot be stored. ServiceDenied: people must act.
    ServiceUnavailable: come back later. Mistakes in our own SQL pass as they are.
    """
    try:
        yield
    except Exception as error:
        if not isinstance(error, _OF_DATABASES) and not _is_of_asyncpg(error):
            raise
        meant = meaning(error)
        if meant is None:
            raise
        raise meant from None


def meaning(error: BaseException) -> ApplicationError | None:
    """The application's error for one of a driver or of SQLAlchemy; None for a mistake in our own SQL."""
    if isinstance(error, PoolTimeout):
        return ServiceUnavailable("every connection to the database is busy")
    driver = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    if isinstance(error, DBAPIError):
        # SQLAlchemy puts classes of its own between its errors and those of an asynchronous driver
        driver = driver.__cause__ or driver
        if error.connection_invalidated:
            return ServiceUnavailable("the connection to the database was lost")
    if isinstance(driver, sqlite3.Error):
        return _of_sqlite(str(driver))
    return _of_postgres(driver)


def _of_postgres(driver: BaseException) -> ApplicationError | None:
    state = str(getattr(driver, "sqlstate", None) or "")
    meant: ApplicationError | None = None
    if state in _DENIED_STATES:
        meant = ServiceDenied(_DENIED_STATES[state])
    elif state.startswith("23"):
        meant = Conflict(_CONFLICTS.get(str(getattr(driver, "constraint_name", "")), _TOGETHER))
    elif state.startswith(_BUSY_CLASSES):
        meant = ServiceUnavailable("the database is busy or not there for the moment")
    elif state.startswith(("22", "54")) or isinstance(driver, ValueError | OverflowError):
        # 54 is a value too large for an index, and
        # a ValueError is raised before anything is sent: the value does not go into the form that the column wants
        meant = ServiceRejected(_UNSTORABLE)
    elif isinstance(driver, OSError | EOFError) or _says_the_connection_is_gone(driver):
        meant = ServiceUnavailable("the database cannot be reached")
    return meant


def _is_of_asyncpg(error: BaseException) -> bool:
    # by its name, because whoever uses SQLite should not have to import it
    return type(error).__module__.partition(".")[0] == "asyncpg"


def _says_the_connection_is_gone(driver: BaseException) -> bool:
    return type(driver).__name__ in ("InterfaceError", "InternalClientError") and "connection" in str(driver)


def _of_sqlite(text: str) -> ApplicationError | None:
    meant: ApplicationError | None = None
    if found := _SQLITE_COLUMNS.search(text):
        columns = [name.split(".") for name in found.group(1).split(", ")]
        name = _SQLITE_BY_COLUMNS.get((columns[0][0], tuple(sorted(column[-1] for column in columns))), "")
        meant = Conflict(_CONFLICTS.get(name, _TOGETHER))
    elif "constraint failed" in text:
        meant = Conflict(_TOGETHER)
    elif any(word in text for word in _SQLITE_CLOSED):
        meant = ServiceDenied("the database file cannot be opened: check its path and its permissions")
    elif "no such table" in text or "no such column" in text:
        meant = ServiceDenied(_OLD_TABLES)
    elif any(word in text.lower() for word in _SQLITE_BUSY):
        meant = ServiceUnavailable("the database is busy or its disk is full")
    elif "too big" in text:
        meant = ServiceRejected(_UNSTORABLE)
    return meant
