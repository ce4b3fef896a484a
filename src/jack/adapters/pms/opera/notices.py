"""What OPERA's business events hint at."""

import msgspec

from jack.adapters.pms.opera.payloads import Payload, Text
from jack.adapters.pms.opera.values import text, word
from jack.application.errors import ServiceRejected
from jack.application.ports.pms_notices import PmsHints
from jack.domain.snapshot import UnknownValue

_IDLE = frozenset(
    {
        "activity",
        "availability",
        "block",
        "blockoffsets",
        "cashiering",
        "catering",
        "cateringnotes",
        "configuration",
        "ecertificate",
        "enrollment",
        "mrenrollment",
        "ownercontract",
        "rate",
        "stayrecords",
        "roomrotation",
    }
)
"""Modules whose events change no stay by themselves: a change of a stay comes as an event of its own."""


class _Header(Payload, frozen=True, gc=False):
    module_name: Text = None
    action_type: Text = None
    primary_key: Text = None
    hotel_id: Text = None


class _Event(Payload, frozen=True, gc=False):
    header: _Header | None = None


class _Entry(Payload, frozen=True, gc=False):
    business_event: _Event | None = None


class _Raws(Payload, frozen=True, gc=False):
    business_event_data: list[msgspec.Raw] | None = None


_EVENTS = msgspec.json.Decoder(_Raws, strict=False)
_ONE = msgspec.json.Decoder(_Entry, strict=False)


def hints_of(body: bytes, hotel_id: str) -> PmsHints:
    """What an answer of the queue, or the same pushed by somebody between OPERA and Jack, hints at.

    Raises ServiceRejected for what is no such answer.
    """
    try:
        events = _EVENTS.decode(body).business_event_data
    except (msgspec.DecodeError, UnicodeError):
        raise ServiceRejected("the notice is not made of OPERA's business events") from None
    hints = PmsHints()
    for raw in events or ():
        hints |= _hint(raw, hotel_id)
    return hints


def _hint(raw: msgspec.Raw, hotel_id: str) -> PmsHints:
    try:
        event = _ONE.decode(raw).business_event
    except msgspec.DecodeError:
        event = None
    if event is None or event.header is None:
        return _unknown("an event of an unknown form")
    header = event.header
    if (text(header.hotel_id) or hotel_id) != hotel_id:
        return PmsHints()
    module, key = word(text(header.module_name)), text(header.primary_key)
    if module in _IDLE:
        return PmsHints()
    hint = {
        "reservation": PmsHints(stays=(key,)) if key else PmsHints(changes=True),
        "profile": PmsHints(guests=(key,)) if key else PmsHints(changes=True),
        "housekeeping": PmsHints(rooms=True),
        "nightaudit": PmsHints(changes=True),  # the day has ended, and with it the states of stays
    }.get(module)
    return hint or _unknown(text(header.module_name) or text(header.action_type) or "")


def _unknown(said: str) -> PmsHints:
    return PmsHints(changes=True, unknown=(UnknownValue(field="event.module", value=said),))
