"""`jack demo`: every step really happens, or the demo says which did not."""

import asyncio
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from jack.entrypoints.demo import play
from jack.entrypoints.demo.graph import GraphStandIn
from tests.entrypoints.cli.conftest import Desk
from tests.programs import Program, eventually, free_port

STEPS = (
    "an embedded database was created (SQLite)",
    "a staff member may sign in",
    "guests, reservations and rooms were read page by page",
    "somebody is in house who may write to us",
    "a webhook with a forged signature is refused",
    "the real one is stored and acknowledged",
    "Jack answers with the guest's name and room, which came out of the sync",
    "Ann signs in",
    "the conversation is linked to the guest and the stay",
    "Jack's reply was delivered and read, says the channel",
    "the receipt says what the answer stood on",
    "late checkout is a service request that people must decide",
)


async def test_once_every_step_happens_and_only_then_is_the_exit_code_zero(desk: Desk) -> None:
    said = await desk.jack("demo", "--once", "--port", str(free_port()))

    assert said.code == 0, said
    assert [line.removeprefix("  ✓ ") for line in said.out.splitlines() if line.startswith("  ✓")] == list(STEPS)
    assert said.out.endswith("Every step happened.\n")
    assert said.err == ""


async def test_an_answer_that_never_arrives_fails_the_demo_at_that_step(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> tuple[int, dict[str, Any]]:
        return 503, {"error": {"code": 131016, "message": "Service unavailable"}}

    monkeypatch.setattr(GraphStandIn, "_answer", away)
    monkeypatch.setattr(play, "PATIENCE", 1)

    said = await desk.jack("demo", "--once", "--port", str(free_port()))

    assert said.code == 1
    assert [line.removeprefix("  ✓ ") for line in said.out.splitlines() if line.startswith("  ✓")] == list(STEPS[:6])
    assert said.err.splitlines() == [
        f"  ✗ {STEPS[6]}: no answer reached the channel within 1 s",
        "The demo did not go through; see the step marked ✗.",
    ]


async def test_a_port_that_was_asked_for_and_is_taken_is_told(desk: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = await desk.jack("demo", "--once", "--port", str(port))

    assert said.code == 2
    assert said.err == f"cannot listen on 127.0.0.1 port {port}: Address already in use. Choose another with --port\n"


async def test_beside_somebody_on_the_usual_port_it_serves_elsewhere_until_ctrl_c(tmp_path: Path) -> None:
    with socket.socket() as taken:
        with suppress(OSError):  # then somebody else holds it, which is as good
            taken.bind(("127.0.0.1", play.USUAL_PORT))
            taken.listen()
        demo = await Program.start(tmp_path, "demo")
        try:

            async def serving() -> str:
                assert demo.process.returncode is None, demo.said
                return demo.said if "Stop it with Ctrl-C" in demo.said else ""

            said = await eventually(serving)
            assert said.startswith(f"Port {play.USUAL_PORT} is taken; this demo serves on port ")
            url = said.partition("dashboard   ")[2].split()[0]
            async with httpx.AsyncClient(trust_env=False) as client:
                assert (await client.get(f"{url}health/live")).is_success
            demo.process.send_signal(signal.SIGINT)
            assert await demo.end() == 0
        finally:
            await demo.kill()
    assert demo.said.endswith("Jack has stopped; the demo's folder is gone.\n")
    folder = Path(said.partition("configuration and data: ")[2].split()[0])
    assert not await asyncio.to_thread(folder.exists)
