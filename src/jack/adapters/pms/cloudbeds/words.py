"""What Cloudbeds' words for states mean. A word that does not stand here is not known, and never guessed."""

from jack.adapters.vendor_api.records import Unreadable
from jack.domain.reservation import ReservationStatus
from jack.domain.room import Housekeeping

BOOKING_STATES = {
    "confirmed": ReservationStatus.CONFIRMED,
    "checked_in": ReservationStatus.CHECKED_IN,
    "checked_out": ReservationStatus.CHECKED_OUT,
    "canceled": ReservationStatus.CANCELLED,
    "cancelled": ReservationStatus.CANCELLED,
    "no_show": ReservationStatus.NO_SHOW,
    "not_confirmed": ReservationStatus.TENTATIVE,
    "in_progress": ReservationStatus.TENTATIVE,
    "call2confirm": ReservationStatus.TENTATIVE,
    "paypal_init": ReservationStatus.TENTATIVE,
    "pending_payment": ReservationStatus.TENTATIVE,
}
"""`status` of a reservation; the last four are said of guests only, for bookings that are still being made."""

ROOM_STATES: dict[str, ReservationStatus | None] = {
    "in_house": ReservationStatus.CHECKED_IN,
    "checked_out": ReservationStatus.CHECKED_OUT,
    "cancelled": ReservationStatus.CANCELLED,
    "canceled": ReservationStatus.CANCELLED,
    "not_checked_in": None,
}
"""`roomStatus`: each room of a booking arrives and leaves by itself. None says nothing against the booking's."""

CONDITIONS = {"clean": Housekeeping.CLEAN, "dirty": Housekeeping.DIRTY, "inspected": Housekeeping.INSPECTED}
"""`roomCondition`. Only the first two are documented as answers, all three as what can be set."""

_ENDED = frozenset(
    {
        ReservationStatus.CANCELLED,
        ReservationStatus.CHECKED_OUT,
        ReservationStatus.NO_SHOW,
    }
)


def status_of(booking: str, room: str) -> ReservationStatus:
    """The state of a stay in one room, from the booking's word and the room's, which may be "".

    While a booking's rooms arrive and leave one after another, the room's own word counts. A booking that has ended or
    is not settled yet is nobody's stay, whatever its rooms say. Raises Unreadable, naming the word that is not known.
    """
    whole = BOOKING_STATES.get(booking)
    if whole is None:
        raise Unreadable(f"the status {booking[:50]!r} is not known")
    if room and room not in ROOM_STATES:
        raise Unreadable(f"the room's status {room[:50]!r} is not known")
    own = ROOM_STATES[room] if room else whole
    if own is ReservationStatus.CANCELLED or whole is ReservationStatus.TENTATIVE:
        return own if own is ReservationStatus.CANCELLED else whole
    if whole in _ENDED:
        return whole
    if own is not None:
        return own
    return ReservationStatus.CONFIRMED  # not arrived in this room, though others of the booking may have
