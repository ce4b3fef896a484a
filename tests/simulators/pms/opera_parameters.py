"""The query parameters of OPERA's specification for the operations that Jack uses, as far as Jack may want them."""

_PAGE = frozenset({"limit", "offset"})

PARAMETERS: dict[str, frozenset[str]] = {
    r"/rsv/v1/hotels/(?P<hotel>[^/]+)/reservations": _PAGE
    | {
        "arrivalStartDate",
        "arrivalEndDate",
        "departureStartDate",
        "departureEndDate",
        "stayOnStartDate",
        "searchType",
        "reservationStatuses",
        "reservationIdList",
        "confirmationNumberList",
        "profileId",
        "surname",
        "givenName",
        "excludePseudoRoomReservations",
        "orderBy",
        "sortOrder",
        "fetchInstructions",
    },
    r"/rsv/v1/hotels/(?P<hotel>[^/]+)/reservations/(?P<key>.+)": frozenset({"fetchInstructions"}),
    r"/hsk/v1/hotels/(?P<hotel>[^/]+)/housekeepingOverview": _PAGE | {"fetchInstructions", "roomIdText"},
    r"/ent/config/v1/hotels/(?P<hotel>[^/]+)/operaContext": frozenset(),
    r"/ent/config/v1/hotels/(?P<hotel>[^/]+)": frozenset({"fetchInstructions"}),
    r"/int/v1/externalSystem/(?P<system>[^/]+)/hotels/(?P<hotel>[^/]+)/businessEvents": frozenset({"limit"}),
    r"/fof/v1/hotels/(?P<hotel>[^/]+)/serviceRequests": frozenset(
        {"code", "status", "reservationId", "room", "creationStartDate", "creationEndDate"}
    ),
    r"/crm/v1/profiles/(?P<key>.+)": frozenset({"fetchInstructions", "hotelId"}),
    r"/crm/v1/profiles": _PAGE
    | {"profileType", "profileName", "givenName", "email", "phone", "communication", "fetchInstructions"},
}
