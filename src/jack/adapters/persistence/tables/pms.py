"""Tables of what a PMS pushed, of what its adapter must remember, and of its words that Jack does not know."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, text

from jack.adapters.persistence.column_types import RowNumber, UtcDateTime
from jack.adapters.persistence.tables.base import metadata, optional_text, text_column

pms_memory = Table(
    "pms_memory",
    metadata,
    Column("hotel_id", Text, primary_key=True),
    Column("system", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    text_column("value"),
)

pms_kept = Table(
    "pms_kept",
    metadata,
    Column("id", RowNumber, primary_key=True),
    text_column("hotel_id"),
    text_column("system"),
    Column("body", LargeBinary, nullable=False),
    Index("ix_pms_kept_hotel_id_system_id", "hotel_id", "system", "id"),
    sqlite_autoincrement=True,  # the number of a dropped notice must never name another one
)

pms_notices = Table(
    "pms_notices",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("hotel_id"),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    optional_text("problem"),
    Index(
        "ix_pms_notices_waiting",
        "hotel_id",
        "received_at",
        "id",
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    ),
    Index(
        "ix_pms_notices_unreadable",
        "hotel_id",
        "received_at",
        "id",
        sqlite_where=text("problem IS NOT NULL"),
        postgresql_where=text("problem IS NOT NULL"),
    ),
)

notice_followers = Table(
    "notice_followers",
    metadata,
    Column("hotel_id", Text, primary_key=True),
    Column("began_at", UtcDateTime),
    optional_text("lease_owner"),
    Column("lease_until", UtcDateTime),
    Column("retry_after", UtcDateTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("changes_at", UtcDateTime),
)

unknown_values = Table(
    "unknown_values",
    metadata,
    Column("hotel_id", Text, primary_key=True),
    Column("system", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("times", Integer, nullable=False),
)
