"""Receipt: why an answer said what it said."""

from dataclasses import dataclass
from datetime import datetime

from jack.domain.ids import MessageId
from jack.domain.match import Level, MatchOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFact:
    """One fact that the answer could stand on: what it is, its value, its age, and the level that allowed it."""

    name: str
    value: str
    as_of: datetime | None
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Everything that staff need to understand one reply.

    `questions` are the inbound messages that it answers; `blocked` names what a draft tried to disclose and was stopped
    for (never the value itself).
    """

    message_id: MessageId
    questions: tuple[MessageId, ...]
    outcome: MatchOutcome
    level: Level
    evidence: tuple[str, ...]
    facts: tuple[ReceiptFact, ...]
    model: str
    blocked: tuple[str, ...]
    created_at: datetime
