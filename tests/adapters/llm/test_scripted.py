"""The scripted butler: what hotel guests write, and what they get to hear."""

import pytest

from jack.adapters.llm.scripted import ScriptedModel
from jack.domain.butler import Draft
from jack.domain.context import ConversationContext
from jack.domain.match import Level
from jack.domain.service_request import ServiceRequestKind as Kind
from tests.contexts import (
    a_coming_stay,
    a_context,
    a_hotel_told,
    a_prompt,
    a_strangers_context,
    a_told_guest,
    a_told_stay,
    guest_said,
    jack_said,
    staff_said,
)


async def answer(context: ConversationContext) -> Draft:
    return await ScriptedModel().draft(a_prompt(context))


async def say(question: str, **fields: object) -> str:
    return (await answer(a_context(question, **fields))).text


async def kinds(question: str, **fields: object) -> list[Kind]:
    return [request.kind for request in (await answer(a_context(question, **fields))).requests]


async def test_a_guest_in_house_who_wants_to_leave_late_is_named_with_room_and_departure() -> None:
    draft = await answer(a_context("Hi, I'd like late checkout"))
    assert "Anna" in draft.text
    assert "204" in draft.text
    assert "Wednesday, 25 November" in draft.text
    assert "confirm" in draft.text
    [request] = draft.requests
    assert request.kind is Kind.LATE_CHECKOUT
    assert "204" in request.details
    assert "2026-11-25" in request.details
    assert "I'd like late checkout" in request.details


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Hi, I'd like late checkout", Kind.LATE_CHECKOUT),
        ("can we check out at 2pm tomorrow?", Kind.LATE_CHECKOUT),
        ("Could I keep the room until 3 pm?", Kind.LATE_CHECKOUT),
        ("Kann ich später auschecken?", Kind.LATE_CHECKOUT),
        ("Ist ein später Check-out möglich?", Kind.LATE_CHECKOUT),
        ("Quisiera una salida tardía", Kind.LATE_CHECKOUT),
        ("¿Puedo dejar la habitación más tarde?", Kind.LATE_CHECKOUT),
        ("Serait-il possible d'avoir un départ tardif ?", Kind.LATE_CHECKOUT),
        ("Puis-je libérer la chambre plus tard ?", Kind.LATE_CHECKOUT),
        ("Posso fazer o check-out mais tarde?", Kind.LATE_CHECKOUT),
        ("Vorrei un check-out posticipato", Kind.LATE_CHECKOUT),
        ("Is early check-in possible?", Kind.EARLY_CHECK_IN),
        ("we will arrive early, around 10", Kind.EARLY_CHECK_IN),
        ("Können wir früher einchecken?", Kind.EARLY_CHECK_IN),
        ("¿Es posible un check-in temprano?", Kind.EARLY_CHECK_IN),
        ("Pouvons-nous arriver plus tôt ?", Kind.EARLY_CHECK_IN),
        ("Podemos fazer o check-in mais cedo?", Kind.EARLY_CHECK_IN),
        ("Two more towels please", Kind.TOWELS),
        ("Wir bräuchten noch Handtücher", Kind.TOWELS),
        ("¿Me pueden traer toallas?", Kind.TOWELS),
        ("Des serviettes s'il vous plaît", Kind.TOWELS),
        ("Preciso de mais toalhas", Kind.TOWELS),
        ("Please clean my room", Kind.HOUSEKEEPING),
        ("I need another pillow", Kind.HOUSEKEEPING),
        ("Könnten Sie das Zimmer reinigen?", Kind.HOUSEKEEPING),
        ("Pouvez-vous faire le ménage ?", Kind.HOUSEKEEPING),
        ("Can you call a taxi for 8?", Kind.TAXI),
        ("Necesito un taxi", Kind.TAXI),
        ("Preciso de um táxi às 8", Kind.TAXI),
        ("The shower is leaking", Kind.MAINTENANCE),
        ("wifi doesn't work", Kind.MAINTENANCE),
        ("Die Klimaanlage funktioniert nicht", Kind.MAINTENANCE),
        ("El aire acondicionado no funciona", Kind.MAINTENANCE),
        ("La climatisation ne marche pas", Kind.MAINTENANCE),
        ("O ar condicionado não funciona", Kind.MAINTENANCE),
        ("wake me up at 6:30", Kind.WAKE_UP_CALL),
        ("Bitte wecken Sie mich um 6", Kind.WAKE_UP_CALL),
        ("Table for two tonight?", Kind.RESTAURANT),
        ("Ich möchte einen Tisch reservieren", Kind.RESTAURANT),
        ("can you store my luggage", Kind.LUGGAGE),
        ("Wo kann ich mein Gepäck lassen?", Kind.LUGGAGE),
        ("I need an invoice for my company", Kind.OTHER),
        ("Können Sie mir die Rechnung schicken?", Kind.OTHER),
        ("I want to talk to a human", Kind.OTHER),
        ("Ich möchte mit einem Mitarbeiter sprechen", Kind.OTHER),
        ("Quiero hablar con alguien", Kind.OTHER),
        ("Je voudrais parler à quelqu'un", Kind.OTHER),
        ("Quero falar com uma pessoa", Kind.OTHER),
        ("I'm allergic to nuts", Kind.OTHER),
        ("Ich habe eine Laktoseintoleranz", Kind.OTHER),
        ("It is so noisy here, I want to complain", Kind.OTHER),
        ("one more night please", Kind.OTHER),
        ("There is a fire!", Kind.OTHER),
    ],
)
async def test_what_people_must_do_becomes_a_request(question: str, kind: Kind) -> None:
    draft = await answer(a_context(question))
    assert kind in [request.kind for request in draft.requests]


async def test_several_wishes_in_one_message_are_all_passed_on() -> None:
    assert await kinds("2 towels, a taxi at 8\nand please a late checkout") == [
        Kind.LATE_CHECKOUT,
        Kind.TOWELS,
        Kind.TAXI,
    ]


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Hello, how are you?", "Good morning, Anna."),
        ("Hallo", "Guten Morgen, Anna."),
        ("¡Hola!", "Buenos días, Anna."),
        ("Bonjour", "Bonjour, Anna."),
        ("Olá, bom dia", "Bom dia, Anna."),
        ("Buongiorno", "Buongiorno, Anna."),
    ],
)
async def test_a_greeting_is_returned_in_its_language_with_name_and_room(question: str, opening: str) -> None:
    draft = await answer(a_context(question))
    assert draft.text.startswith(opening)
    assert "204" in draft.text
    assert draft.requests == ()


@pytest.mark.parametrize(
    ("hour", "greeting"), [(3, "Good evening"), (4, "Good morning"), (12, "Good afternoon"), (18, "Good evening")]
)
async def test_the_greeting_goes_by_the_hotels_clock(hour: int, greeting: str) -> None:
    assert (await say("Hello", hotel=a_hotel_told(hour=hour))).startswith(greeting)


async def test_words_that_decide_no_language_are_answered_in_the_contexts_language() -> None:
    assert "Für Zimmer" not in await say("wifi?", language="xx")
    assert (await say("taxi", language="de-AT")).startswith("Guten Morgen, Anna.")
    assert (await say("taxi", language="xx")).startswith("Good morning, Anna.")


async def test_the_guests_own_words_beat_the_contexts_language() -> None:
    assert (await say("Could we have more towels?", language="de")).startswith("Good morning")


async def test_only_the_first_answer_greets_and_introduces() -> None:
    history = (guest_said("Hi"), jack_said("Good morning, Anna."))
    assert (await say("And a taxi please", history=history)).startswith("Of course, Anna.")
    assert "I am Jack" not in await say("Hello again", history=history)


async def test_a_short_addition_belongs_to_the_wish_before_it() -> None:
    history = (guest_said("I'd like late checkout"), jack_said("I have asked the team."))
    [request] = (await answer(a_context("2 pm please", history=history))).requests
    assert request.kind is Kind.LATE_CHECKOUT
    assert "2 pm please" in request.details


async def test_yes_to_something_that_was_said_calls_a_colleague() -> None:
    assert await kinds("yes please", history=(guest_said("hm"), staff_said("Shall I call you?"))) == [Kind.OTHER]
    assert await kinds("yes please") == []


async def test_a_guest_who_has_not_arrived_hears_that_the_room_comes_at_check_in() -> None:
    for question in ("What's my room number?", "Hello", "Hi, I'd like late checkout", "When do I arrive?"):
        assert "room number at check-in" in await say(question, stays=(a_coming_stay(),))
    assert "Tuesday, 1 December" in await say("When do I arrive?", stays=(a_coming_stay(),))


async def test_a_room_is_never_named_before_check_in() -> None:
    stays = (a_coming_stay(room_number="999"),)
    for question in ("What's my room number?", "Hello", "late checkout please", "who am i?", "towels", "my stay?"):
        draft = await answer(a_context(question, stays=stays))
        assert "999" not in draft.text
        assert all("999" not in request.details for request in draft.requests)


async def test_several_rooms_are_all_named() -> None:
    stays = (a_told_stay(), a_told_stay(room_number="206"), a_told_stay(room_number="301"))
    assert "rooms 204, 206 and 301" in await say("Hi, I'd like late checkout", stays=stays)
    assert "204, 206 and 301" in await say("which rooms are mine? room number", stays=stays)


async def test_rooms_that_are_left_on_different_days_are_told_apart() -> None:
    stays = (a_told_stay(), a_told_stay(room_number="206", departure=a_coming_stay().departure))
    text = await say("Hello", stays=stays)
    assert "room 204" in text
    assert "room 206" in text
    assert "25 November" in text
    assert "4 December" in text


@pytest.mark.parametrize("question", ["What's my room number?", "When do I check out?", "How long is my stay?"])
async def test_stale_facts_are_not_stated_and_people_are_asked_to_confirm(question: str) -> None:
    draft = await answer(a_context(question, stays=(a_told_stay(stale=True),)))
    assert "204" not in draft.text
    assert "25 November" not in draft.text
    assert "checked" in draft.text
    assert [request.kind for request in draft.requests] == [Kind.OTHER]


async def test_a_wish_with_stale_facts_is_passed_on_without_them() -> None:
    [request] = (await answer(a_context(stays=(a_told_stay(stale=True),)))).requests
    assert request.kind is Kind.LATE_CHECKOUT
    assert "204" not in request.details


async def test_of_stale_and_fresh_stays_only_the_fresh_ones_are_stated() -> None:
    text = await say("room number?", stays=(a_told_stay(stale=True), a_told_stay(room_number="206")))
    assert "206" in text
    assert "204" not in text


async def test_who_am_i_is_answered_from_the_context() -> None:
    text = await say("Who am I to you?")
    for fact in ("Anna Weber", "Gold", "204", "Deluxe King", "22 November", "25 November", "vegan"):
        assert fact in text


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("What's my room number?", "204"),
        ("In welchem Zimmer bin ich?", "204"),
        ("¿Cuál es mi habitación?", "204"),
        ("Quelle est ma chambre ?", "204"),
        ("Qual é o meu quarto?", "204"),
        ("Which room type do I have?", "Deluxe King"),
        ("When do I leave?", "25 November"),
        ("Wann ist meine Abreise?", "25. November"),
        ("¿Cuántas noches me quedo?", "25 de noviembre"),
        ("Combien de nuits ?", "25 novembre"),
        ("Quando é que saio?", "25 de novembro"),
        ("Did you note my preferences?", "feather-free pillow"),
    ],
)
async def test_questions_about_the_own_stay_are_answered(question: str, fact: str) -> None:
    draft = await answer(a_context(question))
    assert fact in draft.text
    assert draft.requests == ()


async def test_preferences_come_where_they_belong() -> None:
    assert "feather-free pillow" in await say("Could you clean my room?")
    assert "vegan" in await say("When is breakfast?")
    assert "vegan" not in await say("I need a taxi")
    assert "feather" not in await say("When is breakfast?")


async def test_a_day_near_today_is_called_by_name() -> None:
    tomorrow = a_told_stay().departure.replace(day=24)
    assert "24 November (tomorrow)" in await say("When do I leave?", stays=(a_told_stay(departure=tomorrow),))


async def test_a_day_of_another_year_says_so() -> None:
    stay = a_coming_stay(departure=a_coming_stay().departure.replace(year=2027))
    assert "4 December 2027" in await say("When do I leave?", stays=(stay,))


async def test_cancelled_stays_are_called_so() -> None:
    text = await say("What about my booking?", stays=(a_coming_stay(status="cancelled"),))
    assert "cancelled" in text
    assert "at check-in" not in text


@pytest.mark.parametrize("question", ["What's my room number?", "Who am I?", "When do I check out?", "my booking?"])
@pytest.mark.parametrize("level", [Level.PUBLIC, Level.CLAIMED])
async def test_a_stranger_hears_nothing_of_bookings_but_of_the_front_desk(question: str, level: Level) -> None:
    draft = await answer(a_strangers_context(question, level=level))
    assert "can say nothing about any booking" in draft.text
    assert "front desk" in draft.text


async def test_a_strangers_wish_is_passed_on_without_a_name_for_it() -> None:
    draft = await answer(a_strangers_context("My room 204 needs towels"))
    assert [request.kind for request in draft.requests] == [Kind.TOWELS]
    assert "front desk" in draft.text
    assert draft.requests[0].details.startswith("Towels. The sender wrote:")


async def test_several_possible_guests_and_no_guest_are_answered_alike() -> None:
    for question in ("Hello", "Who am I?", "late checkout please", "When is breakfast?"):
        assert await answer(a_context(question, ambiguous=True)) == await answer(a_strangers_context(question))


async def test_a_plain_no_is_neither_a_wish_nor_lost() -> None:
    draft = await answer(a_context("no towels today please"))
    assert "fresh towels" not in draft.text
    [request] = draft.requests
    assert request.kind is Kind.TOWELS
    assert "perhaps not wanted" in request.details


async def test_danger_comes_before_everything() -> None:
    draft = await answer(a_context("Help!! There is a fire in the corridor"))
    assert draft.text.startswith("If anybody is in danger")
    assert draft.requests[0].details.startswith("URGENT")


async def test_something_broken_is_regretted() -> None:
    assert "sorry" in await say("The heating is broken")


@pytest.mark.parametrize("question", ["thanks!", "Danke schön", "ok", "bye", "are you a bot?", "👍", "", " \n ", "?!"])
async def test_courtesies_ask_nobody_for_anything(question: str) -> None:
    draft = await answer(a_context(question))
    assert draft.text
    assert draft.requests == ()


async def test_jack_does_not_pretend_to_be_a_person() -> None:
    assert "computer" in await say("Are you a real person?")


async def test_what_nobody_recognises_goes_to_people() -> None:
    draft = await answer(a_context("Qwertz uiop asdf"))
    assert "passed your message on" in draft.text
    assert [request.kind for request in draft.requests] == [Kind.OTHER]


async def test_a_long_message_is_quoted_in_part() -> None:
    [request] = (await answer(a_context("I need towels " + "please " * 3000))).requests
    assert len(request.details) < 500


async def test_a_guest_without_a_first_name_is_called_by_the_last() -> None:
    assert (await say("Hello", guest=a_told_guest(first_name=""))).startswith("Good morning, Weber.")
    assert (await say("Hello", guest=a_told_guest(first_name="", last_name=""))).startswith("Good morning. ")


async def test_braces_in_names_are_only_braces() -> None:
    assert "{hotel}" in await say("Hello", guest=a_told_guest(first_name="{hotel}"))
