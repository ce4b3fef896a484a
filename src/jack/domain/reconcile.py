"""What becomes of what Jack holds when a PMS reports a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from jack.domain.contact import ContactPoint, keep_readable
from jack.domain.guest import Guest, Preference, Source
from jack.domain.ids import ExternalRef, GuestId, HotelId, PreferenceId, ReservationId, new_id
from jack.domain.reservation import Companion, Reservation
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot


class Change(StrEnum):
    """What a snapshot did. `OUTDATED` is a snapshot older than what Jack holds: it changes nothing."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciledGuest:
    """The guest after a snapshot, and what the snapshot did."""

    guest: Guest
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciledReservation:
    """The reservation after a snapshot, and what the snapshot did."""

    reservation: Reservation
    change: Change


def reconcile_guest(
    known: Guest | None,
    snapshot: GuestSnapshot,
    *,
    hotel_id: HotelId,
    contact_points: tuple[ContactPoint, ...],
    now: datetime,
    settled_before: datetime | None = None,
) -> ReconciledGuest:
    """The guest that holds after `snapshot`; `contact_points` are the snapshot's phones and e-mails, read.

    The PMS replaces what the PMS said; preferences stated by staff or the guest stay. Equal facts are UNCHANGED, so
    that nothing is written for them. `settled_before` as for a reservation.
    """
    if known is None:
        guest = Guest(
            id=GuestId(new_id()),
            hotel_id=hotel_id,
            first_name=snapshot.first_name,
            last_name=snapshot.last_name,
            language=snapshot.language,
            country=snapshot.country,
            loyalty_tier=snapshot.loyalty_tier,
            vip=snapshot.vip,
            contact_points=contact_points,
            preferences=_preferences((), snapshot, now),
            external_refs=(snapshot.ref,),
            modified_at=snapshot.modified_at,
            synced_at=now,
        )
        return ReconciledGuest(guest=guest, change=Change.CREATED)
    if _is_older(snapshot.modified_at, known, settled_before):
        return ReconciledGuest(guest=known, change=Change.OUTDATED)
    refs = known.external_refs if snapshot.ref in known.external_refs else (*known.external_refs, snapshot.ref)
    guest = replace(
        known,
        first_name=snapshot.first_name,
        last_name=snapshot.last_name,
        language=snapshot.language,
        country=snapshot.country,
        loyalty_tier=snapshot.loyalty_tier,
        vip=snapshot.vip,
        contact_points=keep_readable(known.contact_points, contact_points),
        preferences=_preferences(known.preferences, snapshot, now),
        external_refs=refs,
        modified_at=snapshot.modified_at or known.modified_at,
        synced_at=now,
    )
    return ReconciledGuest(guest=guest, change=Change.UNCHANGED if guest == known else Change.UPDATED)


def reconcile_reservation(
    known: Reservation | None,
    snapshot: ReservationSnapshot,
    *,
    hotel_id: HotelId,
    guests: Mapping[ExternalRef, GuestId],
    now: datetime,
    settled_before: datetime | None = None,
) -> ReconciledReservation:
    """The reservation that holds after `snapshot`; `guests` gives the ids of its guest and companions by reference.

    A snapshot older than what Jack holds changes nothing (a webhook may overtake a poll). A reservation that had been
    gone is back, and doubt about it ends. What was stored before `settled_before` gives way even to an older version:
    nothing is under way any more that could have overtaken it, so the PMS itself went back, because it was restored
    from a backup or its clock was wrong.
    """
    companions = tuple(
        Companion(guest_id=guests.get(c.ref), first_name=c.first_name, last_name=c.last_name)
        for c in snapshot.companions
    )
    if known is not None and _is_older(snapshot.modified_at, known, settled_before):
        return ReconciledReservation(reservation=known, change=Change.OUTDATED)
    reservation = Reservation(
        id=known.id if known else ReservationId(new_id()),
        hotel_id=hotel_id,
        guest_id=guests[snapshot.guest.ref],
        ref=snapshot.ref,
        confirmation_number=snapshot.confirmation_number,
        status=snapshot.status,
        period=snapshot.period,
        room_number=snapshot.room_number,
        room_type=snapshot.room_type,
        expected_arrival=snapshot.expected_arrival,
        adults=snapshot.adults,
        children=snapshot.children,
        special_requests=snapshot.special_requests,
        companions=companions,
        modified_at=snapshot.modified_at or (known.modified_at if known else None),
        synced_at=now,
    )
    if known is None:
        return ReconciledReservation(reservation=reservation, change=Change.CREATED)
    change = Change.UNCHANGED if reservation == known else Change.UPDATED
    return ReconciledReservation(reservation=reservation, change=change)


def _is_older(new: datetime | None, known: Guest | Reservation, settled_before: datetime | None) -> bool:
    if new is None or known.modified_at is None or new >= known.modified_at:
        return False
    return settled_before is None or known.synced_at is None or known.synced_at >= settled_before


def _preferences(known: tuple[Preference, ...], snapshot: GuestSnapshot, now: datetime) -> tuple[Preference, ...]:
    """The PMS's preferences anew, each keeping its id and date while its words stay the same, then everyone else's."""
    held = {(p.category, p.value): p for p in known if p.source is Source.PMS}
    stated = dict.fromkeys((p.category, p.value) for p in snapshot.preferences)
    from_pms = tuple(
        held.get(words)
        or Preference(id=PreferenceId(new_id()), category=words[0], value=words[1], source=Source.PMS, noted_at=now)
        for words in stated
    )
    return (*from_pms, *(p for p in known if p.source is not Source.PMS))
