"""The connection test: what is wrong, and what to do."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import TypeVar

from jack.adapters.pms.mews import listing
from jack.adapters.pms.mews.api import Fields, MewsAccess, MewsApi, TooHeavy, interval
from jack.adapters.pms.mews.library import Library
from jack.adapters.pms.mews.listing import Listing
from jack.adapters.pms.mews.payloads import Configuration, Record, Reservation
from jack.adapters.pms.mews.people import COMPANIONSHIPS_ONLY, CUSTOMERS_ONLY
from jack.adapters.pms.mews.reference import House, house_of, nightly, reference_of
from jack.adapters.pms.mews.stays import RESERVATIONS_GET
from jack.adapters.pms.mews.words import STATES, WISHES
from jack.adapters.vendor_api.caller import ONCE
from jack.adapters.vendor_api.records import Unreadable, read_instant
from jack.application.errors import OutsideFailure, ServiceDenied
from jack.application.ports.clock import Clock
from jack.application.ports.pms import ConnectionReport, PmsHotel

CLOCKS_AGREE = timedelta(minutes=1)
LATELY = timedelta(days=1)
SEASON = timedelta(days=80)
"""How far ahead a stay is looked for, to try with it what can only be asked about some stay."""

R = TypeVar("R", bound=Record)


class Connection:
    """Tries everything that a sync calls, each once and for little."""

    def __init__(self, api: MewsApi, library: Library, clock: Clock, access: MewsAccess) -> None:
        self._api = api
        self._library = library
        self._clock = clock
        self._access = access

    async def check(self) -> ConnectionReport:
        """As the port says."""
        try:
            configuration = await self._library.configuration(ONCE)
        except OutsideFailure as failure:
            return ConnectionReport(summary="Mews does not let Jack in.", problem=_what_to_do(failure))
        try:
            house = house_of(configuration, self._access.enterprise_id)
        except ServiceDenied as failure:
            return ConnectionReport(summary="Mews lets Jack in, but not to this hotel.", problem=str(failure))
        notes: list[str] = []
        problem = self._clocks(configuration)
        if problem is None:
            try:
                stay = await self._needed(house)
                notes = [note async for note in self._wanted(house, stay)]
            except OutsideFailure as failure:
                problem = str(failure)
        return ConnectionReport(
            summary=f"Mews answers for {house.name}, time zone {house.zone.key}.",
            problem=problem,
            hotel=PmsHotel(key=house.id, name=house.name, time_zone=house.zone.key),
            notes=tuple(notes),
        )

    def _clocks(self, configuration: Configuration) -> str | None:
        try:
            theirs = read_instant(configuration.now_utc, "time")
        except Unreadable:
            return None
        if theirs is None:
            return None
        ahead = self._clock.now() - theirs
        if abs(ahead) <= CLOCKS_AGREE:
            return None
        minutes = max(1, round(abs(ahead).total_seconds() / 60))
        return (
            f"this machine's clock is {minutes} minute{'s' if minutes > 1 else ''} "
            f"{'ahead of' if ahead > timedelta() else 'behind'} Mews's, so changes would be missed: let it be set by "
            "network time (NTP)"
        )

    async def _needed(self, house: House) -> Reservation | None:
        """Read a little of everything that Jack cannot do without; some stay, if there is one soon."""
        now = self._clock.now()
        services = list(self._access.service_ids)
        if not services:
            services = nightly(await self._some("services/getAll", listing.SERVICES, {}, count=1000))
        categories = []
        if services:
            asked = {"ServiceIds": services}
            categories = await self._some("resourceCategories/getAll", listing.CATEGORIES, asked, count=1000)
        reference = reference_of(house, self._access.service_ids, categories, (), (), ())
        await self._some("resources/getAll", listing.RESOURCES, {"Extent": {"Resources": True}})
        if categories:
            one = {"ResourceCategoryIds": [categories[0].id]}
            await self._some("resourceCategoryAssignments/getAll", listing.ASSIGNMENTS, one)
        await self._some("ageCategories/getAll", listing.AGE_CATEGORIES, {"ServiceIds": services})
        around = {"ServiceIds": list(reference.services), "States": list(STATES)}
        around["CollidingUtc"] = interval(now - LATELY, now + SEASON)  # type: ignore[assignment]
        stays = await self._some(RESERVATIONS_GET, listing.RESERVATIONS, around)
        lately = {"UpdatedUtc": interval(now - LATELY, now), "Extent": CUSTOMERS_ONLY}
        await self._some("customers/getAll", listing.CUSTOMERS, lately, house=house)
        if stays:
            sharing = {"ReservationIds": [stays[0].id], "Extent": COMPANIONSHIPS_ONLY}
            await self._some("companionships/getAll", listing.COMPANIONSHIPS, sharing)
        return stays[0] if stays else None

    async def _wanted(self, house: House, stay: Reservation | None) -> AsyncGenerator[str, None]:
        """What works less well because the integration lacks a permission that Jack can do without."""
        now = self._clock.now()
        lately = {"UpdatedUtc": interval(now - LATELY, now)}
        if stay is not None:
            notes = {"ServiceOrderIds": [stay.id], "Types": list(WISHES)}
            if not await self._may("serviceOrderNotes/getAll", listing.SERVICE_ORDER_NOTES, notes):
                yield _lacking("serviceOrderNotes/getAll", "guests' special requests stay unknown")
        if not await self._may("loyaltyMemberships/getAll", listing.MEMBERSHIPS, lately, house=house):
            yield _lacking("loyaltyMemberships/getAll", "loyalty tiers stay unknown")
        if not await self._may("accountNotes/getAll", listing.ACCOUNT_NOTES, lately, house=house):
            yield _lacking("accountNotes/getAll", "preferences in notes on guests stay unknown")
        if not await self._may("companies/getAll", listing.COMPANIES, lately, house=house):
            yield _lacking("companies/getAll", "stays of companies without a named guest show no name")
        soon = {"CollidingUtc": interval(now, now + LATELY)}
        if not await self._may("resourceBlocks/getAll", listing.BLOCKS, soon):
            yield _lacking("resourceBlocks/getAll", "rooms that are blocked do not show as out of order")
        if not await self._may("tasks/getAll", listing.TASKS, {"CreatedUtc": interval(now - LATELY, now)}):
            yield _lacking("tasks/getAll", "Jack can leave no tasks at Mews")

    async def _may(self, operation: str, of: Listing[R], fields: Fields, *, house: House | None = None) -> bool:
        try:
            await self._some(operation, of, fields, house=house)
        except ServiceDenied:
            return False
        return True

    async def _some(
        self, operation: str, of: Listing[R], fields: Fields, *, house: House | None = None, count: int = 1
    ) -> list[R]:
        """Some records, asked for once; with `house` of what the chain shares, else of the hotel."""
        scope = self._library.here(fields) if house is None else self._library.in_chain(house, fields)
        asked = {**scope, "Limitation": {"Count": count, "Cursor": None}}
        try:
            return (await self._api.ask(operation, asked, of.read, patience=ONCE)).records
        except TooHeavy:
            return []  # it is allowed, and a sync will ask for less
        except ServiceDenied as failure:
            raise ServiceDenied(
                f"{failure}: Mews refuses {operation} to this integration; ask Mews to grant it that operation"
            ) from None


def _lacking(operation: str, effect: str) -> str:
    return f"Mews refuses {operation} to this integration: {effect} until Mews grants it that operation"


def _what_to_do(failure: OutsideFailure) -> str:
    """The failure of the very first call, and what to do."""
    if not isinstance(failure, ServiceDenied):
        return f"{failure}: try again in some minutes; if it lasts, look at base_url in [hotels.pms] and at the network"
    if "enterprise_id" in str(failure) or "base_url" in str(failure):
        return str(failure)
    return (
        f"{failure}: compare client_token and access_token in [hotels.pms] with those that Mews gave you, and look at "
        "Mews whether the integration is enabled for this hotel"
    )
