"""What the scripted butler recognises: wishes that people must fulfil, questions about the stay, courtesies."""

from enum import StrEnum
from typing import Final

from jack.domain.service_request import ServiceRequestKind as Kind


class Wish(StrEnum):
    """Something people must do or decide; the value is how staff read it."""

    URGENT = "URGENT"
    HUMAN = "The guest wants to talk to a person"
    COMPLAINT = "Complaint"
    MAINTENANCE = "Something does not work"
    LATE_CHECKOUT = "Late checkout"
    EARLY_CHECK_IN = "Early check-in"
    CHECK_OUT = "Check-out"
    CHANGE_BOOKING = "Change of the booking"
    TOWELS = "Towels"
    HOUSEKEEPING = "Housekeeping"
    TAXI = "Taxi or transfer"
    WAKE_UP_CALL = "Wake-up call"
    TABLE = "Restaurant table or recommendation"
    LUGGAGE = "Luggage"
    INVOICE = "Invoice"
    NEED = "Preference, diet or allergy"
    MESSAGE = "Message for the team"

    @property
    def kind(self) -> Kind:
        """The kind of service request that it becomes."""
        return _KINDS.get(self, Kind.OTHER)


class Question(StrEnum):
    """Something only the sender's own facts answer."""

    WHO_AM_I = "who am I"
    ROOM_NUMBER = "room number"
    ROOM_TYPE = "room type"
    STAY_DATES = "stay dates"
    PREFERENCES = "preferences"


class Courtesy(StrEnum):
    """What needs neither facts nor people."""

    GREETING = "greeting"
    WHO_ARE_YOU = "who are you"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    FINE = "fine"
    YES = "yes"


_KINDS: Final = {
    Wish.MAINTENANCE: Kind.MAINTENANCE,
    Wish.LATE_CHECKOUT: Kind.LATE_CHECKOUT,
    Wish.EARLY_CHECK_IN: Kind.EARLY_CHECK_IN,
    Wish.TOWELS: Kind.TOWELS,
    Wish.HOUSEKEEPING: Kind.HOUSEKEEPING,
    Wish.TAXI: Kind.TAXI,
    Wish.WAKE_UP_CALL: Kind.WAKE_UP_CALL,
    Wish.TABLE: Kind.RESTAURANT,
    Wish.LUGGAGE: Kind.LUGGAGE,
}
