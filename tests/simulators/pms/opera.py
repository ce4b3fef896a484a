"""Oracle OPERA Cloud, as strict as its specification: headers, parameters, limits, and a queue that forgets."""

import base64
import re
from collections import deque
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jack.application.ports.clock import Clock
from jack.domain.snapshot import GuestSnapshot, ReservationSnapshot, RoomSnapshot
from tests.simulators.pms import opera_render as render
from tests.simulators.pms.opera_parameters import PARAMETERS
from tests.simulators.pms.vendor import Reply, Request, VendorSimulator

CLIENT_ID, CLIENT_SECRET = "jack-client", "opera-client-secret"
APP_KEY = "3f2b7c9e-0d41-4c5a-9b1e-7a6f5d4c3b2a"
USERNAME, PASSWORD = "JACK@HOTEL", "opera-password"
ENTERPRISE = "HARB"
TASK_CODE, TASK_DEPARTMENT = "JACK", "HK"

MOST_ROWS = 1_000
TOKEN_LIFE = timedelta(seconds=3600)

Spoil = Callable[[dict[str, Any]], dict[str, Any]]


class OperaSimulator(VendorSimulator):
    """One hotel of one environment."""

    def __init__(self, clock: Clock, *, hotel_id: str = "HARBOUR", time_zone: str = "Europe/Lisbon") -> None:
        super().__init__(clock)
        self.hotel_id = hotel_id
        self.name = "Harbour Hotel"
        self.zone = ZoneInfo(time_zone)
        self.business_date: date | None = None
        self.client_secret = CLIENT_SECRET
        self.grant = "client_credentials"
        self.tokens: dict[str, datetime] = {}
        self.tokens_given = 0
        self.denied: set[str] = set()
        self.held: dict[str, ReservationSnapshot] = {}
        self.rooms: dict[str, RoomSnapshot] = {}
        self.pseudo: set[str] = set()
        self.external_systems = {"JACK"}
        self.queue: deque[dict[str, Any]] = deque()
        self.service_requests: list[dict[str, Any]] = []
        self.former_rooms: dict[str, str] = {}
        self.owners: dict[str, str] = {}
        self.anonymous: set[str] = set()
        self.instead: dict[str, Reply] = {}
        """Answers to paths, whatever is asked there."""
        self.tells_of_more = True
        """Whether lists say how long they are; the specification makes all of that optional."""
        self.fastest = 0
        self._spoils: dict[str, Spoil] = {}
        self._times: deque[datetime] = deque()
        self._events = 0

    def hold(self, stay: ReservationSnapshot) -> None:
        """Have that reservation, and tell of it in the queue."""
        before = self.held.get(stay.ref.key)
        if before is not None and before.room_number and before.room_number != stay.room_number:
            self.former_rooms[stay.ref.key] = before.room_number
        self.held[stay.ref.key] = stay
        self.tell("Reservation", "UPDATE RESERVATION" if before else "NEW RESERVATION", stay.ref.key)

    def tell(self, module: str, action: str, key: str, hotel_id: str | None = None) -> None:
        """Put an event into the queue."""
        self.queue.append(self.event(module, action, key, hotel_id))

    def event(self, module: str, action: str, key: str, hotel_id: str | None = None) -> dict[str, Any]:
        """A business event, with the numbers that are sometimes texts."""
        self._events += 1
        header = {
            "moduleName": module,
            "actionType": action,
            "actionId": self._events if self._events % 2 else str(self._events),
            "primaryKey": key,
            "publisherId": 57489,
            "createdDateTime": "2026-11-22 11:15:38.0",
            "hotelId": hotel_id or self.hotel_id,
        }
        details = [{"dataElement": "NAME", "oldValue": "Smith", "newValue": "Smith"}]
        return {
            "businessEventId": {"id": str(1_971_000 + self._events)},
            "businessEvent": {"header": header, "details": details},
        }

    def spoil(self, key: str, how: Spoil) -> None:
        """Let that reservation be told wrongly, in the search and by itself."""
        self._spoils[key] = how

    @property
    def today(self) -> date:
        """The business date."""
        return self.business_date or self.clock.now().astimezone(self.zone).date()

    @property
    def guests(self) -> dict[str, GuestSnapshot]:
        """Everybody who stays, by profile id."""
        people = (p for stay in self.held.values() for p in (stay.guest, *stay.companions))
        return {person.ref.key: person for person in people}

    def is_data_call(self, request: Request) -> bool:
        return request.path != "/oauth/v1/tokens"

    def _more(self, told: int, total: int) -> dict[str, Any]:
        return {"hasMore": told < total, "totalResults": str(total)} if self.tells_of_more else {}

    def answer(self, request: Request) -> Reply:
        if request.path in self.instead:
            return self.instead[request.path]
        if request.path == "/oauth/v1/tokens":
            return self._token(request)
        refused = self._refused(request)
        if refused is not None:
            return refused
        for method, pattern, answer in self._routes():
            found = re.fullmatch(pattern, request.path)
            if found and request.method == method:
                return self._allowed(request, pattern, found) or answer(
                    request, *(part for name, part in found.groupdict().items() if name != "hotel")
                )
        return _problem(404, "Not Found")

    def _allowed(self, request: Request, pattern: str, found: re.Match[str]) -> Reply | None:
        if unknown := [name for name, _ in request.query if name not in PARAMETERS[pattern]]:
            return _problem(400, f"unknown parameter {unknown[0]}")
        hotel = request.headers["x-hotelid"]
        if hotel != self.hotel_id or found.groupdict().get("hotel", hotel) != hotel:
            return _problem(403, "The hotel is not accessible")
        return _problem(403, "Insufficient privileges") if pattern.split("/")[1] in self.denied else None

    def _routes(self) -> Iterable[tuple[str, str, Callable[..., Reply]]]:
        yield "GET", r"/rsv/v1/hotels/(?P<hotel>[^/]+)/reservations", self._search
        yield "GET", r"/rsv/v1/hotels/(?P<hotel>[^/]+)/reservations/(?P<key>.+)", self._reservation
        yield "GET", r"/crm/v1/profiles", self._profiles
        yield "GET", r"/crm/v1/profiles/(?P<key>.+)", self._profile
        yield "GET", r"/hsk/v1/hotels/(?P<hotel>[^/]+)/housekeepingOverview", self._board
        yield "GET", r"/ent/config/v1/hotels/(?P<hotel>[^/]+)/operaContext", self._context
        yield "GET", r"/ent/config/v1/hotels/(?P<hotel>[^/]+)", self._hotel
        yield (
            "GET",
            r"/int/v1/externalSystem/(?P<system>[^/]+)/hotels/(?P<hotel>[^/]+)/businessEvents",
            self._business_events,
        )
        yield "GET", r"/fof/v1/hotels/(?P<hotel>[^/]+)/serviceRequests", self._service_requests
        yield "POST", r"/fof/v1/hotels/(?P<hotel>[^/]+)/serviceRequests", self._file

    def _token(self, request: Request) -> Reply:
        basic = base64.b64encode(f"{CLIENT_ID}:{self.client_secret}".encode()).decode()
        form = request.form()
        if request.headers.get("content-type") != "application/x-www-form-urlencoded" or request.method != "POST":
            return _problem(400, "invalid_request")
        if request.headers.get("authorization") != f"Basic {basic}" or request.headers.get("x-app-key") != APP_KEY:
            return _problem(401, "invalid_client")
        as_enterprise = {"grant_type": "client_credentials", "scope": "urn:opc:hgbu:ws:__myscopes__"}
        as_user = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}
        right = (form, request.headers.get("enterpriseid")) in ((as_enterprise, ENTERPRISE), (as_user, None))
        if not right or form["grant_type"] != self.grant:
            return _problem(401, "invalid_grant")
        self.tokens_given += 1
        token = f"opera-access-token-{self.tokens_given}"
        self.tokens[token] = self.clock.now() + TOKEN_LIFE
        return Reply(200, {"access_token": token, "expires_in": "3600", "token_type": "Bearer"})

    def _refused(self, request: Request) -> Reply | None:
        now = self.clock.now()
        self._times.append(now)
        while self._times[0] <= now - timedelta(seconds=1):
            self._times.popleft()
        self.fastest = max(self.fastest, len(self._times))
        if len(self._times) > 100:
            return Reply(429, {"title": "Too Many Requests", "type": "about:blank"})
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or self.tokens.get(token, now) <= now:
            return _problem(401, "Unauthorized")
        if request.headers.get("x-app-key") != APP_KEY:
            return _problem(401, "Invalid application key")
        if not request.headers.get("x-hotelid"):
            return _problem(400, "x-hotelid is missing")
        if not request.headers.get("content-type", "").startswith("application/json"):
            return _problem(415, "Unsupported Media Type")
        return None

    @property
    def _world(self) -> render.World:
        return render.World(self.hotel_id, self.zone, self.today, self.former_rooms, self.owners, self.anonymous)

    def _search(self, request: Request) -> Reply:
        try:
            limit, offset = int(request.asked("limit") or 20), int(request.asked("offset") or 0)
            fits = _filters(request)
        except ValueError:
            return _problem(400, "a parameter cannot be read")
        if limit < 1 or offset < 0:
            return _problem(400, "a parameter is out of range")
        found = [stay for key, stay in self.held.items() if key not in self.pseudo and fits(stay)]
        if "GuestSurname" in request.all("orderBy"):
            descending = request.asked("sortOrder") == "Desc"
            found.sort(key=lambda stay: (stay.guest.last_name, stay.ref.key), reverse=descending)
        page = found[:MOST_ROWS][offset : offset + limit]
        if not page:
            return Reply(204)
        rows = [self._spoiled(stay.ref.key, render.row(stay, self._world)) for stay in page]
        reply = Reply(
            200,
            {
                "reservations": {
                    "reservationInfo": rows,
                    "totalPages": str(-(-len(found) // limit)),
                    "offset": str(offset + len(page)),
                    "limit": str(limit),
                    **self._more(offset + len(page), len(found)),
                    "count": str(len(page)),
                }
            },
        )
        self.page_served()
        return reply

    def _reservation(self, request: Request, key: str) -> Reply:
        if key not in self.held:
            return Reply(204)
        if key in self.pseudo:
            told = render.single(self.held[key], self._world)
            told["roomStay"]["roomRates"] = [{**rate, "pseudoRoom": True} for rate in told["roomStay"]["roomRates"]]
        else:
            told = self._spoiled(key, render.single(self.held[key], self._world))
        fetched = {"Comments": "comments", "Traces": "traces", "Alerts": "alerts"}
        for instruction, name in fetched.items():
            if instruction not in request.all("fetchInstructions"):
                told.pop(name, None)
        if "AccompanyingGuestProfile" not in request.all("fetchInstructions"):
            told["reservationGuests"] = [guest for guest in told["reservationGuests"] if guest["primary"]]
        return Reply(200, {"reservations": {"reservation": [told]}})

    def _spoiled(self, key: str, told: dict[str, Any]) -> dict[str, Any]:
        return self._spoils[key](told) if key in self._spoils else told

    def _profile(self, request: Request, key: str) -> Reply:
        guest = self.guests.get(key)
        if guest is None:
            return Reply(204)
        whole = render.profile(guest, self._world)
        asked = {
            "telephones": "Communication",
            "emails": "Communication",
            "profileMemberships": "Membership",
            "preferenceCollection": "Preference",
            "comments": "Comment",
            "addresses": "Address",
            "customer": "Profile",
        }
        told = {name: value for name, value in whole.items() if asked.get(name) in {None, *_instructions(request)}}
        ids = [{"id": key, "type": "Profile"}]
        if len(key) % 2:  # as Oracle's schema has it, and as Oracle's example has it
            return Reply(200, {"profileIdList": ids, "profileDetails": told})
        return Reply(200, {"profiles": {"profileInfo": [{"profileIdList": ids, "profile": told}]}})

    def _profiles(self, request: Request) -> Reply:
        limit, offset = int(request.asked("limit") or 20), int(request.asked("offset") or 0)
        if not 1 <= limit <= 200:
            return _problem(400, "limit exceeds 200")
        last, first, email, phone = (request.asked(n) for n in ("profileName", "givenName", "email", "phone"))
        found = [
            guest
            for guest in self.guests.values()
            if (last is None or guest.last_name.casefold().startswith(last.casefold()))
            and (first is None or guest.first_name.casefold().startswith(first.casefold()))
            and (email is None or email.casefold() in map(str.casefold, guest.emails))
            and (phone is None or phone in guest.phones)
        ]
        page = found[offset : offset + limit]
        if not page:
            return Reply(204)
        summaries = [
            {"profileIdList": [{"id": guest.ref.key, "type": "Profile"}], "profile": {"profileType": "Guest"}}
            for guest in page
        ]
        total = str(min(len(found), 1_000))
        return Reply(200, {"profileSummaries": {"profileInfo": summaries, "totalResults": total}})

    def _board(self, request: Request) -> Reply:
        limit, offset = int(request.asked("limit") or 20), int(request.asked("offset") or 0)
        rooms = [render.room(room, self._world) for room in self.rooms.values()]
        if rooms:
            master = {"pseudoRoom": True, "roomType": "PM", "roomClass": "ALL"}
            rooms.insert(1, {**rooms[0], "roomId": "9001", "roomType": master})
        page = rooms[offset : offset + limit]
        if not page:
            return Reply(204)
        info = {
            "housekeepingRooms": {"room": page},
            **self._more(offset + len(page), len(rooms)),
            "count": str(len(page)),
        }
        reply = Reply(200, {"housekeepingRoomInfo": info})
        self.page_served()
        return reply

    def _context(self, _: Request) -> Reply:
        context = {
            "hotelId": self.hotel_id,
            "hotelName": self.name,
            "businessDate": self.today.isoformat(),
            "timezone": self.zone.key,
            "languageCode": "E",
            "currencyCode": "EUR",
            "chainCode": "HARB",
        }
        return Reply(200, {"hotelContext": context})

    def _hotel(self, _: Request) -> Reply:
        return Reply(200, {"hotelConfigInfo": {"hotelId": self.hotel_id, "hotelName": self.name}})

    def _business_events(self, request: Request, external_system: str) -> Reply:
        if external_system not in self.external_systems:
            return _problem(400, "Invalid external system")
        if not 1 <= int(request.asked("limit") or 20) <= 20:
            return _problem(400, "limit exceeds 20")
        if not self.queue:
            return Reply(204)
        taken = [self.queue.popleft() for _ in range(min(int(request.asked("limit") or 20), len(self.queue)))]
        self.page_served()
        return Reply(200, {"businessEventData": taken})

    def _service_requests(self, request: Request) -> Reply:
        first, last = request.asked("creationStartDate"), request.asked("creationEndDate")
        if first and last and (date.fromisoformat(last) - date.fromisoformat(first)).days > 30:
            return _problem(400, "the time span exceeds 30 days")
        found = [
            told
            for told in self.service_requests
            if told["code"] in (request.all("code") or [told["code"]])
            and (first or "") <= told["openDate"][:10] <= (last or "9")
        ]
        return Reply(200, {"serviceRequestsDetails": found}) if found else Reply(204)

    def _file(self, request: Request) -> Reply:
        try:
            (asked,) = request.json()["serviceRequestsDetails"]
            datetime.strptime(asked["openDate"], "%Y-%m-%d %H:%M:%S.0")  # noqa: DTZ007  OPERA writes no zone
            right = asked["hotelId"] == self.hotel_id and asked["status"] == "Open" and len(asked["comment"]) <= 2000
        except (ValueError, KeyError, TypeError):
            right = False
        if not right:
            return _problem(400, "the service request cannot be read")
        stays = [entry["id"] for entry in asked.get("reservationIdList", []) if entry["type"] == "Reservation"]
        department = asked.get("department", {"code": TASK_DEPARTMENT})["code"]
        if asked["code"] != TASK_CODE or department != TASK_DEPARTMENT or any(key not in self.held for key in stays):
            return _problem(400, "invalid code or reservation")
        key = str(53_437 + len(self.service_requests))
        self.service_requests.append({**asked, "serviceRequestId": {"type": "ServiceRequestID", "id": key}})
        return Reply(201, {"links": []}, {"location": f"/fof/v1/hotels/{self.hotel_id}/serviceRequests/{key}"})


def _instructions(request: Request) -> list[str]:
    return request.all("fetchInstructions")


def _filters(request: Request) -> Callable[[ReservationSnapshot], bool]:
    """What the search is narrowed down by. Raises ValueError."""
    days = {
        name: date.fromisoformat(text)
        for name in ("arrivalStartDate", "arrivalEndDate", "departureStartDate", "departureEndDate")
        if (text := request.asked(name)) is not None
    }
    numbers, profile = request.all("confirmationNumberList"), request.asked("profileId")
    if not days and not numbers and profile is None:
        raise ValueError("no criteria")

    def fits(stay: ReservationSnapshot) -> bool:
        arrival, departure = stay.period.arrival, stay.period.departure
        return (
            days.get("arrivalStartDate", arrival) <= arrival <= days.get("arrivalEndDate", arrival)
            and days.get("departureStartDate", departure) <= departure <= days.get("departureEndDate", departure)
            and (not numbers or stay.confirmation_number in numbers)
            and (profile is None or stay.guest.ref.key == profile)
        )

    return fits


def _problem(status: int, title: str) -> Reply:
    """OPERA's error body; its detail quotes what was asked, and must never be shown."""
    return Reply(
        status,
        {
            "type": "http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html",
            "title": title,
            "status": str(status),
            "detail": "asked by opera-client-secret for Anna Silva",
            "o:errorCode": "OPERAWS-GEN0001",
        },
    )
