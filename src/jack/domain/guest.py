"""Guest: a person known to the hotel, with contact points and preferences."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from jack.domain.contact import ContactPoint
from jack.domain.ids import ExternalRef, GuestId, HotelId, PreferenceId


class Source(StrEnum):
    """Who stated a fact. A sync replaces what the PMS said and leaves the statements of others alone."""

    PMS = "pms"
    STAFF = "staff"
    GUEST = "guest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """Something a guest likes or needs: category (pillow, diet, room ...) and value, in the words of the source."""

    id: PreferenceId
    category: str
    value: str
    source: Source
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A person known to one hotel.

    `language` is what the PMS or the guest stated, never inferred from nationality; `country` is ISO 3166 alpha-2.
    `modified_at` is the vendor's own modification time, None where the vendor has none.
    """

    id: GuestId
    hotel_id: HotelId
    first_name: str
    last_name: str
    language: str | None = None
    country: str | None = None
    loyalty_tier: str | None = None
    vip: bool = False
    contact_points: tuple[ContactPoint, ...] = ()
    preferences: tuple[Preference, ...] = ()
    external_refs: tuple[ExternalRef, ...] = ()
    modified_at: datetime | None = None
    synced_at: datetime | None = field(default=None, compare=False)

    @property
    def full_name(self) -> str:
        """First and last name with one space between, without edges where one is missing."""
        return f"{self.first_name} {self.last_name}".strip()

    def stating(self, preference: Preference) -> "Guest":
        """The guest with one more preference."""
        return replace(self, preferences=(*self.preferences, preference))

    def without_preference(self, preference_id: PreferenceId) -> "Guest":
        """The guest without that preference."""
        return replace(self, preferences=tuple(p for p in self.preferences if p.id != preference_id))
