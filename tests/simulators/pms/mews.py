"""The simulator of Mews's Connector API: every call a POST with the tokens in its body, lists newest first."""

from collections import deque
from datetime import datetime, timedelta
from typing import Any

from jack.application.ports.clock import Clock
from tests.simulators.pms.mews_house import MewsHouse
from tests.simulators.pms.mews_truth import CHAIN, STATES, Json, wire
from tests.simulators.pms.mews_wire import OPERATIONS, Refused, interval_of, limitation
from tests.simulators.pms.vendor import Reply, Request, VendorSimulator

PREFIX = "/api/connector/v1/"
CALLS, PER = 200, timedelta(seconds=30)

RESERVATIONS = "reservations/getAll/2023-06-06"

TABLES = {
    RESERVATIONS: ("reservations", "Reservations"),
    "customers/getAll": ("customers", "Customers"),
    "companionships/getAll": ("companionships", "Companionships"),
    "companies/getAll": ("companies", "Companies"),
    "services/getAll": ("services", "Services"),
    "resourceCategories/getAll": ("categories", "ResourceCategories"),
    "resourceCategoryAssignments/getAll": ("assignments", "ResourceCategoryAssignments"),
    "resources/getAll": ("resources", "Resources"),
    "resourceBlocks/getAll": ("blocks", "ResourceBlocks"),
    "ageCategories/getAll": ("age_categories", "AgeCategories"),
    "serviceOrderNotes/getAll": ("service_order_notes", "ServiceOrderNotes"),
    "accountNotes/getAll": ("account_notes", "AccountNotes"),
    "loyaltyMemberships/getAll": ("memberships", "LoyaltyMemberships"),
    "loyaltyTiers/getAll": ("tiers", "LoyaltyTiers"),
    "tasks/getAll": ("tasks", "Tasks"),
}
"""Operation -> the house's table, and the name of the list in the answer."""

BY_IDS = {
    "ReservationIds": {"reservations": "Id", "companionships": "ReservationId"},
    "CustomerIds": {"customers": "Id", "companionships": "CustomerId"},
    "ServiceIds": {
        "reservations": "ServiceId",
        "services": "Id",
        "categories": "ServiceId",
        "age_categories": "ServiceId",
    },
    "Numbers": {"reservations": "Number"},
    "ChannelNumbers": {"reservations": "ChannelNumber"},
    "States": {"reservations": "State"},
    "Emails": {"customers": "Email"},
    "FirstNames": {"customers": "FirstName"},
    "LastNames": {"customers": "LastName"},
    "Ids": {"companies": "Id"},
    "ResourceCategoryIds": {"categories": "Id", "assignments": "CategoryId"},
    "ResourceIds": {"resources": "Id", "assignments": "ResourceId"},
    "AccountIds": {"memberships": "AccountId", "account_notes": "AccountId", "reservations": "AccountId"},
    "MembershipStates": {"memberships": "State"},
    "LoyaltyProgramIds": {"memberships": "LoyaltyProgramId", "tiers": "LoyaltyProgramId"},
    "ServiceOrderIds": {"service_order_notes": "OrderId", "tasks": "ServiceOrderId"},
    "Types": {"service_order_notes": "Type"},
    "TaskIds": {"tasks": "Id"},
}
"""Filter -> the field that it looks at, by table."""

PEOPLES_WORDS = frozenset({"Emails", "FirstNames", "LastNames"})
"""Filters that take no notice of capital letters."""

ACTIVE_ALONE = frozenset({"blocks"})


class MewsSimulator(VendorSimulator):
    """Mews for one hotel, or for a portfolio of which one hotel is known."""

    def __init__(self, clock: Clock, *, client_token: str = "mews-client", access_token: str = "mews-access") -> None:
        super().__init__(clock)
        self.house = MewsHouse()
        self.client_token = client_token
        self.access_token = access_token
        self.refused: dict[str, int] = {}
        self.bad_ids: set[str] = set()
        self.heavy_above: int | None = None
        self.heavy_windows: timedelta | None = None
        self.calls_allowed = CALLS
        self._calls: deque[datetime] = deque()
        self._order: dict[str, int] = {}

    def bodies(self, operation: str) -> list[Json]:
        """The bodies of every call of that operation, oldest first."""
        return [request.json() for request in self.requests if request.path == PREFIX + operation]

    def answer(self, request: Request) -> Reply:
        """Refuse what Mews refuses, in its order: the path, the rate, the JSON, the tokens, permissions, the fields."""
        operation = request.path.removeprefix(PREFIX)
        if not request.path.startswith(PREFIX) or operation not in OPERATIONS or request.method != "POST":
            return Reply(404)
        if self._is_too_often():
            return _failure(429, "Too many requests.", {"retry-after": "5"})
        if request.headers.get("content-type", "").split(";")[0] != "application/json":
            return _failure(400, "Invalid content type.")
        try:
            body = request.json() or {}
            if body.get("ClientToken") != self.client_token:
                return _failure(401, "Invalid ClientToken.")
            if body.get("AccessToken") != self.access_token:
                return _failure(401, "Invalid AccessToken.")
            if operation in self.refused:
                return _failure(self.refused[operation], f"The integration has no access to {operation}.")
            OPERATIONS[operation].check(body)
            self._check_hotel(body)
            self._check_ids(body)
            return self._do(operation, body)
        except ValueError:
            return _failure(400, "Invalid JSON.")
        except Refused as refused:
            return _failure(400, str(refused))

    def _do(self, operation: str, body: Json) -> Reply:
        if operation == "configuration/get":
            return Reply(
                body={
                    "NowUtc": wire(self.clock.now() + self.date_skew),
                    "Enterprise": self.house.enterprise(body.get("EnterpriseId")),
                    "Service": None,
                    "PaymentCardStorage": None,
                    "IsIdentityDocumentNumberRequired": False,
                }
            )
        if operation == "tasks/add":
            return self._add_task(body)
        return self._list(operation, body)

    def _list(self, operation: str, body: Json) -> Reply:
        table, name = TABLES[operation]
        count, cursor = limitation(body["Limitation"])
        if self._is_too_heavy(operation, body, count):
            return _failure(408, "The request took too long.")
        records = self.house.table(table)
        for record in records:
            self._order.setdefault(record["Id"], len(self._order))
        if cursor is not None and cursor not in self._order:
            raise Refused("Invalid cursor.")
        found = [r for r in records if self._fits(table, r, body)]
        found.sort(key=lambda r: self._order[r["Id"]], reverse=True)
        if cursor is not None:
            found = [r for r in found if self._order[r["Id"]] < self._order[cursor]]
        page = [{key: value for key, value in r.items() if key != "_at"} for r in found[:count]]
        answer: Json = {name: page, "Cursor": page[-1]["Id"] if page else None}
        if table == "companionships":
            answer |= {"Customers": None, "Reservations": None, "ReservationGroups": None}
        if table == "customers":
            answer["Documents"] = None
        reply = Reply(body=answer)
        if table in ("reservations", "customers"):
            self.page_served()
        return reply

    def _fits(self, table: str, record: Json, body: Json) -> bool:
        for name, wanted in body.items():
            field = BY_IDS.get(name, {}).get(table)
            if field and wanted is not None and not _one_of(name, record.get(field), wanted):
                if name == "States" and record["State"] not in STATES.values():
                    continue  # a new word passes for one of the old ones, so that callers meet it
                return False
        if table == "service_order_notes" and body.get("Types") is None and record["Type"] == "SpecialRequest":
            return False
        return self._is_active_enough(table, record, body) and self._is_in_time(table, record, body)

    def _is_active_enough(self, table: str, record: Json, body: Json) -> bool:
        active = record.get("IsActive", True)
        if table == "resources":
            return active or bool(body["Extent"].get("Inactive"))
        states = body.get("ActivityStates") or (["Active"] if table in ACTIVE_ALONE else ["Active", "Deleted"])
        return ("Active" if active else "Deleted") in states

    def _is_in_time(self, table: str, record: Json, body: Json) -> bool:
        if body.get("CollidingUtc") is not None:
            start, end = interval_of(body["CollidingUtc"], "CollidingUtc")
            first, last = str(record.get("ScheduledStartUtc", record.get("StartUtc"))), str(record.get("EndUtc"))
            told = first[:2].isdigit() and last[:2].isdigit()
            if told and (last <= wire(start) or first >= wire(end)):
                return False
        for name, field in (("UpdatedUtc", "UpdatedUtc"), ("CreatedUtc", "CreatedUtc"), ("DeadlineUtc", "DeadlineUtc")):
            if body.get(name) is not None:
                start, end = interval_of(body[name], name)
                at = wire(record["_at"]) if record.get("_at") else str(record.get(field, ""))
                if not (wire(start) <= at < wire(end) or (start == end and at == wire(start))):
                    return False
        return True

    def _add_task(self, body: Json) -> Reply:
        stay = body.get("ServiceOrderId")
        if stay is not None and stay not in self.house.reservations:
            raise Refused("Invalid ServiceOrderId.")
        key = f"task-{len(self.house.tasks) + 1}"
        self.house.tasks.append(
            {
                "Id": key,
                "EnterpriseId": self.house.enterprise_id,
                "Name": body["Name"],
                "State": "Open",
                "Description": body.get("Description"),
                "DepartmentId": body.get("DepartmentId"),
                "ServiceOrderId": stay,
                "CreatedUtc": wire(self.clock.now()),
                "DeadlineUtc": body["DeadlineUtc"],
                "ClosedUtc": None,
            }
        )
        return Reply(body={"TaskId": key})

    def _check_hotel(self, body: Json) -> None:
        named = [body["EnterpriseId"]] if body.get("EnterpriseId") else body.get("EnterpriseIds") or []
        if any(key != self.house.enterprise_id for key in named):
            raise Refused("Invalid EnterpriseId.")
        if self.house.is_portfolio and "ChainIds" in body and body["ChainIds"] != [CHAIN]:
            raise Refused("Invalid ChainId.")

    def _check_ids(self, body: Json) -> None:
        for name in ("ReservationIds", "CustomerIds"):
            if self.bad_ids.intersection(body.get(name) or ()):
                raise Refused(f"Invalid {name}.")

    def _is_too_heavy(self, operation: str, body: Json, count: int) -> bool:
        if operation != RESERVATIONS:
            return False
        window = body.get("UpdatedUtc") or body.get("CollidingUtc")
        if self.heavy_windows is not None and window is not None:
            start, end = interval_of(window, "UpdatedUtc")
            if end - start > self.heavy_windows:
                return True
        return self.heavy_above is not None and count > self.heavy_above

    def _is_too_often(self) -> bool:
        now = self.clock.now()
        while self._calls and self._calls[0] <= now - PER:
            self._calls.popleft()
        self._calls.append(now)
        return len(self._calls) > self.calls_allowed


def _one_of(name: str, value: Any, wanted: list[str]) -> bool:
    if not isinstance(value, str | None):
        return True  # what is no text cannot be filtered
    if value is not None and name in PEOPLES_WORDS:
        return value.casefold() in {word.casefold() for word in wanted}
    return value in wanted


def _failure(status: int, message: str, headers: dict[str, str] | None = None) -> Reply:
    told = {"Message": message, "RequestId": "request-1", "Details": None}
    return Reply(status, told, {"request-id": "request-1", **(headers or {})})
