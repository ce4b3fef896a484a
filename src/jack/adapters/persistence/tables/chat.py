"""Tables of the web chat: the sessions of browsers, and what their pages may show."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from jack.adapters.persistence.column_types import RowNumber, UtcDateTime
from jack.adapters.persistence.tables.base import metadata, optional_text, text_column

chat_sessions = Table(
    "chat_sessions",
    metadata,
    Column("sender", Text, primary_key=True),
    text_column("token_digest"),
    text_column("hotel_id"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    UniqueConstraint("token_digest"),
    Index("ix_chat_sessions_expires_at", "expires_at"),
)

chat_posts = Table(
    "chat_posts",
    metadata,
    Column("number", RowNumber, primary_key=True),
    Column("sender", Text, ForeignKey("chat_sessions.sender", ondelete="CASCADE"), nullable=False),
    text_column("key"),  # Jack's own id of the message, or the browser's with the sender in front
    optional_text("message_id"),
    optional_text("client_id"),
    text_column("text"),
    Column("at", UtcDateTime, nullable=False),
    Column("delivered", Boolean, nullable=False),
    UniqueConstraint("key"),
    Index("ix_chat_posts_sender_number", "sender", "number"),
    sqlite_autoincrement=True,  # a number is never given twice, even when the newest posts were forgotten
)
