"""Who wrote, or was written to: the names under which WhatsApp knows a person.

Since 2026 a person with a username may show no phone number: then only the business-scoped user id is there, and the
phone may appear or vanish later for the same person. User id and phone therefore are two identities side by side.
https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
"""

import re
from collections.abc import Sequence

from jack.adapters.channels.whatsapp.wire import Contact, Message
from jack.adapters.markup import clean_name
from jack.application.ports.channels import Sender
from jack.domain.conversation import ChannelIdentity

_LONGEST_ID = 1024
_MOST_DIGITS = 20
_BETWEEN = re.compile(r"[\s().\u2010-\u2015-]")


def opaque(text: str | None) -> str | None:
    """An id as it came; None when it is missing or can be none (too long to index, control characters)."""
    return text if text and len(text) <= _LONGEST_ID and text.isprintable() else None


def guest_of(
    message: Message, contacts: Sequence[Contact], *, previous_user_id: str | None = None, echo: bool = False
) -> Sender | None:
    """The guest of a message: who sent it, or with `echo` who got it from the hotel's people; None if nobody is named.

    `contacts` are those of the same change; `previous_user_id` is what a note about a changed user id calls the sender.
    """
    phone = opaque(message.to if echo else message.from_)
    user_id = opaque(message.to_user_id if echo else message.from_user_id) or opaque(previous_user_id)
    contact = _contact_of(phone, user_id, contacts)
    user_id = user_id or opaque(contact.user_id)
    wa_ids = [_bare(each) for each in (phone, opaque(contact.wa_id)) if each]
    names = [("user_id", user_id)] if user_id else []
    names += [("wa_id", wa_id) for wa_id in dict.fromkeys(wa_ids) if wa_id]
    address = _joined(phone or opaque(contact.wa_id) or user_id or "")
    if not names or not address:
        return None
    return Sender(
        identities=tuple(ChannelIdentity(kind=kind, value=value) for kind, value in names),
        address=address,
        phone=next((each for each in wa_ids if _are_digits(each)), None),
        display_name=clean_name((contact.profile and contact.profile.name) or ""),
    )


def _contact_of(phone: str | None, user_id: str | None, contacts: Sequence[Contact]) -> Contact:
    """The contact with the same user id or phone; an empty one when there is none: nobody gets a stranger's name."""
    for contact in contacts:
        if user_id and contact.user_id == user_id:
            return contact
    for contact in contacts:
        same_phone = phone and contact.wa_id and _bare(contact.wa_id) == _bare(phone)
        if same_phone and (not user_id or contact.user_id in (None, user_id)):
            return contact
    return Contact()


def _bare(phone: str) -> str:
    """The digits of a phone number; what is none stays as it came."""
    return _joined(phone).removeprefix("+")


def _joined(phone: str) -> str:
    """A phone number without what people put between its digits; Meta promises none of it, and none of its absence."""
    joined = _BETWEEN.sub("", phone)
    return joined if _are_digits(joined.removeprefix("+")) else phone


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
