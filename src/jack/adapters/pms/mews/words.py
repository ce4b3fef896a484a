"""The words of Mews that Jack understands. Every list of words is open: others are reported and never guessed."""

from jack.domain.reservation import ReservationStatus
from jack.domain.room import Housekeeping

SYSTEM = "mews"
"""The `system` of every reference that Mews gives."""

CANCELED = "Canceled"
NO_SHOW = "NoShow"
REASONS = frozenset(
    {
        NO_SHOW,
        "BookedElsewhere",
        "BookingAbandoned",
        "ConfirmationMissed",
        "ForceMajeure",
        "GuestComplaint",
        "InputError",
        "InvalidPayment",
        "Other",
        "PriceTooHigh",
        "RequestedByBooker",
        "RequestedByGuest",
        "ServiceNotAvailable",
        "TravelAgency",
        "Update",
    }
)
"""Every documented reason of a cancellation. A new one may mean that nobody came, so it is reported."""

STARTED = "Started"

STATES = {
    "Inquired": ReservationStatus.TENTATIVE,
    "Requested": ReservationStatus.TENTATIVE,
    "Optional": ReservationStatus.TENTATIVE,
    "Confirmed": ReservationStatus.CONFIRMED,
    STARTED: ReservationStatus.CHECKED_IN,
    "Processed": ReservationStatus.CHECKED_OUT,
    CANCELED: ReservationStatus.CANCELLED,
}
"""States of a reservation; a canceled one whose reason is `NoShow` is a no-show. All are always asked for, because it
is not documented which ones Mews gives to whoever names none."""

ROOM_STATES = {
    "Clean": Housekeeping.CLEAN,
    "Dirty": Housekeeping.DIRTY,
    "Inspected": Housekeeping.INSPECTED,
    "OutOfOrder": Housekeeping.OUT_OF_ORDER,
    "OutOfService": None,
}
"""A room out of service has a small defect and is still sold; whether it is clean is then not said."""

LODGING = frozenset(
    {
        "Room",
        "Bed",
        "Dorm",
        "Apartment",
        "Suite",
        "Villa",
        "Site",
        "Tent",
        "CaravanOrRV",
        "UnequippedCampsite",
    }
)
"""Types of categories in which people sleep. Mews marks no service as accommodation, so this tells it from parking."""

OTHER_PLACES = frozenset(
    {
        "Amphitheater",
        "Bike",
        "ConferenceRoom",
        "Cot",
        "Crib",
        "Desk",
        "ExtraBed",
        "Garden",
        "MeetingRoom",
        "Membership",
        "Office",
        "ParkingSpot",
        "PrivateSpaces",
        "Restaurant",
        "Rooftop",
        "TeamArea",
    }
)
"""The other documented types of categories. One that is on neither list says nothing of whether people sleep there."""

NIGHTLY = "Day"
"""The time unit of a service that is sold by the night."""

VIP = frozenset({"Important", "VeryImportant", "TopManagement"})
NO_GUESTS = frozenset({"Staff", "PaymasterAccount"})
"""Classifications of customers who are accounts of the house and no guests."""

CLASSIFICATIONS = (
    VIP
    | NO_GUESTS
    | {
        "Airline",
        "Blacklist",
        "Blocklist",
        "Cashlist",
        "DisabledPerson",
        "FriendOrFamily",
        "HealthCompliant",
        "InRoom",
        "LoyaltyProgram",
        "Media",
        "Military",
        "PreviousComplaint",
        "Problematic",
        "Returning",
        "Student",
        "WaitingForRoom",
    }
)
"""Every documented classification; those without a meaning here are the hotel's own business."""

CUSTOMER, COMPANY = "Customer", "Company"

WISHES = ("SpecialRequest", "ChannelManager")
"""Types of notes in which guests' wishes stand. `General` ones are written by staff for staff and are not even asked
for; without a list Mews would give no special requests."""

PREFERENCE_NOTES = {"FoodAndBeverage": "food and beverage", "Housekeeping": "housekeeping"}
"""Classifications of notes on a customer that say what the guest likes; others (complaints ...) stay with the staff."""
