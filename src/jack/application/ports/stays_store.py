"""Repositories for guests, reservations, rooms and the sync; all inside one unit of work."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Protocol

from jack.domain.contact import ContactKind
from jack.domain.guest import Guest, Preference
from jack.domain.ids import ExternalRef, GuestId, HotelId, PreferenceId, ReservationId, SyncRunId
from jack.domain.reservation import Reservation, StayPeriod
from jack.domain.room import Room
from jack.domain.snapshot import RejectedRecord, UnknownValue
from jack.domain.stay_events import StayEvent
from jack.domain.sync import SyncRun, SyncState

NO_FINGERPRINTS: Mapping[Any, str] = MappingProxyType({})
"""Given where what is saved was not made by a snapshot alone."""

MOST_UNKNOWN = 1_000
"""How many unknown words are kept for one hotel: a field of free text must not fill the database."""


class Guests(Protocol):
    """The guests of every hotel."""

    @abstractmethod
    async def get(self, hotel_id: HotelId, guest_id: GuestId) -> Guest | None:
        """That guest with all preferences, or None."""

    @abstractmethod
    async def by_refs(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> dict[ExternalRef, Guest]:
        """The known guests among these references; unknown ones are left out. One query whatever the number."""

    @abstractmethod
    async def fingerprints(
        self, hotel_id: HotelId, refs: Sequence[ExternalRef]
    ) -> dict[ExternalRef, tuple[GuestId, str | None]]:
        """For the known ones among these references the guest's id and the fingerprint that was saved with it.

        None stands for a guest that must be compared: one that has several references, or was saved without any.
        """

    @abstractmethod
    async def by_contact(
        self, hotel_id: HotelId, kind: ContactKind, values: Sequence[str], limit: int
    ) -> tuple[Guest, ...]:
        """Guests with a readable contact point of that kind and one of these values, by id, at most `limit`."""

    @abstractmethod
    async def named(self, hotel_id: HotelId, names: Sequence[tuple[str, str]], limit: int) -> tuple[Guest, ...]:
        """Guests with one of these (first name, last name), whatever the case and accents, by id, at most `limit`."""

    @abstractmethod
    async def save_synced(
        self,
        guests: Sequence[Guest],
        *,
        overwrite: bool = False,
        fingerprints: Mapping[GuestId, str] = NO_FINGERPRINTS,
        fresh: Collection[GuestId] = (),
    ) -> None:
        """Insert or replace what the PMS says of these guests, with references and contact points, in bulk.

        `fingerprints` are those of the snapshots that made the guests so; whatever saves a guest for another reason
        gives none, and so the next snapshot is compared with what is stored. `fresh` are ids that were made just now,
        for references that were looked for in vain in this unit of work, `alone`: nothing is looked for again.

        A guest that is stored with a later `modified_at` stays as stored, unless `overwrite`. Preferences of other
        sources than the PMS are left as they are stored, whatever the given guests carry.
        Two guests of one hotel with the same reference raise Conflict; a value that the database cannot store (a NUL
        character in PostgreSQL) raises ServiceRejected.
        """

    @abstractmethod
    async def add_preference(self, hotel_id: HotelId, guest_id: GuestId, preference: Preference) -> None:
        """Store a preference that staff or the guest stated."""

    @abstractmethod
    async def remove_preference(self, hotel_id: HotelId, guest_id: GuestId, preference_id: PreferenceId) -> bool:
        """Forget a preference that staff or the guest stated; False when there is none such (the PMS's cannot go)."""


class Reservations(Protocol):
    """The reservations of every hotel."""

    @abstractmethod
    async def get(self, hotel_id: HotelId, reservation_id: ReservationId) -> Reservation | None:
        """That reservation, or None."""

    @abstractmethod
    async def by_refs(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> dict[ExternalRef, Reservation]:
        """The known reservations among these references; unknown ones are left out. One query whatever the number."""

    @abstractmethod
    async def fingerprints(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> dict[ExternalRef, str | None]:
        """For the known ones among these references the fingerprint that was saved with the reservation, or None.

        One that was marked as gone or in doubt since then has none.
        """

    @abstractmethod
    async def of_guests(
        self, hotel_id: HotelId, guest_ids: Sequence[GuestId], leaving_from: date
    ) -> tuple[Reservation, ...]:
        """Stays of these guests, as main guest or companion, ending on `leaving_from` or later; by arrival, then id."""

    @abstractmethod
    async def with_code(
        self, hotel_id: HotelId, codes: Sequence[str], leaving_from: date, limit: int
    ) -> tuple[Reservation, ...]:
        """Stays that end on `leaving_from` or later and whose room or confirmation number is one of these, by id."""

    @abstractmethod
    async def alone(self, hotel_id: HotelId) -> None:
        """Until this transaction ends, let nobody else who asks for the same compare this hotel's stays and guests with
        the PMS; waits for whoever does. What is read afterwards is what they left."""

    @abstractmethod
    async def save_synced(
        self,
        reservations: Sequence[Reservation],
        *,
        overwrite: bool = False,
        fingerprints: Mapping[ReservationId, str] = NO_FINGERPRINTS,
        fresh: Collection[ReservationId] = (),
    ) -> None:
        """Insert or replace these reservations in bulk, companions included; `fingerprints` and `fresh` as for guests.

        One that is stored with a later `modified_at` stays as stored, unless `overwrite`. A known reference under
        another id raises Conflict; a value that the database cannot store ServiceRejected.
        """

    @abstractmethod
    def refs_in(self, hotel_id: HotelId, period: StayPeriod) -> AsyncIterator[ExternalRef]:
        """References of stays that share a day with `period` and are not gone, streamed, in any order."""

    @abstractmethod
    async def count_in(self, hotel_id: HotelId, period: StayPeriod) -> int:
        """How many stays share a day with `period` and are not gone."""

    @abstractmethod
    async def refs_under(self, hotel_id: HotelId, system: str, numbers: Sequence[str]) -> tuple[ExternalRef, ...]:
        """References of that system's stays under one of these confirmation numbers that are not gone, in any order."""

    @abstractmethod
    async def mark_gone(self, hotel_id: HotelId, refs: Sequence[ExternalRef], at: datetime) -> int:
        """Mark these as no longer at the PMS; how many were not gone before."""

    @abstractmethod
    async def leave_behind(self, hotel_id: HotelId, system: str, at: datetime) -> int:
        """Mark every stay of the hotel as gone that another system than this one told of; how many were not gone."""

    @abstractmethod
    async def mark_doubtful(self, hotel_id: HotelId, ref: ExternalRef, reason: str) -> bool:
        """Keep the last good facts but mark them in doubt; False when the reservation is not known."""


class SeenStays(Protocol):
    """What a full reading of a hotel has met so far. Beside it stands what it has not met."""

    @abstractmethod
    async def forget(self, hotel_id: HotelId) -> None:
        """Forget everything that was met: a reading begins or is over."""

    @abstractmethod
    async def add(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> None:
        """These were met, perhaps again."""

    @abstractmethod
    async def count_missing(self, hotel_id: HotelId, system: str, period: StayPeriod) -> int:
        """How many of that system's stays share a day with `period`, are not gone, and were not met."""

    @abstractmethod
    async def missing(self, hotel_id: HotelId, system: str, period: StayPeriod, limit: int) -> tuple[ExternalRef, ...]:
        """Some of them, at most `limit`."""


class StayEvents(Protocol):
    """What happened to stays: written once, with the change itself, and never changed."""

    @abstractmethod
    async def add(self, events: Sequence[StayEvent]) -> None:
        """Keep these."""

    @abstractmethod
    async def of_stays(self, hotel_id: HotelId, stays: Sequence[ReservationId]) -> tuple[StayEvent, ...]:
        """What happened to these stays, oldest first."""


class Rooms(Protocol):
    """The rooms of every hotel."""

    @abstractmethod
    async def of_hotel(self, hotel_id: HotelId) -> tuple[Room, ...]:
        """Every room, by number."""

    @abstractmethod
    async def replace_all(self, hotel_id: HotelId, rooms: Sequence[Room]) -> None:
        """Make these the rooms of the hotel; unchanged ones keep their row."""


class SyncStates(Protocol):
    """Cursors, leases, runs and rejected records of the sync."""

    @abstractmethod
    async def state(self, hotel_id: HotelId) -> SyncState:
        """Where the sync of that hotel stands; a fresh state when it never ran. Locks it until the transaction ends."""

    @abstractmethod
    async def confirmed_at(self, hotel_id: HotelId) -> datetime | None:
        """The start of the last complete run: at that instant Jack's copy equalled the PMS. Locks nothing."""

    @abstractmethod
    async def save_state(self, state: SyncState) -> None:
        """Store that state."""

    @abstractmethod
    async def save_run(self, run: SyncRun) -> None:
        """Store a run, new or again."""

    @abstractmethod
    async def running(self, hotel_id: HotelId) -> tuple[SyncRun, ...]:
        """Runs of that hotel that are stored as running, oldest first."""

    @abstractmethod
    async def run(self, hotel_id: HotelId, run_id: SyncRunId) -> SyncRun | None:
        """That run, or None."""

    @abstractmethod
    async def reject(self, hotel_id: HotelId, records: Sequence[RejectedRecord], now: datetime) -> None:
        """Keep these bad records; one that is kept already gets the newest reason, raw form and time.

        An empty raw form leaves the one that is kept.
        """

    @abstractmethod
    async def reject_only(self, hotel_id: HotelId, kind: str, records: Sequence[RejectedRecord], now: datetime) -> None:
        """Keep these bad records as `reject` does, and forget every other one of that kind."""

    @abstractmethod
    async def accept(self, hotel_id: HotelId, refs: Sequence[ExternalRef]) -> None:
        """Forget the bad records of these references: they were read after all. Writes nothing when none is kept."""

    @abstractmethod
    async def forget_nameless(self, hotel_id: HotelId, seen_before: datetime) -> None:
        """Forget the bad records without a reference, rooms left out, that were last seen before that instant.

        Nobody can ask for them again, so a reading of everything that did not meet them is all that can be known.
        """

    @abstractmethod
    async def rejected_refs(self, hotel_id: HotelId, tried_before: datetime, limit: int) -> tuple[ExternalRef, ...]:
        """References of kept bad records, rooms left out, last tried before that instant, longest ago first."""

    @abstractmethod
    async def note_unknown(
        self, hotel_id: HotelId, system: str, values: Sequence[UnknownValue], now: datetime
    ) -> tuple[UnknownValue, ...]:
        """Note the vendor's words that Jack does not know, and return those that were never noted before.

        Words that are noted already get the newest time and are counted once more. At most `MOST_UNKNOWN` are kept for
        a hotel: those beyond are passed over. Writes nothing for no values.
        """
