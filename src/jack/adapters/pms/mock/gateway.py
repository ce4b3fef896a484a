"""MockPms: a PMS that reads its book instead of asking a vendor."""

import unicodedata
from collections.abc import AsyncGenerator, Callable, Sequence

import msgspec

from jack.adapters.pms.mock.book import ReservationBook, newest_guests
from jack.application.errors import OutsideFailure, ServiceRejected
from jack.application.ports.clock import Clock
from jack.application.ports.pms import Capability, ConnectionReport, Pms, PmsHotel, SearchBy
from jack.application.ports.pms_notices import PmsHints
from jack.application.ports.pms_pages import ReservationPage, RoomList
from jack.application.ports.pms_tasks import PmsTask
from jack.domain.ids import ExternalRef
from jack.domain.reservation import StayPeriod
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, UnknownValue
from jack.domain.sync import SyncWindow

SYSTEM = "mock"
"""The `system` of every reference that a mock PMS gives."""

MOST_GUESTS = 50


class MockPms(Pms):
    """Plays a whole PMS over a book. The clock says which state of the hotel is meant."""

    def __init__(self, book: ReservationBook, clock: Clock) -> None:
        self._book = book
        self._clock = clock
        self.tasks: dict[str, PmsTask] = {}
        self.called = "The mock hotel"
        self.time_zone: str | None = None

    @property
    def system(self) -> str:
        return SYSTEM

    @property
    def capabilities(self) -> frozenset[Capability]:
        return frozenset(Capability) - {Capability.EVENTS}

    def changed(self, window: SyncWindow) -> AsyncGenerator[ReservationPage, None]:
        """As the port says; reservations without a modification instant are always among them."""
        return self._paged(
            [r for r in self._now() if r.modified_at is None or window.contains(r.modified_at)],
        )

    def staying(self, period: StayPeriod) -> AsyncGenerator[ReservationPage, None]:
        return self._paged([r for r in self._now() if r.period.overlaps(period)])

    async def reservation(self, ref: ExternalRef) -> ReservationSnapshot | None:
        await self._book.asked()
        return next((r for r in self._now() if r.ref == ref), None)

    async def numbered(self, confirmation_number: str) -> tuple[ReservationSnapshot, ...]:
        await self._book.asked()
        return tuple(r for r in self._now() if r.confirmation_number == confirmation_number)

    async def rooms(self) -> RoomList:
        await self._book.asked()
        return RoomList(rooms=self._book.rooms(self._clock.now()))

    async def guest(self, ref: ExternalRef) -> GuestSnapshot | None:
        await self._book.asked()
        return next((guest for guest in newest_guests(self._now()) if guest.ref == ref), None)

    async def search_guests(self, by: SearchBy, text: str) -> tuple[GuestSnapshot, ...]:
        await self._book.asked()
        ranked = sorted(
            ((rank, guest) for guest in newest_guests(self._now()) if (rank := _FITS[by](guest, text)) is not None),
            key=lambda pair: (pair[0], pair[1].last_name, pair[1].first_name, pair[1].ref),
        )
        return tuple(guest for _, guest in ranked[:MOST_GUESTS])

    def hints(self, body: bytes) -> PmsHints:
        """As the port says; the mock's push is `{"reservations": [keys], "guests": [keys], "rooms": true}`."""
        try:
            push = msgspec.json.decode(body, type=_Push)
        except msgspec.DecodeError as error:
            raise ServiceRejected("the push is not the mock PMS's") from error
        unknown = (UnknownValue(field="push.event", value=push.event),) if push.event else ()
        return PmsHints(
            stays=tuple(dict.fromkeys(push.reservations)),
            guests=tuple(dict.fromkeys(push.guests)),
            rooms=push.rooms,
            changes=bool(unknown),
            unknown=unknown,
        )

    async def named(self, hints: PmsHints) -> AsyncGenerator[ReservationPage, None]:
        await self._book.asked()
        found = [r for r in self._now() if r.ref.key in hints.stays]
        guests = [g for g in newest_guests(self._now()) if g.ref.key in hints.guests]
        held = {r.ref.key for r in found}
        gone = tuple(ExternalRef(system=SYSTEM, key=key) for key in hints.stays if key not in held)
        yield ReservationPage(reservations=tuple(found), guests=tuple(guests), gone=gone)

    async def file_task(self, task: PmsTask) -> str:
        await self._book.asked()
        self.tasks.setdefault(task.key, task)
        return f"task-{task.key}"

    async def hotel(self) -> PmsHotel:
        await self._book.asked()
        return PmsHotel(key=SYSTEM, name=self.called, time_zone=self.time_zone)

    async def check(self) -> ConnectionReport:
        try:
            await self._book.asked()
        except OutsideFailure as failure:
            return ConnectionReport(summary="The mock PMS did not answer.", problem=str(failure))
        now = self._clock.now()
        rooms, reservations = len(self._book.rooms(now)), len(self._book.reservations(now))
        return ConnectionReport(summary=f"The mock PMS answers: {rooms} rooms, {reservations} reservations.")

    def _now(self) -> tuple[ReservationSnapshot, ...]:
        return self._book.reservations(self._clock.now())

    async def _paged(self, found: Sequence[ReservationSnapshot]) -> AsyncGenerator[ReservationPage, None]:
        # A reading is at least one question, so that an empty hotel fails like a full one.
        await self._book.asked()
        for number, page in enumerate(self._book.pages(found)):
            if number:
                await self._book.asked()
            yield page


def _name_fits(guest: GuestSnapshot, text: str) -> int | None:
    """How well a name fits what somebody typed: 0 the whole name, 1 beginnings of its words."""
    wanted = _folded(text)
    name = _folded(f"{guest.first_name} {guest.last_name}")
    if not wanted:
        return None
    if wanted in (name, _folded(guest.last_name)):
        return 0
    return 1 if all(any(part.startswith(word) for part in name.split()) for word in wanted.split()) else None


def _email_fits(guest: GuestSnapshot, text: str) -> int | None:
    return 0 if _folded(text) in map(_folded, guest.emails) else None


def _phone_fits(guest: GuestSnapshot, text: str) -> int | None:
    """Whether a number's digits end alike: the vendor's texts hold all kinds of prefixes."""
    digits = _digits(text)
    return 0 if len(digits) >= 7 and any(_digits(p)[-7:] == digits[-7:] for p in guest.phones) else None


_FITS: dict[SearchBy, Callable[[GuestSnapshot, str], int | None]] = {
    SearchBy.NAME: _name_fits,
    SearchBy.EMAIL: _email_fits,
    SearchBy.PHONE: _phone_fits,
}


class _Push(msgspec.Struct):
    event: str = ""
    reservations: list[str] = []
    guests: list[str] = []
    rooms: bool = False


def _digits(text: str) -> str:
    return "".join(ch for ch in text if ch.isdigit())


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(ch for ch in plain if not unicodedata.combining(ch)).casefold().split())
