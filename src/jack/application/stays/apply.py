"""The one place where what a PMS reported becomes what Jack holds."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from jack.application.errors import Conflict, ServiceRejected
from jack.application.ports.phones import PhoneReader
from jack.application.ports.unit_of_work import UnitOfWork
from jack.domain.contact import ContactKind, ContactPoint
from jack.domain.guest import Guest
from jack.domain.hotel import Hotel
from jack.domain.ids import ExternalRef, GuestId
from jack.domain.reconcile import Change, reconcile_guest, reconcile_reservation
from jack.domain.snapshot import (
    LONGEST_CONTACT,
    GuestSnapshot,
    RejectedRecord,
    ReservationSnapshot,
    believable,
    within_limits,
)
from jack.domain.stay_events import events_between
from jack.domain.sync import SyncCounts

BAD_RECORD = (Conflict, ServiceRejected, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What a record may fail with by itself; it costs that record and not the run, even where it shows a bug."""


async def apply_snapshots(
    uow: UnitOfWork,
    hotel: Hotel,
    snapshots: Sequence[ReservationSnapshot],
    rejected: Sequence[RejectedRecord],
    phones: PhoneReader,
    now: datetime,
) -> SyncCounts:
    """Make these snapshots Jack's own, inside the open unit of work, and keep the rejected records beside them.

    Facts that Jack holds already write nothing. A stay whose newest version was rejected keeps its last good facts,
    marked as in doubt. Raises Conflict when somebody else stored one of them at the same moment, or another BAD_RECORD
    for a snapshot that cannot be kept: then the caller tries the records one by one.
    """
    # both a run and an answer in need may be at it, and vendors without versions leave nothing else to go by
    await uow.reservations.alone(hotel.id)
    newest = _newest([believable(within_limits(snapshot), now) for snapshot in snapshots])
    guest_ids = await _apply_guests(uow, hotel, newest, phones, now)
    counts = await _apply_reservations(uow, hotel, newest, guest_ids, now)
    await uow.sync.accept(hotel.id, [snapshot.ref for snapshot in newest])
    if rejected:
        await uow.sync.reject(hotel.id, rejected, now)
        for record in rejected:
            if record.ref is not None:
                await uow.reservations.mark_doubtful(hotel.id, record.ref, record.reason)
    return counts + SyncCounts(rejected=len(rejected))


def rejected_snapshot(snapshot: ReservationSnapshot, reason: str) -> RejectedRecord:
    """The record of a snapshot that could be read but not kept, with the snapshot itself as its raw form."""
    raw = json.dumps(asdict(snapshot), default=str, ensure_ascii=True)
    return RejectedRecord(kind="reservation", ref=snapshot.ref, reason=reason, raw=raw)


async def _apply_guests(
    uow: UnitOfWork, hotel: Hotel, snapshots: Sequence[ReservationSnapshot], phones: PhoneReader, now: datetime
) -> dict[ExternalRef, GuestId]:
    reported = _newest_guests(person for s in snapshots for person in (s.guest, *s.companions))
    known = await uow.guests.by_refs(hotel.id, list(reported))
    ids: dict[ExternalRef, GuestId] = {}
    changed: dict[GuestId, Guest] = {}
    for ref, snapshot in reported.items():
        held = known.get(ref)
        result = reconcile_guest(
            changed.get(held.id, held) if held else None,
            snapshot,
            hotel_id=hotel.id,
            contact_points=read_contact_points(snapshot, hotel, phones),
            now=now,
        )
        ids[ref] = result.guest.id
        if result.change in (Change.CREATED, Change.UPDATED):
            changed[result.guest.id] = result.guest
    if changed:
        await uow.guests.save_synced(list(changed.values()))
    return ids


async def _apply_reservations(
    uow: UnitOfWork,
    hotel: Hotel,
    snapshots: Sequence[ReservationSnapshot],
    guest_ids: dict[ExternalRef, GuestId],
    now: datetime,
) -> SyncCounts:
    known = await uow.reservations.by_refs(hotel.id, [snapshot.ref for snapshot in snapshots])
    results = [
        reconcile_reservation(known.get(snapshot.ref), snapshot, hotel_id=hotel.id, guests=guest_ids, now=now)
        for snapshot in snapshots
    ]
    changed = [r.reservation for r in results if r.change in (Change.CREATED, Change.UPDATED)]
    if changed:
        await uow.reservations.save_synced(changed)
        await uow.stay_events.add([e for stay in changed for e in events_between(known.get(stay.ref), stay, now)])
    created = sum(r.change is Change.CREATED for r in results)
    updated = sum(r.change is Change.UPDATED for r in results)
    return SyncCounts(created=created, updated=updated, unchanged=len(results) - created - updated)


def read_contact_points(snapshot: GuestSnapshot, hotel: Hotel, phones: PhoneReader) -> tuple[ContactPoint, ...]:
    """The contact points of a snapshot: readable numbers in E.164, unreadable texts as they came."""
    points: dict[tuple[ContactKind, str], ContactPoint] = {}
    for text in snapshot.phones:
        if not text.strip():
            continue
        reading = phones.read(text, hotel.phone_region, snapshot.country)
        point = (
            ContactPoint(kind=ContactKind.PHONE, value=reading.number.e164, assumed_region=reading.assumed_region)
            if reading
            else ContactPoint(kind=ContactKind.PHONE, value=text, readable=False)
        )
        held = points.get((point.kind, point.value))
        if held is None or held.assumed_region:
            points[point.kind, point.value] = point
    for text in snapshot.emails:
        address = text.strip().lower()
        if address:
            readable = "@" in address[1:-1] and " " not in address and len(address) < LONGEST_CONTACT
            points[ContactKind.EMAIL, address] = ContactPoint(kind=ContactKind.EMAIL, value=address, readable=readable)
    return tuple(points.values())


def _newest(snapshots: Sequence[ReservationSnapshot]) -> list[ReservationSnapshot]:
    """One snapshot for each reservation: vendors repeat records when their pages shift; the newest version counts."""
    newest: dict[ExternalRef, ReservationSnapshot] = {}
    for snapshot in snapshots:
        held = newest.get(snapshot.ref)
        if held is None or not _older(snapshot.modified_at, held.modified_at):
            newest[snapshot.ref] = snapshot
    return list(newest.values())


def _newest_guests(snapshots: Iterable[GuestSnapshot]) -> dict[ExternalRef, GuestSnapshot]:
    newest: dict[ExternalRef, GuestSnapshot] = {}
    for snapshot in snapshots:
        held = newest.get(snapshot.ref)
        if held is None or not _older(snapshot.modified_at, held.modified_at):
            newest[snapshot.ref] = snapshot
    return newest


def _older(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one < other
