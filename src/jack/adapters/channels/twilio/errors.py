"""Twilio's error codes in the three words, and in sentences that staff understand.

Twilio refines its codes over time; an unknown one is judged by the status code alone.
https://www.twilio.com/docs/api/errors
"""

from datetime import timedelta

import msgspec

from jack.adapters.http import Answer, failure_of, retry_after
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable

NEEDS_TEMPLATE = (
    "the guest wrote more than 24 hours ago; WhatsApp now takes only an approved template, which Jack cannot send yet"
)
_BACK_OFF = timedelta(seconds=5)
_LATER = {
    20429: "too many calls for this Twilio account",
    14107: "too many messages for the hotel's number",
    30001: "Twilio's queue for the hotel's number is full",
    30022: "too many messages for the hotel's number",
    63012: "WhatsApp has trouble",
    63013: "WhatsApp has trouble",
    63018: "too many messages for the hotel's number",
}
_DENIED = {
    20003: "the account_sid or the auth_token is wrong, or the account has ended",
    20005: "the Twilio account is not active",
    20008: "these are test credentials, which cannot send",
    21606: "the hotel's number does not belong to this Twilio account or cannot send",
    21659: "the hotel's number does not belong to this Twilio account",
    21408: "the Twilio account may not write to this country: allow it in Twilio's geographic permissions",
    30002: "the Twilio account is suspended",
    30034: "the hotel's number is not registered for messages in the USA (A2P 10DLC)",
    63007: "Twilio knows no WhatsApp sender with the hotel's number",
}
_REJECTED = {
    21211: "the guest's number is no telephone number",
    21610: "the guest has opted out of messages from this number (STOP); only the guest can change that (START)",
    21612: "messages cannot be sent from the hotel's number to this guest's",
    21614: "the guest's number is no mobile number",
    21617: "the text is too long",
    30003: "the guest's telephone cannot be reached",
    30004: "the guest's telephone blocks messages",
    30005: "the guest's number does not exist",
    30006: "the guest's number is a landline",
    30007: "the carrier took the text for spam",
    30008: "the carrier gives no reason",
    63003: "this guest cannot be reached on WhatsApp",
    63016: NEEDS_TEMPLATE,
    63024: "this guest cannot be reached on WhatsApp",
}


class _Error(msgspec.Struct):
    code: int | None = None


def said(code: int | None) -> str:
    """What an error code means, in a sentence of ours."""
    if code is None:
        return "Twilio gives no reason"
    known = _LATER.get(code) or _DENIED.get(code) or _REJECTED.get(code)
    return f"{known} (Twilio error {code})" if known else f"Twilio reports error {code}"


def code_in(answer: Answer) -> int | None:
    """Twilio's error code; None when the answer holds none: then somebody in between spoke."""
    try:
        return msgspec.json.decode(answer.body, type=_Error, strict=False).code
    except msgspec.DecodeError:
        return None


def failure_in(answer: Answer) -> OutsideFailure:
    """The word for a call that Twilio refused."""
    code = code_in(answer)
    if code in _LATER:
        return ServiceUnavailable(said(code), retry_after=retry_after(answer.headers) or _BACK_OFF)
    if code in _DENIED:
        return ServiceDenied(said(code))
    if code in _REJECTED:
        return ServiceRejected(said(code))
    return failure_of(answer, "Twilio", f"error {code}" if code is not None else "")
