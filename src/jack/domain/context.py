"""ConversationContext: exactly what the model may know for one answer."""

from dataclasses import dataclass
from datetime import date, datetime

from jack.domain.match import Level
from jack.domain.message import AuthorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class HotelFacts:
    """What anyone may be told. `local_time` is the wall clock at the hotel."""

    name: str
    language: str
    facts: str
    local_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestFacts:
    """What the sender may be told about themselves; `preferences` are (category, value), and `more_preferences` is how
    many are left out."""

    first_name: str
    last_name: str
    language: str | None
    loyalty_tier: str | None
    preferences: tuple[tuple[str, str], ...]
    as_of: datetime | None
    more_preferences: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFacts:
    """What the sender may be told about their own stay.

    `room_number` is None before check-in. `as_of` is when the PMS last confirmed these facts; `stale` is True when that
    is longer ago than the hotel allows and reading them again failed: then they must not be stated as current.
    """

    status: str
    arrival: date
    departure: date
    room_type: str | None
    room_number: str | None
    as_of: datetime | None
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of the history, oldest first."""

    author: AuthorKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationContext:
    """Everything one answer may stand on, and nothing else.

    `stays` are the sender's own stays that are nearest to today, the most relevant first; several rooms are several
    stays. `language` is the language to answer in when the sender's text does not decide it. `question` is the turn
    to be answered: the unanswered messages joined by line breaks; it is not repeated in `history`.
    """

    hotel: HotelFacts
    level: Level
    guest: GuestFacts | None
    stays: tuple[StayFacts, ...]
    language: str
    history: tuple[Turn, ...]
    question: str
    ambiguous: bool = False

    @property
    def stay(self) -> StayFacts | None:
        """The stay that is meant, if there is one."""
        return self.stays[0] if self.stays else None
