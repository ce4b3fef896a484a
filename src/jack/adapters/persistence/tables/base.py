"""What all tables share: one catalogue, and constraints with names that errors can be told by."""

from typing import Any

from sqlalchemy import Column, MetaData, Text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def text_column(name: str, **more: Any) -> Column[str]:
    """A text that is always there."""
    return Column(name, Text, nullable=False, **more)


def optional_text(name: str) -> Column[str]:
    """A text that may be missing."""
    return Column(name, Text, nullable=True)
