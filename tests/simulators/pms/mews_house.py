"""The hotel behind the simulator of Mews: the truth as snapshots, told in Mews's own records."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jack.domain.ids import ExternalRef
from jack.domain.reservation import ReservationStatus
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import GuestSnapshot, PreferenceSnapshot, ReservationSnapshot, RoomSnapshot

Json = dict[str, Any]

STATES = {
    ReservationStatus.TENTATIVE: "Optional",
    ReservationStatus.CONFIRMED: "Confirmed",
    ReservationStatus.CHECKED_IN: "Started",
    ReservationStatus.CHECKED_OUT: "Processed",
    ReservationStatus.CANCELLED: "Canceled",
    ReservationStatus.NO_SHOW: "Canceled",
}
ROOM_STATES = {
    Housekeeping.CLEAN: "Clean",
    Housekeeping.DIRTY: "Dirty",
    Housekeeping.INSPECTED: "Inspected",
    Housekeeping.OUT_OF_ORDER: "OutOfOrder",
}
LANGUAGES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "pt": "pt-PT", "es": "es-ES", "it": "it-IT"}
NOTES = {"food and beverage": "FoodAndBeverage", "housekeeping": "Housekeeping"}
STAY, PARKING, MEETINGS, RESTAURANT = "service-stay", "service-parking", "service-meetings", "service-restaurant"
ADULT, CHILD = "age-adult", "age-child"
PROGRAM = "loyalty-program"
CHAIN = "chain"
OPENED = "2015-07-07T13:33:17Z"
NOBODY = {"Discriminator": "Enterprise", "EnterpriseProfile": {"ProfileId": "profile"}}
CHECK_IN, CHECK_OUT = time(15), time(11)


def wire(moment: datetime) -> str:
    """The instant as Mews writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class MewsHouse:
    """What the hotel is. Every record can be told otherwise than the truth has it: `otherwise` holds fields by id.

    `joined_at` is when somebody became a companion (by reservation), `noted_at` when wishes were written.
    """

    name: str = "Harbour Hotel"
    time_zone: str = "Europe/Lisbon"
    enterprise_id: str = "enterprise-harbour"
    is_portfolio: bool = False
    reservations: dict[str, ReservationSnapshot] = field(default_factory=dict)
    guests: dict[str, GuestSnapshot] = field(default_factory=dict)
    rooms: dict[str, RoomSnapshot] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)
    owned: dict[str, str] = field(default_factory=dict)
    booked_types: dict[str, str] = field(default_factory=dict)
    otherwise: dict[str, Json] = field(default_factory=dict)
    joined_at: dict[str, datetime] = field(default_factory=dict)
    noted_at: dict[str, datetime] = field(default_factory=dict)
    blocks: list[Json] = field(default_factory=list)
    notes: list[Json] = field(default_factory=list)
    extra: dict[str, list[Json]] = field(default_factory=dict)
    tasks: list[Json] = field(default_factory=list)

    def put(self, reservation: ReservationSnapshot) -> None:
        """Have that reservation, and everybody in it."""
        self.reservations[reservation.ref.key] = reservation
        for guest in (reservation.guest, *reservation.companions):
            self.guests[guest.ref.key] = guest

    def forget(self, ref: ExternalRef) -> None:
        """No longer have that reservation."""
        self.reservations.pop(ref.key, None)

    def table(self, name: str) -> list[Json]:
        """Every record of that kind, the oldest first."""
        made = list(getattr(self, f"_{name}")()) + self.extra.get(name, [])
        return [record | self.otherwise.get(record["Id"], {}) for record in made]

    def enterprise(self, key: str | None = None) -> Json:
        """The hotel itself; a dummy for a portfolio that nobody named a hotel of."""
        dummy = self.is_portfolio and key is None
        return {
            "Id": "enterprise-portfolio" if dummy else self.enterprise_id,
            "ChainId": CHAIN,
            "ChainName": "Chain",
            "CreatedUtc": OPENED,
            "UpdatedUtc": OPENED,
            "Name": "Portfolio" if dummy else self.name,
            "ShortName": None,
            "TimeZoneIdentifier": "Pacific/Auckland" if dummy else self.time_zone,
            "LegalEnvironmentCode": "PT",
            "AccommodationEnvironmentCode": "PT",
            "AccountingEnvironmentCode": "PT",
            "TaxEnvironmentCode": "PT",
            "DefaultLanguageCode": "en-GB",
            "AccountingEditableHistoryInterval": "P0M7DT0H0M0S",
            "OperationalEditableHistoryInterval": "P0M5DT0H0M0S",
            "EditableHistoryInterval": "P0M7DT0H0M0S",
            "Pricing": "Gross",
            "AddressId": "address",
            "Address": {"Id": "address", "City": "Lisboa", "CountryCode": "PT"},
            "GroupNames": [],
            "Subscription": {"TaxIdentifier": None},
            "Currencies": [{"Currency": "EUR", "IsDefault": True, "IsEnabled": True}],
            "IsPortfolio": dummy,
        }

    def _services(self) -> Iterator[Json]:
        for key, unit in ((STAY, "Day"), (PARKING, "Hour"), (MEETINGS, "Day"), (RESTAURANT, None)):
            data: Json = {"Discriminator": "Additional", "Value": {"Promotions": {}}}
            if unit:
                offsets = dict.fromkeys(("StartOffset", "OccupancyStartOffset"), "P0M0DT15H0M0S")
                offsets |= dict.fromkeys(("EndOffset", "OccupancyEndOffset"), "P0M0DT11H0M0S")
                data = {"Discriminator": "Bookable", "Value": {**offsets, "TimeUnitPeriod": unit, "TimeUnit": unit}}
            else:
                at = (
                    "BeforeCheckIn",
                    "AfterCheckIn",
                    "DuringStay",
                    "BeforeCheckOut",
                    "AfterCheckOut",
                    "DuringCheckOut",
                )
                data["Value"]["Promotions"] = dict.fromkeys(at, False)
            yield {
                "Id": key,
                "EnterpriseId": self.enterprise_id,
                "IsActive": True,
                "Names": {"en-GB": key},
                "Name": key,
                "Options": {"BillAsPackage": False},
                "Ordering": 0,
                "Data": data,
                "CreatedUtc": OPENED,
                "UpdatedUtc": OPENED,
            }

    def _room_types(self) -> list[str]:
        told = [r.room_type for r in self.reservations.values()] + [r.room_type for r in self.rooms.values()]
        return list(dict.fromkeys(name for name in (*told, *self.booked_types.values()) if name))

    def _categories(self) -> Iterator[Json]:
        rooms = [(f"category-{name}", STAY, "Room", name) for name in self._room_types() or ["Standard"]]
        others = [
            ("category-parking", PARKING, "ParkingSpot", "Garage"),
            ("category-meeting", MEETINGS, "MeetingRoom", "Board room"),
        ]
        for key, service, kind, name in rooms + others:
            yield {
                "Id": key,
                "EnterpriseId": self.enterprise_id,
                "ServiceId": service,
                "IsActive": True,
                "Type": kind,
                "Names": {"pt-PT": f"{name} (pt)", "en-GB": name},
                "ShortNames": {"en-GB": name[:3]},
                "Descriptions": {},
                "Ordering": 1,
                "Capacity": 2,
                "ExtraCapacity": 0,
                "ExternalIdentifier": None,
            }

    def _spaces(self) -> Iterator[tuple[str, str | None, Housekeeping | None]]:
        seen = set()
        for room in self.rooms.values():
            seen.add(room.number)
            yield room.number, room.room_type, room.housekeeping
        for stay in self.reservations.values():
            if stay.room_number and stay.room_number not in seen:
                seen.add(stay.room_number)
                yield stay.room_number, stay.room_type, Housekeeping.CLEAN

    def _resources(self) -> Iterator[Json]:
        spaces = [
            (f"resource-{number}", number, ROOM_STATES.get(state or Housekeeping.CLEAN), True)
            for number, _, state in self._spaces()
        ]
        spaces += [("resource-P1", "P1", "Clean", True), ("resource-board", "Board room", "Clean", True)]
        for key, name, state, active in spaces:
            yield {
                "Id": key,
                "EnterpriseId": self.enterprise_id,
                "IsActive": active,
                "ParentResourceId": None,
                "Name": name,
                "State": state,
                "Descriptions": {},
                "CreatedUtc": OPENED,
                "UpdatedUtc": OPENED,
                "Data": {"Discriminator": "Space", "Value": {"FloorNumber": "2", "LocationNotes": ""}},
                "ExternalNames": {},
                "Directions": {},
            }

    def _assignments(self) -> Iterator[Json]:
        pairs = [(number, kind) for number, kind, _ in self._spaces() if kind]
        pairs += [(r.room_number, r.room_type) for r in self.reservations.values() if r.room_number and r.room_type]
        named = [(f"resource-{number}", f"category-{kind}") for number, kind in dict.fromkeys(pairs)]
        for resource, category in [*named, ("resource-P1", "category-parking"), ("resource-board", "category-meeting")]:
            yield {
                "Id": f"{resource} is {category}",
                "IsActive": True,
                "ResourceId": resource,
                "CategoryId": category,
                "CreatedUtc": OPENED,
                "UpdatedUtc": OPENED,
            }

    def _age_categories(self) -> Iterator[Json]:
        for key, word in ((ADULT, "Adult"), (CHILD, "Child")):
            yield {
                "Id": key,
                "ServiceId": STAY,
                "MinimalAge": None,
                "MaximalAge": None,
                "Names": {"en-GB": word},
                "ShortNames": None,
                "CreatedUtc": OPENED,
                "UpdatedUtc": OPENED,
                "Classification": word,
                "IsActive": True,
            }

    def _reservations(self) -> Iterator[Json]:
        zone = ZoneInfo(self.time_zone)
        for key, stay in self.reservations.items():
            same_day = stay.period.arrival == stay.period.departure
            start = datetime.combine(stay.period.arrival, time(9) if same_day else CHECK_IN, zone)
            end = datetime.combine(stay.period.departure, time(18) if same_day else CHECK_OUT, zone)
            company = self.owned.get(key)
            counts = [(ADULT, stay.adults), (CHILD, stay.children)]
            kind = self.booked_types.get(key) or stay.room_type or "Standard"
            started = stay.status in (ReservationStatus.CHECKED_IN, ReservationStatus.CHECKED_OUT)
            # an early check-in moves the deprecated instants
            moved = start - timedelta(days=1)
            yield {
                "Id": key,
                "ServiceId": STAY,
                "AccountId": company or stay.guest.ref.key,
                "AccountType": "Company" if company else "Customer",
                "CreatorProfileId": "profile",
                "UpdaterProfileId": "profile",
                "BookerId": None,
                "Number": stay.confirmation_number,
                "State": STATES[stay.status],
                "Origin": "ChannelManager",
                "CreatedUtc": OPENED,
                "UpdatedUtc": wire(stay.modified_at) if stay.modified_at else OPENED,
                "CancelledUtc": None,
                "CancellationReason": _reason(stay.status),
                "Options": {
                    "OwnerCheckedIn": started,
                    "AllCompanionsCheckedIn": started,
                    "AnyCompanionCheckedIn": started,
                    "ConnectorCheckIn": False,
                },
                "RateId": "rate",
                "GroupId": f"group-{stay.confirmation_number}",
                "RequestedResourceCategoryId": f"category-{kind}",
                "AssignedResourceId": f"resource-{stay.room_number}" if stay.room_number else None,
                "AssignedResourceLocked": False,
                "ChannelNumber": f"OTA-{stay.confirmation_number}",
                "ChannelManagerNumber": "",
                "ScheduledStartUtc": wire(start),
                "ActualStartUtc": wire(moved) if started else None,
                "ScheduledEndUtc": wire(end),
                "ActualEndUtc": None,
                "StartUtc": wire(moved),
                "EndUtc": wire(end),
                "Purpose": "Leisure",
                "QrCodeData": "{}",
                "PersonCounts": [{"AgeCategoryId": age, "Count": n} for age, n in counts if n],
                "SomethingNew": {"that": ["nobody", "knows"]},
            }

    def _customers(self) -> Iterator[Json]:
        for number, (key, guest) in enumerate(self.guests.items(), 1):
            at = wire(guest.modified_at) if guest.modified_at else OPENED
            diets = [p.value for p in guest.preferences if p.category == "diet"]
            yield {
                "Id": key,
                "ChainId": CHAIN,
                "Number": str(number),
                "Title": None,
                "Sex": None,
                "FirstName": guest.first_name,
                "LastName": guest.last_name,
                "SecondLastName": "",
                "NationalityCode": guest.country,
                "PreferredLanguageCode": LANGUAGES.get(guest.language or "", guest.language),
                "LanguageCode": "zh-CN",
                "BirthDate": None,
                "Email": guest.emails[0] if guest.emails else None,
                "HasOtaEmail": False,
                "Phone": guest.phones[0] if guest.phones else "",
                "LoyaltyCode": "LL810213",
                "Notes": "talks too much",
                "CarRegistrationNumber": "",
                "DietaryRequirements": diets[0] if diets else None,
                "CreatedUtc": OPENED,
                "UpdatedUtc": at,
                "Classifications": ["Returning", *(["VeryImportant"] if guest.vip else [])],
                "Options": ["SendMarketingEmails"],
                "CompanyId": None,
                "MergeTargetId": None,
                "IsActive": True,
                "ActivityState": "Active",
                "PreferredSpaceFeatures": [p.value for p in guest.preferences if p.category == "room"],
                "CreatorProfileId": "profile",
                "UpdaterProfileId": "profile",
            }

    def _companionships(self) -> Iterator[Json]:
        for key, stay in self.reservations.items():
            owner = () if key in self.owned else (stay.guest,)
            # Mews lists the owner among those who share the stay
            for guest in (*owner, *((stay.guest,) if key in self.owned else ()), *stay.companions):
                yield {
                    "Id": f"{key} with {guest.ref.key}",
                    "CustomerId": guest.ref.key,
                    "ReservationGroupId": f"group-{stay.confirmation_number}",
                    "ReservationId": key,
                    "_at": self.joined_at.get(key, stay.modified_at),
                }

    def _companies(self) -> Iterator[Json]:
        for number, (key, name) in enumerate(self.companies.items(), 1):
            yield {
                "Id": key,
                "ChainId": CHAIN,
                "Name": name,
                "Options": {"Invoiceable": True, "AddFeesToInvoices": True, "AddTaxDeductedPaymentToInvoices": False},
                "CreditRating": {"Basic": "CreditOk"},
                "IsActive": True,
                "Number": number,
                "Telephone": "+351210000000",
                "InvoicingEmail": "bookings@agency.example",
                "CreatedUtc": OPENED,
                "UpdatedUtc": OPENED,
            }

    def _memberships(self) -> Iterator[Json]:
        for key, guest in self.guests.items():
            for state, tier in (("Canceled", "Bronze"), ("Enrolled", guest.loyalty_tier)):
                if guest.loyalty_tier and tier:
                    yield {
                        "Id": f"{key} {state}",
                        "ChainId": CHAIN,
                        "AccountId": key,
                        "LoyaltyProgramId": PROGRAM,
                        "State": state,
                        "IsPrimary": state == "Enrolled",
                        "LoyaltyTierId": f"tier-{tier}",
                        "CreatorProfile": NOBODY,
                        "UpdaterProfile": NOBODY,
                    }

    def _tiers(self) -> Iterator[Json]:
        tiers = dict.fromkeys(g.loyalty_tier for g in self.guests.values() if g.loyalty_tier)
        for ordering, tier in enumerate([*tiers, "Bronze"]):
            yield {
                "Id": f"tier-{tier}",
                "LoyaltyProgramId": PROGRAM,
                "Name": tier,
                "Code": tier[:2],
                "Ordering": ordering,
            }

    def _service_order_notes(self) -> Iterator[Json]:
        for key, stay in self.reservations.items():
            at = self.noted_at.get(key, stay.modified_at)
            texts = [("General", "owes us money")] + [("SpecialRequest", text) for text in stay.special_requests]
            for number, (kind, text) in enumerate(texts):
                yield {
                    "Id": f"{key} note {number}",
                    "OrderId": key,
                    "Text": text,
                    "Type": kind,
                    "CreatedUtc": wire(at) if at else OPENED,
                    "UpdatedUtc": wire(at) if at else OPENED,
                }
        yield from self.notes

    def _account_notes(self) -> Iterator[Json]:
        for key, guest in self.guests.items():
            kept = (p for p in guest.preferences if p.category not in ("diet", "room"))
            liked = [([NOTES.get(p.category, "Housekeeping")], noted(p)) for p in kept]
            for number, (words, text) in enumerate([(["Complaints"], "sent the soup back"), *liked]):
                yield {
                    "Id": f"{key} account note {number}",
                    "AccountId": key,
                    "Content": text,
                    "AccountType": "Customer",
                    "Classifications": words,
                    "IsActive": True,
                    "CreatorProfile": NOBODY,
                    "UpdaterProfile": NOBODY,
                }

    def _blocks(self) -> Iterator[Json]:
        yield from self.blocks

    def _tasks(self) -> Iterator[Json]:
        yield from self.tasks

    def is_occupied(self, number: str) -> bool:
        """Whether a stay is going on in that room."""
        return any(
            r.room_number == number and r.status is ReservationStatus.CHECKED_IN for r in self.reservations.values()
        )

    def occupancy(self, number: str) -> Occupancy:
        """Whether somebody lives in that room now."""
        return Occupancy.OCCUPIED if self.is_occupied(number) else Occupancy.VACANT


def noted(preference: PreferenceSnapshot) -> str:
    """A preference for which Mews has no field of its own, as a note."""
    return preference.value if preference.category in NOTES else f"{preference.category}: {preference.value}"


def as_noted(preference: PreferenceSnapshot) -> PreferenceSnapshot:
    """A preference as Mews is able to say it."""
    if preference.category in ("diet", "room", *NOTES):
        return preference
    return PreferenceSnapshot(category="housekeeping", value=noted(preference))


def _reason(status: ReservationStatus) -> str | None:
    if status is ReservationStatus.NO_SHOW:
        return "NoShow"
    return "RequestedByGuest" if status is ReservationStatus.CANCELLED else None
