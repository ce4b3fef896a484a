"""Library: reads what holds for the whole hotel, and keeps it for some minutes."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from jack.adapters.pms.mews.api import MOST, Fields, MewsAccess, MewsApi, TooHeavy
from jack.adapters.pms.mews.listing import AGE_CATEGORIES, ASSIGNMENTS, CATEGORIES, RESOURCES, SERVICES, Listing
from jack.adapters.pms.mews.payloads import Configuration, Record
from jack.adapters.pms.mews.reference import House, Reference, house_of, nightly, reference_of
from jack.adapters.pms.mews.together import together
from jack.adapters.vendor_api.caller import PATIENT, Patience
from jack.application.errors import ServiceDenied, ServiceRejected, ServiceUnavailable
from jack.application.ports.clock import Clock

R = TypeVar("R", bound=Record)

GOOD_FOR = timedelta(minutes=10)
BOTH = ["Active", "Deleted"]
"""Old reservations name what is not offered any more."""

_CONFIGURATION = msgspec.json.Decoder(Configuration, strict=False)


class Library:
    """The hotel's reference data. Several readers wait for one reading."""

    def __init__(self, api: MewsApi, clock: Clock, access: MewsAccess) -> None:
        self._api = api
        self._clock = clock
        self._access = access
        self._lock = asyncio.Lock()
        self._held: Reference | None = None
        self._read_at: datetime | None = None
        self._strange: frozenset[str] = frozenset()

    @property
    def enterprise_id(self) -> str | None:
        """The hotel's id as far as it is known without asking."""
        return self._held.house.id if self._held else self._access.enterprise_id

    def here(self, fields: Fields) -> Fields:
        """The fields of a call, held to this hotel where the access token opens several."""
        return {**fields, "EnterpriseIds": [self._access.enterprise_id]} if self._access.enterprise_id else fields

    def in_chain(self, house: House, fields: Fields) -> Fields:
        """The fields of a call about what a chain of hotels shares; a portfolio's token needs the chain."""
        return {**fields, "ChainIds": [house.chain_id]} if self._access.enterprise_id and house.chain_id else fields

    async def configuration(self, patience: Patience = PATIENT) -> Configuration:
        """What Mews says about the token's enterprise, never from memory."""
        fields = {"EnterpriseId": self._access.enterprise_id} if self._access.enterprise_id else {}
        try:
            return await self._api.ask("configuration/get", fields, _CONFIGURATION.decode, patience=patience)
        except TooHeavy:
            raise ServiceUnavailable("Mews is too busy to describe the hotel") from None
        except ServiceRejected as failure:
            if not self._access.enterprise_id:
                raise ServiceDenied(
                    f"{failure}: correct base_url in [hotels.pms], Mews is not at that address"
                ) from None
            raise ServiceDenied(
                f"{failure}: Mews describes no hotel to this access token; correct enterprise_id in [hotels.pms] (or "
                "base_url, where Mews is not at that address)"
            ) from None

    async def reference(self) -> Reference:
        """The reference data, at most some minutes old. Raises the three words."""
        async with self._lock:
            now = self._clock.now()
            if self._held is None or self._read_at is None or not timedelta() <= now - self._read_at < GOOD_FOR:
                self._held, self._read_at, self._strange = await self._read(), now, frozenset()
            return self._held

    async def knowing(self, ids: Iterable[str]) -> Reference:
        """The reference data with these rooms, room types and ages; read again once when it lacks one of them."""
        held = await self.reference()
        known = (held.numbers, held.room_types, held.adults)
        strange = {key for key in ids if not any(key in table for table in known)} - self._strange
        if not strange:
            return held
        async with self._lock:
            if self._held is held:
                self._held, self._read_at = await self._read(), self._clock.now()
            self._strange |= strange
            return self._held or held

    async def _read(self) -> Reference:
        house = house_of(await self.configuration(), self._access.enterprise_id)
        services: list[str] = list(self._access.service_ids)
        if not services:
            services = nightly(await self._all("services/getAll", SERVICES, {}))
        if not services:
            return reference_of(house, (), (), (), (), ())
        categories, resources, ages = await together(
            self._all("resourceCategories/getAll", CATEGORIES, {"ServiceIds": services, "ActivityStates": BOTH}),
            self._all("resources/getAll", RESOURCES, {"Extent": {"Resources": True, "Inactive": True}}),
            self._all("ageCategories/getAll", AGE_CATEGORIES, {"ServiceIds": services, "ActivityStates": BOTH}),
        )
        assignments = []
        for part in in_parts([category.id for category in categories]):
            assignments += await self._all(
                "resourceCategoryAssignments/getAll", ASSIGNMENTS, {"ResourceCategoryIds": part}
            )
        return reference_of(house, self._access.service_ids, categories, assignments, resources, ages)

    async def _all(self, operation: str, listing: Listing[R], fields: Fields) -> list[R]:
        return await self._api.all(operation, listing, self.here(fields))


def in_parts(ids: Iterable[str], most: int = MOST) -> list[list[str]]:
    """The ids, each once, in parts that one filter takes."""
    unique = list(dict.fromkeys(ids))
    return [unique[start : start + most] for start in range(0, len(unique), most)]
