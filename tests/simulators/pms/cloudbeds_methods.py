"""The methods of Cloudbeds' PMS API v1.3 that Jack calls: verb, permission, parameters."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """One method: `allowed` are the names of its parameters or form fields, `needed` those that must be there."""

    verb: str
    scope: str
    allowed: frozenset[str]
    needed: tuple[str, ...] = ()

    def mistake(self, given: dict[str, str]) -> str:
        """What is wrong with what was given, "" if nothing."""
        for key in given:
            if key not in self.allowed:
                return f"Parameter {key} is not valid"
        return next((f"Parameter {key} is required" for key in self.needed if not given.get(key)), "")


def _get(scope: str, allowed: str, *needed: str) -> Method:
    return Method("GET", scope, frozenset(allowed.split()), needed)


_PAGE = "pageNumber pageSize"
_LIST = f"{_PAGE} resultsFrom resultsTo includeGuestRequirements"
_BOOKINGS = f"propertyID {_LIST} sortByRecent includeGuestsDetails includeCustomFields modifiedFrom modifiedTo guestID"

METHODS = {
    "getHotels": _get("read:hotel", f"propertyIDs propertyName propertyCity {_PAGE}"),
    "getCustomFields": _get("read:customFields", "propertyID customFieldID shortcode"),
    "getReservationsWithRateDetails": _get(
        "read:reservation",
        f"{_BOOKINGS} reservationID reservationCheckOutFrom reservationCheckOutTo includeDeleted excludeStatuses",
    ),
    "getReservations": _get(
        "read:reservation",
        f"{_BOOKINGS} status checkInFrom checkInTo checkOutFrom checkOutTo includeAllRooms sourceReservationId",
    ),
    "getReservation": _get("read:reservation", "propertyID reservationID includeGuestRequirements", "reservationID"),
    "getReservationRoomDetails": _get("read:room", "propertyID subReservationID", "subReservationID"),
    "getReservationNotes": _get("read:reservation", "propertyID reservationID", "reservationID"),
    "postReservationNote": Method(
        "POST",
        "write:reservation",
        frozenset({"propertyID", "reservationID", "reservationNote", "userID", "dateCreated"}),
        ("reservationID", "reservationNote"),
    ),
    "getGuest": _get("read:guest", "propertyID reservationID guestID includeGuestRequirements"),
    "getGuestList": _get(
        "read:guest",
        f"propertyIDs {_LIST} checkInFrom checkInTo checkOutFrom checkOutTo guestFirstName guestLastName guestEmail "
        "guestPhone guestCellPhone status sortBy includeGuestInfo excludeSecondaryGuests",
    ),
    "getGuestsModified": _get(
        "read:guest", f"propertyIDs {_LIST} inHouse checkInFrom checkInTo checkOutFrom checkOutTo"
    ),
    "getRooms": _get("read:room", f"propertyIDs roomTypeID startDate endDate includeRoomRelations sort {_PAGE}"),
    "getHousekeepingStatus": _get(
        "read:housekeeping", f"propertyID roomTypeIDs housekeeperIDs roomCondition roomOccupied {_PAGE}"
    ),
}
"""By name, which is the last part of the path."""

MOST_PAGE_SIZE = {"getHousekeepingStatus": 5000}
"""Records of a page at most, where it is not 100."""
