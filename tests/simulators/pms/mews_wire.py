"""What Mews takes: the operations that its simulator knows, and what each refuses with a 400."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ALWAYS = frozenset({"ClientToken", "AccessToken", "Client"})
MAYBE_ALWAYS = frozenset({"LanguageCode", "CultureCode"})

TEXTS = ALWAYS | MAYBE_ALWAYS | {"EnterpriseId", "Name", "Description", "DepartmentId", "ServiceOrderId"}

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


class Refused(Exception):
    """A 400; the text is Mews's `Message`."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What one operation takes. Of `one_of` at least one must be there; `few` are lists of at most 100 ids."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    one_of: frozenset[str] = frozenset()
    few: frozenset[str] = frozenset()

    def check(self, body: dict[str, Any]) -> None:
        """Raises Refused."""
        known = self.required | self.optional | self.one_of | ALWAYS | MAYBE_ALWAYS
        for name in sorted(self.required | ALWAYS):
            if body.get(name) is None:
                raise Refused(f"Required property '{name}' not found in JSON.")
        for name in sorted(set(body) - known):
            raise Refused(f"Unknown property '{name}'.")
        if self.one_of and all(body.get(name) is None for name in self.one_of):
            raise Refused("At least one filter must be provided.")
        for name, value in body.items():
            self._check_value(name, value)

    def _check_value(self, name: str, value: Any) -> None:
        if value is None:
            return
        if name in TEXTS:
            if not isinstance(value, str):
                raise Refused(f"'{name}' must be a text.")
        elif name == "DeadlineUtc" and isinstance(value, str):
            instant(value, name)
        elif name.endswith("Utc"):
            interval_of(value, name)
        elif name.endswith(("Ids", "Numbers", "Names", "Emails", "Codes")) or name in ("Ids", "Types", "States"):
            most = 100 if name in self.few else 1000
            if not isinstance(value, list) or len(value) > most or not all(isinstance(v, str) for v in value):
                raise Refused(f"'{name}' must be a list of at most {most} texts.")
        elif name == "Limitation":
            limitation(value)
        elif name == "Extent" and (not isinstance(value, dict) or not all(isinstance(v, bool) for v in value.values())):
            raise Refused("'Extent' must be an object of booleans.")


def instant(text: Any, name: str) -> datetime:
    """An instant as Mews takes it. Raises Refused."""
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise Refused(f"'{name}' must be a date and time in UTC.")
    return datetime.fromisoformat(text).astimezone(UTC)


def interval_of(value: Any, name: str) -> tuple[datetime, datetime]:
    """Beginning and end of an interval of at most three months. Raises Refused."""
    if not isinstance(value, dict) or set(value) != {"StartUtc", "EndUtc"}:
        raise Refused(f"'{name}' must be an interval.")
    start, end = instant(value["StartUtc"], name), instant(value["EndUtc"], name)
    if end < start:
        raise Refused(f"'{name}' must not end before it starts.")
    month = start.month - 1 + 3
    year, month = start.year + month // 12, month % 12 + 1
    latest = start.replace(year=year, month=month, day=min(start.day, 28))
    if end > latest:
        raise Refused(f"'{name}' must not be longer than 3 months.")
    return start, end


def limitation(value: Any) -> tuple[int, str | None]:
    """Count and cursor. Raises Refused."""
    if not isinstance(value, dict) or set(value) - {"Count", "Cursor"}:
        raise Refused("'Limitation' must hold a count and perhaps a cursor.")
    count, cursor = value.get("Count"), value.get("Cursor")
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 1000:
        raise Refused("'Count' must be between 1 and 1000.")
    if cursor is not None and not isinstance(cursor, str):
        raise Refused("'Cursor' must be an id.")
    return count, cursor


def _some(*names: str) -> frozenset[str]:
    return frozenset(names)


PAGED = _some("Limitation")
HERE = _some("EnterpriseIds")
CHAIN = _some("ChainIds")

OPERATIONS = {
    "configuration/get": Operation(optional=_some("EnterpriseId")),
    "reservations/getAll/2023-06-06": Operation(
        required=PAGED,
        optional=HERE
        | _some(
            "ReservationIds",
            "ServiceIds",
            "ReservationGroupIds",
            "AccountIds",
            "PartnerCompanyIds",
            "TravelAgencyIds",
            "Numbers",
            "ChannelNumbers",
            "AssignedResourceIds",
            "AvailabilityBlockIds",
            "CreatedUtc",
            "UpdatedUtc",
            "CollidingUtc",
            "ScheduledStartUtc",
            "ActualStartUtc",
            "ScheduledEndUtc",
            "ActualEndUtc",
            "States",
        ),
        few=_some("PartnerCompanyIds", "TravelAgencyIds", "ChannelNumbers", "AvailabilityBlockIds"),
    ),
    "customers/getAll": Operation(
        required=PAGED | _some("Extent"),
        optional=CHAIN | _some("ActivityStates"),
        one_of=_some(
            "CreatedUtc",
            "UpdatedUtc",
            "DeletedUtc",
            "CustomerIds",
            "CompanyIds",
            "Emails",
            "FirstNames",
            "LastNames",
            "LoyaltyCodes",
        ),
    ),
    "companionships/getAll": Operation(
        required=PAGED | _some("Extent"),
        optional=HERE | _some("UpdatedUtc"),
        one_of=_some("CompanionshipIds", "ReservationIds", "CustomerIds", "ReservationGroupIds"),
    ),
    "companies/getAll": Operation(
        required=PAGED,
        optional=CHAIN | _some("Ids", "Names", "CreatedUtc", "UpdatedUtc", "ExternalIdentifiers", "ActivityStates"),
    ),
    "services/getAll": Operation(required=PAGED, optional=HERE | _some("ServiceIds", "ServiceType", "UpdatedUtc")),
    "resourceCategories/getAll": Operation(
        required=PAGED | _some("ServiceIds"),
        optional=HERE | _some("ResourceCategoryIds", "UpdatedUtc", "ActivityStates"),
    ),
    "resourceCategoryAssignments/getAll": Operation(
        required=PAGED | _some("ResourceCategoryIds"),
        optional=HERE | _some("ResourceCategoryAssignmentIds", "UpdatedUtc", "ActivityStates", "ResourceIds"),
    ),
    "resources/getAll": Operation(
        required=PAGED | _some("Extent"), optional=HERE | _some("ResourceIds", "Names", "CreatedUtc", "UpdatedUtc")
    ),
    "resourceBlocks/getAll": Operation(
        required=PAGED,
        optional=HERE
        | _some(
            "ResourceBlockIds", "AssignedResourceIds", "ActivityStates", "CollidingUtc", "CreatedUtc", "UpdatedUtc"
        ),
    ),
    "ageCategories/getAll": Operation(
        required=PAGED, optional=HERE | _some("AgeCategoryIds", "ServiceIds", "UpdatedUtc", "ActivityStates")
    ),
    "serviceOrderNotes/getAll": Operation(
        required=PAGED | _some("ServiceOrderIds"), optional=HERE | _some("ServiceOrderNoteIds", "UpdatedUtc", "Types")
    ),
    "accountNotes/getAll": Operation(
        required=PAGED, optional=CHAIN | _some("AccountNoteIds", "AccountIds", "UpdatedUtc", "ActivityStates")
    ),
    "loyaltyMemberships/getAll": Operation(
        required=PAGED,
        optional=CHAIN
        | _some(
            "CreatedUtc",
            "UpdatedUtc",
            "LoyaltyMembershipIds",
            "AccountIds",
            "LoyaltyProgramIds",
            "MembershipStates",
            "ActivityStates",
            "MembershipNumbers",
            "ProviderMembershipIds",
        ),
    ),
    "loyaltyTiers/getAll": Operation(
        required=PAGED | _some("LoyaltyProgramIds"),
        optional=CHAIN | _some("LoyaltyTierIds", "ActivityStates", "UpdatedUtc"),
    ),
    "tasks/getAll": Operation(
        required=PAGED,
        optional=HERE | _some("DepartmentIds"),
        one_of=_some("CreatedUtc", "ClosedUtc", "DeadlineUtc", "TaskIds", "ServiceOrderIds"),
    ),
    "tasks/add": Operation(
        required=_some("Name", "DeadlineUtc"), optional=_some("DepartmentId", "ServiceOrderId", "Description")
    ),
}
"""By the path below `/api/connector/v1/`."""
