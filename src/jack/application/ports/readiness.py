"""Readiness: whether this process can do its work now."""

from abc import abstractmethod
from typing import Protocol


class Readiness(Protocol):
    """Looks at what Jack stands on: the database, its shape, the queue's server."""

    @abstractmethod
    async def problems(self) -> tuple[str, ...]:
        """What keeps Jack from working now, one sentence each, without secrets; empty when all is well.

        Never raises for what it looks at. It may take as long as that takes: the caller sets the time limit.
        """
