"""What a PMS adapter hands over: pages of reservations, and the list of rooms."""

from dataclasses import dataclass

from jack.domain.ids import ExternalRef
from jack.domain.snapshot import (
    GuestSnapshot,
    RejectedRecord,
    ReservationSnapshot,
    RoomSnapshot,
    UnknownValue,
    WholeBooking,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationPage:
    """One page of reservations as the vendor pages them.

    `rejected` are the records of this page that could not be read; the rest of the page is good. `total` is how many
    reservations the whole reading will bring, None where the vendor does not say. `guests` changed by themselves, with
    no reservation told beside them; those that Jack does not hold are of no interest. `gone` are reservations of which
    the vendor said by name that it does not have them (any more). `bookings` tells of bookings in one piece: what Jack
    holds under such a number and is not among its `refs` is gone. `unknown` are the vendor's words that Jack does not
    know; the records that hold them are in order apart from that.
    """

    reservations: tuple[ReservationSnapshot, ...] = ()
    rejected: tuple[RejectedRecord, ...] = ()
    total: int | None = None
    guests: tuple[GuestSnapshot, ...] = ()
    gone: tuple[ExternalRef, ...] = ()
    bookings: tuple[WholeBooking, ...] = ()
    unknown: tuple[UnknownValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomList:
    """Every room of the hotel; `rejected` are those that could not be read, `unknown` as for reservations."""

    rooms: tuple[RoomSnapshot, ...] = ()
    rejected: tuple[RejectedRecord, ...] = ()
    unknown: tuple[UnknownValue, ...] = ()
