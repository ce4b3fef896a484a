"""One answer of the scripted butler: say what is known, pass on what people must do, promise nothing else."""

import re
from collections.abc import Iterable
from typing import Final

from jack.adapters.llm.scripted.intents import Courtesy, Wish
from jack.adapters.llm.scripted.language import language_of
from jack.adapters.llm.scripted.phrases import PHRASES, Phrases
from jack.adapters.llm.scripted.reading import LONGEST_READ, Reading
from jack.adapters.llm.scripted.sender import Sender
from jack.domain.context import ConversationContext
from jack.domain.message import AuthorKind
from jack.domain.service_request import RequestedService

LONGEST: Final = 1500
_QUOTED: Final = 300

_OWN_SENTENCE: Final = (Wish.URGENT, Wish.HUMAN, Wish.COMPLAINT, Wish.NEED, Wish.MESSAGE)
_NOWHERE: Final = frozenset({Wish.TAXI, Wish.TABLE, Wish.INVOICE, Wish.CHANGE_BOOKING})
_NEEDS_NO_BOOKING: Final = (*_OWN_SENTENCE, Wish.TAXI, Wish.TABLE)


def answer(context: ConversationContext) -> tuple[str, tuple[RequestedService, ...]]:
    """The text for the guest and what people must do. Every sentence that passes something on has its request."""
    say = phrases_for(context)
    sender = Sender.of(context, say)
    reading = Reading.of(context, known=sender.guest is not None)
    stale = sender.stale and reading.wants_stays
    parts = [_opening(context, reading, sender), *_passed_on(reading, sender)]
    for question in reading.questions:
        parts += sender.answer(question)
    parts += [
        sender.departure() if reading.about_leaving else "",
        *(_quoted(text, say) for text in reading.told),
        sender.noted_about_food() if reading.about_food else "",
        say.unknown_fact if reading.unanswered else "",
        say.stale if stale else "",
        say.nobody if sender.guest is None and set(reading.wishes) - set(_NEEDS_NO_BOOKING) else "",
    ]
    if not reading.has_matter:
        parts += _courtesy(context, reading, sender)
    wishes = dict(reading.wishes)
    if reading.unanswered or stale:
        wishes.setdefault(Wish.MESSAGE, True)
    return _joined(parts), tuple(_request(context, reading, sender, wish, wishes[wish], stale) for wish in wishes)


def phrases_for(context: ConversationContext) -> Phrases:
    """The language of the guest's own words, else the context's, else English."""
    default = re.split(r"[-_]", context.language.casefold())[0]
    return PHRASES.get(language_of(context.question[:LONGEST_READ]) or default, PHRASES["en"])


def _opening(context: ConversationContext, reading: Reading, sender: Sender) -> str:
    say = sender.say
    if Wish.URGENT in reading.wishes:
        return ""
    sorry = Wish.COMPLAINT in reading.wishes or Wish.MAINTENANCE in reading.wishes
    leaving = {Courtesy.THANKS, Courtesy.GOODBYE, Courtesy.FINE} & set(reading.courtesies)
    if Courtesy.GREETING in reading.courtesies or (_is_first(context) and (reading.has_matter or not leaving)):
        hour = context.hotel.local_time.hour
        words = say.morning if 4 <= hour < 12 else say.afternoon if 12 <= hour < 18 else say.evening
        return f"{sender.named(words)} {say.sorry}." if sorry else sender.named(words)
    if not reading.has_matter:
        return ""
    return sender.named(say.sorry if sorry else say.gladly)


def _passed_on(reading: Reading, sender: Sender) -> list[str]:
    say, wishes = sender.say, reading.wishes
    own = {Wish.URGENT: say.urgent, Wish.HUMAN: say.human, Wish.COMPLAINT: say.complaint, Wish.NEED: say.need}
    parts = [text for wish, text in own.items() if wish in wishes]
    plain = [wish for wish, plainly in wishes.items() if plainly and wish not in _OWN_SENTENCE]
    if plain:
        words = say.listed([say.wishes[wish] for wish in plain])
        form = say.passed_on if sender.guest else say.passed_on_to_nobody
        parts.append(form.format(wishes=words, room="" if set(plain) <= _NOWHERE else sender.for_rooms()))
        parts += [text for wish in plain for text in sender.beside(wish)]
    if (Wish.MESSAGE in wishes or not all(wishes.values())) and not reading.unanswered:
        parts.append(say.message)
    return parts


def _courtesy(context: ConversationContext, reading: Reading, sender: Sender) -> list[str]:
    say, courtesies = sender.say, reading.courtesies
    if Courtesy.WHO_ARE_YOU in courtesies:
        return [say.who_is_jack.format(hotel=context.hotel.name)]
    if Courtesy.GOODBYE in courtesies:
        return [sender.named(say.goodbye), say.still_here]
    if Courtesy.THANKS in courtesies or Courtesy.FINE in courtesies:
        return [sender.named(say.thanks)]
    intro = say.intro.format(hotel=context.hotel.name) if _is_first(context) else ""
    return [intro, *sender.welcome(), say.how_help]


def _is_first(context: ConversationContext) -> bool:
    return not any(turn.author is AuthorKind.JACK for turn in context.history)


def _quoted(text: str, say: Phrases) -> str:
    """The hotel's own words, marked as such where they are in another language than the answer."""
    language = language_of(text)
    return text if language is None or PHRASES[language] is say else say.quote.format(text=text)


def _request(
    context: ConversationContext, reading: Reading, sender: Sender, wish: Wish, plainly: bool, stale: bool
) -> RequestedService:
    quoted = " ".join(context.question[:LONGEST_READ].split())
    quoted = quoted if len(quoted) <= _QUOTED else f"{quoted[: _QUOTED - 1]}…"
    addition = reading.earlier is not None and wish is Wish.MESSAGE
    parts = [
        "Addition to an earlier wish" if addition else wish.value if plainly else f"{wish.value} (perhaps not wanted)",
        sender.for_staff(),
        "please confirm the stay, what the PMS last said is too old to be told" if stale else "",
        f'{"the guest" if sender.guest else "the sender"} wrote: "{quoted}"',
    ]
    details = ". ".join(part[0].upper() + part[1:] for part in parts if part)
    return RequestedService(kind=reading.earlier if addition and reading.earlier else wish.kind, details=details)


def _joined(parts: Iterable[str]) -> str:
    text = " ".join(dict.fromkeys(part for part in parts if part))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rsplit(' ', 1)[0]}…"
