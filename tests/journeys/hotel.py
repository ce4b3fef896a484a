"""A hotel to play journeys in: its configuration, its guests, its staff, and Meta's far end of WhatsApp."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx

from jack.adapters.clock import SystemClock
from jack.domain.reservation import ReservationStatus
from jack.domain.snapshot import ReservationSnapshot
from jack.entrypoints.settings import MockPmsSettings, load_settings
from jack.entrypoints.wiring.pms import demo_book
from tests.programs import PATIENCE, Program, eventually, free_port
from tests.simulators.whatsapp import ACCESS_TOKEN, PHONE_NUMBER_ID, Accepted, WhatsAppSimulator
from tests.simulators.whatsapp_webhooks import APP_SECRET, VERIFY_TOKEN, Person, Webhooks

EMAIL, PASSWORD = "ann@harbour.example", "correct horse battery staple"
PMS_SECRET = "only-the-pms-knows-this"
SCRIPTED = '[model]\nprovider = "scripted"\n'

_CONFIGURATION = """\
[server]
port = {port}

[database]
url = "{database}"
{queue}
{model}
[[hotels]]
id = "harbour"
name = "Harbour Hotel"
time_zone = "Europe/Lisbon"
language = "en"
phone_region = "PT"
quiet_time = "100ms"

[hotels.pms]
provider = "mock"
webhook_secret = "{pms_secret}"
sync_interval = "1h"
lively = false

[[hotels.channels]]
kind = "whatsapp"
api_url = "{whatsapp}/v23.0"
phone_number_id = "{phone_number_id}"
access_token = "{access_token}"
app_secret = "{app_secret}"
verify_token = "{verify_token}"
"""


@dataclass(slots=True)
class Harbour:
    """One hotel with its own folder and database. `worker_models` has one `[model]` for each worker to start."""

    folder: Path
    database: str
    whatsapp: WhatsAppSimulator
    whatsapp_url: str
    redis: str | None = None
    model: str = SCRIPTED
    worker_models: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    meta: Webhooks = field(default_factory=Webhooks)
    serve: Program | None = None
    workers: list[Program] = field(default_factory=list)
    _guests: Iterator[ReservationSnapshot] = field(init=False)

    def __post_init__(self) -> None:
        self.configure("jack.toml", self.model)
        for number, model in enumerate(self.worker_models):
            self.configure(f"worker-{number}.toml", model)
        self._guests = self._in_house_alone_with_their_phone()

    @property
    def url(self) -> str:
        """Where Jack serves."""
        return f"http://127.0.0.1:{self.port}"

    def configure(self, name: str, model: str) -> None:
        """Write a configuration with that model."""
        text = _CONFIGURATION.format(
            port=self.port,
            database=self.database,
            queue=f'\n[queue]\nredis_url = "{self.redis}"\n' if self.redis else "",
            model=model,
            whatsapp=self.whatsapp_url,
            phone_number_id=PHONE_NUMBER_ID,
            access_token=ACCESS_TOKEN,
            app_secret=APP_SECRET,
            verify_token=VERIFY_TOKEN,
            pms_secret=PMS_SECRET,
        )
        (self.folder / name).write_text(text, encoding="utf-8")

    async def open(self) -> None:
        """Start the web server and the workers; return when it serves."""
        self.serve = await Program.start(self.folder, "serve")
        self.workers = [await self.start_worker(number) for number in range(len(self.worker_models))]
        await self.serve.serves(self.url)

    async def start_worker(self, number: int) -> Program:
        """Start the worker of that number."""
        return await Program.start(self.folder, "worker", "--config", f"worker-{number}.toml")

    async def stop(self) -> list[int]:
        """Tell every process to stop; their exit codes."""
        assert self.serve is not None
        return list(await asyncio.gather(*(program.stop() for program in (self.serve, *self.workers))))

    async def kill(self) -> None:
        """End whatever still runs."""
        for program in (self.serve, *self.workers):
            if program is not None:
                await program.kill()

    async def run(self, *arguments: str, **variables: str) -> tuple[int, str]:
        """Run a command to its end; exit code and what it said."""
        program = await Program.start(self.folder, *arguments, variables=variables)
        return await program.end(), program.said

    async def employ_ann(self) -> None:
        """Make the account that `staff` signs in with."""
        account = ("--email", EMAIL, "--name", "Ann", "--role", "admin")
        code, said = await self.run("staff", "add", *account, JACK_STAFF_PASSWORD=PASSWORD)
        assert code == 0, said

    def staff(self) -> "Staff":
        """Ann, who signs in when entered."""
        return Staff(self.url)

    # the guests

    def next_guest(self) -> ReservationSnapshot:
        """The stay of somebody in house, another one each time, whose phone is theirs alone and who speaks English."""
        return next(self._guests)

    def reservations(self) -> tuple[ReservationSnapshot, ...]:
        """Everything that the PMS has now."""
        (hotel,) = load_settings(self.folder / "jack.toml", {}).hotels
        assert isinstance(hotel.pms, MockPmsSettings)
        return demo_book(hotel, hotel.pms).reservations(SystemClock().now())

    def in_house(self) -> list[ReservationSnapshot]:
        """Who stays until tomorrow or longer."""
        today = SystemClock().now().date()
        return [
            found
            for found in self.reservations()
            if found.status is ReservationStatus.CHECKED_IN and found.room_number and found.period.departure > today
        ]

    def _in_house_alone_with_their_phone(self) -> Iterator[ReservationSnapshot]:
        holders: dict[str, set[str]] = {}
        stays = Counter[str]()
        for stay in self.reservations():
            stays[stay.guest.ref.key] += stay.status is ReservationStatus.CHECKED_IN
            for guest in (stay.guest, *stay.companions):
                for phone in guest.phones:
                    holders.setdefault(phone, set()).add(guest.ref.key)
        for stay in self.in_house():
            guest = stay.guest
            alone = bool(guest.phones) and guest.phones[0].startswith("+") and len(holders[guest.phones[0]]) == 1
            if alone and guest.language == "en" and stays[guest.ref.key] == 1:
                yield stay

    # WhatsApp

    async def writes(self, stay: ReservationSnapshot, text: str, *, times: int = 1) -> None:
        """The guest writes, and Meta delivers it `times` times at once; each is acknowledged."""
        body, headers = self.meta.text_delivery(person(stay), text)
        await self._deliver(body, headers, times)

    async def pushes(self, *bodies: bytes, secret: str = PMS_SECRET) -> list[int]:
        """The PMS pushes these, all at once; the statuses of the answers."""
        path = f"/webhooks/pms/harbour/{secret}"
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=PATIENCE) as client:
            answers = await asyncio.gather(*(client.post(path, content=body) for body in bodies))
        return [answer.status_code for answer in answers]

    async def reports(self, sent: Accepted, *statuses: str) -> None:
        """Meta says what became of a message, in this order."""
        for status in statuses:
            await self._deliver(*self.meta.status_delivery(sent, status))

    async def _deliver(self, body: bytes, headers: dict[str, str], times: int = 1) -> None:
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=PATIENCE) as client:
            sending = (client.post("/webhooks/whatsapp", content=body, headers=headers) for _ in range(times))
            answers = await asyncio.gather(*sending)
        assert [answer.status_code for answer in answers] == [200] * times

    def said_to(self, stay: ReservationSnapshot) -> list[Accepted]:
        """What WhatsApp took for this guest so far."""
        return [sent for sent in self.whatsapp.accepted if sent.address == stay.guest.phones[0]]

    async def hears(self, stay: ReservationSnapshot, count: int = 1) -> list[Accepted]:
        """What WhatsApp took for this guest, once it is that many."""
        async with asyncio.timeout(PATIENCE):
            while len(found := self.said_to(stay)) < count:
                await self.whatsapp.until_accepted(len(self.whatsapp.accepted) + 1, PATIENCE)
        return found

    async def meanwhile_others_are_answered(self) -> None:
        """Long enough for an answer: somebody else who writes now has got one."""
        other = self.next_guest()
        await self.writes(other, "What time is breakfast?")
        await self.hears(other)


def person(stay: ReservationSnapshot) -> Person:
    """The stay's main guest on WhatsApp."""
    return Person(name=stay.guest.first_name, wa_id=stay.guest.phones[0].removeprefix("+"))


class Staff:
    """Ann, over the API that the dashboard uses."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=f"{url}/api/v1", trust_env=False, timeout=PATIENCE)

    async def __aenter__(self) -> Self:
        answer = await self._http.post("/session", json={"email": EMAIL, "password": PASSWORD})
        assert answer.is_success, answer.text
        self._http.headers["x-csrftoken"] = self._http.cookies["csrftoken"]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def get(self, path: str, **params: str) -> Any:
        """The JSON of something to read."""
        answer = await self._http.get(path, params=params)
        assert answer.is_success, answer.text
        return answer.json()

    async def post(self, path: str, body: object = None) -> None:
        """Do something."""
        answer = await self._http.post(path, json=body)
        assert answer.is_success, answer.text

    async def conversation(self, stay: ReservationSnapshot) -> Any:
        """The conversation with this guest, once there is one."""

        async def look() -> Any:
            found = (await self.get("/conversations", limit="200"))["items"]
            return next((one for one in found if one["address"].lstrip("+") == person(stay).wa_id), None)

        return await eventually(look)

    async def messages(self, conversation_id: str) -> list[Any]:
        """Every message, oldest first."""
        found: list[Any] = (await self.get(f"/conversations/{conversation_id}/messages"))["items"]
        return found

    async def synced(self) -> Any:
        """The state of the sync once a run was complete."""

        async def look() -> Any:
            state = await self.get("/hotels/harbour/sync")
            return state if state["last_success_at"] else None

        return await eventually(look)
