"""People: reads who a page of reservations points at, some hundred at a time."""

from collections.abc import Iterable, Sequence
from contextlib import aclosing

import msgspec

from jack.adapters.pms.mews.api import MewsApi
from jack.adapters.pms.mews.extras import Extras
from jack.adapters.pms.mews.guests import Around, Person, person_of, wishes_by_stay
from jack.adapters.pms.mews.library import BOTH, Library, in_parts
from jack.adapters.pms.mews.listing import COMPANIONSHIPS, CUSTOMERS
from jack.adapters.pms.mews.payloads import Companionship, Customer, Reservation
from jack.adapters.pms.mews.reference import House
from jack.adapters.pms.mews.together import together
from jack.adapters.pms.mews.words import CUSTOMER
from jack.adapters.vendor_api.records import Unreadable, why
from jack.domain.errors import DomainError
from jack.domain.snapshot import GuestSnapshot, RejectedRecord, UnknownValue

CUSTOMERS_ONLY = {"Customers": True, "Addresses": False}
COMPANIONSHIPS_ONLY = {"Reservations": False, "ReservationGroups": False, "Customers": False}

MOST_MERGES = 10
"""How often a merged customer may have been merged again."""


class People:
    """Side look-ups that every page needs: companions, customers and companies, with what hangs on them."""

    def __init__(self, api: MewsApi, library: Library, extras: Extras) -> None:
        self._api = api
        self._library = library
        self._extras = extras

    async def around(self, records: Sequence[Reservation], house: House) -> Around:
        """Everything that these reservations point at."""
        stays = [record.id for record in records]
        companionships, notes = await together(self.companionships(stays), self._extras.wishes(stays))
        companions: dict[str, list[str]] = {}
        for companionship in reversed(companionships):  # Mews tells the newest first
            if companionship.reservation_id and companionship.customer_id:
                companions.setdefault(companionship.reservation_id, []).append(companionship.customer_id)
        owners = [r.account_id for r in records if r.account_id and r.account_type in (CUSTOMER, None)]
        firms = [r.account_id for r in records if r.account_id and r.account_type not in (CUSTOMER, None)]
        known, companies = await together(
            self.known(house, [*owners, *(key for keys in companions.values() for key in keys)]),
            self._extras.companies(house, firms),
        )
        return Around(
            people=known.people,
            broken=known.broken,
            merged=known.merged,
            rejected=known.rejected,
            unknown=known.unknown,
            companies=companies,
            companions=companions,
            wishes=wishes_by_stay(notes),
        )

    async def companionships(self, stays: Sequence[str], **more: object) -> list[Companionship]:
        """Who shares these stays; the owner may be among them."""
        found: list[Companionship] = []
        for part in in_parts(stays):
            fields = self._library.here({"ReservationIds": part, "Extent": COMPANIONSHIPS_ONLY, **more})
            found += await self._api.all("companionships/getAll", COMPANIONSHIPS, fields)
        return found

    async def known(self, house: House, ids: Iterable[str]) -> Around:
        """The customers with these ids."""
        return await self.told(house, *await self._customers(house, ids))

    async def told(
        self, house: House, customers: Sequence[Customer], rejected: Sequence[RejectedRecord] = ()
    ) -> Around:
        """These customers as people, with what hangs on them; whoever was merged into another one is that one."""
        by_id, bad = await self._with_targets(house, customers, rejected)
        ends = {key: _end_of(key, by_id) for key in by_id}
        accounts = list(dict.fromkeys(ends.values()))
        tiers, notes = await together(
            self._extras.tiers(house, accounts), self._extras.preference_notes(house, accounts)
        )
        unknown: dict[UnknownValue, None] = {}
        broken = {record.ref.key: record.reason for record in bad if record.ref is not None}
        people: dict[str, Person] = {}
        for key in accounts:
            try:
                people[key] = person_of(by_id[key], tiers.get(key), notes.get(key, ()), unknown)
            except (Unreadable, DomainError, ValueError, TypeError) as error:
                broken[key] = why(error)
        people |= {key: people[end] for key, end in ends.items() if end in people}
        broken |= {key: broken[end] for key, end in ends.items() if end in broken}
        merged = tuple(_left_behind(by_id[key]) for key, end in ends.items() if key != end and end in people)
        return Around(people=people, broken=broken, merged=merged, rejected=tuple(bad), unknown=tuple(unknown))

    async def _with_targets(
        self, house: House, customers: Sequence[Customer], rejected: Sequence[RejectedRecord]
    ) -> tuple[dict[str, Customer], list[RejectedRecord]]:
        """These customers and those whom they were merged into."""
        by_id = {customer.id: customer for customer in customers}
        bad = list(rejected)
        asked: set[str] = set()
        for _ in range(MOST_MERGES):
            targets = {c.merge_target_id for c in by_id.values() if c.merge_target_id} - by_id.keys() - asked
            if not targets:
                break
            asked |= targets
            found, worse = await self._customers(house, sorted(targets))
            by_id |= {customer.id: customer for customer in found}
            bad += worse
        return by_id, bad

    async def _customers(self, house: House, ids: Iterable[str]) -> tuple[list[Customer], list[RejectedRecord]]:
        found: list[Customer] = []
        bad: list[RejectedRecord] = []
        for part in in_parts(ids):
            asked = {"CustomerIds": part, "ActivityStates": BOTH, "Extent": CUSTOMERS_ONLY}
            fields = self._library.in_chain(house, asked)
            async with aclosing(self._api.pages("customers/getAll", CUSTOMERS, fields)) as pages:
                async for page in pages:
                    found += page.records
                    bad += page.rejected
        return found, bad


def _left_behind(customer: Customer) -> GuestSnapshot:
    """What is left of a customer who was merged into another one: else both would be reached by the same number."""
    bare = msgspec.structs.replace(
        customer, is_active=False, classifications=None, preferred_language_code=None, updated_utc=None
    )
    return person_of(bare, None, (), {}).snapshot


def _end_of(key: str, by_id: dict[str, Customer]) -> str:
    """Who that customer is after all merges, as far as Mews tells."""
    seen = {key}
    while (target := by_id[key].merge_target_id) and target in by_id and target not in seen:
        seen.add(target)
        key = target
    return key
