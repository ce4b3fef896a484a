"""Listings: what every `getAll` of Mews answers, a list under its own name and a cursor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from jack.adapters.pms.mews.payloads import (
    AccountNote,
    AgeCategory,
    Assignment,
    Block,
    Category,
    Companionship,
    Company,
    Customer,
    Membership,
    Record,
    Reservation,
    Resource,
    Service,
    ServiceOrderNote,
    Task,
    Tier,
)
from jack.adapters.pms.mews.words import SYSTEM
from jack.adapters.vendor_api.records import each_readable
from jack.domain.snapshot import RejectedRecord

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Generic[R]):
    """One page: the records that could be decoded, each with its place on the page, and those that could not.

    `count` is how many records the page held in all, `cursor` what asks for older ones.
    """

    records: list[R] = field(default_factory=list)
    places: range | list[int] = field(default_factory=list)
    rejected: list[RejectedRecord] = field(default_factory=list)
    count: int = 0
    cursor: str | None = None
    body: bytes = field(default=b"", repr=False)
    name: str = ""

    def raws(self) -> list[msgspec.Raw]:
        """Every record of the page as it came."""
        found: Any = msgspec.json.decode(self.body, type=dict[str, msgspec.Raw])[self.name]
        return msgspec.json.decode(found, type=list[msgspec.Raw])


class Listing(Generic[R]):
    """How the answers of one operation are read. `kind` is what a record of it is called when it is rejected."""

    def __init__(self, name: str, record: type[R], kind: str, *, maybe: bool = False) -> None:
        self.name = name
        self.kind = kind
        whole: list[Any] = [("items", list[record] | None, None) if maybe else ("items", list[record] | None)]  # type: ignore[valid-type]
        names = {"items": name, "cursor": "Cursor"}
        cursor = ("cursor", str | None, None)
        raws = [("items", list[msgspec.Raw] | None, *whole[0][2:])]
        self._typed = msgspec.json.Decoder(
            msgspec.defstruct("Typed", [*whole, cursor], rename=names, kw_only=True), strict=False
        )
        self._raws = msgspec.json.Decoder(
            msgspec.defstruct("Raws", [*raws, cursor], rename=names, kw_only=True), strict=False
        )
        self._one = msgspec.json.Decoder(record, strict=False)

    def read(self, body: bytes) -> Listed[R]:
        """The page; when it cannot be decoded in one piece, record by record.

        Raises msgspec.DecodeError for a damaged body and msgspec.ValidationError for another shape altogether.
        """
        try:
            page: Any = self._typed.decode(body)
        except msgspec.ValidationError:
            return self._one_by_one(body)
        records = page.items or []
        places = range(len(records))
        return Listed(records=records, places=places, count=len(records), cursor=page.cursor, body=body, name=self.name)

    def _one_by_one(self, body: bytes) -> Listed[R]:
        page: Any = self._raws.decode(body)
        raws = page.items or []
        records: list[R] = []
        places: list[int] = []
        rejected: list[RejectedRecord] = []
        for place, raw in enumerate(raws):
            good, bad = each_readable(self.kind, SYSTEM, [raw], self._one.decode, lambda record: record, key_of)
            records += good
            places += [place] * len(good)
            rejected += bad
        return Listed(
            records=records,
            places=places,
            rejected=rejected,
            count=len(raws),
            cursor=page.cursor,
            body=body,
            name=self.name,
        )


def key_of(raw: Mapping[str, object]) -> object:
    """The id in a raw record."""
    return raw.get("Id")


RESERVATIONS = Listing("Reservations", Reservation, "reservation")
CUSTOMERS = Listing("Customers", Customer, "guest")
COMPANIONSHIPS = Listing("Companionships", Companionship, "companion", maybe=True)
COMPANIES = Listing("Companies", Company, "company")
MEMBERSHIPS = Listing("LoyaltyMemberships", Membership, "loyalty membership")
TIERS = Listing("LoyaltyTiers", Tier, "loyalty tier")
SERVICE_ORDER_NOTES = Listing("ServiceOrderNotes", ServiceOrderNote, "note")
ACCOUNT_NOTES = Listing("AccountNotes", AccountNote, "note")
SERVICES = Listing("Services", Service, "service")
CATEGORIES = Listing("ResourceCategories", Category, "room type")
ASSIGNMENTS = Listing("ResourceCategoryAssignments", Assignment, "room type")
RESOURCES = Listing("Resources", Resource, "room", maybe=True)
BLOCKS = Listing("ResourceBlocks", Block, "room")
AGE_CATEGORIES = Listing("AgeCategories", AgeCategory, "age category")
TASKS = Listing("Tasks", Task, "task")
