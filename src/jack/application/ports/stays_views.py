"""StaysViews: guests, stays and the sync as staff see them. Rows go out over the API as they are."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from jack.application.ports.pages import Page
from jack.domain.ids import HotelId
from jack.domain.room import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPointView:
    """A contact point; `shared` when so many guests hold it that it identifies nobody, `readable` False for a text
    that could not be read."""

    kind: str
    value: str
    shared: bool
    readable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceView:
    """A preference."""

    id: str
    category: str
    value: str
    source: str
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalRefView:
    """The identity of something that came from outside."""

    system: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestView:
    """A guest. `synced_at` is when the PMS last confirmed these facts."""

    id: str
    hotel_id: str
    first_name: str
    last_name: str
    language: str | None
    country: str | None
    loyalty_tier: str | None
    vip: bool
    contact_points: tuple[ContactPointView, ...]
    preferences: tuple[PreferenceView, ...]
    external_refs: tuple[ExternalRefView, ...]
    synced_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanionView:
    """Somebody who shares a stay."""

    guest_id: str | None
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationView:
    """A reservation. `synced_at` is when the PMS last confirmed these facts; `gone_at` and `doubt` as in the domain."""

    id: str
    hotel_id: str
    guest_id: str
    guest_name: str
    confirmation_number: str
    external_ref: ExternalRefView
    status: str
    room_number: str | None
    room_type: str | None
    arrival_date: date
    departure_date: date
    expected_arrival: datetime | None
    adults: int
    children: int
    special_requests: tuple[str, ...]
    companions: tuple[CompanionView, ...]
    gone_at: datetime | None
    doubt: str | None
    synced_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRunView:
    """One run of the sync. `total` is how many reservations its present reading will bring, None where the PMS does not
    say; with the counts it shows the progress of a run that goes on."""

    id: str
    hotel_id: str
    kind: str
    started_at: datetime
    finished_at: datetime | None
    status: str
    created: int
    updated: int
    unchanged: int
    rejected: int
    gone: int
    total: int | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncProgressView:
    """How far a run is: reservations read so far, and how many there will be, None where the PMS does not say."""

    kind: str
    read: int
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingStaysView:
    """More stays than may be lost at once were missing at the PMS: `number` of the `held` ones.

    Nothing was marked as gone. When staff have `confirmed` that the hotel really has lost them, the next full run does.
    """

    number: int
    held: int
    run_id: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStateView:
    """Where the sync of a hotel stands. Counts are of what Jack holds now; `age_seconds` since the last success.

    `error` is what was wrong with the last run that ended, in plain words; `unreachable_since` when the PMS went away,
    None while it answers. `unknown` counts words of the PMS that Jack does not know, `unreadable_notices` pushes that
    could not be understood, `waiting_notices` those that are still to be followed. `missing` waits for staff to decide.
    `system` is the kind of PMS, and `capabilities` what it can do.
    """

    hotel_id: str
    system: str
    capabilities: tuple[str, ...]
    running: bool
    progress: SyncProgressView | None
    current_run: SyncRunView | None
    last_run: SyncRunView | None
    error: str | None
    unreachable_since: datetime | None
    last_full_at: datetime | None
    missing: MissingStaysView | None
    last_success_at: datetime | None
    age_seconds: float | None
    next_run_at: datetime | None
    cursor: datetime | None
    guests: int
    reservations: int
    rejected: int
    unknown: int
    unreadable_notices: int
    waiting_notices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownValueView:
    """A word of the PMS that Jack does not know: where it stands and what it says; `times` counts pages that had it."""

    system: str
    field: str
    value: str
    first_seen_at: datetime
    last_seen_at: datetime
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableNoticeView:
    """A push of the PMS that could not be understood; `raw` is its beginning, as text."""

    id: str
    received_at: datetime
    reason: str
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedView:
    """A record that could not be read or kept."""

    kind: str
    external_ref: ExternalRefView | None
    reason: str
    raw: str
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StayEventView:
    """Something that happened to a stay; `before` and `after` hold what changed by name, as in the domain."""

    id: str
    reservation_id: str
    confirmation_number: str
    kind: str
    before: dict[str, str]
    after: dict[str, str]
    at: datetime
    modified_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePersonView:
    """Another guest who may be the same person, and what is the same: "name" and "phone" or "email" at least."""

    guest_id: str
    first_name: str
    last_name: str
    same: tuple[str, ...]


class StaysViews(Protocol):
    """What staff see of guests, stays and the sync; `hotels` None means every hotel."""

    @abstractmethod
    async def guests(
        self, hotels: tuple[HotelId, ...] | None, *, q: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[GuestView]:
        """Guests by last name, first name, id. `q` finds parts of names, and phone numbers, e-mails and confirmation
        numbers from their beginning."""

    @abstractmethod
    async def guest(self, guest_id: str) -> GuestView | None:
        """One guest, or None."""

    @abstractmethod
    async def same_person_suggestions(self, guest_id: str) -> tuple[SamePersonView, ...]:
        """Other guests of the hotel with the same name, whatever its case and accents, and a contact point in common.

        For people to look at: Jack never takes two guests of the PMS for one by itself.
        """

    @abstractmethod
    async def stay_events(
        self, guest_id: str, *, since: datetime | None = None, limit: int = 200
    ) -> tuple[StayEventView, ...]:
        """What happened to the stays that the guest has or shares, oldest first; the newest `limit`."""

    @abstractmethod
    async def reservations(
        self,
        hotels: tuple[HotelId, ...] | None,
        *,
        guest_id: str | None = None,
        status: str | None = None,
        on: date | None = None,
        q: str | None = None,
        gone: bool = False,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[ReservationView]:
        """Reservations by arrival, then id, newest arrival first. `guest_id` finds companions too; `on` keeps stays
        that share that day; `q` finds confirmation numbers, rooms and guest names. What the PMS no longer has is left
        out unless `gone`."""

    @abstractmethod
    async def reservation(self, reservation_id: str) -> ReservationView | None:
        """One reservation, or None."""

    @abstractmethod
    async def rooms(self, hotels: tuple[HotelId, ...] | None) -> tuple[Room, ...]:
        """Rooms by hotel and number."""

    @abstractmethod
    async def sync_state(self, hotel_id: HotelId, now: datetime) -> SyncStateView:
        """Where the sync of a hotel stands.

        `next_run_at` is only the instant before which the PMS must not be asked again, if there is one; the caller, who
        knows the interval, makes it the time of the next run. `system` and `capabilities` are empty, for the caller to
        fill as well.
        """

    @abstractmethod
    async def sync_runs(self, hotel_id: HotelId, *, limit: int = 50, cursor: str | None = None) -> Page[SyncRunView]:
        """Runs, newest first."""

    @abstractmethod
    async def sync_run(self, hotel_id: HotelId, run_id: str) -> SyncRunView | None:
        """One run, or None."""

    @abstractmethod
    async def rejected(self, hotel_id: HotelId, *, limit: int = 50, cursor: str | None = None) -> Page[RejectedView]:
        """Rejected records, newest first."""

    @abstractmethod
    async def unknown_values(
        self, hotel_id: HotelId, *, limit: int = 50, cursor: str | None = None
    ) -> Page[UnknownValueView]:
        """The vendor's words that Jack does not know, those seen last first."""

    @abstractmethod
    async def unreadable_notices(
        self, hotel_id: HotelId, *, limit: int = 50, cursor: str | None = None
    ) -> Page[UnreadableNoticeView]:
        """Pushes that could not be understood, newest first."""
