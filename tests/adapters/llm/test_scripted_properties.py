"""What holds for everything the scripted butler can be asked."""

import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from jack.adapters.llm.scripted.answer import LONGEST, answer
from jack.adapters.llm.scripted.phrases import PHRASES
from jack.domain.context import ConversationContext, GuestFacts, StayFacts, Turn
from jack.domain.match import Level
from jack.domain.message import AuthorKind
from tests.contexts import a_context, a_hotel_told

SECRETS = ("Xanthippe", "Quillfeather", "Platinumzz", "Zebrawood", "Q77", "Penthousezz")
WORDS = [
    "hi", "late", "checkout", "early", "check-in", "towels", "taxi", "wifi", "breakfast", "parking", "room",
    "number", "my", "stay", "booking", "who", "am", "i", "preferences", "allergic", "invoice", "luggage",
    "restaurant", "table", "broken", "noisy", "thanks", "bye", "human", "fire", "pool", "dog", "no", "not",
    "until", "2pm", "when", "what", "yes", "Handtücher", "bitte", "wann", "Zimmer", "Frühstück", "hola",
    "habitación", "toallas", "bonjour", "chambre", "serviettes", "olá", "quarto", "toalhas", "camera",
    "colazione", "?", "!", ".",
]  # fmt: skip

texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.builds(lambda words, text: f"{' '.join(words)} {text}", st.lists(st.sampled_from(WORDS)), st.text(max_size=50)),
)
days = st.dates(date(2026, 10, 1), date(2027, 2, 1))
stays = st.builds(
    StayFacts,
    status=st.sampled_from(["tentative", "confirmed", "checked_in", "checked_out", "cancelled", "no_show", "new"]),
    arrival=days,
    departure=days,
    room_type=st.sampled_from([None, "Penthousezz", "x" * 3000]),
    room_number=st.sampled_from([None, "Q77"]),
    as_of=st.none(),
    stale=st.booleans(),
)
guests = st.builds(
    GuestFacts,
    first_name=st.sampled_from(["Xanthippe", "Xanthippe\n" * 500, ""]),
    last_name=st.just("Quillfeather"),
    language=st.sampled_from([None, "de", "en"]),
    loyalty_tier=st.sampled_from([None, "Platinumzz"]),
    preferences=st.sampled_from([(), (("room", "Zebrawood"),), (("diet", "Zebrawood " * 400),) * 30]),
    as_of=st.none(),
)
history = st.lists(st.builds(Turn, author=st.sampled_from(AuthorKind), text=texts), max_size=5).map(tuple)
languages = st.sampled_from(["en", "de-AT", "es", "fr_CA", "pt-BR", "it", "ja", ""])


@st.composite
def contexts(draw: st.DrawFn, levels: tuple[Level, ...] = tuple(Level)) -> ConversationContext:
    return a_context(
        draw(texts),
        level=draw(st.sampled_from(levels)),
        guest=draw(st.none() | guests),
        stays=tuple(draw(st.lists(stays, max_size=4))),
        language=draw(languages),
        history=draw(history),
        hotel=a_hotel_told(
            draw(st.sampled_from(["", "## Breakfast\nAt 7.", a_hotel_told().facts])), draw(st.integers(0, 23))
        ),
        ambiguous=draw(st.booleans()),
    )


def spoken_and_written(context: ConversationContext) -> str:
    text, requests = answer(context)
    return "\n".join([text, *(request.details for request in requests)])


@settings(deadline=None)
@given(contexts())
def test_every_answer_says_something_and_not_too_much(context: ConversationContext) -> None:
    text, requests = answer(context)
    assert text.strip()
    assert len(text) <= LONGEST
    assert not re.search(r"\{\w+\}", text)  # nothing is left to be filled in
    assert all(0 < len(request.details) <= 1000 for request in requests)


@settings(deadline=None)
@given(contexts(levels=(Level.PUBLIC, Level.CLAIMED)))
def test_below_level_contact_nothing_of_a_guest_is_said(context: ConversationContext) -> None:
    told = spoken_and_written(context)
    assert not [secret for secret in SECRETS if secret in told and secret not in context.question]
    for stay in context.stays:
        for day in (stay.arrival, stay.departure):
            assert day.isoformat() not in told or day.isoformat() in context.question
            assert not any(say.day(day, context.hotel.local_time.date()) in told for say in PHRASES.values())


@settings(deadline=None)
@given(contexts())
def test_an_ambiguous_sender_is_told_what_a_stranger_is_told(context: ConversationContext) -> None:
    def seen(**fields: object) -> tuple[str, object]:
        given = {name: getattr(context, name) for name in ("hotel", "language", "history")}
        return answer(a_context(context.question, **(given | fields)))

    ambiguous = seen(guest=context.guest, stays=context.stays, level=Level.CONTACT, ambiguous=True)
    assert ambiguous == seen(guest=None, stays=(), level=Level.PUBLIC)


@settings(deadline=None)
@given(contexts())
def test_no_promise_without_a_request(context: ConversationContext) -> None:
    """Whoever is told that something was passed on has a request that staff see."""
    text, requests = answer(context)
    for say in PHRASES.values():
        passing_on = (
            say.message, say.need, say.complaint, say.human, say.urgent, say.unknown_fact, say.stale,
            say.passed_on.split("{")[0].strip(), say.passed_on_to_nobody.split("{")[0].strip(),
        )  # fmt: skip
        if any(sentence in text for sentence in passing_on):
            assert requests


about_stays = st.sampled_from([
    "Hi", "Hi, I'd like late checkout", "what's my room number?", "who am I?", "my booking?", "towels please",
    "Welches Zimmer habe ich?", "¿Quién soy yo?", "what's my room type?", "When do I leave?", "early check-in please",
])  # fmt: skip


@settings(deadline=None)
@given(question=about_stays, guest=guests, own=st.lists(stays, min_size=1, max_size=4).map(tuple))
def test_stale_facts_and_rooms_before_check_in_are_never_stated(
    question: str, guest: GuestFacts, own: tuple[StayFacts, ...]
) -> None:
    context = a_context(question, guest=guest, stays=own)
    told = spoken_and_written(context)
    fresh = [stay for stay in own if not stay.stale]
    if not any(stay.room_number and stay.status == "checked_in" for stay in fresh):
        assert "Q77" not in told
    if not any(stay.room_type == "Penthousezz" for stay in fresh):
        assert "Penthousezz" not in told
    stated = {day for stay in fresh for day in (stay.arrival, stay.departure)}
    for day in {day for stay in own for day in (stay.arrival, stay.departure)} - stated:
        assert day.isoformat() not in told
        assert PHRASES["en"].day(day, context.hotel.local_time.date()) not in told


@settings(deadline=None)
@given(contexts())
def test_the_same_context_gets_the_same_answer(context: ConversationContext) -> None:
    assert answer(context) == answer(context)


def test_every_language_can_say_everything() -> None:
    for say in PHRASES.values():
        assert set(say.wishes) == set(PHRASES["en"].wishes)
        assert set(say.statuses) == set(PHRASES["en"].statuses)
        assert len(say.weekdays) == 7
        assert len(say.months) == 12
