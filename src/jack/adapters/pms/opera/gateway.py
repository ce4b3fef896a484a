"""OperaPms: Oracle OPERA Cloud as Jack's PMS."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from zoneinfo import ZoneInfo

import httpx

from jack.adapters.pms.opera.api import OperaAccount, OperaApi
from jack.adapters.pms.opera.bydates import ByDates
from jack.adapters.pms.opera.changes import Changes
from jack.adapters.pms.opera.check import ConnectionTest
from jack.adapters.pms.opera.details import Details, Versions
from jack.adapters.pms.opera.events import EventQueue
from jack.adapters.pms.opera.hotel import OperaHotel
from jack.adapters.pms.opera.languages import Languages
from jack.adapters.pms.opera.named import NamedRecords
from jack.adapters.pms.opera.notices import hints_of
from jack.adapters.pms.opera.rooms import read_rooms
from jack.adapters.pms.opera.search import Search
from jack.adapters.pms.opera.search_guests import GuestSearch
from jack.adapters.pms.opera.tasks import ServiceRequests
from jack.adapters.pms.opera.values import SYSTEM
from jack.adapters.vendor_api.pace import Paces
from jack.application.errors import ServiceRejected
from jack.application.ports.clock import Clock
from jack.application.ports.pms import Capability, ConnectionReport, Pms, PmsHotel, SearchBy
from jack.application.ports.pms_notices import PmsHints, PmsMemory
from jack.application.ports.pms_pages import ReservationPage, RoomList
from jack.application.ports.pms_tasks import PmsTask
from jack.domain.ids import ExternalRef, is_text
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot
from jack.domain.sync import SyncWindow

PAGE_SIZE = 100
"""Rows of one answer, and stays of one page; OPERA documents no limit for reservations and 200 for profiles."""

LONGEST_NUMBER = 80
"""Characters of a number that guests quote; a longer one is none of OPERA's."""

CAPABILITIES = frozenset(Capability) - {Capability.CHANGES, Capability.WEBHOOKS}


class OperaPms(Pms):
    """Reads one hotel of an OPERA Cloud environment.

    `zone` is the hotel's: OPERA writes times without one. `languages` says what the hotel's language codes mean.
    Without `task_code` no tasks can be filed.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        clock: Clock,
        paces: Paces,
        memory: PmsMemory,
        account: OperaAccount,
        *,
        zone: ZoneInfo,
        external_system: str = "JACK",
        languages: Mapping[str, str] | None = None,
        task_code: str | None = None,
        task_department: str | None = None,
        page_size: int = PAGE_SIZE,
    ) -> None:
        self._page_size = page_size
        self._task_code = task_code
        self._hotel_id = account.hotel_id
        self._api = OperaApi(client, clock, paces, account)
        self._hotel = OperaHotel(self._api, clock, account.hotel_id, zone)
        self._details = Details(self._api, self._hotel, Languages(languages))
        self._search = Search(self._api, page_size)
        self._guests = GuestSearch(self._api, self._details)
        self._dates = ByDates(self._search, self._details, self._hotel, memory, page_size)
        self._named = NamedRecords(self._search, self._details, self._hotel, page_size)
        queue = EventQueue(self._api, memory, clock, external_system, account.hotel_id)
        self._changes = Changes(queue, self._named, self._dates, self._hotel)
        self._tasks = ServiceRequests(self._api, self._hotel, clock, task_code, task_department)
        self._test = ConnectionTest(
            self._api, self._hotel, self._details, self._search, queue, clock, task_code=task_code
        )

    @property
    def system(self) -> str:
        return SYSTEM

    @property
    def capabilities(self) -> frozenset[Capability]:
        return CAPABILITIES if self._task_code is not None else CAPABILITIES - {Capability.TASKS}

    async def changed(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        """As the port says: what business events name, and what does not read as it did."""
        async with aclosing(self._changes(window)) as pages:
            async for page in pages:
                yield page

    async def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        """As the port says."""
        async with aclosing(self._dates.all(period)) as pages:
            async for page in pages:
                yield page

    async def reservation(self, ref: ExternalRef) -> ReservationSnapshot | None:
        """As the port says; ServiceRejected for one that cannot be read."""
        if ref.system != SYSTEM:
            return None
        return next(iter(_readable(await self._details.page([ref.key]))), None)

    async def numbered(self, confirmation_number: str) -> tuple[ReservationSnapshot, ...]:
        """As the port says."""
        number = confirmation_number.strip()
        if not number or len(number) > LONGEST_NUMBER or not is_text(number):
            return ()
        found = await self._search.some([("confirmationNumberList", number)])
        if not found.rows:
            return ()
        stays = _readable(await self._details.page([row.key for row in found.rows]))
        return tuple(stay for stay in stays if stay.confirmation_number == number)

    async def rooms(self) -> RoomList:
        return await read_rooms(self._api, self._page_size)

    async def guest(self, ref: ExternalRef) -> GuestSnapshot | None:
        """As the port says, by the guest's profile."""
        return (await self._details.guest(ref.key))[0] if ref.system == SYSTEM else None

    async def search_guests(self, by: SearchBy, text: str) -> tuple[GuestSnapshot, ...]:
        """As the port says."""
        return await self._guests(by, text)

    def hints(self, body: bytes) -> PmsHints:
        """As the port says. OPERA calls nobody; who stands between it and Jack may push its business events."""
        return hints_of(body, self._hotel_id)

    async def named(self, hints: PmsHints) -> AsyncGenerator[ReservationPage, None]:
        """As the port says."""
        versions: Versions = {}
        async with aclosing(self._named(hints, versions)) as pages:
            async for page in pages:
                yield page

    async def file_task(self, task: PmsTask) -> str:
        """As the port says: a service request."""
        return await self._tasks.file(task)

    async def hotel(self) -> PmsHotel:
        return await self._hotel.described()

    async def check(self) -> ConnectionReport:
        return await self._test()


def _readable(page: ReservationPage) -> tuple[ReservationSnapshot, ...]:
    """The reservations of a page on which nothing was rejected. Raises ServiceRejected with the reason otherwise."""
    for record in page.rejected:
        raise ServiceRejected(record.reason)
    return page.reservations
