"""A thousand stays as each vendor tells them: the bytes of its answers, and what its adapter makes of them.

The answers come from the simulators of the contract, read once through the adapter that `jack.toml` would make, with
the vendor's own page sizes. Then they are told again from memory, so that nothing but Jack's own work is measured.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, fields, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import msgspec

from jack.adapters.http import Answer
from jack.adapters.vendor_api import caller
from jack.adapters.vendor_api.pace import ProcessPaces
from jack.application.ports.pms import Pms
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.snapshot import PreferenceSnapshot, ReservationSnapshot
from jack.entrypoints.settings import load_settings
from jack.entrypoints.wiring.pms import PmsTools, make_pms
from tests.contracts.pms_readings import AROUND_TODAY, at_home
from tests.contracts.stages import STAGES
from tests.contracts.stages.stage import PmsStage, StageDoor
from tests.fakes.clock import FixedClock
from tests.fakes.pms import RememberingFake
from tests.hotel import NOW, a_guest_snapshot, a_reservation_snapshot, a_room_snapshot
from tests.simulators.pms.vendor import VendorSwitchboard

STAYS = 1_000

_TOML = """\
[database]
url = "sqlite+aiosqlite:///jack.db"
[model]
provider = "scripted"
[[hotels]]
id = "harbour"
name = "Harbour Hotel"
time_zone = "Europe/Lisbon"
language = "en"
phone_region = "PT"
[hotels.pms]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Where the stays of a vendor's answers are, and which function makes a page of them.

    `watched` (module, name) is called by the adapter with what stays are read against, from the argument `after` on;
    `mapping` (module, name) takes the bytes of a page and those arguments. `stays` are the names that lead to the list.
    """

    stays: tuple[str, ...]
    watched: tuple[str, str]
    after: int
    mapping: tuple[str, str]


_PMS = "jack.adapters.pms"
VENDORS = {
    "mews": Vendor(
        stays=("Reservations",),
        watched=(f"{_PMS}.mews.stays", "page_of"),
        after=1,
        mapping=(f"{_PMS}.mews.reservations", "reservation_page"),
    ),
    "cloudbeds": Vendor(
        stays=("data",),
        watched=(f"{_PMS}.cloudbeds.lookup", "read_page"),
        after=1,
        mapping=(f"{_PMS}.cloudbeds.pages", "page_of"),
    ),
    "apaleo": Vendor(
        stays=("reservations",),
        watched=(f"{_PMS}.apaleo.readings", "read_list"),
        after=1,
        mapping=(f"{_PMS}.apaleo.reservations", "read_page"),
    ),
    "opera": Vendor(
        stays=("reservations", "reservation"),
        watched=(f"{_PMS}.opera.details", "page_of"),
        after=1,
        mapping=(f"{_PMS}.opera.reservations", "read_page"),
    ),
}


@dataclass(slots=True)
class Sample:
    """What was recorded: every answer, and what the stays on them were read against."""

    vendor: Vendor
    pms: Pms
    answers: list[tuple[str, Answer]] = field(default_factory=list)
    against: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def bodies(self) -> list[bytes]:
        """All bytes that a whole reading gets."""
        return [answer.body for _, answer in self.answers if answer.body.strip()]

    def page(self) -> tuple[bytes, Callable[[], ReservationPage]]:
        """All stays as one page of the vendor's, and the adapter's work on it."""
        *way, last = self.vendor.stays
        whole: Any = None
        place_of_stays: Any = {}
        stays: dict[bytes, Any] = {}
        for body in self.bodies:
            answer = msgspec.json.decode(body)
            place = answer
            for name in way:
                place = place.get(name) if isinstance(place, dict) else None
            if not isinstance(place, dict) or not isinstance(place.get(last), list) or not _tells_stays(place[last]):
                continue
            if whole is None:
                whole, place_of_stays = answer, place
            # readings by period tell a stay that lies in two of them twice
            stays |= {msgspec.json.encode(record): record for record in place[last]}
        place_of_stays[last] = list(stays.values())
        body = msgspec.json.encode(whole)
        module, name = self.vendor.mapping
        mapping = getattr(import_module(module), name)
        against = tuple(_merged(found) for found in zip(*self.against, strict=True))
        return body, lambda: mapping(body, *against)

    async def read(self) -> int:
        """A whole reading from memory; how many stays it brought."""
        told: dict[str, deque[Answer]] = {}
        for key, answer in self.answers:
            told.setdefault(key, deque()).append(answer)

        async def tell(_: httpx.AsyncClient, method: str, url: str, **call: Any) -> Answer:
            return told[_key(method, url, call)].popleft()

        with _instead(caller, "send", tell):
            return len({r.ref for page in [p async for p in self.pms.staying(AROUND_TODAY)] for r in page.reservations})


@asynccontextmanager
async def sampled(name: str, folder: Path) -> AsyncIterator[Sample]:
    """The sample of one vendor."""
    switchboard, clock = VendorSwitchboard(), FixedClock(NOW)
    base_url = "http://vendor.test"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(switchboard)) as client:
        door = StageDoor(clock=clock, client=client, base_url=base_url, memory=RememberingFake())
        stage = STAGES[name](door)
        switchboard.simulator = stage.simulator
        stage.has_rooms(*(a_room_snapshot(str(100 + number)) for number in range(50)))
        stage.holds(*(a_stay(stage, number) for number in range(STAYS)))
        keys = "\n".join(f'{key} = "{value}"' for key, value in stage.settings().items())
        (folder / f"{name}.toml").write_text(_TOML + keys, encoding="utf-8")
        (hotel,) = load_settings(folder / f"{name}.toml", {}).hotels
        memory = RememberingFake()
        pms = make_pms(hotel, PmsTools(client=client, clock=clock, paces=ProcessPaces(clock), memory=lambda _: memory))
        sample = Sample(VENDORS[name], pms)
        # once before, so that a token and what changes seldom is there
        async for _ in pms.staying(AROUND_TODAY):
            pass
        await _record(sample)
        yield sample


async def _record(sample: Sample) -> None:
    send = caller.send  # type: ignore[attr-defined]  # looked up there by name, so it is replaced there
    module, name = sample.vendor.watched
    watched = getattr(import_module(module), name)

    async def listening(client: httpx.AsyncClient, method: str, url: str, **call: Any) -> Answer:
        answer = await send(client, method, url, **call)
        sample.answers.append((_key(method, url, call), answer))
        return answer

    def watching(*given: Any) -> Any:
        sample.against.append(given[sample.vendor.after : sample.vendor.after + _takes(sample.vendor)])
        return watched(*given)

    with _instead(caller, "send", listening), _instead(import_module(module), name, watching):
        async for _ in sample.pms.staying(AROUND_TODAY):
            pass


def a_stay(stage: PmsStage, number: int) -> ReservationSnapshot:
    """One of many stays, spread over the year; every fourth has a companion, every fifth a wish."""
    guest = a_guest_snapshot(
        f"guest-{number}",
        first_name=("Anna", "Jürgen", "Zuzana", "さくら")[number % 4],
        last_name=f"Silva-{number % 97}",
        phones=(f"+3519{number:08}",),
        preferences=(PreferenceSnapshot(category="pillow", value="feather"),),
    )
    companions = (a_guest_snapshot(f"companion-{number}", preferences=()),) if number % 4 == 0 else ()
    return at_home(
        stage,
        a_reservation_snapshot(
            f"R-{number}",
            arrival=number % 300,
            departure=number % 300 + 1 + number % 6,
            guest=guest,
            companions=companions,
            special_requests=("A quiet room, please",) if number % 5 == 0 else (),
            room_number=str(100 + number % 50),
        ),
    )


def _takes(vendor: Vendor) -> int:
    """How many arguments the mapping takes beside the bytes."""
    module, name = vendor.mapping
    return int(getattr(import_module(module), name).__code__.co_argcount) - 1


def _tells_stays(records: list[Any]) -> bool:
    """Other lists of the same name hold rooms or people."""
    words = ("R-", "arrival", "reservation")
    return bool(records) and any(word in msgspec.json.encode(records[0]).decode() for word in words)


def _merged(found: tuple[Any, ...]) -> Any:
    """One thing to read all pages against: the tables of all of them together."""
    first = found[0]
    tables = {
        one.name: {key: value for thing in found for key, value in getattr(thing, one.name).items()}
        for one in fields(first)
        if isinstance(getattr(first, one.name), dict)
    }
    return replace(first, **tables)


def _key(method: str, url: str, call: dict[str, Any]) -> str:
    asked = (call.get("params"), call.get("json"), call.get("content"))
    return f"{method} {url} {msgspec.json.encode(asked).decode()}"


@contextmanager
def _instead(place: Any, name: str, value: object) -> Any:
    before = getattr(place, name)
    setattr(place, name, value)
    try:
        yield
    finally:
        setattr(place, name, before)
