"""What Alembic runs for every command: the connection is handed in, and one process at a time changes the tables."""

from alembic import context
from sqlalchemy import Connection, text

from jack.adapters.persistence.tables import metadata

_LOCK = 0x6A61636B
"""The advisory lock of PostgreSQL under which tables are changed ("jack" in ASCII)."""

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        # held until the transaction ends; SQLite's BEGIN IMMEDIATE does the same
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    context.run_migrations()
