"""The hotel behind the simulator of Mews, told in Mews's own records."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from jack.domain.reservation import ReservationStatus
from tests.simulators.pms.mews_premises import MewsPremises
from tests.simulators.pms.mews_truth import (
    ADULT,
    CHAIN,
    CHECK_IN,
    CHECK_OUT,
    CHILD,
    LANGUAGES,
    NOBODY,
    NOTES,
    OPENED,
    PROGRAM,
    STATES,
    STAY,
    Json,
    noted,
    wire,
)


class MewsHouse(MewsPremises):
    """Everything that Mews tells about the hotel, its stays and its guests, table by table."""

    def table(self, name: str) -> list[Json]:
        """Every record of that kind, the oldest first."""
        made = list(getattr(self, f"_{name}")()) + self.extra.get(name, [])
        return [record | self.otherwise.get(record["Id"], {}) for record in made]

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

    def _tasks(self) -> Iterator[Json]:
        yield from self.tasks


def _reason(status: ReservationStatus) -> str | None:
    if status is ReservationStatus.NO_SHOW:
        return "NoShow"
    return "RequestedByGuest" if status is ReservationStatus.CANCELLED else None
