"""Cloudbeds' PMS API v1.3 as strict as the vendor could be: paths, parameters, forms, permissions, pace, tokens.

It holds the truth as snapshots. Rooms with one confirmation number are one booking of that number. The newest change
comes first, so that pages shift whenever something changes. `reads_local_times` is the zone in which `modifiedFrom` and
its like are meant, which nobody knows of the real one. Served by any ASGI server it is a whole fake hotel.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from jack.application.ports.clock import Clock
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot
from tests.simulators.pms import cloudbeds_json as render
from tests.simulators.pms.cloudbeds_json import Dialect, Json, Told
from tests.simulators.pms.cloudbeds_methods import METHODS, MOST_PAGE_SIZE
from tests.simulators.pms.vendor import Reply, Request, VendorSimulator

PREFIX = "/api/v1.3/"
PROPERTY = "4711"
API_KEY = "cbat_simulated-api-key-0001"
CLIENT_ID = "live1_jack"
CLIENT_SECRET = "simulated-client-secret-0001"
FIRST_REFRESH_TOKEN = "simulated-refresh-token-0000"

MOST_CALLS, SPAN = 5, timedelta(seconds=1)


@dataclass
class _Held:
    """One sub-reservation as it is held."""

    stay: ReservationSnapshot
    deleted: bool = False
    former: tuple[str, date] | None = None
    spoil: Callable[[Json], None] = field(default=lambda _: None)


class CloudbedsSimulator(VendorSimulator):
    """One property. What a test may change lies open."""

    def __init__(self, clock: Clock, *, property_id: str = PROPERTY) -> None:
        super().__init__(clock)
        self.property_id = property_id
        self.name = "Harbour Hotel"
        self.zone = ZoneInfo("Europe/Lisbon")
        self.reads_local_times = True
        self.api_key: str | None = API_KEY
        self.refresh_token = FIRST_REFRESH_TOKEN
        self.rotates = True
        self.lifetime = timedelta(hours=1)
        self.tokens: dict[str, datetime] = {}
        self.island = ""
        self.scopes = {method.scope for method in METHODS.values()}
        self.held: dict[str, _Held] = {}
        self.rooms: dict[str, RoomSnapshot] = {}
        self.virtual_rooms: set[str] = set()
        self.virtual_stays: set[str] = set()
        self.anonymous: set[str] = set()
        self.companies: dict[str, str] = {}
        self.merged: dict[str, str] = {}
        self.guests_modified: dict[str, datetime] = {}
        self.booking_fields: dict[str, list[tuple[str, str]]] = {}
        self.definitions: list[Json] = []
        self.notes: list[Json] = []
        self.booking_statuses: dict[str, str] = {}
        self.hides_by_number = False  # whether the list leaves bookings out that are asked for by number
        self.busy: timedelta | None = None
        self._calls: list[datetime] = []

    # ---- the truth

    def hold(self, stay: ReservationSnapshot) -> None:
        """Have this stay, instead of what was there under its key."""
        before = self.held.get(stay.ref.key)
        former = before.former if before else None
        today = self.clock.now().astimezone(self.zone).date()
        if before and before.stay.room_number and before.stay.room_number != stay.room_number:
            was = max(before.stay.period.arrival, stay.period.arrival)
            former = (before.stay.room_number, today) if was < today < stay.period.departure else None
        self.held[stay.ref.key] = _Held(stay, former=former)

    def forget(self, key: str) -> None:
        """Let that room be taken from its booking; with the last one the booking is deleted."""
        self.held[key].deleted = True

    def dialect(self) -> Dialect:
        """What the rendering needs to know."""
        return Dialect(
            property_id=self.property_id,
            zone=self.zone,
            virtual=frozenset(self.virtual_stays),
            anonymous=frozenset(self.anonymous),
            companies=self.companies,
            booking_fields=self.booking_fields,
        )

    def bookings(self) -> list[Told]:
        """Every booking, deleted ones among them, the newest change first."""
        numbers: dict[str, list[_Held]] = {}
        for held in self.held.values():
            numbers.setdefault(held.stay.confirmation_number, []).append(held)
        told: list[Told] = []
        for number, rooms in numbers.items():
            left = [room for room in rooms if not room.deleted]
            shown = left or rooms
            told.append(
                Told(
                    number=number,
                    stays=tuple(room.stay for room in shown),
                    former={room.stay.ref.key: room.former for room in shown if room.former},
                    deleted=not left,
                    modified=max((r.stay.modified_at for r in shown if r.stay.modified_at), default=None),
                )
            )
        return sorted(told, key=lambda one: one.modified or datetime.min.replace(tzinfo=UTC), reverse=True)

    def booking(self, number: str | None) -> Told | None:
        """The booking of that number, unless it is deleted."""
        return next((told for told in self.bookings() if told.number == number and not told.deleted), None)

    def people(self) -> dict[str, GuestSnapshot]:
        """Every guest by key, as the newest stay has them."""
        stays = [stay for told in reversed(self.bookings()) if not told.deleted for stay in told.stays]
        return {guest.ref.key: guest for stay in stays for guest in (stay.guest, *stay.companions)}

    def wishes(self, key: str) -> str:
        """What that guest wished for."""
        return next(
            (
                "\n".join(held.stay.special_requests)
                for held in self.held.values()
                if held.stay.guest.ref.key == key and held.stay.special_requests
            ),
            "",
        )

    # ---- the interface

    def is_data_call(self, request: Request) -> bool:
        """Signing in and finding the island are spared."""
        return not request.path.endswith(("/access_token", "/oauth/metadata"))

    def answer(self, request: Request) -> Reply:
        """As Cloudbeds would."""
        if not request.path.startswith(PREFIX):
            return Reply(404, {"message": "no route"})
        name = request.path.removeprefix(PREFIX)
        self._calls = [at for at in self._calls if at > request.at - SPAN]
        if len(self._calls) >= MOST_CALLS:
            return Reply(429, {"success": False, "message": "Too many requests"})
        self._calls.append(request.at)
        if self.busy is not None:
            return Reply(429, {"success": False}, {"retry-after": f"{self.busy.total_seconds():g}"})
        if name == "access_token":
            return self._exchange(request)
        if not self._knows(request):
            said = "The resource owner or authorization server denied the request."
            return Reply(401, {"error": "access_denied", "message": said})
        if name == "oauth/metadata":
            data = {"api": {"url": self.island or f"http://{request.headers['host']}"}}
            return Reply(200, {"success": "true", "data": data})
        return self._method(name, request)

    def _method(self, name: str, request: Request) -> Reply:
        method = METHODS.get(name)
        if method is None:
            return Reply(404, {"message": "no route"})
        if request.method != method.verb:
            return Reply(405, {"message": "method not allowed"})
        if method.scope not in self.scopes:
            return Reply(403, {"success": False, "message": f"The scope {method.scope} was not granted"})
        given = dict(request.query)
        if method.verb == "POST":
            is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
            given = request.form() if is_form and not given else {}
        if mistake := method.mistake(given):
            return _refused(mistake)
        asked = given.get("propertyID") or given.get("propertyIDs")
        if asked and self.property_id not in asked.split(",") and name != "getHotels":
            return _refused("None of the included property id's match the access_token user's property id")
        try:
            return getattr(self, f"_{name}")(given)  # type: ignore[no-any-return]
        except ValueError:
            return _refused("A date or a number is not valid")

    def _knows(self, request: Request) -> bool:
        key = request.headers.get("x-api-key")
        if key is not None:
            return self.api_key is not None and key == self.api_key
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return token in self.tokens and request.at < self.tokens[token]

    def _exchange(self, request: Request) -> Reply:
        form = request.form()
        kind = request.headers.get("content-type", "")
        if request.method != "POST" or not kind.startswith("application/x-www-form-urlencoded"):
            return Reply(400, {"error": "invalid_request"})
        right = (CLIENT_ID, CLIENT_SECRET, self.refresh_token, "refresh_token")
        if (
            form.get("client_id"),
            form.get("client_secret"),
            form.get("refresh_token"),
            form.get("grant_type"),
        ) != right:
            return Reply(400, {"error": "invalid_grant", "error_description": "The refresh token is invalid."})
        number = len(self.tokens) + 1
        token = f"simulated-access-token-{number:04}"
        self.tokens[token] = self.clock.now() + self.lifetime
        if self.rotates:
            self.refresh_token = f"simulated-refresh-token-{number:04}"
        return Reply(
            200,
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": int(self.lifetime.total_seconds()),
                "refresh_token": self.refresh_token,
                "resources": [{"type": "property", "id": self.property_id}],
            },
        )

    # ---- its methods, by their names

    def _getHotels(self, given: dict[str, str]) -> Reply:  # noqa: N802
        asked = given.get("propertyIDs")
        mine = {
            "propertyID": self.property_id,
            "organizationID": "99",
            "propertyName": self.name,
            "propertyImage": "",
            "propertyDescription": "",
            "propertyTimezone": self.zone.key,
            "propertyCurrency": [{"currencyCode": "EUR", "currencySymbol": "€", "currencyPosition": "after"}],
        }
        return self._page([mine] if not asked or self.property_id in asked.split(",") else [], given, "getHotels")

    def _getCustomFields(self, given: dict[str, str]) -> Reply:  # noqa: N802
        return Reply(200, {"success": True, "data": self.definitions})

    def _getReservationsWithRateDetails(self, given: dict[str, str]) -> Reply:  # noqa: N802
        found = [told for told in self.bookings() if self._is_asked_for(told, given)]
        items = [self._told(told, render.with_rate_details(told, self.dialect())) for told in found]
        for item in items:
            if given.get("includeGuestsDetails") != "true":
                item.pop("guestList", None)
            if given.get("includeCustomFields") != "true":
                item.pop("customFields", None)
        reply = self._page(items, given, "getReservationsWithRateDetails")
        self.page_served()
        return reply

    def _is_asked_for(self, told: Told, given: dict[str, str]) -> bool:
        leaves = max(stay.period.departure for stay in told.stays)
        changed = self._stamp(told.modified) if told.modified else None
        tests: dict[str, Callable[[str], bool]] = {
            "modifiedFrom": lambda since: changed is None or changed >= render.utc(since),
            "modifiedTo": lambda until: changed is None or changed <= render.utc(until),
            "reservationID": lambda numbers: told.number in numbers.split(",") and not self.hides_by_number,
            "guestID": lambda guest: any(guest in _keys_of(stay) for stay in told.stays),
            "reservationCheckOutFrom": lambda first: leaves >= date.fromisoformat(first),
            "reservationCheckOutTo": lambda last: leaves <= date.fromisoformat(last),
            "excludeStatuses": lambda words: render.status_of(told.stays) not in words.split(","),
        }
        if told.deleted and given.get("includeDeleted") != "true":
            return False
        return all(test(given[name]) for name, test in tests.items() if name in given)

    def _getReservations(self, given: dict[str, str]) -> Reply:  # noqa: N802
        found = [told for told in self.bookings() if not told.deleted]
        if last := given.get("checkInTo"):
            found = [t for t in found if min(s.period.arrival for s in t.stays) <= date.fromisoformat(last)]
        if first := given.get("checkOutFrom"):
            found = [t for t in found if max(s.period.departure for s in t.stays) >= date.fromisoformat(first)]
        if sold := given.get("sourceReservationId"):
            found = [told for told in found if f"OTA-{told.number}" == sold]
        items = []
        for told in found:
            whole = render.with_rate_details(told, self.dialect())
            kept = ("propertyID", "reservationID", "dateCreated", "dateModified", "status", "guestID", "profileID")
            item = {key: whole[key] for key in (*kept, "sourceName", "thirdPartyIdentifier", "origin", "mealPlans")}
            item |= {"startDate": whole["reservationCheckIn"], "endDate": whole["reservationCheckOut"]}
            items.append(item | {"adults": "1", "children": "0", "balance": 0, "sourceID": "s-1", "guestName": "x"})
        return self._page(items, given, "getReservations")

    def _getReservation(self, given: dict[str, str]) -> Reply:  # noqa: N802
        told = self.booking(given["reservationID"])
        if told is None:
            return _refused("Reservation not found")
        return Reply(200, {"success": True, "data": self._told(told, render.alone(told, self.dialect()))})

    def _getReservationRoomDetails(self, given: dict[str, str]) -> Reply:  # noqa: N802
        key = given["subReservationID"]
        held = self.held.get(key)
        if held is None or held.deleted:
            return _refused("Room reservation not found")
        stay = held.stay
        data: Json = {
            "reservationID": stay.confirmation_number,
            "subReservationID": key,
            "isRoomLocked": False,
            "guestID": stay.guest.ref.key,
            "guestName": "x",
            "roomStatus": render.ROOM_STATUS[stay.status],
            "roomTypeName": stay.room_type or "",
            "maxGuests": 2,
            "adults": stay.adults,
            "children": stay.children,
            "guests": [{"guestID": guest, "isMainGuest": guest == stay.guest.ref.key} for guest in _keys_of(stay)],
        }
        return Reply(200, {"success": True, "data": data})

    def _getReservationNotes(self, given: dict[str, str]) -> Reply:  # noqa: N802
        if self.booking(given["reservationID"]) is None:
            return _refused("Reservation not found")
        kept = [note for note in self.notes if note["reservationID"] == given["reservationID"]]
        return Reply(
            200, {"success": True, "data": [{k: v for k, v in n.items() if k != "reservationID"} for n in kept]}
        )

    def _postReservationNote(self, given: dict[str, str]) -> Reply:  # noqa: N802
        if self.booking(given["reservationID"]) is None:
            return _refused("Reservation not found")
        text = given["reservationNote"]
        if any(len(word) > 12 and _luhn(word) for word in _numbers_in(text)):
            return _refused("Notes must not contain credit card numbers")
        key = f"note-{len(self.notes) + 1}"
        now = render.wall(self.clock.now(), self.zone)
        self.notes.append(
            {
                "reservationID": given["reservationID"],
                "reservationNoteID": key,
                "userName": "Jack",
                "dateCreated": now,
                "dateModified": now,
                "reservationNote": text,
            }
        )
        return Reply(200, {"success": True, "reservationNoteID": key})

    def _getGuest(self, given: dict[str, str]) -> Reply:  # noqa: N802
        key = given.get("guestID", "")
        if not key and (told := self.booking(given.get("reservationID"))):
            key = told.stays[0].guest.ref.key
        guest = self.people().get(key) or self.people().get(self.merged.get(key, ""))
        if guest is None:
            return _refused("Guest not found")
        data = render.single_guest(guest, self.wishes(guest.ref.key), self.dialect())
        if key in self.merged:
            data |= {"isMerged": True, "newGuestID": self.merged[key]}
        return Reply(200, {"success": True, "data": data})

    def _getGuestList(self, given: dict[str, str]) -> Reply:  # noqa: N802
        filters = {
            "guestFirstName": "guestFirstName",
            "guestLastName": "guestLastName",
            "guestEmail": "guestEmail",
            "guestPhone": "guestPhone",
            "guestCellPhone": "guestCellPhone",
        }
        found: list[Json] = []
        for guest in self.people().values():
            item = render.guest_fields(guest, self.dialect())
            if all(
                given[name].casefold() in str(item[key]).casefold() for name, key in filters.items() if name in given
            ):
                if given.get("includeGuestInfo") != "true":
                    kept = ("guestID", "guestName", "guestEmail", "isAnonymized")
                    item = {key: item[key] for key in kept}
                item.pop("customFields", None)
                found.append(item | {"isMainGuest": True, "isMerged": False, "newGuestID": ""})
        page = self._page(found, given, "getGuestList")
        page.body["data"] = {item["guestID"]: item for item in page.body["data"]}
        return page

    def _getGuestsModified(self, given: dict[str, str]) -> Reply:  # noqa: N802
        since, until = given.get("resultsFrom"), given.get("resultsTo")
        found: list[Json] = []
        stays = [(told.number, stay) for told in self.bookings() if not told.deleted for stay in told.stays]
        for number, stay in stays:
            for guest in (stay.guest, *stay.companions):
                at = self.guests_modified.get(guest.ref.key)
                if at is None or (since and self._stamp(at) < render.utc(since)):
                    continue
                if until and self._stamp(at) > render.utc(until):
                    continue
                item = render.guest_fields(guest, self.dialect())
                item |= {"reservationID": number, "roomID": stay.room_number or "", "roomName": stay.room_number or ""}
                item |= {"dateModified": render.wall(at, self.zone), "isMerged": False, "newGuestID": ""}
                if guest.ref.key in self.merged:
                    item |= {"isMerged": True, "newGuestID": self.merged[guest.ref.key]}
                found.append(item)
        return self._page(found, given, "getGuestsModified")

    def _getRooms(self, given: dict[str, str]) -> Reply:  # noqa: N802
        if "startDate" in given or "endDate" in given:
            return Reply(200, {"success": True, "data": [], "count": 0, "total": 0})
        number, size = int(given.get("pageNumber", "1")), int(given.get("pageSize", "20"))
        rooms = [
            render.room_of_hotel(room, self.property_id, virtual=room.number in self.virtual_rooms)
            for room in self.rooms.values()
        ]
        part = rooms[(number - 1) * size : number * size]
        data = [{"propertyID": self.property_id, "rooms": part}] if part else []
        return Reply(200, {"success": True, "data": data, "count": len(data), "total": 1})

    def _getHousekeepingStatus(self, given: dict[str, str]) -> Reply:  # noqa: N802
        states = [render.room_care(room, self.property_id) for room in self.rooms.values()]
        return self._page(states, given, "getHousekeepingStatus")

    # ---- what they share

    def _page(self, items: Sequence[Json], given: dict[str, str], method: str) -> Reply:
        number, size = int(given.get("pageNumber", "1")), int(given.get("pageSize", "100"))
        if number < 1 or not 1 <= size <= MOST_PAGE_SIZE.get(method, 100):
            return _refused("Parameter pageSize is not valid")
        part = list(items[(number - 1) * size : number * size])
        return Reply(200, {"success": True, "data": part, "count": len(part), "total": len(items)})

    def _stamp(self, moment: datetime) -> datetime:
        """An instant as the wall time that filters compare with, written as if it were UTC."""
        zone = self.zone if self.reads_local_times else ZoneInfo("UTC")
        return moment.astimezone(zone).replace(tzinfo=UTC, microsecond=0)

    def _told(self, told: Told, item: Json) -> Json:
        if told.number in self.booking_statuses:
            item["status"] = self.booking_statuses[told.number]
        for stay in told.stays:
            self.held[stay.ref.key].spoil(item)
        return item


def _keys_of(stay: ReservationSnapshot) -> list[str]:
    return [guest.ref.key for guest in (stay.guest, *stay.companions)]


def _refused(message: str) -> Reply:
    """What Cloudbeds documents for everything that goes wrong."""
    return Reply(200, {"success": False, "message": message})


def _numbers_in(text: str) -> list[str]:
    return "".join(ch if ch.isdigit() else " " for ch in text).split()


def _luhn(digits: str) -> bool:
    doubled = [int(ch) * (1 + place % 2) for place, ch in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
