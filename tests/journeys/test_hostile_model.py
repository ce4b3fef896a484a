"""A model may say what it likes: what the sender may not know does not leave, and staff see why."""

import asyncio
import json
import re
from pathlib import Path

from jack.domain.snapshot import ReservationSnapshot
from tests.journeys.conftest import House
from tests.journeys.hotel import Harbour
from tests.journeys.models import ReadingAnthropic, anthropic_model, asked_for
from tests.programs import eventually
from tests.simulators.plays import ProviderSimulator, Say
from tests.simulators.serving import serve
from tests.simulators.whatsapp import WhatsAppSimulator


async def test_through_chat_completions_another_guests_room_does_not_leave(many_processes: House) -> None:
    await _room_does_not_leave(many_processes.harbour, many_processes.models)


async def test_through_the_messages_api_a_guest_is_answered_and_another_guests_room_does_not_leave(
    tmp_path: Path,
) -> None:
    whatsapp, model = WhatsAppSimulator(), ReadingAnthropic()
    async with serve(whatsapp) as whatsapp_url, serve(model) as model_url:
        harbour = Harbour(
            tmp_path, "sqlite+aiosqlite:///jack.db", whatsapp, whatsapp_url, model=anthropic_model(model_url)
        )
        try:
            await asyncio.gather(harbour.open(), harbour.employ_ann())
            async with harbour.staff() as ann:
                await ann.synced()
            stay = harbour.next_guest()
            await harbour.writes(stay, "Hi, I'd like late checkout")
            (answer,) = await harbour.hears(stay)
            assert answer.body == f"Certainly, {stay.guest.first_name}, for room {stay.room_number}."
            await _room_does_not_leave(harbour, [model])
        finally:
            await harbour.kill()


async def _room_does_not_leave(harbour: Harbour, models: list[ProviderSimulator]) -> None:
    """Somebody writes from a phone that two guests share: whose room it is, is not known, so it is told to nobody."""
    stay = _shares_a_phone(harbour)
    room, question = str(stay.room_number), "Which room are we in again?"
    for model in models:
        model.will(Say(text=f"You are in room {room}, {stay.guest.first_name} {stay.guest.last_name}."))

    await harbour.writes(stay, question)
    (answer,) = await harbour.hears(stay)

    for model in models:
        model.plays.clear()
    (prompt,) = [json.dumps(asked) for model in models for asked in asked_for(model, question)]
    for secret in (room, stay.guest.last_name):
        assert not re.search(rf"\b{secret}\b", answer.body)
        assert not re.search(rf"\b{secret}\b", prompt)
    async with harbour.staff() as ann:
        conversation = await ann.conversation(stay)
        assert conversation["match"]["outcome"] == "ambiguous"

        async def called() -> str:
            return str((await ann.conversation(stay))["attention_reason"] or "")

        assert "room number" in await eventually(called)
        reply = (await ann.messages(conversation["id"]))[-1]
        receipt = await ann.get(f"/messages/{reply['id']}/receipt")
        assert "room number" in " ".join(receipt["blocked"])


def _shares_a_phone(harbour: Harbour) -> ReservationSnapshot:
    """A couple in house, both of whom the PMS knows by the same phone."""
    return next(
        stay
        for stay in harbour.in_house()
        if stay.guest.phones and any(stay.guest.phones[0] in companion.phones for companion in stay.companions)
    )
