"""CloudbedsPms: a property at Cloudbeds as Jack's PMS."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx

from jack.adapters.pms.cloudbeds.access import Credentials
from jack.adapters.pms.cloudbeds.api import CloudbedsApi
from jack.adapters.pms.cloudbeds.check import CloudbedsCheck
from jack.adapters.pms.cloudbeds.guests import SYSTEM
from jack.adapters.pms.cloudbeds.hotel import CloudbedsHotel
from jack.adapters.pms.cloudbeds.housekeeping import CloudbedsRooms
from jack.adapters.pms.cloudbeds.lookup import CloudbedsLookup
from jack.adapters.pms.cloudbeds.notes import CloudbedsNotes
from jack.adapters.pms.cloudbeds.notices import read_push
from jack.adapters.pms.cloudbeds.people import CloudbedsPeople
from jack.adapters.pms.cloudbeds.reservations import FEW_PAGES, CloudbedsReservations
from jack.adapters.pms.cloudbeds.wishes import Wishes
from jack.adapters.vendor_api.pace import Paces
from jack.application.ports.clock import Clock
from jack.application.ports.pms import Capability, ConnectionReport, Pms, PmsHotel, SearchBy
from jack.application.ports.pms_notices import PmsHints, PmsMemory
from jack.application.ports.pms_pages import ReservationPage, RoomList
from jack.application.ports.pms_tasks import PmsTask
from jack.domain.ids import ExternalRef
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot
from jack.domain.sync import SyncWindow

PAGE_SIZE = 100
"""Records of one page; the vendor gives no more."""

CAPABILITIES = frozenset(Capability) - {
    Capability.EVENTS,
    Capability.LANGUAGE,
    Capability.LOYALTY,
    Capability.VIP,
}


class CloudbedsPms(Pms):
    """Plays the whole PMS. `time_zone` is the hotel's as configured, where Cloudbeds should not name one."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        clock: Clock,
        paces: Paces,
        memory: PmsMemory,
        *,
        base_url: str,
        credentials: Credentials,
        property_id: str,
        time_zone: str,
        page_size: int = PAGE_SIZE,
    ) -> None:
        api = CloudbedsApi(client, clock, paces, memory, base_url=base_url, credentials=credentials)
        self._property_id = property_id
        self._hotel = CloudbedsHotel(api, clock, property_id, time_zone)
        self._people = CloudbedsPeople(api, self._hotel, page_size)
        self._lookup = CloudbedsLookup(api, self._hotel, Wishes(self._people, clock, self._hotel.is_small), page_size)
        self._reservations = CloudbedsReservations(self._hotel, self._people, self._lookup, few=FEW_PAGES * page_size)
        self._rooms = CloudbedsRooms(api, property_id)
        self._notes = CloudbedsNotes(api, self._hotel, self._lookup)
        self._check = CloudbedsCheck(api, self._hotel, clock)

    @property
    def system(self) -> str:
        return SYSTEM

    @property
    def capabilities(self) -> frozenset[Capability]:
        return CAPABILITIES

    def changed(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        return self._reservations.changed(window)

    def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        return self._reservations.staying(period)

    async def reservation(self, ref: ExternalRef) -> ReservationSnapshot | None:
        return await self._lookup.stay(ref.key)

    async def numbered(self, confirmation_number: str) -> tuple[ReservationSnapshot, ...]:
        number = confirmation_number.strip()
        return await self._lookup.numbered(number) if number and "," not in number else ()

    async def rooms(self) -> RoomList:
        return await self._rooms.all()

    async def guest(self, ref: ExternalRef) -> GuestSnapshot | None:
        return await self._people.guest(ref.key)

    async def search_guests(self, by: SearchBy, text: str) -> tuple[GuestSnapshot, ...]:
        return await self._people.search(by, text)

    def hints(self, body: bytes) -> PmsHints:
        return read_push(body, self._property_id)

    async def named(self, hints: PmsHints) -> AsyncGenerator[ReservationPage, None]:
        """As the port says; a guest who was merged into another is told with the bookings of whom they became."""
        async with aclosing(self._lookup.named(hints.stays)) as pages:
            async for page in pages:
                yield page
        for key in hints.guests:
            guest = await self._people.guest(key)
            if guest is None:
                continue
            yield ReservationPage(guests=(guest,))
            if guest.ref.key != key:
                async with aclosing(self._lookup.of_guest(guest.ref.key)) as moved:
                    async for page in moved:
                        yield page

    async def file_task(self, task: PmsTask) -> str:
        return await self._notes.file(task)

    async def check(self) -> ConnectionReport:
        return await self._check()

    async def hotel(self) -> PmsHotel:
        return await self._hotel.describe()
