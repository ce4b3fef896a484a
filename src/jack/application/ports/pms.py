"""The PMS: narrow ports that each vendor's adapter plays as far as the vendor can."""

from abc import abstractmethod
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from jack.application.ports.pms_notices import PmsNotices
from jack.application.ports.pms_pages import ReservationPage, RoomList
from jack.application.ports.pms_tasks import PmsTasks
from jack.domain.ids import ExternalRef, HotelId
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot
from jack.domain.sync import SyncWindow


class Capability(StrEnum):
    """What a vendor's interface can do; what it cannot do is left out of `capabilities`, and never faked.

    `CHANGES` the vendor can be asked what changed since an instant (without it `changed` reads an event queue or
    everything again); `EVENTS` it keeps a queue of changes for Jack; `WEBHOOKS` it calls Jack. The `SEARCH_…` say by
    what guests can be found there. `GUEST_IDS` a guest keeps one identity over all stays. The words from `COMPANIONS`
    to `INSPECTION` are facts that its records can carry. `TASKS` Jack can leave tasks or notes.
    """

    CHANGES = "changes"
    EVENTS = "events"
    WEBHOOKS = "webhooks"
    SEARCH_BY_NAME = "search_by_name"
    SEARCH_BY_EMAIL = "search_by_email"
    SEARCH_BY_PHONE = "search_by_phone"
    GUEST_IDS = "guest_ids"
    COMPANIONS = "companions"
    EXPECTED_ARRIVAL = "expected_arrival"
    SPECIAL_REQUESTS = "special_requests"
    PREFERENCES = "preferences"
    LANGUAGE = "language"
    LOYALTY = "loyalty"
    VIP = "vip"
    OCCUPANCY = "occupancy"
    HOUSEKEEPING = "housekeeping"
    INSPECTION = "inspection"
    TASKS = "tasks"


class ReservationSource(Protocol):
    """Reads reservations. Every method raises ServiceUnavailable, ServiceDenied or ServiceRejected and nothing else.

    Pages come as they are read, so memory does not grow with the hotel; reading again gives the same facts. A
    reservation may appear on two pages when the vendor's pages shift. No reservation at all is no page or an empty one.
    Whoever asks for the next page has made the previous one durable; leaving early leaves everything to be read again.
    """

    @property
    @abstractmethod
    def system(self) -> str:
        """The `system` of this source's external references, such as "mews"."""

    @property
    @abstractmethod
    def capabilities(self) -> frozenset[Capability]:
        """What this vendor can do."""

    @abstractmethod
    def changed(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        """Every reservation created or changed in [since, until), cancelled ones included, in any order.

        May bring others as well, where the vendor cannot say so exactly.
        """

    @abstractmethod
    def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        """Every reservation whose stay shares a day with `period`, cancelled ones included, in any order."""

    @abstractmethod
    async def reservation(self, ref: ExternalRef) -> ReservationSnapshot | None:
        """That reservation as it is now; None when the PMS does not have it (any more)."""

    @abstractmethod
    async def numbered(self, confirmation_number: str) -> tuple[ReservationSnapshot, ...]:
        """The reservations under the number that guests quote, one for each room; empty when there is none.

        Raises ServiceRejected when there is one that cannot be read.
        """


class RoomBoard(Protocol):
    """Reads rooms with their state. Raises the three words for outside failures."""

    @abstractmethod
    async def rooms(self) -> RoomList:
        """Every room of the hotel, in any order."""


class SearchBy(StrEnum):
    """What a guest is looked for by; an adapter lacks those that its capabilities do not name."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"


class GuestDirectory(Protocol):
    """Reads guests. Raises the three words for outside failures."""

    @abstractmethod
    async def guest(self, ref: ExternalRef) -> GuestSnapshot | None:
        """That guest as they are now; None when the PMS does not have them."""

    @abstractmethod
    async def search_guests(self, by: SearchBy, text: str) -> tuple[GuestSnapshot, ...]:
        """Guests whose name, e-mail address or phone number (E.164) fits `text`, at most 50, best first.

        Raises ServiceRejected for what the vendor cannot search by.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class PmsHotel:
    """The hotel as the PMS itself describes it; `time_zone` is an IANA name, None where the vendor gives none."""

    key: str
    name: str
    time_zone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionReport:
    """How a connection test went: `problem` is None when all is well, else what is wrong and what to do.

    `hotel` is what the PMS says the hotel is, when it said so. `notes` are sentences for people about what works but
    is worth knowing.
    """

    summary: str
    problem: str | None = None
    hotel: PmsHotel | None = None
    notes: tuple[str, ...] = ()


class PmsConnection(Protocol):
    """Tests the connection."""

    @abstractmethod
    async def check(self) -> ConnectionReport:
        """Try the connection as a sync would. Never raises for outside failures; never names a secret.

        Tells apart, as far as the vendor lets it: an unreachable address, wrong credentials, the wrong hotel, a missing
        permission (which), and a clock that runs wrong.
        """

    @abstractmethod
    async def hotel(self) -> PmsHotel:
        """The hotel's own name and time zone. Raises the three words."""


class Pms(ReservationSource, RoomBoard, GuestDirectory, PmsConnection, PmsNotices, PmsTasks, Protocol):
    """What every vendor's adapter plays."""


class PmsDirectory(Protocol):
    """Which PMS a hotel has."""

    @abstractmethod
    def of(self, hotel_id: HotelId) -> Pms:
        """The PMS of that hotel. Raises NotFound for a hotel that this Jack does not serve."""
