"""Bringing the database to the shape that this version needs."""

from jack.adapters.persistence.migrate import current_and_head_async, upgrade_async
from jack.entrypoints.settings import Settings


async def upgrade_database(settings: Settings) -> tuple[str | None, str]:
    """Upgrade; the revision before (None for an empty database) and after. Raises the three outside words."""
    before, head = await current_and_head_async(settings.database.url)
    if before != head:
        await upgrade_async(settings.database.url)
    return before, head
