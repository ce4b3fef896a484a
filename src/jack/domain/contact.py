"""ContactPoint: where a guest can be reached, and what possessing it proves."""

import re
from dataclasses import dataclass
from enum import StrEnum

from jack.domain.errors import DomainError

_E164 = re.compile(r"\+[1-9][0-9]{4,14}")


class ContactKind(StrEnum):
    """What kind of contact point it is; `WHATSAPP` is a WhatsApp user id of somebody who shows no phone number."""

    PHONE = "phone"
    EMAIL = "email"
    WHATSAPP = "whatsapp"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneNumber:
    """A phone number in E.164 form: '+', country code, number, at most 15 digits."""

    e164: str

    def __post_init__(self) -> None:
        if not _E164.fullmatch(self.e164):
            raise DomainError("a phone number must be in E.164 form, like +351912345678")

    def __repr__(self) -> str:
        """Hide the number: reprs end up in logs."""
        return "PhoneNumber(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneReading:
    """A phone number as it was read from text.

    `assumed_region` is True when the text named no country and the hotel's region was taken: then the number may
    belong to a stranger in another country who has the same digits, and a match on it needs a second fact.
    `variants` are other E.164 spellings under which a channel may present the same subscriber (Mexico, Brazil).
    """

    number: PhoneNumber
    assumed_region: bool = False
    variants: tuple[PhoneNumber, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """One way to reach a guest.

    `value` is E.164 for a readable phone number, lower case for an e-mail address, verbatim otherwise.
    `readable` is False for text that could not be read; it is kept as it came and proves nothing.
    `shared` is True when so many guests hold it (an agency, a booking portal) that it identifies nobody.
    """

    kind: ContactKind
    value: str
    readable: bool = True
    assumed_region: bool = False
    shared: bool = False

    def __post_init__(self) -> None:
        if not self.value.strip():
            raise DomainError("a contact point needs a value")
        if self.kind is ContactKind.PHONE and self.readable and not _E164.fullmatch(self.value):
            raise DomainError("a readable phone number must be in E.164 form")

    def __repr__(self) -> str:
        """Hide the value: reprs end up in logs."""
        return f"ContactPoint({self.kind.value})"


def keep_readable(before: tuple[ContactPoint, ...], after: tuple[ContactPoint, ...]) -> tuple[ContactPoint, ...]:
    """The contact points that hold after an update from the PMS.

    What the PMS says now replaces what it said before, with one exception: when it still gives a phone or an e-mail
    but nothing of that kind can be read any more, the good values from before stay beside the unreadable text.
    """
    kept = list(after)
    for kind in ContactKind:
        now = [point for point in after if point.kind is kind]
        if now and not any(point.readable for point in now):
            kept += [point for point in before if point.kind is kind and point.readable and point not in kept]
    return tuple(kept)
