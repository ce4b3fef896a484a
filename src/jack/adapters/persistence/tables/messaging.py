"""Tables of deliveries, conversations, messages and service requests.

The partial indexes hold only what still waits, so that the sweeper's questions cost the same however long the past is.
What a match points to (guest, stay) is a finding of its moment and no foreign key.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from jack.adapters.persistence.column_types import RowNumber, UtcDateTime
from jack.adapters.persistence.tables.base import metadata, optional_text, text_column

inbox_deliveries = Table(
    "inbox_deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("channel"),
    text_column("accounts"),
    Column("body", LargeBinary, nullable=False),
    text_column("target", server_default=""),
    Column("received_at", UtcDateTime, nullable=False),
    Column("unpacked_at", UtcDateTime),
    optional_text("problems"),
    Index(
        "ix_inbox_deliveries_waiting",
        "received_at",
        "id",
        sqlite_where=text("unpacked_at IS NULL"),
        postgresql_where=text("unpacked_at IS NULL"),
    ),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("hotel_id"),
    text_column("channel"),
    text_column("account"),
    text_column("address"),
    Column("created_at", UtcDateTime, nullable=False),
    optional_text("phone"),
    text_column("display_name"),
    optional_text("language"),
    text_column("held_by"),
    text_column("state"),
    Column("needs_attention", Boolean, nullable=False),
    optional_text("attention_reason"),
    text_column("match_outcome"),
    text_column("match_level"),
    text_column("match_evidence"),
    optional_text("guest_id"),
    optional_text("reservation_id"),
    Column("match_by_staff", Boolean, nullable=False),
    Column("unread", Integer, nullable=False),
    Column("last_message_at", UtcDateTime),
    Column("last_inbound_at", UtcDateTime),
    Column("listed_at", UtcDateTime, nullable=False),  # the last message, or the beginning while there is none
    optional_text("turn_token"),
    Column("turn_until", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("retry_after", UtcDateTime),
    Column("version", Integer, nullable=False),
    Index("ix_conversations_listed_at_id", "listed_at", "id"),
    Index("ix_conversations_guest_id", "guest_id"),
)

channel_identities = Table(
    "channel_identities",
    metadata,
    Column("hotel_id", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Index("ix_channel_identities_conversation_id", "conversation_id"),
    sqlite_with_rowid=False,
)

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("hotel_id"),
    Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    text_column("channel"),
    text_column("account"),  # belongs to one hotel, so the unique key below contains the hotel
    text_column("direction"),
    text_column("author_kind"),
    text_column("author_name"),
    text_column("type"),
    text_column("text"),
    text_column("media"),
    text_column("status"),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    optional_text("provider_id"),
    optional_text("reply_to"),
    Column("answered_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("send_after", UtcDateTime),
    Column("sending_since", UtcDateTime),
    optional_text("problem"),
    optional_text("told_to"),
    text_column("told_level"),
    UniqueConstraint("channel", "account", "provider_id"),
    Index("ix_messages_in_order", "conversation_id", "sent_at", "created_at", "id"),
    Index(
        "ix_messages_unanswered",
        "conversation_id",
        "created_at",
        sqlite_where=text("direction = 'inbound' AND answered_at IS NULL"),
        postgresql_where=text("direction = 'inbound' AND answered_at IS NULL"),
    ),
    Index(
        "ix_messages_queued",
        "created_at",
        "id",
        sqlite_where=text("status = 'queued'"),
        postgresql_where=text("status = 'queued'"),
    ),
    Index(
        "ix_messages_sending",
        "sending_since",
        "id",
        sqlite_where=text("status = 'sending'"),
        postgresql_where=text("status = 'sending'"),
    ),
    Index(
        "ix_messages_unknown",
        "created_at",
        "id",
        sqlite_where=text("status = 'unknown'"),
        postgresql_where=text("status = 'unknown'"),
    ),
)

parked_receipts = Table(
    "parked_receipts",
    metadata,
    Column("id", RowNumber, primary_key=True),
    text_column("channel"),
    text_column("account"),
    text_column("provider_id"),
    optional_text("message_id"),
    text_column("status"),
    Column("at", UtcDateTime, nullable=False),
    optional_text("reason"),
    Index("ix_parked_receipts_channel_account_provider_id", "channel", "account", "provider_id"),
)

answer_receipts = Table(
    "answer_receipts",
    metadata,
    Column("message_id", Text, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    text_column("hotel_id"),
    text_column("questions"),
    text_column("outcome"),
    text_column("level"),
    text_column("evidence"),
    text_column("facts"),
    text_column("model"),
    text_column("blocked"),
    Column("created_at", UtcDateTime, nullable=False),
)

service_requests = Table(
    "service_requests",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("hotel_id"),
    optional_text("conversation_id"),
    optional_text("guest_id"),
    optional_text("reservation_id"),
    text_column("kind"),
    text_column("details"),
    optional_text("room_number"),
    text_column("status"),
    Column("due_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("verified", Boolean, nullable=False),
    Index("ix_service_requests_created_at_id", "created_at", "id"),
)
