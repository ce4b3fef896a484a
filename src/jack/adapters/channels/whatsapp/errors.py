"""Meta's error codes in the three words, and in sentences that staff understand.

Only `code` is decided on: titles and subcodes are deprecated, throttling comes as HTTP 400, and Meta's own texts may
quote the guest.
https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes (May 2026)
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from jack.adapters.channels.whatsapp.wire import ErrorAnswer, GraphError, Unreadable, read
from jack.adapters.http import Answer, failure_of, retry_after
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable

NEEDS_TEMPLATE = (
    "the guest wrote more than 24 hours ago; WhatsApp now takes only an approved template, which Jack cannot send yet"
)
_OBJECT_NOT_FOUND = 33


class _Word(Enum):
    LATER = auto()
    DENIED = auto()
    REJECTED = auto()


@dataclass(frozen=True, slots=True)
class _Meaning:
    word: _Word
    sentence: str
    wait: timedelta | None = None


def _later(sentence: str, seconds: int | None = None) -> _Meaning:
    return _Meaning(_Word.LATER, sentence, None if seconds is None else timedelta(seconds=seconds))


def _denied(sentence: str) -> _Meaning:
    return _Meaning(_Word.DENIED, sentence)


def _rejected(sentence: str) -> _Meaning:
    return _Meaning(_Word.REJECTED, sentence)


_UNREACHABLE = "this guest cannot be reached on WhatsApp with this message"
_TOKEN = "the access token is not valid (any more); make a new one and put it into jack.toml"
_PERMISSION = "the access token lacks the permission whatsapp_business_messaging for this number"
_MISTAKE = "WhatsApp does not accept the form of this message"
_TEMPLATE = "the message template does not fit or may not be used"

_MEANINGS: dict[int, _Meaning] = {
    # WhatsApp is in trouble or busy
    1: _later("WhatsApp has trouble"),
    2: _later("WhatsApp is down or being upgraded"),
    131000: _later("WhatsApp has trouble"),
    131016: _later("WhatsApp is overloaded"),
    131057: _later("the hotel's number is being maintained", 60),
    133004: _later("WhatsApp is not available", 60),
    4: _later("too many calls for this app", 60),
    80007: _later("too many calls for this WhatsApp Business account", 60),
    130429: _later("too many messages for the hotel's number", 5),
    131056: _later("too many messages to this guest", 4),
    # people must act
    0: _denied(_TOKEN),
    190: _denied(_TOKEN),
    3: _denied(_PERMISSION),
    10: _denied(_PERMISSION),
    **{code: _denied(_PERMISSION) for code in range(200, 300)},
    131005: _denied(_PERMISSION),
    33: _denied("the hotel's number does not exist (any more)"),
    368: _denied("Meta has blocked the account for breaking its rules"),
    130497: _denied("the account may not write to guests in this country"),
    131031: _denied("Meta has locked the account"),
    131042: _denied("the account cannot pay: look at its payment method"),
    131045: _denied("the hotel's number is not registered"),
    131048: _denied("Meta limits the hotel's number because guests blocked or reported it"),
    131064: _denied("the account has used up its messaging limit"),
    133010: _denied("the hotel's number is not registered"),
    # this message will never go through
    131047: _rejected(NEEDS_TEMPLATE),
    131021: _rejected("the hotel's number cannot write to itself"),
    131026: _rejected(_UNREACHABLE),
    131030: _rejected("with a test number, guests must be on its list of allowed recipients"),
    131049: _rejected("Meta did not deliver it, to keep its users content"),
    131050: _rejected("the guest wants no marketing messages"),
    131062: _rejected("this kind of message needs the guest's phone number"),
    130472: _rejected(_UNREACHABLE),
    137000: _rejected("the guest's identity has changed and must be verified again"),
    100: _rejected(_MISTAKE),
    131008: _rejected(_MISTAKE),
    131009: _rejected(_MISTAKE),
    131051: _rejected("WhatsApp does not pass on messages of this type"),
    131052: _rejected("the guest's file could not be fetched; it may be too large"),
    131053: _rejected("the file could not be taken"),
    135000: _rejected(_MISTAKE),
    132000: _rejected(_TEMPLATE),
    132001: _rejected(_TEMPLATE),
    132005: _rejected(_TEMPLATE),
    132007: _rejected(_TEMPLATE),
    132008: _rejected(_TEMPLATE),
    132012: _rejected(_TEMPLATE),
    132015: _rejected("the message template is paused"),
    132016: _rejected("the message template is disabled"),
    132068: _rejected("the flow of the message template is blocked"),
    132069: _rejected("the flow of the message template is throttled"),
}


def said(code: int | None) -> str:
    """What an error code means, in a sentence of ours."""
    meaning = _MEANINGS.get(code) if code is not None else None
    if meaning is None:
        return f"WhatsApp reports error {code}" if code is not None else "WhatsApp reports an error without a code"
    return f"{meaning.sentence} (WhatsApp error {code})"


def error_in(answer: Answer) -> GraphError | None:
    """The Graph API's error object, or None when the answer holds none: then somebody in between spoke."""
    try:
        error = read(answer.body, ErrorAnswer).error
    except Unreadable:
        return None
    return error if error.code is not None else None


def failure_in(answer: Answer) -> OutsideFailure:
    """The word for a call that WhatsApp refused. An unknown code is judged by the status code alone."""
    error = error_in(answer)
    code = error.code if error else None
    if error and code == 100 and error.error_subcode == _OBJECT_NOT_FOUND:
        # what a wrong phone_number_id and a token of another business look like
        return ServiceDenied("the number does not exist or the access token may not use it (WhatsApp error 100)")
    meaning = _MEANINGS.get(code) if code is not None else None
    if meaning is None:
        return failure_of(answer, "WhatsApp", f"error {code}" if code is not None else "")
    match meaning.word:
        case _Word.LATER:
            return ServiceUnavailable(said(code), retry_after=retry_after(answer.headers) or meaning.wait)
        case _Word.DENIED:
            return ServiceDenied(said(code))
        case _Word.REJECTED:
            return ServiceRejected(said(code))
