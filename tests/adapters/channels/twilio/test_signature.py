"""Whether a webhook is Twilio's: the signature over its address and every field."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jack.adapters.channels.twilio.webhook import TwilioAccount, TwilioWebhook
from tests.simulators.twilio import ACCOUNT_SID, AUTH_TOKEN, NUMBER, an_sms, signed

PUBLIC = "https://butler.example.com"
TARGET = "/webhooks/twilio"
OTHER_SID = "AC00000000000000000000000000000002"
OTHER = TwilioAccount("+15550100002", OTHER_SID, "the castle's own token")
WEBHOOK = TwilioWebhook([TwilioAccount(NUMBER, ACCOUNT_SID, AUTH_TOKEN), OTHER], PUBLIC)

# a picture without words, as Twilio's own library signs it
PICTURE = {
    "AccountSid": ACCOUNT_SID,
    "Body": "",
    "From": "whatsapp:+447911123456",
    "MediaContentType0": "image/jpeg",
    "MediaUrl0": f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/MM0/Media/ME0",
    "MessageSid": "SM00000000000000000000000000000001",
    "NumMedia": "1",
    "ProfileName": "Zoë Müller",
    "SmsSid": "SM00000000000000000000000000000001",
    "To": "whatsapp:+15550001111",
    "WaId": "447911123456",
}
SIGNATURE = "M4T4ey2mY9q0H7YgsZZHMlaAFiY="


def test_a_signature_of_twilios_own_library_is_accepted_blank_fields_and_umlauts_included() -> None:
    assert WEBHOOK.authenticate({"x-twilio-signature": SIGNATURE}, urlencode(PICTURE).encode(), TARGET) == (NUMBER,)


@pytest.mark.parametrize(
    ("public_url", "expected"),
    [
        (PUBLIC, (NUMBER,)),
        (f"{PUBLIC}/", (NUMBER,)),
        (f"{PUBLIC}:443", (NUMBER,)),
        (f"{PUBLIC}:8443", (NUMBER,)),
        ("http://butler.example.com", ()),
        ("https://other.example.com", ()),
    ],
)
def test_the_public_address_counts_with_and_without_its_port(public_url: str, expected: tuple[str, ...]) -> None:
    webhook = TwilioWebhook([TwilioAccount(NUMBER, ACCOUNT_SID, AUTH_TOKEN)], public_url)

    assert webhook.authenticate({"x-twilio-signature": SIGNATURE}, urlencode(PICTURE).encode(), TARGET) == expected


@pytest.mark.parametrize("target", ["/webhooks/twilio/", "/webhooks/twilio?x=1", "/webhooks/Twilio", ""])
def test_a_call_to_another_address_is_refused(target: str) -> None:
    assert WEBHOOK.authenticate({"x-twilio-signature": SIGNATURE}, urlencode(PICTURE).encode(), target) == ()


def test_the_query_belongs_to_the_address() -> None:
    target = "/webhooks/twilio/status?message=0193a4"
    headers, body = signed(PUBLIC + target, an_sms())

    assert WEBHOOK.authenticate(headers, body, target) == (NUMBER,)
    assert WEBHOOK.authenticate(headers, body, target.replace("0193a4", "0193a5")) == ()


def test_a_token_signs_for_its_own_account_alone() -> None:
    headers, body = signed(PUBLIC + TARGET, an_sms(AccountSid=OTHER_SID), token=AUTH_TOKEN)
    assert WEBHOOK.authenticate(headers, body, TARGET) == ()

    headers, body = signed(PUBLIC + TARGET, an_sms(AccountSid=OTHER_SID), token=OTHER.auth_token)
    assert WEBHOOK.authenticate(headers, body, TARGET) == (OTHER.sender,)


@pytest.mark.parametrize("header", ["", "x", "é", SIGNATURE[:-2], SIGNATURE.lower()])
def test_what_is_no_signature_is_refused(header: str) -> None:
    assert WEBHOOK.authenticate({"x-twilio-signature": header}, urlencode(PICTURE).encode(), TARGET) == ()


def test_a_call_without_a_signature_is_refused() -> None:
    assert WEBHOOK.authenticate({}, urlencode(PICTURE).encode(), TARGET) == ()


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b"a", b"&".join(b"a=1" for _ in range(2_000))])
def test_a_body_that_is_no_form_of_twilios_is_refused(body: bytes) -> None:
    assert WEBHOOK.authenticate({"x-twilio-signature": SIGNATURE}, body, TARGET) == ()


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=12), max_size=6))
def test_every_field_is_under_the_signature(extra: dict[str, str]) -> None:
    fields = an_sms() | {f"x-{name}": value for name, value in extra.items()}
    headers, body = signed(PUBLIC + TARGET, fields)

    assert WEBHOOK.authenticate(headers, body, TARGET) == (NUMBER,)
    assert WEBHOOK.authenticate(headers, body + b"&more=1", TARGET) == ()


def test_an_account_without_a_token_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="auth_token"):
        TwilioAccount(NUMBER, ACCOUNT_SID, "")
