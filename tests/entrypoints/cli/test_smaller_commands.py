"""`jack db upgrade`, `worker`, `openapi` and `simulate whatsapp`."""

import json

import pytest

from jack.entrypoints.settings import load_settings
from jack.entrypoints.web.app import openapi_document
from jack.entrypoints.web.start import serve_jack
from tests.entrypoints.cli.conftest import SECRET, Desk
from tests.programs import free_port
from tests.simulators.serving import serve
from tests.simulators.whatsapp import ACCESS_TOKEN, WhatsAppSimulator

SIMULATE = ("simulate", "whatsapp", "--from", "+15551234567", "What time is breakfast?")


async def test_an_upgrade_prepares_a_database_and_says_when_there_is_nothing_to_do(desk: Desk) -> None:
    first, second = await desk.jack("db", "upgrade"), await desk.jack("db", "upgrade")

    assert (first.code, second.code) == (0, 0)
    assert first.out.startswith("The database went from empty to ")
    revision = first.out.split()[-1]
    assert second.out == f"The database is at {revision}\n"


async def test_a_worker_without_redis_has_nothing_to_do(desk: Desk) -> None:
    said = await desk.jack("worker")

    assert said.code == 2
    assert said.err.startswith("There is no [queue] in the configuration")


async def test_the_api_is_described_without_a_configuration(desk: Desk) -> None:
    (desk.folder / "jack.toml").write_text("this is no TOML", encoding="utf-8")

    said = await desk.jack("openapi")

    assert said.code == 0
    assert json.loads(said.out) == openapi_document()


async def test_a_simulated_guest_is_answered_by_a_running_jack(desk: Desk) -> None:
    whatsapp = WhatsAppSimulator()
    async with serve(whatsapp) as url:
        desk.configure(port=free_port(), whatsapp=url, token=ACCESS_TOKEN)
        async with serve_jack(load_settings(desk.folder / "jack.toml", {})):
            said = await desk.jack(*SIMULATE)
            (answer,) = await whatsapp.until_accepted(1)

    assert said.code == 0
    assert answer.address == "+15551234567"


async def test_a_simulated_guest_with_another_secret_is_not_accepted(desk: Desk) -> None:
    port = free_port()
    desk.configure(port=port, app_secret="another")
    async with serve_jack(load_settings(desk.folder / "jack.toml", {})) as url:
        desk.configure(port=port)
        said = await desk.jack(*SIMULATE, "--url", url)

    assert said.code == 2
    assert "Jack did not accept the message: HTTP 401. Does it use the same configuration?" in said.err


async def test_nobody_can_write_to_a_jack_that_does_not_run(desk: Desk) -> None:
    desk.configure(port=free_port())

    said = await desk.jack(*SIMULATE)

    assert said.code == 2
    assert "Is `jack serve` running?" in said.err


@pytest.mark.parametrize("sender", ["", "Ann", "+", "12"])
async def test_a_sender_that_is_no_phone_number_is_refused(desk: Desk, sender: str) -> None:
    said = await desk.jack("simulate", "whatsapp", "--from", sender, "Hi")

    assert said.code == 2
    assert "--from" in said.err


async def test_a_hotel_without_whatsapp_cannot_be_written_to(desk: Desk) -> None:
    said = await desk.jack(*SIMULATE, "--hotel", "castle")

    assert (said.code, said.err) == (2, "No hotel 'castle' with a WhatsApp channel is in the configuration.\n")
    assert SECRET not in said.out
