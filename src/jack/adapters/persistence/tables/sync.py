"""Tables of the sync: where it stands, its runs, and the records that it could not read or keep."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, false

from jack.adapters.persistence.column_types import UtcDateTime
from jack.adapters.persistence.tables.base import metadata, optional_text, text_column

sync_states = Table(
    "sync_states",
    metadata,
    Column("hotel_id", Text, primary_key=True),
    Column("cursor_at", UtcDateTime),
    Column("last_success_at", UtcDateTime),
    Column("last_started_at", UtcDateTime),
    Column("retry_after", UtcDateTime),
    optional_text("lease_owner"),
    Column("lease_until", UtcDateTime),
    Column("unreachable_since", UtcDateTime),
    Column("load_began_at", UtcDateTime),
    Column("loaded_from", Date),
    Column("loaded_until", Date),
    Column("last_full_at", UtcDateTime),
    Column("full_tried_at", UtcDateTime),
    Column("missing", Integer),
    Column("missing_of", Integer),
    optional_text("missing_run_id"),
    Column("missing_confirmed", Boolean, nullable=False, server_default=false()),
    optional_text("system"),
)

seen_stays = Table(  # what a full reading has met so far; empty while none goes on
    "seen_stays",
    metadata,
    Column("hotel_id", Text, primary_key=True),
    Column("system", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    sqlite_with_rowid=False,
)

sync_runs = Table(
    "sync_runs",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("hotel_id"),
    text_column("kind"),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    text_column("status"),
    Column("created", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
    Column("total", Integer),
    optional_text("error"),
    Index("ix_sync_runs_hotel_id_started_at_id", "hotel_id", "started_at", "id"),
)

rejected_records = Table(
    "rejected_records",
    metadata,
    Column("hotel_id", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),  # of kind and reference, or of the raw form where there is none
    text_column("kind"),
    optional_text("system"),
    optional_text("key"),
    text_column("reason"),
    text_column("raw"),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Index("ix_rejected_records_hotel_id_last_seen_at_fingerprint", "hotel_id", "last_seen_at", "fingerprint"),
)
