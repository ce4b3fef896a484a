"""Match: who is writing, about which stay, and how do we know."""

from dataclasses import dataclass
from enum import StrEnum

from jack.domain.ids import GuestId, ReservationId


class MatchOutcome(StrEnum):
    """Whether a sender was told apart."""

    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


class Level(StrEnum):
    """How well a sender is verified; decides which facts may be known. Each level includes the ones before it."""

    PUBLIC = "public"
    CLAIMED = "claimed"
    CONTACT = "contact"
    STAFF = "staff"

    def includes(self, other: "Level") -> bool:
        """True when a sender of this level may know what `other` may know."""
        order = list(Level)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The answer with its evidence: sentences that staff read, without protected values in them.

    `guest_id` is set only when the outcome is matched; `reservation_id` only when one stay is meant.
    """

    outcome: MatchOutcome
    level: Level
    evidence: tuple[str, ...] = ()
    guest_id: GuestId | None = None
    reservation_id: ReservationId | None = None


NOBODY = Match(outcome=MatchOutcome.UNKNOWN, level=Level.PUBLIC, evidence=("no guest holds this contact point",))
