"""The demo: a real sync, a real signed webhook, a real answer over real HTTP, checked step by step."""

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click
import httpx
from dishka import AsyncContainer

from jack.application.staff.accounts import AddStaffMember
from jack.application.stays.sync import SyncReservations
from jack.domain.ids import HotelId
from jack.domain.snapshot import ReservationSnapshot
from jack.domain.staff import Role
from jack.domain.sync import SyncRun, SyncStatus
from jack.entrypoints.demo.graph import GraphStandIn
from jack.entrypoints.demo.home import EMAIL, HOTEL, PHONE_NUMBER_ID, DemoHome
from jack.entrypoints.demo.show import expect, heading, jack_command, not_seen, speech, step
from jack.entrypoints.demo.staff import StaffClient
from jack.entrypoints.demo.webhooks import message_body, signed
from jack.entrypoints.settings import Settings
from jack.entrypoints.web.app import WebSettings, create_app
from jack.entrypoints.web.server import CannotListen, listen, serving
from jack.entrypoints.wiring.container import open_jack, run_jobs
from jack.entrypoints.wiring.demo_guest import demo_guest

T = TypeVar("T")

QUESTION = "Hi, I'd like late checkout"
USUAL_PORT = 8000
PATIENCE = 20.0
"""Seconds that each thing may take before the demo says that it did not happen."""


async def play(home: DemoHome, port: int | None, then: Callable[[], Coroutine[Any, Any, None]] | None) -> None:
    """Play every step; then, if asked, keep serving until `then` returns. Raises StepFailed at the first that fails."""
    listener = _listen(port)
    graph = GraphStandIn(phone_number_id=PHONE_NUMBER_ID, access_token=home.access_token, app_secret=home.app_secret)
    async with serving(graph, listen("127.0.0.1", 0)) as graph_url:
        settings = home.settings(listener.getsockname()[1], graph_url)
        heading("1. The hotel and its database")
        async with open_jack(settings) as container:
            with step("an embedded database was created (SQLite)") as remarks:
                remarks.append(f"configuration and data: {home.folder}")
            with step("a staff member may sign in"):
                await (await container.get(AddStaffMember))(EMAIL, "Ann", Role.ADMIN, home.password)
            heading("2. The sync from the PMS (a mock hotel that lives by today's date)")
            stay = await _sync(container, settings)
            heading("3. A guest writes on WhatsApp")
            async with run_jobs(container, settings):
                app = create_app(container, WebSettings(public_url=settings.server.public_url))
                async with serving(app, listener, ending=app.state.streams.close) as url:
                    graph.webhook_url = f"{url}/webhooks/whatsapp"
                    await _conversation(url, home, graph, stay)
                    if then is not None:
                        _where_to_look(url, home, stay)
                        await then()


async def _sync(container: AsyncContainer, settings: Settings) -> ReservationSnapshot:
    sync = await container.get(SyncReservations)
    with step("guests, reservations and rooms were read page by page") as remarks:
        pages: list[int] = []

        def progress(run: SyncRun, total: int | None) -> None:  # noqa: ARG001  the pages are told apart, not counted up
            pages.append(run.counts.read)

        done = await sync(HotelId(HOTEL), progress=progress)
        expect(done.status is SyncStatus.COMPLETE, f"the sync is {done.status.value}: {done.error or 'some rejected'}")
        expect(done.counts.created > 0, "no reservation was stored")
        remarks.append(
            f"{done.counts.created} reservations in {len(pages)} pages, {done.counts.rejected} records rejected"
        )
    with step("somebody is in house who may write to us") as remarks:
        stay = demo_guest(settings)
        guest = stay.guest
        remarks.append(
            f"{guest.first_name} {guest.last_name}, room {stay.room_number} ({stay.room_type}), "
            f"until {stay.period.departure:%A %d %B}, phone {guest.phones[0]}"
        )
    return stay


async def _conversation(url: str, home: DemoHome, graph: GraphStandIn, stay: ReservationSnapshot) -> None:
    guest = stay.guest
    body = message_body(PHONE_NUMBER_ID, guest.phones[0], QUESTION, int(time.time()), guest.first_name)
    async with httpx.AsyncClient(base_url=url, timeout=10, trust_env=False) as meta:
        with step("a webhook with a forged signature is refused") as remarks:
            forged = await meta.post("/webhooks/whatsapp", content=body, headers=signed(body, "not the app secret"))
            expect(forged.status_code in (401, 403), f"it was answered with HTTP {forged.status_code}")
            remarks.append(f"POST /webhooks/whatsapp -> {forged.status_code}")
        with step("the real one is stored and acknowledged") as remarks:
            began = time.perf_counter()
            answer = await meta.post("/webhooks/whatsapp", content=body, headers=signed(body, home.app_secret))
            expect(answer.status_code == 200, f"it was answered with HTTP {answer.status_code}")
            took = (time.perf_counter() - began) * 1000
            remarks.append(f"POST /webhooks/whatsapp -> 200 in {took:.0f} ms, signature checked over the raw bytes")
    speech(guest.first_name, QUESTION)
    with step("Jack answers with the guest's name and room, which came out of the sync"):
        try:
            await asyncio.wait_for(graph.arrived.wait(), PATIENCE)
        except TimeoutError:
            not_seen(f"no answer reached the channel within {PATIENCE:g} s")
        taken = graph.taken[-1]
        expect(
            taken.to.lstrip("+") == "".join(ch for ch in guest.phones[0] if ch.isdigit()), "it went to somebody else"
        )
        expect(guest.first_name in taken.text, f"the answer does not name the guest: {taken.text!r}")
        expect(str(stay.room_number) in taken.text, f"the answer does not name the room: {taken.text!r}")
    speech("Jack", taken.text)
    await _seen_by_staff(url, home, stay, taken.text)


async def _seen_by_staff(url: str, home: DemoHome, stay: ReservationSnapshot, text: str) -> None:
    heading("4. What staff see, over the API that the dashboard uses")
    async with StaffClient(url) as staff:
        with step("Ann signs in"):
            await staff.sign_in(EMAIL, home.password)
        with step("the conversation is linked to the guest and the stay") as remarks:
            conversation = (await staff.get("/conversations"))["items"][0]
            match = conversation["match"]
            expect(match["outcome"] == "matched", f"the sender is {match['outcome']}")
            reservation = await staff.get(f"/reservations/{conversation['reservation_id']}")
            expect(reservation["external_ref"]["key"] == stay.ref.key, "it is linked to another stay")
            remarks += [f"level {match['level']}: {evidence}" for evidence in match["evidence"]]
        with step("Jack's reply was delivered and read, says the channel"):
            reply = await _until(lambda: _reply(staff, conversation["id"], text))
        with step("the receipt says what the answer stood on") as remarks:
            receipt = await staff.get(f"/messages/{reply['id']}/receipt")
            expect(receipt["facts"], "it names no facts")
            remarks.append(", ".join(sorted({fact["name"] for fact in receipt["facts"]})))
        with step("late checkout is a service request that people must decide") as remarks:
            requests = (await staff.get("/service-requests"))["items"]
            expect(requests, "there is none")
            expect(requests[0]["kind"] == "late_checkout", f"it is a {requests[0]['kind']}")
            remarks.append(f"room {requests[0]['room_number']}, {requests[0]['status']}")


async def _reply(staff: StaffClient, conversation_id: str, text: str) -> Any:
    messages = (await staff.get(f"/conversations/{conversation_id}/messages"))["items"]
    return next((m for m in messages if m["text"] == text and m["status"] == "read"), None)


async def _until(look: Callable[[], Coroutine[Any, Any, T | None]]) -> T:
    """The first thing that `look` finds. Raises StepFailed when it finds nothing in time."""
    deadline = time.monotonic() + PATIENCE
    while not (found := await look()):
        if time.monotonic() > deadline:
            not_seen(f"nothing of the kind within {PATIENCE:g} s")
        await asyncio.sleep(0.1)
    return found


def _where_to_look(url: str, home: DemoHome, stay: ReservationSnapshot) -> None:
    heading("Have a look yourself")
    click.echo(f"  dashboard   {url}/")
    click.echo(f"  e-mail      {EMAIL}")
    click.echo(f"  password    {home.password}")
    click.echo(f"  API         {url}/schema")
    click.echo()
    click.echo(f"  Write as {stay.guest.first_name}, from another terminal:")
    click.echo(f"    {jack_command()} simulate whatsapp --config {home.folder}/jack.toml \\")
    click.echo(f"      --from {stay.guest.phones[0]} 'What time is breakfast?'")
    click.echo()


def _listen(port: int | None) -> socket.socket:
    """The wished port; without a wish 8000, or any free one when that is taken."""
    if port is not None:
        return listen("127.0.0.1", port, advice="Choose another with --port")
    try:
        return listen("127.0.0.1", USUAL_PORT)
    except CannotListen:
        listener = listen("127.0.0.1", 0)
        click.echo(f"Port {USUAL_PORT} is taken; this demo serves on port {listener.getsockname()[1]}.")
        return listener
