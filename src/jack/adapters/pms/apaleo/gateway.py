"""ApaleoPms: apaleo as Jack's PMS."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime, time, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx

from jack.adapters.pms.apaleo.api import PROPERTIES, UNITS, ApaleoAccount, ApaleoApi
from jack.adapters.pms.apaleo.check import PROPERTIES_PATH, UNITS_PATH, ConnectionTest
from jack.adapters.pms.apaleo.hotel import hotel_of, read_property
from jack.adapters.pms.apaleo.named import NamedStays
from jack.adapters.pms.apaleo.notices import hints_of
from jack.adapters.pms.apaleo.people import SYSTEM, reservation_in
from jack.adapters.pms.apaleo.readings import PAGE_SIZE, Readings, span, stay_query
from jack.adapters.pms.apaleo.rooms import read_units
from jack.adapters.pms.apaleo.search import asked_for, fit_of, identity_of
from jack.adapters.vendor_api.pace import Paces
from jack.application.errors import ServiceDenied, ServiceRejected
from jack.application.ports.clock import Clock
from jack.application.ports.pms import Capability, ConnectionReport, Pms, PmsHotel, SearchBy
from jack.application.ports.pms_notices import PmsHints
from jack.application.ports.pms_pages import ReservationPage, RoomList
from jack.application.ports.pms_tasks import PmsTask
from jack.domain.ids import ExternalRef
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import GuestSnapshot, RejectedRecord, ReservationSnapshot, RoomSnapshot, UnknownValue
from jack.domain.sync import SyncWindow

MOST_GUESTS = 50
MOST_SEARCHED = 1_000
"""Reservations that a search looks through at most."""

LONGEST_NUMBER = 100
"""Characters of a number that guests quote; a longer one is none of apaleo's."""

CAPABILITIES = frozenset(Capability) - {
    Capability.EVENTS,
    Capability.SEARCH_BY_PHONE,
    Capability.GUEST_IDS,
    Capability.PREFERENCES,
    Capability.LOYALTY,
    Capability.VIP,
    Capability.INSPECTION,
    Capability.TASKS,
}


class ApaleoPms(Pms):
    """Reads one property of an apaleo account.

    `zone` is the hotel's: stay dates that apaleo tells in UTC and the days of a period are taken by it.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        clock: Clock,
        paces: Paces,
        account: ApaleoAccount,
        *,
        zone: ZoneInfo,
        page_size: int = PAGE_SIZE,
    ) -> None:
        self._account = account
        self._zone = zone
        self._page_size = page_size
        self._api = ApaleoApi(client, clock, paces, account)
        self._readings = Readings(self._api, clock, property_id=account.property_id, zone=zone, page_size=page_size)
        self._stays = NamedStays(self._api, self._readings)
        self._test = ConnectionTest(self._api, clock, self._readings, account.property_id)

    @property
    def system(self) -> str:
        return SYSTEM

    @property
    def capabilities(self) -> frozenset[Capability]:
        return CAPABILITIES

    async def changed(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        """As the port says: apaleo takes whole seconds, so the window is asked for a little wider and then kept to."""
        if window.since == window.until:
            return

        def fits(stay: ReservationSnapshot) -> bool:
            return stay.modified_at is None or window.contains(stay.modified_at)

        query = [("dateFilter", "Modification"), *span(window.since, window.until), ("sort", "updated:asc")]
        async for page in self._readings.pages(query, fits):
            yield page

    async def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        """As the port says. apaleo compares instants: a second more than the days is asked for, so that nobody who
        leaves at the first midnight is missed.
        """
        first = datetime.combine(period.arrival, time(), self._zone) - timedelta(seconds=1)
        last = datetime.combine(period.departure + timedelta(days=1), time(), self._zone)
        query = stay_query(first, last)
        async for page in self._readings.pages(query, lambda stay: stay.period.overlaps(period), whole_hotel=True):
            yield page

    async def reservation(self, ref: ExternalRef) -> ReservationSnapshot | None:
        """As the port says; ServiceRejected for one that cannot be read."""
        if ref.system != SYSTEM:
            return None
        page = await self._stays.reservation(ref.key)
        return next(iter(_readable(page)), None) if page is not None else None

    async def numbered(self, confirmation_number: str) -> tuple[ReservationSnapshot, ...]:
        """As the port says, for the number of a booking (all its rooms) and for a reservation's own (that room).

        apaleo's numbers are capitals, which people type as they like.
        """
        number = confirmation_number.strip()
        if not number or len(number) > LONGEST_NUMBER:
            return ()
        for spelling in dict.fromkeys((number, number.upper())):
            found = [stay async for page in self._stays.numbered(spelling) for stay in _readable(page)]
            if found:
                return tuple(found)
        return ()

    async def rooms(self) -> RoomList:
        rooms: dict[str, RoomSnapshot] = {}
        bad: list[RejectedRecord] = []
        unknown: list[UnknownValue] = []
        number = records = 0
        while True:
            number += 1
            params = [("propertyId", self._account.property_id), ("expand", "unitGroup")]
            params += [("pageNumber", str(number)), ("pageSize", str(self._page_size))]
            read = await self._api.page(
                UNITS_PATH, params, lambda body: read_units(body, self._account.property_id), scope=UNITS
            )
            if read is None:
                break
            page, size, count = read
            known = len(rooms)
            rooms |= {room.number: room for room in page.rooms}
            bad += page.rejected
            unknown += page.unknown
            records += size
            stands = page.rooms and len(rooms) == known
            if not size or stands or (size < self._page_size if count is None else records >= count):
                break
        return RoomList(rooms=tuple(rooms.values()), rejected=tuple(bad), unknown=tuple(dict.fromkeys(unknown)))

    async def guest(self, ref: ExternalRef) -> GuestSnapshot | None:
        """As the port says; guests are found in the reservation that their key names."""
        if ref.system != SYSTEM:
            return None
        page = await self._stays.reservation(reservation_in(ref.key))
        people = (person for stay in _readable(page) for person in (stay.guest, *stay.companions)) if page else ()
        return next((person for person in people if person.ref == ref), None)

    async def search_guests(self, by: SearchBy, text: str) -> tuple[GuestSnapshot, ...]:
        """As the port says; people of the latest changed reservations first."""
        if by is SearchBy.PHONE:
            raise ServiceRejected("apaleo cannot search guests by phone number")
        wanted = asked_for(by, text)
        if not wanted:
            return ()
        found: dict[object, tuple[int, GuestSnapshot]] = {}
        looked = 0
        query = [("textSearch", wanted), ("sort", "updated:desc")]
        async with aclosing(self._readings.pages(query, lambda _: True)) as pages:
            async for page in pages:
                for person in (person for stay in page.reservations for person in (stay.guest, *stay.companions)):
                    fit = fit_of(person, by, text)
                    if fit is not None:
                        found.setdefault(identity_of(person), (fit, person))
                looked += len(page.reservations)
                if len(found) >= MOST_GUESTS or looked >= MOST_SEARCHED:
                    break
        ranked = sorted(found.values(), key=lambda pair: pair[0])
        return tuple(person for _, person in ranked[:MOST_GUESTS])

    def hints(self, body: bytes) -> PmsHints:
        return hints_of(body, self._account.property_id)

    async def named(self, hints: PmsHints) -> AsyncGenerator[ReservationPage, None]:
        """As the port says; a guest is read with their reservation."""
        keys = dict.fromkeys((*hints.stays, *map(reservation_in, hints.guests)))
        async for page in self._stays.named(tuple(keys)):
            yield page

    async def file_task(self, task: PmsTask) -> str:  # noqa: ARG002  the port's
        raise ServiceRejected(
            "apaleo has no tasks, and of notes only one comment for each reservation, which is staff's: "
            "Jack leaves it alone and shows the request in its own dashboard"
        )

    async def hotel(self) -> PmsHotel:
        path = f"{PROPERTIES_PATH}/{quote(self._account.property_id, safe='')}"
        found = await self._api.one(path, [], read_property, scope=PROPERTIES)
        if found is None:
            raise ServiceDenied(f"apaleo has no property {self._account.property_id!r}: set property_id in jack.toml")
        return hotel_of(found)

    async def check(self) -> ConnectionReport:
        return await self._test()


def _readable(page: ReservationPage) -> tuple[ReservationSnapshot, ...]:
    """The reservations of a page on which nothing was rejected. Raises ServiceRejected with the reason otherwise."""
    for record in page.rejected:
        raise ServiceRejected(record.reason)
    return page.reservations
