"""What every store does: in memory, on SQLite and on PostgreSQL."""
