"""One body holds many parts: each stands for itself, and no body at all makes Jack stumble."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jack.adapters.channels.whatsapp.webhook import WhatsAppAccount, WhatsAppWebhook
from jack.application.ports.channels import Delivery, Unpacked
from jack.domain.ids import new_id
from jack.domain.message import DeliveryStatus
from tests.simulators.whatsapp import PHONE_NUMBER_ID, Accepted
from tests.simulators.whatsapp_webhooks import APP_SECRET, SHY, VERIFY_TOKEN, ZOE, Webhooks, escaped

OTHER_NUMBER = "206540352242922"
META = Webhooks()
WEBHOOK = WhatsAppWebhook([WhatsAppAccount(PHONE_NUMBER_ID, APP_SECRET, VERIFY_TOKEN)])
ARRIVED = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
AT = 1795341540


def unpack(body: bytes, *accounts: str) -> Unpacked:
    delivery = Delivery(
        id="d1", channel="whatsapp", accounts=accounts or (PHONE_NUMBER_ID,), body=body, received_at=ARRIVED
    )
    return WEBHOOK.unpack(delivery)


def accepted(callback: str | None = None, address: str = "+16505551234") -> Accepted:
    return Accepted(
        wamid="wamid.out", phone_number_id="1", address=address, body="b", callback_data=callback, reply_to=None
    )


def test_a_batch_of_a_thousand_goes_through_in_order() -> None:
    texts = [META.text(ZOE if number % 2 else SHY, f"text {number}", at=AT) for number in range(1000)]
    found = unpack(META.body(*(META.change(messages=texts[i : i + 7], people=[ZOE, SHY]) for i in range(0, 1000, 7))))
    assert [m.text for m in found.messages] == [f"text {number}" for number in range(1000)]
    assert found.problems == ()


def test_messages_and_statuses_of_one_change_both_go_through() -> None:
    found = unpack(META.body(META.change(messages=[META.text(ZOE, "Hi")], statuses=[META.status(accepted(), "read")])))
    assert (len(found.messages), len(found.receipts), found.problems) == (1, 1, ())


def test_every_third_part_being_broken_costs_every_third_part() -> None:
    broken: list[Any] = [5, None, "x", [], {}, {"id": 7}, {"id": ""}, {"id": "w", "from": 5}, {"id": "w"}]
    messages: list[Any] = []
    for number, bad in enumerate(broken):
        messages += [META.text(ZOE, f"a{number}"), META.text(ZOE, f"b{number}"), bad]
    found = unpack(META.body(META.change(messages=messages, people=[ZOE])))
    assert [m.text for m in found.messages] == [f"{x}{n}" for n in range(len(broken)) for x in "ab"]
    assert len(found.problems) == len(broken)


def test_a_list_that_is_none_does_not_take_its_neighbours_along() -> None:
    change = META.change(messages=[META.text(ZOE, "Hi")], statuses=[META.status(accepted(), "read")])
    change["value"]["messages"] = {"0": "no list"}
    change["value"]["contacts"] = [5, {"wa_id": 5}, {"profile": "x"}]
    found = unpack(META.body(change))
    assert (len(found.receipts), len(found.problems)) == (1, 4)


def test_a_broken_change_or_entry_does_not_take_its_neighbours_along() -> None:
    good = META.change(messages=[META.text(ZOE, "Hi")])
    entries = [{"changes": [good, 5, {"field": 5}, {"field": "messages", "value": []}, good]}, 7, {"changes": [good]}]
    found = unpack(escaped({"object": "whatsapp_business_account", "entry": entries}))
    assert (len(found.messages), len(found.problems)) == (3, 4)


def test_a_number_for_which_the_signature_does_not_stand_is_not_believed() -> None:
    mine, other = META.change(messages=[META.text(ZOE, "mine")]), Webhooks(phone_number_id=OTHER_NUMBER)
    foreign = other.change(messages=[META.text(ZOE, "foreign")], statuses=[META.status(accepted(), "read")])
    found = unpack(META.body(foreign, mine, foreign))
    assert [m.text for m in found.messages] == ["mine"]
    assert (len(found.receipts), len(found.problems)) == (0, 2)
    both = unpack(META.body(foreign, mine), OTHER_NUMBER, PHONE_NUMBER_ID)
    assert [(m.account, m.text) for m in both.messages] == [(OTHER_NUMBER, "foreign"), (PHONE_NUMBER_ID, "mine")]


@pytest.mark.parametrize("metadata", [None, {}, 5, {"phone_number_id": None}, {"phone_number_id": 106540352242922}])
def test_a_change_that_names_no_number_is_a_problem(metadata: object) -> None:
    change = META.change(messages=[META.text(ZOE, "Hi")])
    change["value"]["metadata"] = metadata
    found = unpack(META.body(change))
    assert (found.messages, len(found.problems)) == ((), 1)


def test_a_change_of_another_kind_is_reported_by_name() -> None:
    found = unpack(META.body({"field": "account_update", "value": {"event": "VERIFIED"}}))
    assert found.problems == ('entry 1, change 1: "account_update" is nothing that Jack reads',)


def test_problems_say_where_and_never_what() -> None:
    secret = "16505551234 wants towels"
    person_field = {"id": "wamid.1", "from": ZOE.wa_id, "timestamp": secret, "type": secret, "text": {"body": 5}}
    messages: list[Any] = [{secret: secret}, {"id": secret, "from": 5}, person_field, {**person_field, "type": "text"}]
    status = {"id": secret, "status": secret, "timestamp": secret}
    change = META.change(messages=messages, statuses=[status], errors=[{"code": 5, "title": secret}])
    found = unpack(META.body(change, {"field": secret}))
    assert len(found.problems) == 8
    assert not [problem for problem in found.problems if "towels" in problem or "1650" in problem]


@pytest.mark.parametrize(
    ("status", "known"),
    [
        ("sent", DeliveryStatus.SENT),
        ("delivered", DeliveryStatus.DELIVERED),
        ("read", DeliveryStatus.READ),
        ("played", DeliveryStatus.READ),
        ("failed", DeliveryStatus.FAILED),
    ],
)
def test_a_status_becomes_a_receipt_of_jacks_own_message(status: str, known: DeliveryStatus) -> None:
    own = new_id()
    (receipt,) = unpack(META.body(META.change(statuses=[META.status(accepted(own), status, at=AT)]))).receipts
    assert (receipt.account, receipt.provider_id, receipt.message_id) == (PHONE_NUMBER_ID, "wamid.out", own)
    assert (receipt.status, receipt.at) == (known, datetime(2026, 11, 22, 9, 59, tzinfo=UTC))
    assert receipt.reason is None


def test_a_failed_status_tells_staff_why_in_plain_words() -> None:
    (receipt,) = unpack(META.body(META.change(statuses=[META.status(accepted(), "failed", code=131026)]))).receipts
    assert receipt.reason == "this guest cannot be reached on WhatsApp with this message (WhatsApp error 131026)"


def test_a_status_of_a_message_to_a_user_id_is_read() -> None:
    (receipt,) = unpack(META.body(META.change(statuses=[META.status(accepted(address="US.1"), "sent")]))).receipts
    assert receipt.message_id is None


@pytest.mark.parametrize("callback", ["", "x" * 65, "a\x00b", None])
def test_callback_data_that_cannot_be_jacks_is_ignored(callback: str | None) -> None:
    (receipt,) = unpack(META.body(META.change(statuses=[META.status(accepted(callback), "sent")]))).receipts
    assert receipt.message_id is None


def test_an_unknown_status_is_reported_and_never_guessed() -> None:
    found = unpack(META.body(META.change(statuses=[META.status(accepted(), "teleported")])))
    assert (found.receipts, found.problems) == (
        (),
        ('entry 1, change 1, status 1: "teleported" is no status that Jack knows',),
    )


def test_a_status_without_a_usable_time_counts_from_its_arrival() -> None:
    status = META.status(accepted(), "read") | {"timestamp": "yesterday", "errors": "none"}
    found = unpack(META.body(META.change(statuses=[status])))
    assert [receipt.at for receipt in found.receipts] == [ARRIVED]
    assert len(found.problems) == 2


@pytest.mark.parametrize("wamid", ["a\x00b", "x" * 1025, "line\nbreak"])
def test_an_id_that_no_database_could_hold_is_a_problem(wamid: str) -> None:
    found = unpack(META.body(META.change(messages=[META.text(ZOE, "Hi", wamid=wamid), META.text(ZOE, "Ho")])))
    assert ([m.text for m in found.messages], len(found.problems)) == (["Ho"], 1)


def test_an_endless_list_of_rubbish_makes_a_short_report() -> None:
    found = unpack(escaped({"object": "whatsapp_business_account", "entry": [1] * 50_000}))
    assert len(found.problems) == 101
    assert found.problems[-1] == "and 49900 more parts that could not be read"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"{}",
        b"\xff\xfe",
        b'{"object":"page","entry":[{"changes":[]}]}',
        b'{"object":"whatsapp_business_account","entry":{}}',
        b'{"entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"entry":[{"changes":[{"field":"messages","value":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}]}]}",
        b'{"object":"\\ud83d","entry":[' + b"9" * 10_000 + b"]}",
    ],
)
def test_a_body_that_is_no_webhook_is_one_problem(body: bytes) -> None:
    found = unpack(body)
    assert (found.messages, found.receipts, len(found.problems)) == ((), (), 1)


def test_broken_utf_8_costs_its_own_letters() -> None:
    body = META.body(META.change(messages=[META.text(ZOE, "Hi QQ"), META.text(ZOE, "Ho")])).replace(b"QQ", b"\xff\xc3")
    found = unpack(body)
    assert [m.text for m in found.messages] == ["Hi \ufffd\ufffd", "Ho"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
FIELDS = [
    "id", "from", "to", "type", "timestamp", "text", "image", "location", "contacts", "button", "interactive",
    "reaction", "order", "system", "edit", "revoke", "unsupported", "context", "group_id", "errors", "status",
    "from_user_id", "biz_opaque_callback_data", "body", "message", "previous_user_id",
]  # fmt: skip
WORDS = st.sampled_from([*FIELDS, "wamid.1", "16505551234", "US.1", "1795341540", "delivered", "failed"])
PART = st.dictionaries(st.sampled_from(FIELDS), JSON | WORDS | st.dictionaries(st.sampled_from(FIELDS), JSON | WORDS))


@settings(deadline=None)
@given(st.binary())
def test_no_bytes_make_it_stumble(body: bytes) -> None:
    assert unpack(body).problems


@settings(deadline=None)
@given(JSON)
def test_no_json_makes_it_stumble(data: object) -> None:
    assert unpack(json.dumps(data).encode()).problems


@settings(max_examples=200, deadline=None)
@given(messages=st.lists(PART | JSON, max_size=4), statuses=st.lists(PART | JSON, max_size=4), contacts=JSON)
def test_no_part_makes_it_stumble_or_takes_another_along(
    messages: list[object], statuses: list[object], contacts: object
) -> None:
    last = META.text(ZOE, "the last", wamid="wamid.last", at=AT)
    change = META.change()
    change["value"] |= {"contacts": contacts, "messages": [*messages, last]}
    change["value"]["statuses"] = [*statuses, META.status(accepted(), "read", at=AT)]
    found = unpack(json.dumps({"entry": [{"changes": [change]}]}).encode())
    assert found.messages[-1].provider_id == "wamid.last"
    assert found.receipts[-1].status is DeliveryStatus.READ
    for message in found.messages:
        assert message.provider_id.isprintable()
        assert "\x00" not in message.text + message.type + message.sender.display_name
