"""Which conversation a sender belongs to."""

from jack.application.messaging.withdraw import withdraw_queued
from jack.application.ports.channels import Delivery, InboundMessage
from jack.application.ports.phones import PhoneReader
from jack.application.ports.unit_of_work import UnitOfWork
from jack.domain.conversation import ChannelIdentity, Conversation
from jack.domain.errors import DomainError
from jack.domain.hotel import Hotel
from jack.domain.ids import ConversationId, new_id


async def conversation_of(
    uow: UnitOfWork, hotel: Hotel, delivery: Delivery, inbound: InboundMessage, phones: PhoneReader
) -> tuple[Conversation, bool]:
    """The sender's conversation, locked, and True when it was opened just now.

    A sender may be known by several identities, the most stable first. A new identity joins the conversation that an
    old one leads to. Only when the stable identity is another one than the conversation already has, somebody else
    writes under a recycled number: then a conversation of its own begins and the number leads there from now on.
    """
    identities = inbound.sender.identities
    if not identities:
        raise DomainError("a sender without any identity cannot be answered")
    for _ in range(2):
        found = await uow.conversations.lock_by_identity(hotel.id, delivery.channel, inbound.account, identities)
        if found is not None and not await _is_somebody_else(uow, found, identities):
            await _join(uow, found, identities, delivery)
            return found, False
        opened = _opened(hotel, delivery, inbound, phones)
        if found is not None:
            await _take_phone_away(uow, opened, list(identities), delivery)
        if await uow.conversations.add(opened, identities):
            return opened, True
        # Somebody else opened it between our look and our insert: look again.
    raise DomainError("the sender's conversation could not be opened")


async def _is_somebody_else(uow: UnitOfWork, found: Conversation, identities: tuple[ChannelIdentity, ...]) -> bool:
    """True when the conversation has stable names, and none of them is the sender's.

    A sender may have several names of one kind at once (a number in two spellings), and keep old ones.
    """
    kind = identities[0].kind
    held = {identity for identity in await uow.conversations.identities(found.id) if identity.kind == kind}
    return bool(held) and held.isdisjoint(identities)


async def _join(
    uow: UnitOfWork, found: Conversation, identities: tuple[ChannelIdentity, ...], delivery: Delivery
) -> None:
    held = await uow.conversations.identities(found.id)
    missing = [identity for identity in identities if identity not in held]
    if missing:
        await _take_phone_away(uow, found, missing, delivery)
        await uow.conversations.lead_here(found, missing)


async def _take_phone_away(
    uow: UnitOfWork, new: Conversation, identities: list[ChannelIdentity], delivery: Delivery
) -> None:
    """Whoever had these identities before has them no more, and a phone that they prove is no evidence there.

    Otherwise somebody who gave up a number would be taken for the guest who has it now, and what was meant for the one
    would be sent to the other. What Jack had not said yet he says anew, to the sender's stable identity; where there is
    none, people must find another way.
    """
    for identity in identities:
        before = await uow.conversations.lock_by_identity(new.hotel_id, new.channel, new.account, (identity,))
        if before is None or before.id == new.id:
            continue
        number = identity.value.removeprefix("+")
        goes_there = before.address.removeprefix("+") == number
        if not goes_there and (before.phone is None or before.phone.e164.removeprefix("+") != number):
            continue
        held = await uow.conversations.identities(before.id)
        left = [other.value for other in held if other.kind == "user_id" and other not in identities]
        address = (left[0] if left else "") if goes_there else before.address
        await withdraw_queued(uow, before.id)
        changed = before.without_phone(address)
        if not address:
            unanswered = await uow.messages.unanswered(before.id)
            await uow.messages.mark_answered([message.id for message in unanswered], delivery.received_at)
            changed = changed.calling_for_staff("somebody else has this number now; Jack cannot reach the guest")
        await uow.conversations.save(changed)


def _opened(hotel: Hotel, delivery: Delivery, inbound: InboundMessage, phones: PhoneReader) -> Conversation:
    sender = inbound.sender
    reading = phones.from_channel(sender.phone) if sender.phone else None
    return Conversation(
        id=ConversationId(new_id()),
        hotel_id=hotel.id,
        channel=delivery.channel,
        account=inbound.account,
        address=sender.address,
        created_at=delivery.received_at,
        phone=reading.number if reading else None,
        display_name=sender.display_name,
    )
