"""Which system the state of a hotel's sync is about."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; a hotel that was synced before is taken to have its PMS still."""
    op.add_column("sync_states", sa.Column("system", sa.Text(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("sync_states", "system")
