"""What the waiting notices of a hotel hint at, taken together."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jack.application.errors import ServiceRejected
from jack.application.ports.pms_notices import PmsHints, PmsNotices
from jack.domain.notices import Notice
from jack.domain.snapshot import UnknownValue

log = logging.getLogger(__name__)

Want = tuple[str, str]
"""One thing to read again: ("stay", key), ("guest", key) or ("rooms", "")."""

ROOMS: Want = ("rooms", "")

LONGEST_REASON = 500
"""Characters of the sentence why a notice was not understood."""

MOST_WORDS = 100
"""How many unknown words of one batch are noted."""


@dataclass(slots=True)
class Hinted:
    """What was gathered so far; `waiting` holds for each notice what is still to be read before it is done."""

    waiting: dict[str, set[Want]] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    changes: bool = False
    unknown: dict[UnknownValue, None] = field(default_factory=dict)
    wanted_by: dict[Want, list[str]] = field(default_factory=dict)

    def add(self, pms: PmsNotices, notices: Iterable[Notice]) -> None:
        """Understand these too; what cannot be understood is kept with its reason, and is nobody else's business."""
        for notice in notices:
            try:
                hints = pms.hints(notice.body)
            except ServiceRejected as rejected:
                self.unreadable[notice.id] = rejected.reason[:LONGEST_REASON]
            except Exception as error:
                log.exception("notice.broke", extra={"hotel": notice.hotel_id})
                self.unreadable[notice.id] = f"could not be understood: {type(error).__name__}"
            else:
                self._want(notice.id, hints)

    @property
    def size(self) -> int:
        """How many things are to be read."""
        return len(self.wanted_by)

    def parts(self, most: int) -> Iterator[PmsHints]:
        """Everything that has a name, each once, in parts of at most so many stays and guests."""
        stays = [key for kind, key in self.wanted_by if kind == "stay"]
        guests = [key for kind, key in self.wanted_by if kind == "guest"]
        for start in range(0, max(len(stays), len(guests)), most):
            yield PmsHints(
                stays=tuple(stays[start : start + most]),
                guests=tuple(guests[start : start + most]),
            )

    def settle(self, wants: Iterable[Want]) -> list[str]:
        """These were read: the notices that wait for nothing any more."""
        finished = []
        for want in wants:
            for notice_id in self.wanted_by.get(want, ()):
                left = self.waiting.get(notice_id)
                if left is not None:
                    left.discard(want)
                    if not left:
                        del self.waiting[notice_id]
                        finished.append(notice_id)
        return finished

    def give_up(self, want: Want) -> list[str]:
        """This cannot be read, whenever it is asked for: the notices that wanted it."""
        return [
            notice_id for notice_id in self.wanted_by.get(want, ()) if self.waiting.pop(notice_id, None) is not None
        ]

    def idle(self) -> list[str]:
        """Notices that hint at nothing which must be read: health checks, events of other hotels."""
        idle = [notice_id for notice_id, wants in self.waiting.items() if not wants]
        for notice_id in idle:
            del self.waiting[notice_id]
        return idle

    def _want(self, notice_id: str, hints: PmsHints) -> None:
        wants = wants_of(hints)
        self.waiting[notice_id] = set(wants)
        for want in wants:
            self.wanted_by.setdefault(want, []).append(notice_id)
        self.changes = self.changes or hints.changes
        self.unknown.update(dict.fromkeys(hints.unknown[: max(0, MOST_WORDS - len(self.unknown))]))


def wants_of(hints: PmsHints) -> list[Want]:
    """What the hints name, rooms included."""
    wants: list[Want] = [("stay", key) for key in hints.stays]
    wants += [("guest", key) for key in hints.guests]
    return [*wants, ROOMS] if hints.rooms else wants


def halves(part: PmsHints) -> tuple[PmsHints, PmsHints] | None:
    """The two halves of a part; None when it names one thing only."""
    stays, guests = part.stays, part.guests
    if len(stays) + len(guests) < 2:
        return None
    if stays and guests:
        return PmsHints(stays=stays), PmsHints(guests=guests)
    half = (len(stays) + len(guests)) // 2
    return (
        PmsHints(stays=stays[:half], guests=guests[:half]),
        PmsHints(stays=stays[half:], guests=guests[half:]),
    )
