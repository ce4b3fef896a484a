"""WhatsAppSender over real HTTP: what goes out, and what every refusal means."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from jack.adapters.channels.whatsapp.sender import WhatsAppSender
from jack.adapters.http import make_client
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.ports.channels import OutboundText, Sent, Unclear
from jack.domain.ids import MessageId
from tests.simulators.serving import serve
from tests.simulators.whatsapp import ACCESS_TOKEN, PHONE_NUMBER_ID, WhatsAppSimulator

MESSAGE = OutboundText(message_id=MessageId("0193a4c7e5f0c0ffee"), address="351912345678", text="Your room is **412**.")


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with make_client() as made:
        yield made


@pytest.fixture(scope="module")
async def meta() -> AsyncIterator[tuple[WhatsAppSimulator, str]]:
    simulator = WhatsAppSimulator()
    async with serve(simulator) as url:
        yield simulator, f"{url}/v23.0"


@pytest.fixture
def simulator(meta: tuple[WhatsAppSimulator, str]) -> WhatsAppSimulator:
    meta[0].accepted.clear()
    meta[0].calls.clear()
    return meta[0]


@pytest.fixture
def sender(
    meta: tuple[WhatsAppSimulator, str], simulator: WhatsAppSimulator, client: httpx.AsyncClient
) -> WhatsAppSender:
    return WhatsAppSender(client, meta[1], PHONE_NUMBER_ID, ACCESS_TOKEN, time_limit=5)


async def refused(sender: WhatsAppSender, message: OutboundText = MESSAGE) -> OutsideFailure:
    with pytest.raises(OutsideFailure) as caught:
        await sender.send(message)
    return caught.value


async def test_what_goes_out_is_what_meta_asks_for(simulator: WhatsAppSimulator, sender: WhatsAppSender) -> None:
    outcome = await sender.send(replace(MESSAGE, reply_to="wamid.0"))
    (call,) = simulator.calls
    assert (call.method, call.path) == ("POST", f"/v23.0/{PHONE_NUMBER_ID}/messages")
    assert call.headers["authorization"] == f"Bearer {ACCESS_TOKEN}"
    assert call.payload == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+351912345678",
        "type": "text",
        "text": {"preview_url": False, "body": "Your room is *412*."},
        "biz_opaque_callback_data": "0193a4c7e5f0c0ffee",
        "context": {"message_id": "wamid.0"},
    }
    assert outcome == Sent(provider_id=simulator.accepted[0].wamid)


@pytest.mark.parametrize("address", ["351912345678", "+351912345678"])
async def test_a_phone_is_always_called_with_its_plus(
    simulator: WhatsAppSimulator, sender: WhatsAppSender, address: str
) -> None:
    await sender.send(replace(MESSAGE, address=address))
    assert simulator.accepted[0].address == "+351912345678"


async def test_somebody_without_a_phone_is_answered_by_user_id(
    simulator: WhatsAppSimulator, sender: WhatsAppSender
) -> None:
    await sender.send(replace(MESSAGE, address="US.13491208655302741918"))
    assert simulator.calls[0].payload["recipient"] == "US.13491208655302741918"
    assert "to" not in simulator.calls[0].payload


@pytest.mark.parametrize(
    "address", ["", "ann", "351 912", "+", "\uff11\uff12\uff13\uff14\uff15\uff16", "351912345678\n"]
)
async def test_an_address_that_is_none_is_rejected_and_not_tried(
    simulator: WhatsAppSimulator, sender: WhatsAppSender, address: str
) -> None:
    assert isinstance(await refused(sender, replace(MESSAGE, address=address)), ServiceRejected)
    assert simulator.calls == []


async def test_a_text_as_long_as_whatsapp_takes_goes_through(
    simulator: WhatsAppSimulator, sender: WhatsAppSender
) -> None:
    assert isinstance(await sender.send(replace(MESSAGE, text="é" * 4096)), Sent)


@pytest.mark.parametrize("length", [4097, 1_000_000])
async def test_a_longer_text_is_rejected_instead_of_cut(
    simulator: WhatsAppSimulator, sender: WhatsAppSender, length: int
) -> None:
    failure = await refused(sender, replace(MESSAGE, text="x" * length))
    assert isinstance(failure, ServiceRejected)
    assert "4096" in str(failure)
    assert simulator.calls == []


async def test_markup_that_shrinks_may_start_out_longer(simulator: WhatsAppSimulator, sender: WhatsAppSender) -> None:
    assert isinstance(await sender.send(replace(MESSAGE, text="**" + "x" * 4094 + "**")), Sent)


@pytest.mark.parametrize("text", ["", "  \n", "\x00", "---"])
async def test_nothing_is_not_sent(simulator: WhatsAppSimulator, sender: WhatsAppSender, text: str) -> None:
    assert isinstance(await refused(sender, replace(MESSAGE, text=text)), ServiceRejected)
    assert simulator.calls == []


async def test_after_the_window_a_template_is_asked_for(simulator: WhatsAppSimulator, sender: WhatsAppSender) -> None:
    early = await refused(sender, replace(MESSAGE, window_open=False))
    assert simulator.calls == []
    simulator.fail_next(131047)
    late = await refused(sender)
    for failure in (early, late):
        assert isinstance(failure, ServiceRejected)
        assert "template" in failure.reason


LATER = [1, 2, 4, 80007, 130429, 131000, 131016, 131056, 131057, 133004]
DENIED = [0, 3, 10, 33, 190, 200, 299, 368, 130497, 131005, 131031, 131042, 131045, 131048, 131064, 133010]
REJECTED = [
    100, 130472, 131008, 131009, 131021, 131026, 131030, 131047, 131049, 131050, 131051, 131052, 131053, 131062, 132000,
    132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068, 132069, 135000, 137000,
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "word"),
    [
        *((code, ServiceUnavailable) for code in LATER),
        *((code, ServiceDenied) for code in DENIED),
        *((code, ServiceRejected) for code in REJECTED),
    ],
)
@pytest.mark.parametrize("status", [None, 400])
async def test_every_code_of_metas_means_one_of_the_three_words(
    simulator: WhatsAppSimulator, sender: WhatsAppSender, code: int, word: type[OutsideFailure], status: int | None
) -> None:
    simulator.fail_next(code, status=status)
    failure = await refused(sender)
    assert type(failure) is word
    assert str(code) in str(failure)
    assert "simulated" not in str(failure)
    assert simulator.accepted == []


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (400, ServiceRejected),
        (401, ServiceDenied),
        (404, ServiceRejected),
        (429, ServiceUnavailable),
        (500, ServiceUnavailable),
        (503, ServiceUnavailable),
    ],
)
async def test_a_code_of_tomorrow_is_judged_by_its_status(
    simulator: WhatsAppSimulator, sender: WhatsAppSender, status: int, word: type[OutsideFailure]
) -> None:
    simulator.fail_next(999999, status=status)
    failure = await refused(sender)
    assert type(failure) is word
    assert "999999" in str(failure)


@pytest.mark.parametrize(
    ("code", "header", "wait"),
    [
        (130429, None, timedelta(seconds=5)),
        (130429, "30", timedelta(seconds=30)),
        (131056, None, timedelta(seconds=4)),
        (80007, None, timedelta(seconds=60)),
        (131000, None, None),
        (131000, "2", timedelta(seconds=2)),
    ],
)
async def test_a_busy_whatsapp_says_when_to_come_back(
    simulator: WhatsAppSimulator, sender: WhatsAppSender, code: int, header: str | None, wait: timedelta | None
) -> None:
    simulator.fail_next(code, retry_after=header)
    failure = await refused(sender)
    assert isinstance(failure, ServiceUnavailable)
    assert failure.retry_after == wait


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"<html>", b'{"messages":[]}', b'{"messages":[{}]}', b'{"messages":[{"id":""}]}']
)
async def test_a_yes_without_the_id_of_a_message_is_unclear(
    simulator: WhatsAppSimulator, sender: WhatsAppSender, body: bytes
) -> None:
    simulator.answer_next(200, body)
    assert isinstance(await sender.send(MESSAGE), Unclear)


@pytest.mark.parametrize("status", [500, 502, 504])
@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b'{"error":"?"}', b'{"error":{"code":null}}'])
async def test_a_gateway_that_gave_up_leaves_it_unclear(
    simulator: WhatsAppSimulator, sender: WhatsAppSender, status: int, body: bytes
) -> None:
    simulator.answer_next(status, body, accept=True)
    assert isinstance(await sender.send(MESSAGE), Unclear)
    assert len(simulator.accepted) == 1


async def test_a_gateway_that_says_unavailable_did_not_pass_it_on(
    simulator: WhatsAppSimulator, sender: WhatsAppSender
) -> None:
    simulator.answer_next(503, b"<html>", headers={"retry-after": "9"})
    failure = await refused(sender)
    assert isinstance(failure, ServiceUnavailable)
    assert failure.retry_after == timedelta(seconds=9)


async def test_silence_after_sending_is_unclear(
    simulator: WhatsAppSimulator, client: httpx.AsyncClient, meta: tuple[WhatsAppSimulator, str]
) -> None:
    simulator.hang_next(accept=True)
    hasty = WhatsAppSender(client, meta[1], PHONE_NUMBER_ID, ACCESS_TOKEN, time_limit=0.2)
    assert isinstance(await hasty.send(MESSAGE), Unclear)
    assert len(simulator.accepted) == 1


async def test_an_unreachable_whatsapp_certainly_sent_nothing(client: httpx.AsyncClient) -> None:
    async with serve(WhatsAppSimulator()) as url:
        gone = WhatsAppSender(client, f"{url}/v23.0", PHONE_NUMBER_ID, ACCESS_TOKEN)
    failure = await refused(gone)
    assert type(failure) is ServiceUnavailable
    told = await gone.check()
    assert told == "WhatsApp could not be reached: nothing listens at its address"


async def test_a_redirect_is_not_followed(simulator: WhatsAppSimulator, sender: WhatsAppSender) -> None:
    simulator.answer_next(307, b"", headers={"location": "http://127.0.0.1:1/"})
    assert isinstance(await refused(sender), ServiceDenied)


async def test_the_check_is_silent_when_all_is_well(simulator: WhatsAppSimulator, sender: WhatsAppSender) -> None:
    assert await sender.check() is None
    assert simulator.calls[0].path == f"/v23.0/{PHONE_NUMBER_ID}"


@pytest.mark.parametrize(
    ("number", "token", "words"),
    [
        (PHONE_NUMBER_ID, "wrong", "access token is not valid"),
        ("999", ACCESS_TOKEN, "number does not exist"),
        (PHONE_NUMBER_ID, "line\nbreak", "characters that cannot be sent"),
    ],
)
async def test_the_check_says_in_plain_words_what_is_wrong(
    client: httpx.AsyncClient, meta: tuple[WhatsAppSimulator, str], number: str, token: str, words: str
) -> None:
    told = await WhatsAppSender(client, meta[1], number, token).check()
    assert told is not None
    assert words in told
    assert token not in told


@pytest.mark.parametrize("body", [b"<html>", b'{"id":"1"}', b'{"status":"CONNECTED"}'])
async def test_the_check_notices_when_somebody_else_answers(
    simulator: WhatsAppSimulator, sender: WhatsAppSender, body: bytes
) -> None:
    simulator.answer_next(200, body)
    assert "api_url" in (await sender.check() or "")


async def test_a_wrong_number_is_a_matter_of_configuration_when_sending_too(
    client: httpx.AsyncClient, meta: tuple[WhatsAppSimulator, str]
) -> None:
    assert isinstance(await refused(WhatsAppSender(client, meta[1], "999", ACCESS_TOKEN)), ServiceDenied)
