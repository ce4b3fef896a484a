"""TwilioSender over real HTTP: what goes out, and what every refusal means."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from jack.adapters.channels.twilio.sender import TwilioSender
from jack.adapters.http import make_client
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.ports.channels import OutboundText, Sent, Unclear
from jack.domain.ids import MessageId
from jack.domain.message import DeliveryStatus
from tests.fakes.clock import NOON
from tests.simulators.serving import serve
from tests.simulators.twilio import ACCOUNT_SID, AUTH_TOKEN, NUMBER, TwilioSimulator

STATUS_URL = "https://butler.example.com/webhooks/twilio/status"
MESSAGE = OutboundText(message_id=MessageId("0193a4c7e5f0c0ffee"), address="+351912345678", text="Room **412**.")


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with make_client() as made:
        yield made


@pytest.fixture(scope="module")
async def far_end() -> AsyncIterator[tuple[TwilioSimulator, str]]:
    simulator = TwilioSimulator()
    async with serve(simulator) as url:
        yield simulator, url


@pytest.fixture
def simulator(far_end: tuple[TwilioSimulator, str]) -> TwilioSimulator:
    far_end[0].accepted.clear()
    far_end[0].calls.clear()
    far_end[0].account_status = "active"
    return far_end[0]


def a_sender(far_end: tuple[TwilioSimulator, str], client: httpx.AsyncClient, number: str = NUMBER) -> TwilioSender:
    return TwilioSender(client, far_end[1], ACCOUNT_SID, AUTH_TOKEN, number, status_url=STATUS_URL, time_limit=5)


@pytest.fixture
def sender(far_end: tuple[TwilioSimulator, str], simulator: TwilioSimulator, client: httpx.AsyncClient) -> TwilioSender:
    assert simulator is far_end[0]
    return a_sender(far_end, client)


async def test_what_goes_out_is_what_twilio_asks_for(simulator: TwilioSimulator, sender: TwilioSender) -> None:
    outcome = await sender.send(MESSAGE)

    (taken,) = simulator.accepted
    assert outcome == Sent(provider_id=taken.sid)
    assert (taken.to, taken.sender, taken.body) == ("+351912345678", NUMBER, "Room 412.")
    assert taken.status_callback == f"{STATUS_URL}?message=0193a4c7e5f0c0ffee"


async def test_on_whatsapp_the_markup_is_whatsapps(
    far_end: tuple[TwilioSimulator, str], simulator: TwilioSimulator, client: httpx.AsyncClient
) -> None:
    number = f"whatsapp:{NUMBER}"
    await a_sender(far_end, client, number).send(replace(MESSAGE, address="whatsapp:+351912345678"))

    assert [(one.sender, one.body) for one in simulator.accepted] == [(number, "Room *412*.")]


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (20003, ServiceDenied),
        (20429, ServiceUnavailable),
        (21211, ServiceRejected),
        (21408, ServiceDenied),
        (21610, ServiceRejected),
        (30007, ServiceRejected),
        (63016, ServiceRejected),
        (63018, ServiceUnavailable),
        (29999, ServiceRejected),
    ],
)
async def test_every_refusal_has_its_word_and_its_code(
    simulator: TwilioSimulator, sender: TwilioSender, code: int, word: type[OutsideFailure]
) -> None:
    simulator.fail_next(code)

    with pytest.raises(word, match=str(code)):
        await sender.send(MESSAGE)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("whatsapp:+351912345678", "Hi"),
        ("somebody", "Hi"),
        ("+351912345678", " "),
        ("+351912345678", "x" * 1_601),
    ],
)
async def test_what_twilio_cannot_take_is_not_even_tried(
    simulator: TwilioSimulator, sender: TwilioSender, address: str, text: str
) -> None:
    with pytest.raises(ServiceRejected):
        await sender.send(replace(MESSAGE, address=address, text=text))
    assert simulator.calls == []


async def test_an_sms_has_no_window(simulator: TwilioSimulator, sender: TwilioSender) -> None:
    assert isinstance(await sender.send(replace(MESSAGE, window_open=False)), Sent)
    assert len(simulator.accepted) == 1


@pytest.mark.parametrize("body", [b"", b"{}", b'{"sid":""}', b"<html>"])
async def test_a_success_without_an_id_is_unclear(
    simulator: TwilioSimulator, sender: TwilioSender, body: bytes
) -> None:
    simulator.answer_next(201, body)

    assert isinstance(await sender.send(MESSAGE), Unclear)


async def test_a_gateway_that_gave_up_leaves_it_unclear(simulator: TwilioSimulator, sender: TwilioSender) -> None:
    simulator.answer_next(502, b"Bad Gateway", accept=True)
    assert isinstance(await sender.send(MESSAGE), Unclear)

    simulator.answer_next(503, b"Service Unavailable")
    with pytest.raises(ServiceUnavailable):
        await sender.send(MESSAGE)


async def test_a_busy_twilio_says_when_to_come_back(simulator: TwilioSimulator, sender: TwilioSender) -> None:
    simulator.fail_next(20429, retry_after="9")
    with pytest.raises(ServiceUnavailable) as caught:
        await sender.send(MESSAGE)
    assert caught.value.retry_after == timedelta(seconds=9)


async def test_the_check_tells_a_wrong_token_from_a_suspended_account(
    far_end: tuple[TwilioSimulator, str], simulator: TwilioSimulator, sender: TwilioSender, client: httpx.AsyncClient
) -> None:
    assert await sender.check() is None

    simulator.account_status = "suspended"
    assert "not active" in (await sender.check() or "")

    wrong = TwilioSender(client, far_end[1], ACCOUNT_SID, "wrong-token", NUMBER, status_url=STATUS_URL)
    told = await wrong.check() or ""
    assert "auth_token" in told
    assert "wrong-token" not in told


async def test_the_list_tells_what_became_of_a_text(simulator: TwilioSimulator, sender: TwilioSender) -> None:
    simulator.cut_next(accept=True)
    assert isinstance(await sender.send(MESSAGE), Unclear)
    await sender.send(replace(MESSAGE, text="Another text"))
    await sender.send(replace(MESSAGE, address="+351912345679"))

    found = await sender.listed(MESSAGE, NOON - timedelta(minutes=1))

    assert found is not None
    assert [(one.provider_id, one.status) for one in found] == [(simulator.accepted[0].sid, DeliveryStatus.DELIVERED)]
    assert await sender.listed(MESSAGE, NOON + timedelta(minutes=1)) == ()


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"<html>"])
async def test_what_is_no_list_says_nothing(simulator: TwilioSimulator, sender: TwilioSender, body: bytes) -> None:
    simulator.answer_next(200, body)

    with pytest.raises(ServiceUnavailable):
        await sender.listed(MESSAGE, NOON)
