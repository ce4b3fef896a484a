"""The scripted butler answers out of the hotel's own words, and out of nothing else."""

import pytest

from jack.adapters.llm.scripted import ScriptedModel
from jack.domain.butler import Draft
from jack.domain.service_request import ServiceRequestKind
from tests.contexts import a_context, a_hotel_told, a_prompt, a_strangers_context, a_told_stay


async def ask(question: str, facts: str | None = None) -> Draft:
    hotel = a_hotel_told() if facts is None else a_hotel_told(facts)
    return await ScriptedModel().draft(a_prompt(a_strangers_context(question, hotel=hotel)))


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("When is breakfast?", "7:00 to 10:30"),
        ("Wann gibt es Frühstück?", "7:00 to 10:30"),
        ("¿A qué hora es el desayuno?", "7:00 to 10:30"),
        ("À quelle heure est le petit-déjeuner ?", "7:00 to 10:30"),
        ("A que horas é o pequeno-almoço?", "7:00 to 10:30"),
        ("A che ora è la colazione?", "7:00 to 10:30"),
        ("What's the wi-fi password?", "on your key card"),
        ("Wie lautet das WLAN-Passwort?", "on your key card"),
        ("¿Tienen wifi?", "on your key card"),
        ("Where can I park?", "18 EUR a night"),
        ("Gibt es Parkplätze?", "18 EUR a night"),
        ("Où puis-je garer ma voiture ?", "18 EUR a night"),
        ("Há estacionamento?", "18 EUR a night"),
        ("What time is check-in?", "from 15:00"),
        ("What time is checkout?", "until 11:00"),
        ("Can we bring our dog?", "15 EUR"),
        ("Sind Hunde erlaubt?", "15 EUR"),
    ],
)
async def test_the_fitting_lines_are_told_to_everybody(question: str, fact: str) -> None:
    draft = await ask(question)
    assert fact in draft.text
    assert draft.requests == ()


async def test_the_usual_checkout_is_not_mixed_up_with_the_late_one() -> None:
    assert "14:00" not in (await ask("What time is checkout?")).text
    assert "14:00" in (await ask("I'd like late checkout")).text


async def test_markdown_does_not_reach_the_guest() -> None:
    text = (await ask("wifi and parking please?")).text
    assert not set("*`[]#") & set(text)
    assert "https://harbour.example/parking" in text


async def test_words_of_another_language_are_quoted_as_the_hotels() -> None:
    assert "In unseren Hotelinformationen steht: „Breakfast" in (await ask("Wann gibt es Frühstück?")).text
    assert "information" not in (await ask("When is breakfast?")).text


async def test_what_the_hotel_does_not_say_is_not_invented_but_passed_on() -> None:
    draft = await ask("Is there a swimming pool?")
    assert "not have that in my notes" in draft.text
    assert [request.kind for request in draft.requests] == [ServiceRequestKind.OTHER]
    assert "swimming pool" in draft.requests[0].details


async def test_rare_words_find_their_line() -> None:
    facts = "Bicycles can be borrowed at the desk.\n\nThe rooftop closes at midnight."
    assert "midnight" in (await ask("rooftop closing?", facts)).text


async def test_a_hotel_that_says_nothing_invents_nothing() -> None:
    draft = await ask("When is breakfast?", "")
    assert [request.kind for request in draft.requests] == [ServiceRequestKind.OTHER]


@pytest.mark.parametrize(
    "facts",
    [
        "## Breakfast\n\nFrom 7 to 10.\n\n## Bar\n\nUntil late.",
        "Breakfast\n---------\nFrom 7 to 10.\n\nBar\n---\nUntil late.",
        "**Breakfast**\n\nFrom 7 to 10.\n\n**Bar**\n\nUntil late.",
        "Breakfast:\n- From 7 to 10.\n\nBar:\n- Until late.",
        "* **Breakfast:** From 7 to 10.\n* **Bar:** Until late.",
        "1. Breakfast: From 7 to 10.\n2. Bar: Until late.",
        "| what | when |\n|---|---|\n| **Breakfast** | From 7 to 10. |\n| Bar | Until late. |",
        "Breakfast: From 7\nto 10.\n\nBar: Until late.",
        "<!-- secret --> Breakfast: From 7 to 10.\n\nBar: Until late.",
    ],
)
async def test_every_way_of_writing_markdown_is_read(facts: str) -> None:
    text = (await ask("When is breakfast?", facts)).text
    assert "From 7 to 10." in text
    assert "Breakfast" in text
    assert "Until late" not in text
    assert "secret" not in text


async def test_a_long_passage_is_told_in_whole_sentences_about_the_matter() -> None:
    facts = "We are an old house. " * 30 + "Breakfast is from 7 to 10. " + "It is a good one. " * 40
    text = (await ask("When is breakfast?", facts)).text
    assert "Breakfast is from 7 to 10." in text
    assert len(text) < 600
    assert text.endswith(".")


async def test_facts_and_stay_come_together() -> None:
    context = a_context("When do I check out?", stays=(a_told_stay(),))
    text = (await ScriptedModel().draft(a_prompt(context))).text
    assert "Wednesday, 25 November" in text
    assert "until 11:00" in text
