"""SettleFates: what a channel's own list says about messages of which nobody knows whether they left."""

from datetime import timedelta

import pytest

from jack.application.errors import ServiceUnavailable
from jack.application.messaging.settle import CERTAIN_AFTER, SettleFates
from jack.application.ports.channels import DeliveryReceipt
from jack.domain.message import DeliveryStatus, Direction, Message, in_order
from tests.application.world import ACCOUNT, World

WHEN = timedelta(seconds=30)


async def with_replies_of_unknown_fate(*texts: str) -> tuple[World, SettleFates]:
    """Staff replied with these texts, and each call broke off."""
    world = World()
    await world.guest_writes("Hello")
    await world.receive()
    for text in texts:
        world.clock.move(timedelta(seconds=1))
        message_id = await world.staff_reply(text)
        world.sender.lose_next_answer(taken=True)
        await world.deliver(message_id)
    world.clock.move(WHEN)
    assert {one.status for one in outbound(world)} == {DeliveryStatus.UNKNOWN}
    return world, SettleFates(world.database.begin, world.channels, world.clock)


def outbound(world: World) -> tuple[Message, ...]:
    return in_order(tuple(m for m in world.state.messages.values() if m.direction is Direction.OUTBOUND))


def an_entry(world: World, number: int = 1, status: DeliveryStatus = DeliveryStatus.DELIVERED) -> DeliveryReceipt:
    at = world.clock.now() - WHEN + timedelta(seconds=number)
    return DeliveryReceipt(account=ACCOUNT, provider_id=f"SM{number}", message_id=None, status=status, at=at)


def fates(world: World) -> list[tuple[str, str | None]]:
    return [(one.status.value, one.provider_id) for one in outbound(world)]


async def test_a_message_that_the_channel_lists_did_leave() -> None:
    world, settle = await with_replies_of_unknown_fate("Good day.")
    world.sender.list = (an_entry(world),)

    await settle()

    assert fates(world) == [("delivered", "SM1")]
    assert not world.conversation.needs_attention


async def test_a_channel_without_a_list_settles_nothing() -> None:
    world, settle = await with_replies_of_unknown_fate("Good day.")

    world.clock.move(CERTAIN_AFTER)
    await settle()

    assert fates(world) == [("unknown", None)]


async def test_what_the_list_does_not_show_may_still_come_and_later_never_left() -> None:
    world, settle = await with_replies_of_unknown_fate("Good day.")
    world.sender.list = ()

    await settle()
    assert fates(world) == [("unknown", None)]

    world.clock.move(CERTAIN_AFTER)
    await settle()
    assert fates(world) == [("failed", None)]
    assert "can be sent again" in (world.conversation.attention_reason or "")


async def test_two_texts_alike_are_told_apart_by_their_order_or_not_at_all() -> None:
    world, settle = await with_replies_of_unknown_fate("Hello?", "Hello?")
    world.sender.list = (an_entry(world, 2),)
    await settle()
    assert [one.status for one in outbound(world)] == [DeliveryStatus.UNKNOWN] * 2

    world.sender.list = (an_entry(world, 2, DeliveryStatus.READ), an_entry(world, 1))
    await settle()
    assert fates(world) == [("delivered", "SM1"), ("read", "SM2")]


async def test_an_entry_that_belongs_to_another_message_is_not_taken() -> None:
    world, settle = await with_replies_of_unknown_fate("Hello?")
    known = await world.staff_reply("Hello?")
    await world.deliver(known)
    sent = next(one for one in outbound(world) if one.id == known)
    assert sent.provider_id
    world.sender.list = (
        DeliveryReceipt(
            account=ACCOUNT,
            provider_id=sent.provider_id,
            message_id=None,
            status=DeliveryStatus.DELIVERED,
            at=world.clock.now(),
        ),
    )

    await settle()

    assert _first(world).status is DeliveryStatus.UNKNOWN


async def test_a_channel_that_is_away_is_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    world, settle = await with_replies_of_unknown_fate("Good day.")

    async def away(*_: object) -> None:
        raise ServiceUnavailable("the channel is down")

    with monkeypatch.context() as broken:
        broken.setattr(type(world.sender), "listed", away)
        await settle()
    assert fates(world) == [("unknown", None)]

    world.sender.list = (an_entry(world),)
    await settle()
    assert fates(world) == [("delivered", "SM1")]


async def test_a_fate_that_a_receipt_settled_meanwhile_stays() -> None:
    world, settle = await with_replies_of_unknown_fate("Good day.")
    first = _first(world)
    await world.delivered(world.receipt(DeliveryStatus.READ, message_id=first.id, provider_id="SM9"))
    await world.receive()
    world.sender.list = (an_entry(world),)

    await settle()

    assert _first(world).status is DeliveryStatus.READ


def _first(world: World) -> Message:
    return outbound(world)[0]
