"""What a webhook of Twilio's holds."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jack.adapters.channels.twilio.unpack import unpacked
from jack.application.ports.channels import Delivery, DeliveryReceipt, InboundMessage, Unpacked
from jack.domain.conversation import ChannelIdentity
from jack.domain.message import DeliveryStatus, Media
from tests.simulators.twilio import ACCOUNT_SID, NUMBER, a_status, an_sms

ARRIVED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WHATSAPP = f"whatsapp:{NUMBER}"
SID = f"SM{7:032x}"


def told(fields: dict[str, str], target: str = "/webhooks/twilio") -> Unpacked:
    body = urlencode(fields).encode()
    accounts = (NUMBER, WHATSAPP)
    return unpacked(
        Delivery(id="d1", channel="twilio", accounts=accounts, body=body, received_at=ARRIVED, target=target)
    )


def message(fields: dict[str, str]) -> InboundMessage:
    found = told(fields)
    assert found.problems == ()
    (one,) = found.messages
    return one


def receipt(fields: dict[str, str], target: str = "/webhooks/twilio/status") -> DeliveryReceipt:
    found = told(fields, target)
    assert found.problems == ()
    (one,) = found.receipts
    return one


def test_an_sms_names_the_hotels_number_and_the_guests() -> None:
    one = message(an_sms("Late checkout?", number=7))

    assert (one.account, one.provider_id, one.type, one.text) == (NUMBER, SID, "text", "Late checkout?")
    assert (one.sender.address, one.sender.phone) == ("+351912345678", "351912345678")
    assert one.sender.identities == (ChannelIdentity(kind="phone", value="351912345678"),)
    assert one.needs_answer


def test_a_whatsapp_message_carries_the_profile_name_and_the_user_id() -> None:
    one = message(
        an_sms(
            sender="whatsapp:+447911123456",
            To=WHATSAPP,
            ProfileName="Zoë Müller",
            WaId="447911123456",
            ExternalUserId="whatsapp:GB.4566546130240823",
        )
    )

    assert one.sender.display_name == "Zoë Müller"
    assert one.sender.address == "whatsapp:+447911123456"
    assert one.sender.phone == "447911123456"
    assert one.sender.identities == (
        ChannelIdentity(kind="user_id", value="GB.4566546130240823"),
        ChannelIdentity(kind="wa_id", value="447911123456"),
    )


def test_a_sender_without_a_phone_is_known_by_the_user_id() -> None:
    one = message(an_sms(sender="whatsapp:US.ABC123XYZ", To=WHATSAPP))

    assert one.sender.phone is None
    assert one.sender.identities == (ChannelIdentity(kind="user_id", value="US.ABC123XYZ"),)


def test_pictures_come_by_reference() -> None:
    media = {"NumMedia": "2", "MediaUrl0": "https://api.twilio.com/ME0", "MediaContentType0": "image/jpeg"}
    media |= {"MediaUrl1": "https://api.twilio.com/ME1", "MediaContentType1": "application/pdf"}

    one = message(an_sms("") | media)

    assert one.type == "image"
    assert one.media == (
        Media(kind="image", ref="https://api.twilio.com/ME0", mime_type="image/jpeg"),
        Media(kind="application", ref="https://api.twilio.com/ME1", mime_type="application/pdf"),
    )


def test_a_place_and_a_button_can_be_read() -> None:
    place = message(an_sms("", Latitude="38.7", Longitude="-9.1", Label="Praça", Address="Lisboa"))
    assert (place.type, place.text) == ("location", "Praça, Lisboa")

    button = message(an_sms("", ButtonText="Yes, please", ButtonPayload="yes"))
    assert (button.type, button.text) == ("button", "Yes, please")


@pytest.mark.parametrize("word", ["STOP", "stop", " Unsubscribe ", "CANCEL", "END", "QUIT"])
def test_opting_out_is_left_to_twilio_and_shown_to_people(word: str) -> None:
    one = message(an_sms(word))

    assert (one.type, one.needs_answer) == ("opt_out", False)


@pytest.mark.parametrize("word", ["HELP", "INFO", "START"])
def test_words_that_twilio_answers_get_no_second_answer(word: str) -> None:
    assert not message(an_sms(word)).needs_answer


@pytest.mark.parametrize("words", ["Please cancel my dinner", "yes", "Stop by the room, please"])
def test_sentences_with_such_words_are_answered(words: str) -> None:
    assert message(an_sms(words)).needs_answer


def test_on_whatsapp_such_words_are_words() -> None:
    one = message(an_sms("STOP", To=WHATSAPP, sender="whatsapp:+447911123456"))

    assert (one.type, one.needs_answer) == ("text", True)


def test_advanced_opt_out_is_heard() -> None:
    assert message(an_sms("Arrêt", OptOutType="STOP")).type == "opt_out"


@pytest.mark.parametrize(
    ("told_status", "status"),
    [
        ("sent", DeliveryStatus.SENT),
        ("delivered", DeliveryStatus.DELIVERED),
        ("read", DeliveryStatus.READ),
        ("undelivered", DeliveryStatus.FAILED),
        ("failed", DeliveryStatus.FAILED),
        ("canceled", DeliveryStatus.FAILED),
    ],
)
def test_a_status_moves_the_message_that_its_address_names(told_status: str, status: DeliveryStatus) -> None:
    one = receipt(a_status(SID, told_status), "/webhooks/twilio/status?message=0193a4c7e5f0c0ffee")

    assert (one.account, one.provider_id, one.status) == (NUMBER, SID, status)
    assert one.message_id == "0193a4c7e5f0c0ffee"


def test_a_failure_says_why_in_plain_words() -> None:
    assert "STOP" in (receipt(a_status(SID, "failed", ErrorCode="21610")).reason or "")
    assert "99999" in (receipt(a_status(SID, "failed", ErrorCode="99999")).reason or "")


@pytest.mark.parametrize("told_status", ["queued", "accepted", "sending", "scheduled"])
def test_a_status_on_the_way_is_no_news(told_status: str) -> None:
    assert told(a_status(SID, told_status)) == Unpacked()


def test_a_status_that_nobody_knows_is_kept_as_a_problem() -> None:
    assert told(a_status(SID, "teleported")).problems


@pytest.mark.parametrize(
    "fields",
    [
        an_sms(To="+19998887777"),
        an_sms(MessageSid="", SmsMessageSid="", SmsSid=""),
        an_sms(MessageSid="nonsense"),
        an_sms(sender=""),
        {"AccountSid": ACCOUNT_SID},
    ],
)
def test_what_cannot_be_a_message_is_a_problem_without_its_words(fields: dict[str, str]) -> None:
    found = told(fields | {"Body": "my secret"})

    assert (found.messages, found.receipts) == ((), ())
    assert found.problems
    assert "secret" not in str(found.problems)


@given(
    st.dictionaries(
        st.sampled_from(sorted({*an_sms(), *a_status(SID, "sent"), "NumMedia", "MediaUrl0", "Latitude", "Longitude"})),
        st.text(max_size=40) | st.sampled_from(["1", "delivered", "whatsapp:", "-", "9" * 12]),
    ),
    st.text(max_size=30),
)
def test_no_form_whatever_makes_it_raise(fields: dict[str, str], target: str) -> None:
    told(an_sms() | fields, target)
    told(fields, target)
