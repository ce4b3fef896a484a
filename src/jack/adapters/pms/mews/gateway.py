"""MewsPms: a whole PMS, played by Mews."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx

from jack.adapters.pms.mews.api import PAGE, MewsAccess, MewsApi
from jack.adapters.pms.mews.connection import Connection
from jack.adapters.pms.mews.directory import Directory
from jack.adapters.pms.mews.extras import Extras
from jack.adapters.pms.mews.library import Library, in_parts
from jack.adapters.pms.mews.notices import hints_of, own
from jack.adapters.pms.mews.people import People
from jack.adapters.pms.mews.rooms import Rooms
from jack.adapters.pms.mews.stays import Stays
from jack.adapters.pms.mews.tasks import Tasks
from jack.adapters.pms.mews.words import SYSTEM
from jack.adapters.vendor_api.pace import Paces
from jack.adapters.vendor_api.records import whole_second_after
from jack.application.ports.clock import Clock
from jack.application.ports.pms import Capability, ConnectionReport, Pms, PmsHotel, SearchBy
from jack.application.ports.pms_notices import PmsHints
from jack.application.ports.pms_pages import ReservationPage, RoomList
from jack.application.ports.pms_tasks import PmsTask
from jack.domain.ids import ExternalRef
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot
from jack.domain.sync import SyncWindow

CAPABILITIES = frozenset(Capability) - {
    Capability.EVENTS,
    Capability.SEARCH_BY_PHONE,
    Capability.EXPECTED_ARRIVAL,
}


class MewsPms(Pms):
    """One hotel at Mews."""

    def __init__(self, client: httpx.AsyncClient, clock: Clock, paces: Paces, access: MewsAccess) -> None:
        api = MewsApi(client, clock, paces, access)
        self._library = Library(api, clock, access)
        extras = Extras(api, self._library, clock)
        people = People(api, self._library, extras)
        self._stays = Stays(api, self._library, people, extras, clock)
        self._directory = Directory(api, self._library, people, self._stays)
        self._rooms = Rooms(api, self._library, self._stays, extras, clock)
        self._tasks = Tasks(api, self._library, clock, access)
        self._connection = Connection(api, self._library, clock, access)

    @property
    def system(self) -> str:
        return SYSTEM

    @property
    def capabilities(self) -> frozenset[Capability]:
        return CAPABILITIES

    async def changed(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        """As the port says; then the guests who changed, then today's stays whose companions or wishes did."""
        since, until = window.since.replace(microsecond=0), whole_second_after(window.until)
        if window.since >= window.until:
            return
        for pages in (
            self._stays.changed(since, until),
            self._directory.changed(since, until),
            self._stays.joined(since, until),
        ):
            async with aclosing(pages):
                async for page in pages:
                    yield page

    def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        return self._stays.staying(period)

    async def reservation(self, ref: ExternalRef) -> ReservationSnapshot | None:
        return await self._stays.by_id(ref.key) if ref.system == SYSTEM else None

    async def numbered(self, confirmation_number: str) -> tuple[ReservationSnapshot, ...]:
        return await self._stays.numbered(confirmation_number)

    async def rooms(self) -> RoomList:
        return await self._rooms.all()

    async def guest(self, ref: ExternalRef) -> GuestSnapshot | None:
        return await self._directory.by_id(ref.key) if ref.system == SYSTEM else None

    async def search_guests(self, by: SearchBy, text: str) -> tuple[GuestSnapshot, ...]:
        return await self._directory.search(by, text)

    def hints(self, body: bytes) -> PmsHints:
        return hints_of(body, self._library.enterprise_id)

    async def named(self, hints: PmsHints) -> AsyncGenerator[ReservationPage, None]:
        if not hints.stays and not hints.guests:
            return
        house = (await self._library.reference()).house
        readings = [self._stays.named(part) for part in in_parts(own(hints.stays, house.id), PAGE)]
        readings.append(self._directory.named(own(hints.guests, house.id)))
        for pages in readings:
            async with aclosing(pages):
                async for page in pages:
                    yield page

    async def file_task(self, task: PmsTask) -> str:
        return await self._tasks.file(task)

    async def hotel(self) -> PmsHotel:
        house = (await self._library.reference()).house
        return PmsHotel(key=house.id, name=house.name, time_zone=house.zone.key)

    async def check(self) -> ConnectionReport:
        return await self._connection.check()
