"""Extras: what Jack would like to know and can do without: loyalty tiers and notes."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from jack.adapters.pms.mews.api import Fields, MewsApi
from jack.adapters.pms.mews.guests import tiers_by_account
from jack.adapters.pms.mews.library import Library, in_parts
from jack.adapters.pms.mews.listing import (
    ACCOUNT_NOTES,
    COMPANIES,
    MEMBERSHIPS,
    SERVICE_ORDER_NOTES,
    TIERS,
    Listing,
)
from jack.adapters.pms.mews.payloads import AccountNote, Record, ServiceOrderNote
from jack.adapters.pms.mews.reference import House
from jack.adapters.pms.mews.words import PREFERENCE_NOTES, WISHES
from jack.adapters.vendor_api.records import present
from jack.application.errors import ServiceDenied
from jack.application.ports.clock import Clock

R = TypeVar("R", bound=Record)
T = TypeVar("T")

ASK_AGAIN = timedelta(minutes=10)
"""What Mews refused is not asked for again until then."""

ACTIVE = ["Active"]


class Extras:
    """Side look-ups that an integration may lack the permission for."""

    def __init__(self, api: MewsApi, library: Library, clock: Clock) -> None:
        self._api = api
        self._library = library
        self._clock = clock
        self._refused: dict[str, datetime] = {}

    async def if_allowed(self, operation: str, ask: Callable[[], Awaitable[T]], otherwise: T) -> T:
        """What `ask` brings; `otherwise` where Mews refuses that operation to this integration."""
        refused = self._refused.get(operation)
        if refused is not None and timedelta() <= self._clock.now() - refused < ASK_AGAIN:
            return otherwise
        try:
            found = await ask()
        except ServiceDenied:
            self._refused[operation] = self._clock.now()
            return otherwise
        self._refused.pop(operation, None)
        return found

    async def wishes(self, stays: Sequence[str], **more: object) -> list[ServiceOrderNote]:
        """The notes on these stays in which guests' wishes stand."""
        fields = self._library.here({"Types": list(WISHES), **more})
        return await self._by("serviceOrderNotes/getAll", SERVICE_ORDER_NOTES, "ServiceOrderIds", stays, fields)

    async def companies(self, house: House, ids: Iterable[str]) -> dict[str, str]:
        """The names of these companies and agencies."""
        fields = self._library.in_chain(house, {})
        found = await self._by("companies/getAll", COMPANIES, "Ids", ids, fields)
        return {company.id: present(company.name) or "" for company in found}

    async def tiers(self, house: House, accounts: Iterable[str]) -> dict[str, str]:
        """The loyalty tier of each of these customers who has one."""
        fields = self._library.in_chain(house, {"MembershipStates": ["Enrolled"], "ActivityStates": ACTIVE})
        found = await self._by("loyaltyMemberships/getAll", MEMBERSHIPS, "AccountIds", accounts, fields)
        programs = {m.loyalty_program_id for m in found if m.loyalty_program_id and m.loyalty_tier_id}
        tiers = await self._by(
            "loyaltyTiers/getAll", TIERS, "LoyaltyProgramIds", sorted(programs), self._library.in_chain(house, {})
        )
        return tiers_by_account(found, {tier.id: name for tier in tiers if (name := present(tier.name))})

    async def preference_notes(self, house: House, accounts: Iterable[str]) -> dict[str, list[AccountNote]]:
        """The notes on these customers that say what they like."""
        fields = self._library.in_chain(house, {"ActivityStates": ACTIVE})
        found: dict[str, list[AccountNote]] = {}
        notes = await self._by("accountNotes/getAll", ACCOUNT_NOTES, "AccountIds", accounts, fields)
        for note in reversed(notes):  # Mews tells the newest first
            if note.account_id and not PREFERENCE_NOTES.keys().isdisjoint(note.classifications or ()):
                found.setdefault(note.account_id, []).append(note)
        return found

    async def _by(self, operation: str, listing: Listing[R], name: str, ids: Iterable[str], fields: Fields) -> list[R]:
        async def ask() -> list[R]:
            found: list[R] = []
            for part in in_parts(ids):
                found += await self._api.all(operation, listing, {**fields, name: part})
            return found

        return await self.if_allowed(operation, ask, [])
