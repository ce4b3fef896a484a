"""What syncs with real PMSs, calls with a query, and the web chat need.

Everything here is either new and empty, or a column that is empty (or "") for the rows that are there: a guest or stay
without a fingerprint is compared anew at its next sync, and a hotel that was synced before is taken to have its PMS
still.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


INSTANT = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
SORTED = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add columns, indexes and tables; let contacts go without a foreign key."""
    for table, column in _new_columns():
        op.add_column(table, column)
    for name, table, columns, where in _new_indexes():
        op.create_index(name, table, columns, **_only(where))
    _store_contacts_unchecked()
    _create_sync_tables()
    _create_pms_tables()
    _create_chat_tables()


def downgrade() -> None:
    """Drop what was added, with all that it holds; the rest stays."""
    for table in (
        "chat_posts",
        "chat_sessions",
        "unknown_values",
        "notice_followers",
        "pms_notices",
        "pms_kept",
        "pms_memory",
        "stay_events",
        "seen_stays",
    ):
        op.drop_table(table)
    _store_contacts_checked()
    for name, table, _, _ in _new_indexes():
        op.drop_index(name, table)
    for table, column in _new_columns():
        op.drop_column(table, column.name)


def _new_columns() -> list[tuple[str, sa.Column[Any]]]:
    # made anew for each use: a column belongs to one table object only
    return [
        ("guests", sa.Column("fingerprint", sa.Text(), nullable=True)),
        ("reservations", sa.Column("fingerprint", sa.Text(), nullable=True)),
        ("inbox_deliveries", sa.Column("target", sa.Text(), server_default="", nullable=False)),
        ("sync_runs", sa.Column("total", sa.Integer(), nullable=True)),
        ("sync_states", sa.Column("load_began_at", INSTANT, nullable=True)),
        ("sync_states", sa.Column("loaded_from", sa.Date(), nullable=True)),
        ("sync_states", sa.Column("loaded_until", sa.Date(), nullable=True)),
        ("sync_states", sa.Column("last_full_at", INSTANT, nullable=True)),
        ("sync_states", sa.Column("full_tried_at", INSTANT, nullable=True)),
        ("sync_states", sa.Column("missing", sa.Integer(), nullable=True)),
        ("sync_states", sa.Column("missing_of", sa.Integer(), nullable=True)),
        ("sync_states", sa.Column("missing_run_id", sa.Text(), nullable=True)),
        ("sync_states", sa.Column("missing_confirmed", sa.Boolean(), server_default=sa.false(), nullable=False)),
        ("sync_states", sa.Column("system", sa.Text(), nullable=True)),
    ]


def _new_indexes() -> tuple[tuple[str, str, list[str], str | None], ...]:
    return (
        ("ix_messages_unknown", "messages", ["created_at", "id"], "status = 'unknown'"),
        (
            "ix_reservations_hotel_id_confirmation_number",
            "reservations",
            ["hotel_id", "confirmation_number"],
            None,
        ),
        (
            "ix_reservations_hotel_id_room_number_departure",
            "reservations",
            ["hotel_id", "room_number", "departure"],
            None,
        ),
    )


def _only(where: str | None) -> dict[str, Any]:
    return {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}


def _store_contacts_unchecked() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_contacts()
    else:
        op.drop_constraint("fk_guest_contacts_guest_id", "guest_contacts", type_="foreignkey")


def _store_contacts_checked() -> None:
    op.execute(
        "DELETE FROM guest_contacts WHERE NOT EXISTS (SELECT 1 FROM guests WHERE guests.id = guest_contacts.guest_id)"
    )
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_contacts(
            sa.ForeignKeyConstraint(["guest_id"], ["guests.id"], name="fk_guest_contacts_guest_id", ondelete="CASCADE")
        )
    else:
        op.create_foreign_key(
            "fk_guest_contacts_guest_id", "guest_contacts", "guests", ["guest_id"], ["id"], ondelete="CASCADE"
        )


def _rebuild_contacts(*constraints: sa.Constraint) -> None:
    # SQLite changes no constraint of a table; nothing refers to this one, so it can be replaced
    op.create_table(
        "guest_contacts_new",
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", SORTED, nullable=False),
        sa.Column("guest_id", sa.Text(), nullable=False),
        sa.Column("readable", sa.Boolean(), nullable=False),
        *constraints,
        sa.PrimaryKeyConstraint("hotel_id", "kind", "value", "guest_id", name="pk_guest_contacts"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO guest_contacts_new (hotel_id, kind, value, guest_id, readable) "
        "SELECT hotel_id, kind, value, guest_id, readable FROM guest_contacts"
    )
    op.drop_table("guest_contacts")
    op.rename_table("guest_contacts_new", "guest_contacts")
    op.create_index("ix_guest_contacts_guest_id", "guest_contacts", ["guest_id"])


def _create_sync_tables() -> None:
    op.create_table(
        "seen_stays",
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hotel_id", "system", "key", name="pk_seen_stays"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stay_events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("reservation_id", sa.Text(), nullable=False),
        sa.Column("guest_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("modified_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_stay_events"),
    )
    op.create_index("ix_stay_events_reservation_id_at_id", "stay_events", ["reservation_id", "at", "id"])


def _create_pms_tables() -> None:
    op.create_table(
        "pms_memory",
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hotel_id", "system", "name", name="pk_pms_memory"),
    )
    op.create_table(
        "pms_kept",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pms_kept"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pms_kept_hotel_id_system_id", "pms_kept", ["hotel_id", "system", "id"])
    op.create_table(
        "pms_notices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_pms_notices"),
    )
    for name, where in (("waiting", "done_at IS NULL"), ("unreadable", "problem IS NOT NULL")):
        op.create_index(
            f"ix_pms_notices_{name}",
            "pms_notices",
            ["hotel_id", "received_at", "id"],
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_table(
        "notice_followers",
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("began_at", INSTANT, nullable=True),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("retry_after", INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changes_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("hotel_id", name="pk_notice_followers"),
    )
    op.create_table(
        "unknown_values",
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hotel_id", "system", "field", "value", name="pk_unknown_values"),
    )


def _create_chat_tables() -> None:
    op.create_table(
        "chat_sessions",
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("hotel_id", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sender", name="pk_chat_sessions"),
        sa.UniqueConstraint("token_digest", name="uq_chat_sessions_token_digest"),
    )
    op.create_index("ix_chat_sessions_expires_at", "chat_sessions", ["expires_at"])
    op.create_table(
        "chat_posts",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["sender"], ["chat_sessions.sender"], name="fk_chat_posts_sender", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name="pk_chat_posts"),
        sa.UniqueConstraint("key", name="uq_chat_posts_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_chat_posts_sender_number", "chat_posts", ["sender", "number"])
