"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


INSTANT = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
SORTED = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("held_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("needs_attention", sa.Boolean(), nullable=False),
        sa.Column("attention_reason", sa.Text(), nullable=True),
        sa.Column("match_outcome", sa.Text(), nullable=False),
        sa.Column("match_level", sa.Text(), nullable=False),
        sa.Column("match_evidence", sa.Text(), nullable=False),
        sa.Column("guest_id", sa.Text(), nullable=True),
        sa.Column("reservation_id", sa.Text(), nullable=True),
        sa.Column("match_by_staff", sa.Boolean(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("last_message_at", INSTANT, nullable=True),
        sa.Column("last_inbound_at", INSTANT, nullable=True),
        sa.Column("listed_at", INSTANT, nullable=False),
        sa.Column("turn_token", sa.Text(), nullable=True),
        sa.Column("turn_until", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_after", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_guest_id", "conversations", ["guest_id"])
    op.create_index("ix_conversations_listed_at_id", "conversations", ["listed_at", "id"])

    op.create_table(
        "guests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("pms_system", sa.Text(), nullable=True),
        sa.Column("pms_key", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("name_key", SORTED, nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("loyalty_tier", sa.Text(), nullable=True),
        sa.Column("vip", sa.Boolean(), nullable=False),
        sa.Column("contact_points", sa.Text(), nullable=False),
        sa.Column("preferences", sa.Text(), nullable=False),
        sa.Column("further_refs", sa.Text(), nullable=False),
        sa.Column("modified_at", INSTANT, nullable=True),
        sa.Column("synced_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_guests"),
        sa.UniqueConstraint("hotel_id", "pms_system", "pms_key", name="uq_guests_hotel_id_pms_system_pms_key"),
    )
    op.create_index("ix_guests_name_key_id", "guests", ["name_key", "id"])

    op.create_table(
        "inbox_deliveries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("accounts", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("unpacked_at", INSTANT, nullable=True),
        sa.Column("problems", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_deliveries"),
    )
    op.create_index(
        "ix_inbox_deliveries_waiting",
        "inbox_deliveries",
        ["received_at", "id"],
        sqlite_where=sa.text("unpacked_at IS NULL"),
        postgresql_where=sa.text("unpacked_at IS NULL"),
    )

    op.create_table(
        "parked_receipts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_parked_receipts"),
    )
    op.create_index(
        "ix_parked_receipts_channel_account_provider_id", "parked_receipts", ["channel", "account", "provider_id"]
    )

    op.create_table(
        "rejected_records",
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hotel_id", "fingerprint", name="pk_rejected_records"),
    )
    op.create_index(
        "ix_rejected_records_hotel_id_last_seen_at_fingerprint",
        "rejected_records",
        ["hotel_id", "last_seen_at", "fingerprint"],
    )

    op.create_table(
        "rooms",
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("number", SORTED, nullable=False),
        sa.Column("room_type", sa.Text(), nullable=True),
        sa.Column("occupancy", sa.Text(), nullable=True),
        sa.Column("housekeeping", sa.Text(), nullable=True),
        sa.Column("synced_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("hotel_id", "number", name="pk_rooms"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "service_requests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=True),
        sa.Column("guest_id", sa.Text(), nullable=True),
        sa.Column("reservation_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("room_number", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_requests"),
    )
    op.create_index("ix_service_requests_created_at_id", "service_requests", ["created_at", "id"])

    op.create_table(
        "staff_members",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("hotels", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_members"),
        sa.UniqueConstraint("email", name="uq_staff_members_email"),
    )
    op.create_table(
        "sync_runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sync_runs"),
    )
    op.create_index("ix_sync_runs_hotel_id_started_at_id", "sync_runs", ["hotel_id", "started_at", "id"])

    op.create_table(
        "sync_states",
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("cursor_at", INSTANT, nullable=True),
        sa.Column("last_success_at", INSTANT, nullable=True),
        sa.Column("last_started_at", INSTANT, nullable=True),
        sa.Column("retry_after", INSTANT, nullable=True),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("unreachable_since", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("hotel_id", name="pk_sync_states"),
    )
    op.create_table(
        "channel_identities",
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_channel_identities_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hotel_id", "channel", "account", "kind", "value", name="pk_channel_identities"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_channel_identities_conversation_id", "channel_identities", ["conversation_id"])

    op.create_table(
        "guest_contacts",
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", SORTED, nullable=False),
        sa.Column("guest_id", sa.Text(), nullable=False),
        sa.Column("readable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guests.id"], name="fk_guest_contacts_guest_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hotel_id", "kind", "value", "guest_id", name="pk_guest_contacts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_guest_contacts_guest_id", "guest_contacts", ["guest_id"])

    op.create_table(
        "guest_preferences",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("guest_id", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guests.id"], name="fk_guest_preferences_guest_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_guest_preferences"),
    )
    op.create_index("ix_guest_preferences_guest_id", "guest_preferences", ["guest_id"])

    op.create_table(
        "guest_refs",
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("guest_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["guest_id"], ["guests.id"], name="fk_guest_refs_guest_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hotel_id", "system", "key", name="pk_guest_refs"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_guest_refs_guest_id", "guest_refs", ["guest_id"])

    op.create_table(
        "messages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("author_kind", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("reply_to", sa.Text(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("send_after", INSTANT, nullable=True),
        sa.Column("sending_since", INSTANT, nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("told_to", sa.Text(), nullable=True),
        sa.Column("told_level", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_messages_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("channel", "account", "provider_id", name="uq_messages_channel_account_provider_id"),
    )
    op.create_index("ix_messages_in_order", "messages", ["conversation_id", "sent_at", "created_at", "id"])
    op.create_index(
        "ix_messages_queued",
        "messages",
        ["created_at", "id"],
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_index(
        "ix_messages_sending",
        "messages",
        ["sending_since", "id"],
        sqlite_where=sa.text("status = 'sending'"),
        postgresql_where=sa.text("status = 'sending'"),
    )
    op.create_index(
        "ix_messages_unanswered",
        "messages",
        ["conversation_id", "created_at"],
        sqlite_where=sa.text("direction = 'inbound' AND answered_at IS NULL"),
        postgresql_where=sa.text("direction = 'inbound' AND answered_at IS NULL"),
    )

    op.create_table(
        "reservations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("guest_id", sa.Text(), nullable=False),
        sa.Column("pms_system", sa.Text(), nullable=False),
        sa.Column("pms_key", sa.Text(), nullable=False),
        sa.Column("confirmation_number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("arrival", sa.Date(), nullable=False),
        sa.Column("departure", sa.Date(), nullable=False),
        sa.Column("room_number", sa.Text(), nullable=True),
        sa.Column("room_type", sa.Text(), nullable=True),
        sa.Column("expected_arrival", INSTANT, nullable=True),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("special_requests", sa.Text(), nullable=False),
        sa.Column("companions", sa.Text(), nullable=False),
        sa.Column("modified_at", INSTANT, nullable=True),
        sa.Column("gone_at", INSTANT, nullable=True),
        sa.Column("doubt", sa.Text(), nullable=True),
        sa.Column("synced_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["guest_id"], ["guests.id"], name="fk_reservations_guest_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reservations"),
        sa.UniqueConstraint("hotel_id", "pms_system", "pms_key", name="uq_reservations_hotel_id_pms_system_pms_key"),
    )
    op.create_index("ix_reservations_arrival_id", "reservations", ["arrival", "id"])
    op.create_index("ix_reservations_guest_id", "reservations", ["guest_id"])
    op.create_index("ix_reservations_hotel_id_departure_id", "reservations", ["hotel_id", "departure", "id"])

    op.create_table(
        "staff_sessions",
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("csrf_digest", sa.Text(), nullable=True),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_members.id"], name="fk_staff_sessions_staff_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_digest", name="pk_staff_sessions"),
    )
    op.create_index("ix_staff_sessions_expires_at", "staff_sessions", ["expires_at"])
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])

    op.create_table(
        "answer_receipts",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("blocked", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_answer_receipts_message_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name="pk_answer_receipts"),
    )
    op.create_table(
        "reservation_companions",
        sa.Column("reservation_id", sa.Text(), nullable=False),
        sa.Column("guest_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservations.id"], name="fk_reservation_companions_reservation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reservation_id", "guest_id", name="pk_reservation_companions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reservation_companions_guest_id", "reservation_companions", ["guest_id"])


def downgrade() -> None:
    """Drop every table."""
    for table in (
        "reservation_companions",
        "answer_receipts",
        "staff_sessions",
        "reservations",
        "messages",
        "guest_refs",
        "guest_preferences",
        "guest_contacts",
        "channel_identities",
        "sync_states",
        "sync_runs",
        "staff_members",
        "service_requests",
        "rooms",
        "rejected_records",
        "parked_receipts",
        "inbox_deliveries",
        "guests",
        "conversations",
    ):
        op.drop_table(table)
