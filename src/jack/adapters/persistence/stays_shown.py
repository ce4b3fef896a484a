"""Guests and reservations as staff see them."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from jack.adapters.persistence.column_types import from_json
from jack.application.ports.stays_views import (
    CompanionView,
    ContactPointView,
    ExternalRefView,
    GuestView,
    PreferenceView,
    ReservationView,
)
from jack.domain.guest import Guest

Held = tuple[str, str, str]
"""(hotel, kind, value) of a contact point."""


def confirmed(synced_at: datetime | None, cursor_at: datetime | None) -> datetime | None:
    """When the PMS last confirmed a fact that it gave at `synced_at`.

    A sync that read all its pages confirms also what it did not write, because nothing had changed; `cursor_at` is when
    the last such sync began.
    """
    if synced_at is None or cursor_at is None:
        return synced_at
    return max(synced_at, cursor_at)


def show_guest(guest: Guest, confirmed_at: datetime | None, shared: AbstractSet[Held]) -> GuestView:
    """The guest; `shared` are contact points that identify nobody."""
    return GuestView(
        id=guest.id,
        hotel_id=guest.hotel_id,
        first_name=guest.first_name,
        last_name=guest.last_name,
        language=guest.language,
        country=guest.country,
        loyalty_tier=guest.loyalty_tier,
        vip=guest.vip,
        contact_points=tuple(
            ContactPointView(
                kind=point.kind.value,
                value=point.value,
                shared=point.shared or (guest.hotel_id, point.kind.value, point.value) in shared,
                readable=point.readable,
            )
            for point in guest.contact_points
        ),
        preferences=tuple(
            PreferenceView(id=p.id, category=p.category, value=p.value, source=p.source.value, noted_at=p.noted_at)
            for p in guest.preferences
        ),
        external_refs=tuple(ExternalRefView(system=ref.system, key=ref.key) for ref in guest.external_refs),
        synced_at=confirmed_at,
    )


def show_reservation(row: Row[Any]) -> ReservationView:
    """The reservation of a row that carries its guest's names and its hotel's `cursor_at`."""
    # no sync confirms what the PMS no longer has, nor what it said last and nobody could read
    vouched = row.gone_at is None and row.doubt is None
    return ReservationView(
        id=row.id,
        hotel_id=row.hotel_id,
        guest_id=row.guest_id,
        guest_name=f"{row.first_name} {row.last_name}".strip(),
        confirmation_number=row.confirmation_number,
        external_ref=ExternalRefView(system=row.pms_system, key=row.pms_key),
        status=row.status,
        room_number=row.room_number,
        room_type=row.room_type,
        arrival_date=row.arrival,
        departure_date=row.departure,
        expected_arrival=row.expected_arrival,
        adults=row.adults,
        children=row.children,
        special_requests=tuple(from_json(row.special_requests)),
        companions=tuple(
            CompanionView(guest_id=guest_id, first_name=first_name, last_name=last_name)
            for guest_id, first_name, last_name in from_json(row.companions)
        ),
        gone_at=row.gone_at,
        doubt=row.doubt,
        synced_at=confirmed(row.synced_at, row.cursor_at if vouched else None),
    )
