"""What every repository of conversations does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jack.application.errors import Conflict
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.domain.contact import PhoneNumber
from jack.domain.conversation import ChannelIdentity, Conversation, ConversationState, HeldBy
from jack.domain.ids import ConversationId, GuestId, HotelId, MessageId, ReservationId
from jack.domain.match import Level, Match, MatchOutcome
from tests.hotel import HARBOUR, NOW, a_conversation, a_message, a_reply

WA = ChannelIdentity(kind="wa_id", value="351912345678")
USER = ChannelIdentity(kind="user_id", value="PT.1")
OTHER = ChannelIdentity(kind="wa_id", value="4930123456")
END = ("whatsapp", "106540352242922")

RICH = a_conversation(
    display_name="Ána 🏨\x00",
    phone=PhoneNumber(e164="+351912345678"),
    language="pt",
    held_by=HeldBy.STAFF,
    state=ConversationState.CLOSED,
    needs_attention=True,
    attention_reason="a send failed",
    match=Match(
        outcome=MatchOutcome.MATCHED,
        level=Level.CONTACT,
        evidence=("the guest's record holds this contact point", "one stay is nearest"),
        guest_id=GuestId("guest-anna"),
        reservation_id=ReservationId("reservation-R-1"),
    ),
    match_by_staff=True,
    unread=3,
    last_message_at=NOW + timedelta(seconds=1),
    last_inbound_at=NOW + timedelta(seconds=2),
    turn_token="t",
    turn_until=NOW + timedelta(seconds=3),
    attempts=2,
    retry_after=NOW + timedelta(seconds=4),
)


async def found_by(begin: BeginUnitOfWork, *identities: ChannelIdentity, hotel: str = HARBOUR) -> str | None:
    """The id of the conversation that these identities lead to."""
    async with begin() as uow:
        found = await uow.conversations.lock_by_identity(HotelId(hotel), *END, identities)
        return found.id if found else None


async def add(begin: BeginUnitOfWork, conversation: Conversation, *identities: ChannelIdentity) -> bool:
    """Commit a new conversation; whether it was new."""
    async with begin() as uow:
        added = await uow.conversations.add(conversation, identities)
        await uow.commit()
        return added


async def test_a_conversation_comes_back_whole_but_for_what_no_database_stores(begin: BeginUnitOfWork) -> None:
    await add(begin, RICH, WA)
    async with begin() as uow:
        found = await uow.conversations.get(RICH.id)
        assert found
        assert replace(found, display_name=RICH.display_name) == RICH
        assert found.display_name.startswith("Ána 🏨")
        assert await uow.conversations.lock(RICH.id) == found
        assert await uow.conversations.get(ConversationId("none")) is None
        assert await uow.conversations.lock(ConversationId("none")) is None


async def test_a_conversation_is_found_by_the_first_identity_that_any_holds(begin: BeginUnitOfWork) -> None:
    await add(begin, a_conversation("one"), WA)
    await add(begin, a_conversation("two"), USER)
    assert await found_by(begin, WA, USER) == "conversation-one"
    assert await found_by(begin, USER, WA) == "conversation-two"
    assert await found_by(begin, OTHER, USER, WA) == "conversation-two"
    assert await found_by(begin, OTHER) is None
    assert await found_by(begin) is None
    assert await found_by(begin, WA, hotel="garden") is None


async def test_another_end_of_the_hotel_is_another_conversation(begin: BeginUnitOfWork) -> None:
    assert await add(begin, a_conversation("one"), WA)
    assert await add(begin, a_conversation("two", account="another"), WA)
    assert await found_by(begin, WA) == "conversation-one"


async def test_whoever_comes_second_stores_nothing(begin: BeginUnitOfWork) -> None:
    assert await add(begin, a_conversation("one"), WA)
    assert not await add(begin, a_conversation("two"), WA, USER)
    assert await found_by(begin, USER) is None
    async with begin() as uow:
        assert await uow.conversations.get(a_conversation("two").id) is None


async def test_later_identities_of_a_new_conversation_are_led_to_it(begin: BeginUnitOfWork) -> None:
    await add(begin, a_conversation("one"), WA)
    assert await add(begin, a_conversation("two"), USER, WA)
    assert await found_by(begin, WA) == "conversation-two"
    async with begin() as uow:
        assert await uow.conversations.identities(a_conversation("two").id) == (USER, WA)
        assert await uow.conversations.identities(a_conversation("one").id) == ()


async def test_identities_can_be_led_elsewhere(begin: BeginUnitOfWork) -> None:
    await add(begin, a_conversation("one"), WA)
    await add(begin, a_conversation("two"), USER)
    async with begin() as uow:
        await uow.conversations.lead_here(a_conversation("two"), [WA, OTHER, WA])
        assert await uow.conversations.identities(a_conversation("two").id) == (USER, WA, OTHER)
        await uow.commit()
    assert await found_by(begin, WA) == "conversation-two"


async def test_identities_cannot_lead_to_nothing(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        with pytest.raises(Conflict):
            await uow.conversations.lead_here(a_conversation(), [WA])


async def test_a_conversation_that_is_not_stored_cannot_be_saved(begin: BeginUnitOfWork) -> None:
    async with begin() as uow:
        with pytest.raises(Conflict):
            await uow.conversations.save(a_conversation())


async def test_due_are_those_who_wait_for_jack_longest_first(begin: BeginUnitOfWork) -> None:
    ago = NOW - timedelta(minutes=1)
    several = {
        "waits": a_conversation("waits"),
        "longer": a_conversation("longer"),
        "turn-died": a_conversation("turn-died", turn_token="t", turn_until=NOW),
        "retry-now": a_conversation("retry-now", retry_after=NOW),
        "turn": a_conversation("turn", turn_token="t", turn_until=NOW + timedelta(seconds=1)),
        "retry-later": a_conversation("retry-later", retry_after=NOW + timedelta(seconds=1)),
        "staff": a_conversation("staff", held_by=HeldBy.STAFF),
        "closed": a_conversation("closed", state=ConversationState.CLOSED),
        "answered": a_conversation("answered"),
        "just-now": a_conversation("just-now"),
    }
    async with begin() as uow:
        for number, (key, conversation) in enumerate(several.items()):
            await uow.conversations.add(conversation, [ChannelIdentity(kind="wa_id", value=key)])
            waiting_since = {"longer": ago - timedelta(hours=1), "just-now": NOW}.get(
                key, ago + timedelta(seconds=number)
            )
            message = a_message(
                key,
                conversation_id=conversation.id,
                created_at=waiting_since,
                sent_at=NOW - timedelta(days=9),
                answered_at=NOW if key == "answered" else None,
            )
            await uow.messages.add_inbound(message, *END)
            await uow.messages.add_inbound(replace(message, id=MessageId(f"{key}-2"), created_at=NOW), *END)
            if key == "answered":
                await uow.messages.mark_answered([MessageId(f"{key}-2")], NOW)
            await uow.messages.add_outbound(a_reply(f"{key}-3", conversation_id=conversation.id, created_at=ago), *END)
        due = await uow.conversations.due_for_answer(NOW, NOW, 9)
        assert due == tuple(several[key].id for key in ("longer", "waits", "turn-died", "retry-now"))
        assert await uow.conversations.due_for_answer(NOW, NOW, 1) == due[:1]
        assert await uow.conversations.due_for_answer(ago, NOW, 9) == due[:1]
