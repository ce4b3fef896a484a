"""The one place where what a PMS reported becomes what Jack holds."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

from jack.application.errors import Conflict, ServiceRejected
from jack.application.ports.phones import PhoneReader
from jack.application.ports.unit_of_work import UnitOfWork
from jack.application.stays.told import newest, one_after_another
from jack.domain.contact import ContactKind, ContactPoint
from jack.domain.fingerprint import guest_fingerprint, reservation_fingerprint
from jack.domain.guest import Guest
from jack.domain.hotel import Hotel
from jack.domain.ids import ExternalRef, GuestId, HotelId
from jack.domain.reconcile import Change, reconcile_guest, reconcile_reservation
from jack.domain.snapshot import (
    LONGEST_CONTACT,
    GuestSnapshot,
    RejectedRecord,
    ReservationSnapshot,
    believable,
    guest_within_limits,
    within_limits,
)
from jack.domain.stay_events import events_between
from jack.domain.sync import SyncCounts

T = TypeVar("T")

BAD_RECORD = (Conflict, ServiceRejected, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What a record may fail with by itself; it costs that record and not the run, even where it shows a bug."""


async def apply_snapshots(
    uow: UnitOfWork,
    hotel: Hotel,
    snapshots: Sequence[ReservationSnapshot],
    rejected: Sequence[RejectedRecord],
    phones: PhoneReader,
    now: datetime,
    *,
    settled_before: datetime | None = None,
) -> SyncCounts:
    """Make these snapshots Jack's own, inside the open unit of work, and keep the rejected records beside them.

    Facts that Jack holds already write nothing: their fingerprints tell so, or a comparison with what is stored. A stay
    whose newest version was rejected keeps its last good facts, marked as in doubt. Raises Conflict when somebody else
    stored one of them at the same moment, or another BAD_RECORD for a snapshot that cannot be kept: then the caller
    tries the records one by one. `settled_before` as in `reconcile_reservation`.
    """
    stays = newest([believable(snapshot, now) for snapshot in snapshots])
    people = newest([person for stay in stays.values() for person in (stay.guest, *stay.companions)])
    # thinking comes before the first question, because with it everybody else who writes has to wait
    fingerprints = {
        ref: guest_fingerprint(person, hotel.phone_region) async for ref, person in one_after_another(people.items())
    }
    # both a run and an answer in need may be at it, and vendors without versions leave nothing else to go by
    await uow.reservations.alone(hotel.id)
    guest_ids = await _apply_guests(uow, hotel, people, fingerprints, phones, now, settled_before)
    counts = await _apply_reservations(uow, hotel, stays, guest_ids, now, settled_before)
    await uow.sync.accept(hotel.id, list(stays))
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
    uow: UnitOfWork,
    hotel: Hotel,
    people: Mapping[ExternalRef, GuestSnapshot],
    fingerprints: Mapping[ExternalRef, str],
    phones: PhoneReader,
    now: datetime,
    settled_before: datetime | None,
) -> dict[ExternalRef, GuestId]:
    held = await uow.guests.fingerprints(hotel.id, list(people))
    ids = {ref: guest_id for ref, (guest_id, _) in held.items()}
    told = [ref for ref in people if ref not in held or held[ref][1] != fingerprints[ref]]
    known = await _known(uow.guests.by_refs, hotel, [ref for ref in told if ref in held])
    before = {guest.id: guest for guest in known.values()}
    changed: dict[GuestId, Guest] = {}
    made_by: dict[GuestId, str] = {}
    async for ref in one_after_another(told):
        snapshot = guest_within_limits(people[ref])
        stored = known.get(ref)
        result = reconcile_guest(
            changed.get(stored.id, stored) if stored else None,
            snapshot,
            hotel_id=hotel.id,
            contact_points=read_contact_points(snapshot, hotel, phones),
            now=now,
            settled_before=settled_before,
        )
        ids[ref] = result.guest.id
        if result.change in (Change.CREATED, Change.UPDATED):
            changed[result.guest.id] = result.guest
            made_by[result.guest.id] = fingerprints[ref]
    if changed:
        fresh = {guest_id for guest_id in changed if guest_id not in before}
        # versions were compared above, and `alone` nobody has stored another one since
        overwrite = settled_before is not None
        await uow.guests.save_synced(list(changed.values()), overwrite=overwrite, fingerprints=made_by, fresh=fresh)
    return ids


async def _apply_reservations(
    uow: UnitOfWork,
    hotel: Hotel,
    stays: Mapping[ExternalRef, ReservationSnapshot],
    guest_ids: Mapping[ExternalRef, GuestId],
    now: datetime,
    settled_before: datetime | None,
) -> SyncCounts:
    held = await uow.reservations.fingerprints(hotel.id, list(stays))
    fingerprints = {
        ref: reservation_fingerprint(stay, guest_ids) async for ref, stay in one_after_another(stays.items())
    }
    told = [ref for ref in stays if ref not in held or held[ref] != fingerprints[ref]]
    known = await _known(uow.reservations.by_refs, hotel, [ref for ref in told if ref in held])
    results = {
        ref: reconcile_reservation(
            known.get(ref),
            within_limits(stays[ref]),
            hotel_id=hotel.id,
            guests=guest_ids,
            now=now,
            settled_before=settled_before,
        )
        async for ref in one_after_another(told)
    }
    changed = {ref: r.reservation for ref, r in results.items() if r.change in (Change.CREATED, Change.UPDATED)}
    if changed:
        made_by = {reservation.id: fingerprints[ref] for ref, reservation in changed.items()}
        fresh = {reservation.id for ref, reservation in changed.items() if ref not in known}
        overwrite = settled_before is not None  # as for guests
        await uow.reservations.save_synced(
            list(changed.values()), overwrite=overwrite, fingerprints=made_by, fresh=fresh
        )
        events = [event for ref, stay in changed.items() for event in events_between(known.get(ref), stay, now)]
        await uow.stay_events.add(events)
    created = sum(r.change is Change.CREATED for r in results.values())
    updated = sum(r.change is Change.UPDATED for r in results.values())
    return SyncCounts(created=created, updated=updated, unchanged=len(stays) - created - updated)


async def _known(
    by_refs: Callable[[HotelId, Sequence[ExternalRef]], Awaitable[dict[ExternalRef, T]]],
    hotel: Hotel,
    refs: Sequence[ExternalRef],
) -> dict[ExternalRef, T]:
    """What is stored under these references; nothing is asked for none."""
    return await by_refs(hotel.id, refs) if refs else {}


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
