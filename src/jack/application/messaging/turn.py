"""The turn at hand: what one answer is about, and whether it still is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jack.application.messaging.told import NOTHING_TOLD, ToldToOthers
from jack.application.stays.match import Finding
from jack.domain.conversation import Conversation, HeldBy
from jack.domain.hotel import Hotel
from jack.domain.message import Message

TRIES = 5
"""How many turns may be begun without being finished before people must look."""

LONGEST_QUIET = timedelta(seconds=15)
"""Somebody who writes on and on is answered after this long, quiet or not."""

PATIENCE = timedelta(seconds=45)
"""How long a guest waits for a model that is down, unless the configuration says otherwise."""

LONG_PAUSE = timedelta(hours=1)
"""When to look again at a conversation that was handed to people because every turn broke."""

LONGEST_RESTARTS = timedelta(seconds=30)
"""For how long a draft is dropped because the sender wrote on; then it is said, and what is newer comes next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLimits:
    """How long a process may hold a turn; one that died loses it after that.

    It must be longer than any turn takes, or another process begins the same turn beside a slow one, and as short as
    that allows, because a guest whose turn died with its process waits for it. `patience` is how long a guest waits
    for a model that is down before Jack says that a colleague will answer; only a first try may take longer.
    """

    lease: timedelta = timedelta(seconds=90)
    patience: timedelta = PATIENCE

    @classmethod
    def for_model(cls, time_limit: timedelta, patience: timedelta = PATIENCE) -> "TurnLimits":
        """The limits beside a model that may take `time_limit` for a draft."""
        return cls(lease=timedelta(seconds=10) + 4 * time_limit, patience=patience)


USUAL_LIMITS = TurnLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnAtHand:
    """Everything one turn was begun with. `questions` are the unanswered messages, `history` includes them.

    `told` is what was said in it to others than whom the sender is taken for now."""

    conversation: Conversation
    hotel: Hotel
    token: str
    questions: tuple[Message, ...]
    history: tuple[Message, ...]
    finding: Finding
    confirmed_at: datetime | None
    told: ToldToOthers = NOTHING_TOLD


def wait_for_quiet(
    questions: Sequence[Message], quiet_time: timedelta, retry_after: datetime | None, now: datetime
) -> timedelta:
    """How long to wait before answering: until the sender was quiet for a while, or until a failed turn may be retried.

    Zero or less means now. Three quick lines or an album become one turn and get one answer. Instants that lie further
    ahead than anybody waits were stored before the clock was set back, and hold nobody up.
    """
    if retry_after is not None and now < retry_after <= now + LONG_PAUSE:
        return retry_after - now
    newest = max(message.created_at for message in questions)
    oldest = min(message.created_at for message in questions)
    wait = min(newest + quiet_time, oldest + LONGEST_QUIET) - now
    return wait if wait <= LONGEST_QUIET else timedelta(0)


def unchanged(turn: TurnAtHand, conversation: Conversation, unanswered: Sequence[Message], now: datetime) -> bool:
    """True while the reply to `turn` may still be said: Jack holds the conversation, the turn is ours, the sender is
    still taken for the same guest, nothing newer came in.

    Something newer counts only for so long and so often: somebody who writes on and on is answered what they asked
    first.
    """
    open_still = {message.id for message in unanswered}
    asked = {message.id for message in turn.questions}
    waited = now - min(message.created_at for message in turn.questions)
    enough = waited > LONGEST_RESTARTS or turn.conversation.attempts >= TRIES
    return (
        conversation.held_by is HeldBy.JACK
        and conversation.turn_token == turn.token
        and conversation.match == turn.conversation.match
        and (asked <= open_still if enough else asked == open_still)
    )
