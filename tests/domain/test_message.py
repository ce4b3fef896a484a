"""The one-way road of a message's delivery."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jack.domain.errors import DomainError
from jack.domain.message import DeliveryStatus, Message, in_order
from tests.hotel import NOW, a_message, a_reply

STATUS = DeliveryStatus
RECEIPTS = [STATUS.SENT, STATUS.DELIVERED, STATUS.READ, STATUS.FAILED]
ROAD = {STATUS.SENT: 1, STATUS.FAILED: 2, STATUS.DELIVERED: 3, STATUS.READ: 4}

receipts = st.lists(st.sampled_from(RECEIPTS), min_size=1, max_size=6)
under_way = st.sampled_from([STATUS.QUEUED, STATUS.SENDING, STATUS.SENT, STATUS.UNKNOWN])


def after(message: Message, found: "list[DeliveryStatus] | tuple[DeliveryStatus, ...]") -> Message:
    for status in found:
        message = message.receipted(status)
    return message


@given(found=receipts, begin=under_way)
def test_receipts_only_move_forward(found: list[DeliveryStatus], begin: DeliveryStatus) -> None:
    message, place = a_reply(status=begin), 0
    for status in found:
        message = message.receipted(status)
        now = ROAD.get(message.status, 0)
        assert now >= place
        place = now


@given(found=st.lists(st.sampled_from(RECEIPTS), min_size=1, max_size=4), begin=under_way)
def test_the_order_in_which_receipts_come_decides_nothing(found: list[DeliveryStatus], begin: DeliveryStatus) -> None:
    results = {after(a_reply(status=begin), order).status for order in permutations(found)}

    assert results == {max([*found, begin], key=lambda status: ROAD.get(status, 0))}


@given(found=receipts)
def test_receipts_that_come_twice_change_nothing(found: list[DeliveryStatus]) -> None:
    once = after(a_reply(status=STATUS.SENT), found)

    assert after(once, found) == once


def test_delivered_beats_failed_in_both_orders() -> None:
    sent = a_reply(status=STATUS.SENT)

    assert after(sent, (STATUS.DELIVERED, STATUS.FAILED)).status is STATUS.DELIVERED
    assert after(sent, (STATUS.FAILED, STATUS.DELIVERED)).status is STATUS.DELIVERED
    assert after(sent, (STATUS.FAILED, STATUS.DELIVERED)).problem is None


def test_a_failure_keeps_its_reason() -> None:
    failed = a_reply(status=STATUS.SENT).receipted(STATUS.FAILED, "the number is not on WhatsApp")

    assert failed.problem == "the number is not on WhatsApp"
    assert failed.receipted(STATUS.SENT).problem == "the number is not on WhatsApp"


@given(found=receipts)
def test_an_inbound_message_has_no_receipts(found: list[DeliveryStatus]) -> None:
    assert after(a_message(), found) == a_message()


@pytest.mark.parametrize("status", [STATUS.QUEUED, STATUS.DRAFT, STATUS.RECEIVED, STATUS.SENDING, STATUS.UNKNOWN])
def test_only_a_receipt_of_the_channel_is_a_receipt(status: DeliveryStatus) -> None:
    assert a_reply(status=STATUS.SENT).receipted(status).status is STATUS.SENT


def test_a_receipt_that_came_before_the_answer_is_not_pushed_back() -> None:
    claimed = a_reply().claimed(NOW)

    delivered = claimed.receipted(STATUS.DELIVERED).accepted("wamid.1")

    assert (delivered.status, delivered.provider_id) == (STATUS.DELIVERED, "wamid.1")


def test_only_a_queued_message_can_leave() -> None:
    for status in set(STATUS) - {STATUS.QUEUED}:
        with pytest.raises(DomainError):
            a_reply(status=status).claimed(NOW)


def test_a_message_on_its_way_counts_its_attempts() -> None:
    claimed = a_reply().claimed(NOW)
    again = claimed.postponed(NOW + timedelta(minutes=1), "busy").claimed(NOW)

    assert (claimed.status, claimed.attempts, claimed.sending_since) == (STATUS.SENDING, 1, NOW)
    assert (again.attempts, again.problem) == (2, "busy")


def test_what_nobody_knows_is_unknown_until_a_receipt_settles_it() -> None:
    unknown = a_reply().claimed(NOW).unclear("the connection broke after sending")

    assert unknown.status is STATUS.UNKNOWN
    assert unknown.receipted(STATUS.SENT).status is STATUS.SENT
    assert unknown.receipted(STATUS.FAILED).status is STATUS.FAILED


def test_only_a_message_on_its_way_can_become_unknown() -> None:
    for status in set(STATUS) - {STATUS.SENDING}:
        assert a_reply(status=status).unclear("?").status is status


def test_only_a_queued_reply_can_be_withdrawn() -> None:
    assert a_reply().withdrawn().status is STATUS.DRAFT
    for status in set(STATUS) - {STATUS.QUEUED}:
        assert a_reply(status=status).withdrawn().status is status


def test_a_conversation_goes_by_the_providers_time_then_by_arrival() -> None:
    second = timedelta(seconds=1)
    messages = (
        a_message("late", sent_at=NOW - second, created_at=NOW + second),
        a_message("b", sent_at=NOW, created_at=NOW + second),
        a_message("a", sent_at=NOW, created_at=NOW),
    )
    for order in permutations(messages):
        assert [m.id for m in in_order(order)] == ["message-late", "message-a", "message-b"]
