"""Which durable inbox a database has."""

from collections.abc import Sequence
from datetime import timedelta

from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.inbox import TIME_LIMIT, DeliveryWriter, GroupCommitInbox
from jack.adapters.persistence.inbox_sqlite import SqliteDeliveryWriter


def make_inbox(database: Database, *, time_limit: timedelta = TIME_LIMIT) -> GroupCommitInbox:
    """The inbox for that database; `await inbox.start()` before the first delivery, `aclose()` after the last."""
    writers: Sequence[DeliveryWriter]
    if database.dialect == "postgresql":
        from jack.adapters.persistence.inbox_postgres import PostgresDeliveryWriter  # SQLite starts without asyncpg

        # two, so that one gathers and sends while the other waits for the disk
        writers = [PostgresDeliveryWriter(database), PostgresDeliveryWriter(database)]
    else:
        writers = [SqliteDeliveryWriter(database)]
    return GroupCommitInbox(writers, time_limit=time_limit)
