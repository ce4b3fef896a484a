"""Tables of the staff. An account may work for several hotels, so its e-mail is unique in the whole of Jack."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from jack.adapters.persistence.column_types import UtcDateTime
from jack.adapters.persistence.tables.base import metadata, optional_text, text_column

staff_members = Table(
    "staff_members",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("email"),
    text_column("name"),
    text_column("role"),
    text_column("hotels"),
    text_column("password_hash"),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("email"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_digest", Text, primary_key=True),
    optional_text("csrf_digest"),
    Column("staff_id", Text, ForeignKey("staff_members.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Index("ix_staff_sessions_staff_id", "staff_id"),
    Index("ix_staff_sessions_expires_at", "expires_at"),
)
