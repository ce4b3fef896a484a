"""Making one page of a PMS Jack's own, in the same way for a run of the sync and for what a notice named."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jack.application.errors import OutsideFailure
from jack.application.ports.clock import Clock
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms_pages import ReservationPage
from jack.application.ports.unit_of_work import BeginUnitOfWork, UnitOfWork
from jack.application.stays.apply import BAD_RECORD, apply_snapshots, read_contact_points, rejected_snapshot
from jack.domain.errors import DomainError
from jack.domain.hotel import Hotel
from jack.domain.ids import ExternalRef
from jack.domain.reconcile import Change, reconcile_guest
from jack.domain.snapshot import (
    GuestSnapshot,
    RejectedRecord,
    ReservationSnapshot,
    UnknownValue,
    believable_guest,
    guest_within_limits,
)
from jack.domain.stay_events import events_between
from jack.domain.sync import SyncCounts

log = logging.getLogger(__name__)

LONGEST_LOGGED = 60
"""Characters of an unknown word that are logged: enough for a word of an API, too few for a story."""

Commit = Callable[[UnitOfWork, SyncCounts, ReservationPage], Awaitable[None]]
"""Ends a transaction that kept this page, or part of one, and did this with it: commits it, or raises."""


async def commit_alone(uow: UnitOfWork, counts: SyncCounts, page: ReservationPage) -> None:  # noqa: ARG001  for those who count
    """Commit, and nothing more: for those who hold no lease."""
    await uow.commit()


@dataclass(frozen=True, slots=True)
class PageKeeper:
    """Keeps what pages of one hotel's PMS say; `system` is that of its references, `settled_before` as in
    `reconcile_reservation`.

    Every method is one transaction, or one for each record where they cannot be kept together, and returns what became
    of the reservations. What a record fails with costs that record alone. Failures of the database are raised.
    """

    begin: BeginUnitOfWork
    phones: PhoneReader
    clock: Clock
    hotel: Hotel
    system: str
    commit: Commit = commit_alone
    settled_before: datetime | None = None

    async def page(self, page: ReservationPage) -> SyncCounts:
        """Everything that a page says, in one transaction; if that fails, record by record.

        A page that would keep others from writing for too long is kept in parts, one after the other.
        """
        async with self.begin() as uow:
            at_once = uow.at_once
        counts, rest = SyncCounts(), page
        while len(rest.reservations) > at_once:
            part = ReservationPage(reservations=rest.reservations[:at_once])
            counts += await self._part(part, beside=page)
            rest = replace(rest, reservations=rest.reservations[at_once:])
        return counts + await self._part(rest, beside=page)

    async def _part(self, page: ReservationPage, *, beside: ReservationPage) -> SyncCounts:
        try:
            return await self._together(page, beside=beside)
        except BAD_RECORD:
            pass  # one of them is bad; which one, only trying each can tell
        counts = SyncCounts()
        for snapshot in page.reservations:
            counts += await self.record(snapshot)
        for record in page.rejected:
            counts += await self.rejected(record)
        for guest in page.guests:
            counts += await self._guest(guest)
        return counts + await self._together(replace(page, reservations=(), rejected=(), guests=()), beside=beside)

    async def record(self, snapshot: ReservationSnapshot) -> SyncCounts:
        """One reservation, or the reason why it could not be kept."""
        try:
            return await self._together(ReservationPage(reservations=(snapshot,)))
        except BAD_RECORD as error:
            return await self.rejected(rejected_snapshot(snapshot, in_words(error)))

    async def rejected(self, record: RejectedRecord) -> SyncCounts:
        """Keep one bad record; without its reference when it cannot be kept with it."""
        for kept in (record, replace(record, ref=None)):
            try:
                return await self._together(ReservationPage(rejected=(kept,)))
            except BAD_RECORD as error:
                log.warning(  # not the error's text, which may quote the record
                    "pms.record_not_kept", extra={"hotel": self.hotel.id, "reason": type(error).__name__}
                )
        counts = SyncCounts(rejected=1)
        async with self.begin() as uow:  # at least it is counted
            await self.commit(uow, counts, ReservationPage())
        return counts

    async def gone(self, *refs: ExternalRef) -> SyncCounts:
        """The PMS has no such reservations any more."""
        return await self._together(ReservationPage(gone=refs))

    async def _guest(self, guest: GuestSnapshot) -> SyncCounts:
        try:
            return await self._together(ReservationPage(guests=(guest,)))
        except BAD_RECORD as error:
            # their stays bring these facts again, and there the record is kept with its reason
            log.warning("pms.guest_not_kept", extra={"hotel": self.hotel.id, "reason": type(error).__name__})
            return SyncCounts()

    async def _together(self, page: ReservationPage, *, beside: ReservationPage | None = None) -> SyncCounts:
        async with self.begin() as uow:
            now = self.clock.now()
            counts = await apply_page(
                uow, self.hotel, self.system, page, self.phones, now, beside=beside, settled_before=self.settled_before
            )
            await self.commit(uow, counts, page)
        return counts


async def apply_page(
    uow: UnitOfWork,
    hotel: Hotel,
    system: str,
    page: ReservationPage,
    phones: PhoneReader,
    now: datetime,
    *,
    beside: ReservationPage | None = None,
    settled_before: datetime | None = None,
) -> SyncCounts:
    """Make everything that a page says Jack's own, inside the open unit of work, all or nothing.

    `beside` is the whole page where `page` is only a part of it: what stood there is not gone. Raises a BAD_RECORD when
    something on the page cannot be kept.
    """
    counts = await apply_snapshots(
        uow, hotel, page.reservations, page.rejected, phones, now, settled_before=settled_before
    )
    await apply_known_guests(uow, hotel, page.guests, phones, now)
    await note_unknown(uow, hotel, system, page.unknown, now)
    there = {snapshot.ref for snapshot in (beside or page).reservations}
    there |= {record.ref for record in (beside or page).rejected if record.ref is not None}
    gone = set(page.gone) | await _left_bookings(uow, hotel, system, page, nameless=_has_nameless(beside or page))
    return counts + await mark_gone(uow, hotel, sorted(gone - there), now)


async def apply_known_guests(
    uow: UnitOfWork, hotel: Hotel, snapshots: Sequence[GuestSnapshot], phones: PhoneReader, now: datetime
) -> None:
    """Bring the guests up to date whom Jack holds by these references; nobody else becomes known by it."""
    if not snapshots:
        return
    await uow.reservations.alone(hotel.id)
    told = [believable_guest(guest_within_limits(snapshot), now) for snapshot in snapshots]
    known = await uow.guests.by_refs(hotel.id, [snapshot.ref for snapshot in told])
    held = {guest.id: guest for guest in known.values()}
    changed = set()
    for snapshot in told:
        if snapshot.ref not in known:
            continue
        guest = held[known[snapshot.ref].id]
        points = read_contact_points(snapshot, hotel, phones)
        result = reconcile_guest(guest, snapshot, hotel_id=hotel.id, contact_points=points, now=now)
        if result.change is Change.UPDATED:
            held[guest.id] = result.guest
            changed.add(guest.id)
    if changed:
        await uow.guests.save_synced([held[guest_id] for guest_id in changed])


async def note_unknown(
    uow: UnitOfWork, hotel: Hotel, system: str, values: Sequence[UnknownValue], now: datetime
) -> None:
    """Keep the vendor's words that Jack does not know for people to see; each is logged the first time only."""
    if not values:
        return
    for value in await uow.sync.note_unknown(hotel.id, system, values, now):
        word = "".join(sign if sign.isprintable() else "?" for sign in value.value[:LONGEST_LOGGED])
        log.warning("pms.unknown_word", extra={"hotel": hotel.id, "field": value.field, "word": word})


async def mark_gone(uow: UnitOfWork, hotel: Hotel, refs: Sequence[ExternalRef], now: datetime) -> SyncCounts:
    """The PMS has no such reservations any more, so there is nothing left to correct in them either."""
    if not refs:
        return SyncCounts()
    await uow.reservations.alone(hotel.id)
    held = await uow.reservations.by_refs(hotel.id, refs)
    going = [stay for stay in held.values() if stay.gone_at is None]
    if going:
        await uow.reservations.mark_gone(hotel.id, [stay.ref for stay in going], now)
        await uow.stay_events.add([e for s in going for e in events_between(s, replace(s, gone_at=now), now)])
    await uow.sync.accept(hotel.id, refs)
    return SyncCounts(gone=len(going))


async def _left_bookings(
    uow: UnitOfWork, hotel: Hotel, system: str, page: ReservationPage, *, nameless: bool
) -> set[ExternalRef]:
    """What Jack holds under the numbers of whole bookings and is not among them.

    A record that could not even be named may be any of them; then nothing can be said.
    """
    if not page.bookings or nameless:
        return set()
    numbers = [booking.confirmation_number for booking in page.bookings]
    held = await uow.reservations.refs_under(hotel.id, system, numbers)
    told = {ref for booking in page.bookings for ref in booking.refs}
    return set(held) - told


def _has_nameless(page: ReservationPage) -> bool:
    return any(record.ref is None for record in page.rejected)


def in_words(error: Exception) -> str:
    """Why a record could not be kept, in a sentence for staff that quotes nothing of it."""
    spoken = isinstance(error, DomainError | OutsideFailure)
    return str(error) if spoken else f"could not be stored: {type(error).__name__}"
