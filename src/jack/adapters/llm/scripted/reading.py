"""Reading: what one turn of the guest means, and what can be said to it from the hotel's facts."""

import re
from dataclasses import dataclass
from typing import Final

from jack.adapters.llm.scripted import facts, topics
from jack.adapters.llm.scripted.intents import Courtesy, Question, Wish
from jack.adapters.llm.scripted.language import normal
from jack.adapters.llm.scripted.recognise import courtesies_in, questions_in, wishes_in
from jack.domain.context import ConversationContext
from jack.domain.message import AuthorKind
from jack.domain.service_request import ServiceRequestKind

LONGEST_READ: Final = 4000
_MOST_FACTS: Final = 3
_ABOUT_STAYS: Final = frozenset(Question) - {Question.PREFERENCES}
_STRONG: Final = (
    topics.CHECK_OUT, topics.CHECK_IN, topics.WIFI, topics.BREAKFAST, topics.PARKING, topics.RESTAURANT, "pool", "gym",
    "spa",
)  # fmt: skip
_COVERED: Final[dict[Wish, tuple[str, ...]]] = {
    Wish.LATE_CHECKOUT: (topics.LATE_CHECK_OUT,),
    Wish.CHECK_OUT: (topics.CHECK_OUT,),
    Wish.EARLY_CHECK_IN: (topics.CHECK_IN,),
    Wish.TABLE: (topics.RESTAURANT,),
    Wish.NEED: (topics.RESTAURANT,),
    Wish.CHANGE_BOOKING: (topics.CHECK_OUT, topics.CHECK_IN),
    **dict.fromkeys((Wish.MAINTENANCE, Wish.COMPLAINT, Wish.URGENT, Wish.HUMAN), tuple(topics.TOPICS)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a turn means.

    `wishes` says of each wish whether it is plainly wished. `told` are the hotel's own words on `topics`; `unanswered`
    is True when something was asked that the hotel says nothing about. `earlier` is the kind of the wish that a short
    addition ("at 2 pm, please") belongs to.
    """

    wishes: dict[Wish, bool]
    questions: tuple[Question, ...]
    topics: tuple[str, ...]
    courtesies: tuple[Courtesy, ...]
    told: tuple[str, ...]
    unanswered: bool
    earlier: ServiceRequestKind | None

    @classmethod
    def of(cls, context: ConversationContext, *, known: bool) -> "Reading":
        """Read the question of a context; `known` is whether there is a guest to speak about."""
        text = normal(context.question[:LONGEST_READ])
        wishes, courtesies = wishes_in(text), courtesies_in(text)
        asked = _topics(text, wishes)
        told, unanswered = _told(asked, text, wishes, context.hotel.facts)
        earlier = None
        if not (wishes or asked or courtesies or questions_in(text)) and re.search(r"\w", text):
            earlier = _earlier_wish(text, context)
            found = facts.told_about_words(text, context.hotel.facts) if earlier is None else None
            told = (found,) if found else ()
            if not told:
                wishes[Wish.MESSAGE] = True
        if Courtesy.YES in courtesies and any(turn.author is not AuthorKind.GUEST for turn in context.history):
            wishes[Wish.HUMAN] = True
        return cls(
            wishes=wishes,
            questions=_questions(text, wishes, asked, known),
            topics=asked,
            courtesies=courtesies,
            told=told,
            unanswered=unanswered,
            earlier=earlier,
        )

    @property
    def wants_stays(self) -> bool:
        """True when an honest answer stands on the sender's stays."""
        return bool(_ABOUT_STAYS & set(self.questions)) or (not self.wishes and topics.CHECK_OUT in self.topics)

    @property
    def about_food(self) -> bool:
        """True when it is about eating."""
        return topics.BREAKFAST in self.topics or topics.RESTAURANT in self.topics

    @property
    def about_leaving(self) -> bool:
        """True when the times of leaving were asked for, without a wish that says more."""
        return topics.CHECK_OUT in self.topics and not {Wish.LATE_CHECKOUT, Wish.CHECK_OUT} & set(self.wishes)

    @property
    def has_matter(self) -> bool:
        """True when it is about more than courtesies."""
        return bool(self.wishes or self.questions or self.topics or self.told)


def _topics(text: str, wishes: dict[Wish, bool]) -> tuple[str, ...]:
    """The topics; who wants to leave late is told about late check-out rather than about the usual one."""
    asked = topics.topics_in(text)
    if Wish.LATE_CHECKOUT not in wishes:
        return tuple(topic for topic in asked if topic != topics.LATE_CHECK_OUT)
    return (topics.LATE_CHECK_OUT, *(t for t in asked if t not in (topics.LATE_CHECK_OUT, topics.CHECK_OUT)))


def _questions(text: str, wishes: dict[Wish, bool], asked: tuple[str, ...], known: bool) -> tuple[Question, ...]:
    """The questions, without those that the answer to a wish or a topic covers."""
    covered: set[Question] = set()
    leaving = {Wish.LATE_CHECKOUT, Wish.EARLY_CHECK_IN, Wish.CHECK_OUT, Wish.CHANGE_BOOKING}
    if known and (topics.CHECK_OUT in asked or leaving & set(wishes)):
        covered.add(Question.STAY_DATES)
    if Wish.NEED in wishes:
        covered.add(Question.PREFERENCES)
    return tuple(question for question in questions_in(text) if question not in covered)


def _told(asked: tuple[str, ...], text: str, wishes: dict[Wish, bool], hotel: str) -> tuple[tuple[str, ...], bool]:
    covered = {topic for wish in wishes for topic in _COVERED.get(wish, ())}
    told: list[str] = []
    unanswered = False
    for topic in asked:
        found = facts.told_about(topic, hotel)
        if found is None and topic == topics.LATE_CHECK_OUT:
            found = facts.told_about(topics.CHECK_OUT, hotel)
        if found and len(told) < _MOST_FACTS:
            told.append(found)
        elif topic not in covered and (not wishes or (topic in _STRONG and "?" in text)):
            unanswered = True
    return tuple(dict.fromkeys(told)), unanswered


def _earlier_wish(text: str, context: ConversationContext) -> ServiceRequestKind | None:
    if len(text.split()) > 8:
        return None
    for turn in reversed(context.history[-6:]):
        if turn.author is AuthorKind.GUEST:
            found = wishes_in(normal(turn.text[:LONGEST_READ]))
            return next(iter(found)).kind if found else None
    return None
