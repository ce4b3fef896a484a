"""PmsTasks: leaving a task or a note for the hotel's people in the PMS."""

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from jack.domain.ids import ExternalRef


@dataclass(frozen=True, slots=True, kw_only=True)
class PmsTask:
    """What people should do, as the PMS will show it.

    `key` is Jack's own id of it, of letters and digits; `due_at` an instant. `reservation` is the stay that it is about
    and `confirmation_number` that stay's number, both None for a task without a stay.
    """

    key: str
    title: str = field(repr=False)
    details: str = field(default="", repr=False)
    reservation: ExternalRef | None = None
    confirmation_number: str | None = None
    room_number: str | None = None
    due_at: datetime


class PmsTasks(Protocol):
    """Files tasks. Where a vendor has neither tasks nor notes, its capabilities lack TASKS."""

    @abstractmethod
    async def file_task(self, task: PmsTask) -> str:
        """File the task and return the vendor's key of what was made.

        Filing again under the same `key` makes nothing twice: the text carries the key, and what is there already is
        looked for first. Never changes or replaces anything that people wrote. After Interrupted or a crash, call
        again. Raises the three words; ServiceRejected where the vendor cannot keep such a task.
        """
