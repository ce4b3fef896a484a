"""Guests by themselves: one of them, a search, and those who changed while their bookings did not."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from jack.adapters.pms.cloudbeds.answers import ListReader, Refused, SingleReader
from jack.adapters.pms.cloudbeds.api import CloudbedsApi
from jack.adapters.pms.cloudbeds.fields import FieldBook
from jack.adapters.pms.cloudbeds.guests import digits, folded, guest_alone, guest_from_list, merged_into
from jack.adapters.pms.cloudbeds.hotel import CloudbedsHotel
from jack.adapters.pms.cloudbeds.payloads import Listed, ListedGuest, Single, SingleGuest, is_true, text
from jack.application.ports.pms import SearchBy
from jack.domain.errors import DomainError
from jack.domain.snapshot import GuestSnapshot

MOST_GUESTS = 50

_MERGES = 5
"""How often a guest who became another is followed."""

_SEARCHED_PAGES = 5

_SAME_DIGITS = 7
"""How many digits at the end make two numbers the same: what stands before them is written in too many ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedGuests:
    """One page of `getGuestsModified`: the guests, and the bookings of those who became somebody else."""

    guests: tuple[GuestSnapshot, ...]
    moved: tuple[str, ...]
    keys: tuple[str, ...]
    count: int
    total: int | None


class CloudbedsPeople:
    """Every method raises the three words."""

    def __init__(self, api: CloudbedsApi, hotel: CloudbedsHotel, page_size: int) -> None:
        self._api = api
        self._hotel = hotel
        self._page_size = page_size

    async def guest(self, key: str) -> GuestSnapshot | None:
        """That guest as they are now, under the key of whoever they were merged into; None when there is none."""
        found = await self.one(key)
        if found is None:
            return None
        last, key = await self.followed(found, key)
        return guest_alone(last, key, await self._hotel.fields())

    async def one(self, key: str) -> SingleGuest | None:
        """What Cloudbeds says of the guest with that key."""
        params = {"propertyID": self._hotel.property_id, "guestID": key}
        try:
            return await self._api.get("getGuest", params, lambda answer: _GUEST(answer.body))
        except Refused:
            return None

    async def followed(self, found: SingleGuest, key: str) -> tuple[SingleGuest, str]:
        """Whom this guest has become in the end, and their key."""
        for _ in range(_MERGES):
            target = merged_into(found)
            if target is None or target == key:
                break
            there = await self.one(target)
            if there is None:
                break
            found, key = there, target
        return found, key

    async def search(self, by: SearchBy, words: str) -> tuple[GuestSnapshot, ...]:
        """At most 50 guests, best first. How Cloudbeds matches is not documented, so every answer is looked through."""
        if not words.strip():
            return ()
        fields = await self._hotel.fields()
        ranked: dict[str, tuple[int, GuestSnapshot]] = {}
        for question in _questions(by, words):
            async for guest in self._asked(question, fields):
                rank = _rank(by, words, guest)
                if rank is not None:
                    ranked.setdefault(guest.ref.key, (rank, guest))
            if by is SearchBy.PHONE and ranked:
                break
        best = sorted(ranked.values(), key=lambda pair: (pair[0], pair[1].last_name, pair[1].first_name, pair[1].ref))
        return tuple(guest for _, guest in best[:MOST_GUESTS])

    async def changed(self, since: str, until: str) -> AsyncGenerator[ChangedGuests, None]:
        """Guests who changed between these wall times, and maybe others."""
        fields = await self._hotel.fields()
        params = {"propertyIDs": self._hotel.property_id, "resultsFrom": since, "resultsTo": until}
        pages = self._api.pages("getGuestsModified", params, lambda body: _changed(body, fields), self._page_size)
        async for page in pages:
            yield page

    async def _asked(self, question: dict[str, str], fields: FieldBook) -> AsyncGenerator[GuestSnapshot, None]:
        params = {"propertyIDs": self._hotel.property_id, "includeGuestInfo": "true", **question}
        found = 0
        for number in range(1, _SEARCHED_PAGES + 1):
            asked = {**params, "pageNumber": str(number), "pageSize": "100"}
            records = await self._api.get("getGuestList", asked, lambda answer: _GUESTS(answer.body))
            for guest in records.good:
                key = text(guest.guest_id)
                if key and not is_true(guest.is_merged) and not is_true(guest.is_anonymized):
                    yield guest_from_list(guest, key, fields)
            found += records.count
            if not records.count or (records.total is not None and found >= records.total):
                return


def _questions(by: SearchBy, words: str) -> list[dict[str, str]]:
    """The filters to try one after the other."""
    match by:
        case SearchBy.EMAIL:
            return [{"guestEmail": words.strip()}]
        case SearchBy.NAME:
            parts = words.split()
            whole = [{"guestLastName": words.strip()}, {"guestFirstName": words.strip()}]
            first_and_last = {"guestFirstName": parts[0], "guestLastName": " ".join(parts[1:])}
            return whole if len(parts) == 1 else [first_and_last, *whole]
        case SearchBy.PHONE:
            spellings = dict.fromkeys((words.strip(), digits(words), digits(words)[-9:]))
            return [{name: number} for number in spellings if number for name in ("guestCellPhone", "guestPhone")]


def _rank(by: SearchBy, words: str, guest: GuestSnapshot) -> int | None:
    match by:
        case SearchBy.EMAIL:
            return 0 if folded(words) in map(folded, guest.emails) else None
        case SearchBy.PHONE:
            wanted = digits(words)[-_SAME_DIGITS:]
            same = len(wanted) == _SAME_DIGITS and any(digits(phone).endswith(wanted) for phone in guest.phones)
            return 0 if same else None
        case SearchBy.NAME:
            wanted, name = folded(words), folded(f"{guest.first_name} {guest.last_name}")
            if wanted in (name, folded(guest.last_name)):
                return 0
            return 1 if all(any(p.startswith(w) for p in name.split()) for w in wanted.split()) else None


def _changed(body: bytes, fields: FieldBook) -> ChangedGuests:
    records = _GUESTS(body)
    guests: dict[str, GuestSnapshot] = {}
    moved: dict[str, None] = {}
    keys: list[str] = []
    for guest in records.good:
        key, booking = text(guest.guest_id), text(guest.reservation_id)
        keys.append(f"{key} {booking} {text(guest.room_id)}")  # a guest in two rooms stands there twice
        if merged_into(guest) is not None:
            moved |= {booking: None} if booking else {}
            continue
        try:
            guests[key] = guest_from_list(guest, key, fields)
        except DomainError:
            continue  # no key, so nobody whom Jack holds
    return ChangedGuests(
        guests=tuple(guests.values()),
        moved=tuple(moved),
        keys=tuple(keys),
        count=records.count,
        total=records.total,
    )


_GUEST: SingleReader[SingleGuest] = SingleReader(Single[SingleGuest])
_GUESTS: ListReader[ListedGuest] = ListReader(Listed[ListedGuest], ListedGuest)
