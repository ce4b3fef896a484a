"""apaleo: its identity service and the calls of booking v1 and inventory v1 that Jack needs, strict about each.

Refuses what apaleo refuses (fractions of a second, a plus sign that became a blank, more than 200 on a page, a token
that ended) and also parameters that its documents do not know, which apaleo itself passes over.
"""

import base64
import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from jack.application.ports.clock import Clock
from jack.domain.snapshot import ReservationSnapshot, RoomSnapshot
from tests.simulators.pms import apaleo_render as render
from tests.simulators.pms.vendor import Reply, Request, VendorSimulator

CLIENT_ID = "JACK-SP-HARBOUR"
CLIENT_SECRET = "apaleo-client-secret-1"
TOKEN_LIFE = timedelta(hours=1)
CALLS, PER = 600, timedelta(minutes=10)
ALL_SCOPES = frozenset({"reservations.read", "units.read", "properties.read"})

RESERVATIONS = "/booking/v1/reservations"
UNITS = "/inventory/v1/units"
PROPERTIES = "/inventory/v1/properties"

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_PAGED = frozenset({"pageNumber", "pageSize"})
_KNOWN = {
    RESERVATIONS: _PAGED
    | {
        "propertyIds",
        "unitGroupTypes",
        "bookingId",
        "status",
        "dateFilter",
        "from",
        "to",
        "textSearch",
        "sort",
        "expand",
    },
    UNITS: _PAGED | {"propertyId", "expand"},
    PROPERTIES: _PAGED,
}
_DATE_FILTERS = ("Arrival", "Departure", "Stay", "Creation", "Modification", "Cancellation")

Spoil = Callable[[dict[str, Any]], dict[str, Any]]


class Refused(Exception):
    """The call is answered with this."""

    def __init__(self, status: int, *messages: str) -> None:
        super().__init__(*messages)
        self.reply = Reply(status, {"messages": list(messages)} if messages else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A reservation as apaleo has it: since when, in which rooms it was before, and what is wrong with its record."""

    stay: ReservationSnapshot
    created: datetime
    former: tuple[render.Span, ...] = ()
    spoil: Spoil = field(default=lambda told: told)
    type: str = "BedRoom"
    property_id: str | None = None


class ApaleoSimulator(VendorSimulator):
    """One account with one property. `page_served` happens after every page of reservations."""

    def __init__(self, clock: Clock, *, property_id: str = "LIS", zone: str = "Europe/Lisbon") -> None:
        super().__init__(clock)
        self.property_id = property_id
        self.zone = ZoneInfo(zone)
        self.name = "Harbour Hotel"
        self.client_id, self.client_secret = CLIENT_ID, CLIENT_SECRET
        self.scopes = ALL_SCOPES
        self.shows_personal_data = True
        self.token_life: timedelta = TOKEN_LIFE
        self.tokens: dict[str, datetime] = {}
        self.held: dict[str, Held] = {}
        self.units: list[dict[str, Any]] = []
        self.rooms: dict[str, RoomSnapshot] = {}
        self._made: deque[datetime] = deque()
        self._count = 0

    def hold(self, stay: ReservationSnapshot, **fields: Any) -> None:
        """Have that reservation, beside or instead of the one with its number; its former room stays known."""
        known = self.held.get(stay.ref.key)
        self._count += 1
        born = known.created if known else datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self._count)
        former = known.former if known else ()
        if known and known.stay.room_number and known.stay.room_number != stay.room_number:
            moved = max(stay.modified_at or self.clock.now(), render.arrives(stay, self.zone))
            begun = former[-1].until if former else render.arrives(known.stay, self.zone)
            former = (*former, render.Span(known.stay.room_number, begun, moved))
        self.held[stay.ref.key] = Held(stay=stay, created=born, former=former, **fields)

    def spoil(self, key: str, spoil: Spoil) -> None:
        """Let the record of that reservation be told differently."""
        self.held[key] = replace(self.held[key], spoil=spoil)

    def is_data_call(self, request: Request) -> bool:
        return request.path != "/connect/token"

    def answer(self, request: Request) -> Reply:
        try:
            if request.path == "/connect/token":
                return self._token(request)
            self._admit(request)
            return self._serve(request)
        except Refused as refused:
            return refused.reply

    def _token(self, request: Request) -> Reply:
        if request.method != "POST":
            raise Refused(405)
        if request.headers.get("content-type", "").split(";")[0] != "application/x-www-form-urlencoded":
            return Reply(400, {"error": "invalid_request"})
        form = request.form()
        basic = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        in_form = form.get("client_id") == self.client_id and form.get("client_secret") == self.client_secret
        if request.headers.get("authorization") != f"Basic {basic}" and not in_form:
            return Reply(400, {"error": "invalid_client"})
        if form.get("grant_type") != "client_credentials":
            return Reply(400, {"error": "unsupported_grant_type"})
        self._count += 1
        token = f"apaleo-access-token-{self._count}"
        self.tokens[token] = request.at + self.token_life
        life = int(self.token_life.total_seconds())
        return Reply(200, {"access_token": token, "expires_in": life, "token_type": "Bearer", "scope": "offline"})

    def _admit(self, request: Request) -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, datetime.min.replace(tzinfo=UTC)) <= request.at:
            raise Refused(401)
        while self._made and self._made[0] <= request.at - PER:
            self._made.popleft()
        if len(self._made) >= CALLS:
            raise Refused(429, f"API calls quota exceeded! maximum admitted {CALLS} per 10m.")
        self._made.append(request.at)

    def _serve(self, request: Request) -> Reply:
        if request.method != "GET":
            raise Refused(405)
        path = request.path
        unknown = {name for name, _ in request.query} - _KNOWN.get(path, frozenset({"expand", "languages"}))
        if unknown:
            raise Refused(400, f"The parameter '{min(unknown)}' is not known.")
        if path == RESERVATIONS:
            self._needs("reservations.read")
            return self._reservations(request)
        if path.startswith(RESERVATIONS + "/"):
            self._needs("reservations.read")
            return self._reservation(unquote(path.removeprefix(RESERVATIONS + "/")), request)
        if path == UNITS:
            self._needs("units.read")
            return self._units(request)
        if path == PROPERTIES:
            self._needs("properties.read")
            return _paged(request, "properties", [{**self._hotel(), "name": self.name}])
        if path.startswith(PROPERTIES + "/"):
            self._needs("properties.read")
            if path.removeprefix(PROPERTIES + "/") != self.property_id:
                raise Refused(404)
            return Reply(200, self._hotel())
        raise Refused(404)

    def _needs(self, scope: str) -> None:
        if scope not in self.scopes:
            raise Refused(403)

    def _hotel(self) -> dict[str, Any]:
        return render.hotel(self.property_id, self.name, self.zone.key)

    def _units(self, request: Request) -> Reply:
        if request.asked("propertyId") not in (None, self.property_id):
            return Reply(204)
        with_group = "unitGroup" in _listed(request, "expand")
        made = [render.unit(room, self.property_id, with_group=with_group) for room in self.rooms.values()]
        return _paged(request, "units", made + self.units)

    def _reservation(self, key: str, request: Request) -> Reply:
        held = self.held.get(key)
        if held is None:
            raise Refused(404)
        return Reply(200, render.alone(self._told(held, _listed(request, "expand"))))

    def _reservations(self, request: Request) -> Reply:
        found = sorted(self._found(request), key=_order(request))
        expand = _listed(request, "expand")
        reply = _paged(request, "reservations", found, lambda held: self._told(held, expand))
        self.page_served()
        return reply

    def _found(self, request: Request) -> Iterable[Held]:
        within = self._within(request)
        properties, types = _listed(request, "propertyIds"), _listed(request, "unitGroupTypes")
        text, booking = (request.asked("textSearch") or "").lower(), request.asked("bookingId")
        statuses = _listed(request, "status")
        for held in self.held.values():
            if properties and (held.property_id or self.property_id) not in properties:
                continue
            if types and held.type not in types:
                continue
            if booking is not None and held.stay.confirmation_number != booking:
                continue
            if statuses and render.STATUSES[held.stay.status] not in statuses:
                continue
            if text and not any(text in word.lower() for word in _words(held.stay)):
                continue
            if within(held):
                yield held

    def _within(self, request: Request) -> Callable[[Held], bool]:
        kind = request.asked("dateFilter")
        since, until = (_instant(request, name) for name in ("from", "to"))
        if kind is None:
            return lambda _: True
        if kind not in _DATE_FILTERS:
            raise Refused(400, f"The value '{kind}' is not valid.")
        if since is None or until is None:
            raise Refused(422, "When filtering by date, at least one of 'from' and 'to' has to be specified.")
        if until <= since:
            raise Refused(422, "'to' must be larger than 'from'.")
        if kind == "Stay":
            return lambda held: (
                render.arrives(held.stay, self.zone) < until and render.departs(held.stay, self.zone) > since
            )
        return lambda held: since <= (held.stay.modified_at or held.created) < until

    def _told(self, held: Held, expand: list[str]) -> dict[str, Any]:
        stay = held.stay
        spans = list(held.former)
        if stay.room_number is not None:
            begun = spans[-1].until if spans else render.arrives(stay, self.zone)
            spans.append(render.Span(stay.room_number, begun, render.departs(stay, self.zone)))
        told = render.reservation(
            stay,
            property_id=held.property_id or self.property_id,
            zone=self.zone,
            created=held.created,
            spans=spans,
            expand=expand,
        )
        told["unitGroup"]["type"] = held.type
        if not self.shows_personal_data:
            for member in (told["primaryGuest"], *told.get("additionalGuests", ()), told.get("booker", {})):
                member.pop("email", None)
                member.pop("phone", None)
        return held.spoil(told)


def _paged(
    request: Request, name: str, found: list[Any], tell: Callable[[Any], dict[str, Any]] = lambda told: told
) -> Reply:
    number, size = _number(request, "pageNumber", 1), _number(request, "pageSize", 100)
    if size > 200:
        raise Refused(422, "The maximum page size is 200.")
    page = found[(number - 1) * size : number * size]
    return Reply(200, {name: [tell(one) for one in page], "count": len(found)}) if page else Reply(204)


def _number(request: Request, name: str, otherwise: int) -> int:
    text = request.asked(name)
    if text is None:
        return otherwise
    if not text.isdecimal() or int(text) < 1:
        raise Refused(400, f"The value '{text}' is not valid for {name}.")
    return int(text)


def _listed(request: Request, name: str) -> list[str]:
    """A list parameter: its values joined by commas, one parameter for all of them."""
    return (request.asked(name) or "").split(",") if request.asked(name) else []


def _instant(request: Request, name: str) -> datetime | None:
    text = request.asked(name)
    if text is None:
        return None
    if not _INSTANT.fullmatch(text):
        raise Refused(400, f"The value '{text}' is not valid for {name}.")
    return datetime.fromisoformat(text)


def _order(request: Request) -> Callable[[Held], Any]:
    wanted = (request.all("sort") or ["arrival:asc"])[0]
    keys: dict[str, Callable[[Held], Any]] = {
        "updated:asc": lambda held: (held.stay.modified_at or held.created, held.stay.ref.key),
        "updated:desc": lambda held: -(held.stay.modified_at or held.created).timestamp(),
        "created:asc": lambda held: held.created,
        "id:asc": lambda held: held.stay.ref.key,
    }
    return keys.get(wanted, lambda held: held.stay.period.arrival)


def _words(stay: ReservationSnapshot) -> Iterable[str]:
    for person in (stay.guest, *stay.companions):
        yield from (person.first_name, person.last_name, *person.emails)
    yield from (stay.ref.key, stay.room_number or "")
    yield from (render.BOOKER["firstName"], render.BOOKER["lastName"], render.BOOKER["email"])
