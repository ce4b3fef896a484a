"""Whether a webhook is Meta's: the signature over the raw bytes, and the handshake."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jack.adapters.channels.whatsapp.webhook import WhatsAppAccount, WhatsAppWebhook

SECRET = "test_app_secret_0123456789abcdef"
# as Meta sends it: escaped letters and slashes; the signature was computed over exactly these bytes
BODY = (
    rb'{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":'
    rb'"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},"contacts":'
    rb'[{"profile":{"name":"Zo\u00eb"},"wa_id":"16505551234"}],"messages":[{"from":"16505551234","id":"wamid.TEST1",'
    rb'"timestamp":"1749416383","type":"text","text":{"body":"\u00bfA qu\u00e9 hora es el check-out? \/ 11:00"}}]},'
    rb'"field":"messages"}]}]}'
)
SIGNATURE = "sha256=f83cea37500d6200106b0c2e182109c6f8db4e7e688c27bde5e4891c80ef3147"

HARBOUR = WhatsAppAccount("106540352242922", SECRET, "harbour-token")
HARBOUR_BAR = WhatsAppAccount("206540352242922", SECRET, "bar-token")
CASTLE = WhatsAppAccount("306540352242922", "the castle's own app", "castle-token")
WEBHOOK = WhatsAppWebhook([HARBOUR, CASTLE, HARBOUR_BAR])


def signed(body: bytes, secret: str) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def test_a_signature_of_metas_stands_for_all_accounts_of_its_app_and_no_other() -> None:
    assert len(BODY) == 460
    accounts = WEBHOOK.authenticate({"x-hub-signature-256": SIGNATURE}, BODY)
    assert accounts == (HARBOUR.phone_number_id, HARBOUR_BAR.phone_number_id)


def test_an_app_of_its_own_signs_for_its_own_hotel_alone() -> None:
    assert WEBHOOK.authenticate(signed(BODY, CASTLE.app_secret), BODY) == (CASTLE.phone_number_id,)


@pytest.mark.parametrize(
    "rewritten",
    [
        json.dumps(json.loads(BODY)).encode(),
        json.dumps(json.loads(BODY), separators=(",", ":"), ensure_ascii=False).encode(),
        BODY + b"\n",
        BODY[:-1],
        b"",
    ],
)
def test_the_signature_stands_for_the_raw_bytes_alone(rewritten: bytes) -> None:
    assert WEBHOOK.authenticate({"x-hub-signature-256": SIGNATURE}, rewritten) == ()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": SIGNATURE.removeprefix("sha256=")},
        {"x-hub-signature-256": SIGNATURE + "0"},
        {"x-hub-signature-256": SIGNATURE[:-1]},
        {"x-hub-signature-256": "sha256=é\udc80"},
        {"x-hub-signature": SIGNATURE},
        {"x-hub-signature-256": "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest()},
        signed(BODY, "another secret"),
        signed(BODY, HARBOUR.verify_token),
    ],
)
def test_a_wrong_or_missing_signature_stands_for_nothing(headers: dict[str, str]) -> None:
    assert WEBHOOK.authenticate(headers, BODY) == ()


@settings(deadline=None)
@given(body=st.binary(), header=st.text())
def test_no_signature_that_somebody_makes_up_stands_for_anything(body: bytes, header: str) -> None:
    assert WEBHOOK.authenticate({"x-hub-signature-256": header}, body) == ()


@pytest.mark.parametrize("missing", [("", "s", "v"), ("1", "", "v"), ("1", "s", "")])
def test_an_account_without_a_secret_is_refused_because_anybody_could_sign_for_it(
    missing: tuple[str, str, str],
) -> None:
    with pytest.raises(ValueError, match="app_secret"):
        WhatsAppAccount(*missing)


def test_an_account_keeps_its_secrets_out_of_sight() -> None:
    shown = repr(HARBOUR) + repr(WEBHOOK) + str(WEBHOOK)
    assert HARBOUR.app_secret not in shown
    assert HARBOUR.verify_token not in shown


@pytest.mark.parametrize("account", [HARBOUR, HARBOUR_BAR, CASTLE])
def test_the_handshake_gives_the_challenge_back_to_whoever_knows_a_verify_token(account: WhatsAppAccount) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": account.verify_token}
    assert WEBHOOK.handshake(query) == "1158201444"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "wrong"},
        {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": ""},
        {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "é\udc80"},
        {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": SECRET},
        {"hub.mode": "unsubscribe", "hub.challenge": "1", "hub.verify_token": "castle-token"},
        {"hub.challenge": "1", "hub.verify_token": "castle-token"},
        {"hub.mode": "subscribe", "hub.verify_token": "castle-token"},
    ],
)
def test_any_other_handshake_is_refused(query: dict[str, str]) -> None:
    assert WEBHOOK.handshake(query) is None
