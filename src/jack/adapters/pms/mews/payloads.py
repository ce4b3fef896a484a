"""What Mews answers: the fields that matter here, as untidy as they may come.

The reference marks fields as required that its own examples leave out, so only texts are expected to be texts.
"""

from typing import Any

import msgspec

Whole = int | str | None
Truth = bool | str | None


class Record(msgspec.Struct, rename="pascal", gc=False, kw_only=True):
    """Anything with an id."""

    id: str


class PersonCount(msgspec.Struct, rename="pascal", gc=False):
    """So many people of one age category."""

    age_category_id: str | None = None
    count: Whole = None


class Reservation(Record, kw_only=True):
    """One stay in one room (shape of 2023-06-06). The deprecated `StartUtc` and `EndUtc` move and are not read."""

    number: str | int | None = None
    service_id: str | None = None
    state: str | None = None
    cancellation_reason: str | None = None
    account_id: str | None = None
    account_type: str | None = None
    requested_resource_category_id: str | None = None
    assigned_resource_id: str | None = None
    scheduled_start_utc: str | None = None
    scheduled_end_utc: str | None = None
    updated_utc: str | None = None
    person_counts: list[PersonCount] | None = None


class Customer(Record, kw_only=True):
    """A person. `LanguageCode` is not read: Mews fills it from the nationality where it knows no better."""

    first_name: str | None = None
    last_name: str | None = None
    nationality_code: str | None = None
    preferred_language_code: str | None = None
    email: str | None = None
    has_ota_email: Truth = None
    phone: str | None = None
    dietary_requirements: str | None = None
    classifications: list[str] | None = None
    preferred_space_features: list[str] | None = None
    merge_target_id: str | None = None
    is_active: Truth = None
    updated_utc: str | None = None


class Companionship(Record, kw_only=True):
    """Somebody shares a stay; without `reservation_id` only a booking of several rooms, no room in particular."""

    customer_id: str | None = None
    reservation_id: str | None = None


class Company(Record, kw_only=True):
    """A company or an agency."""

    name: str | None = None


class Membership(Record, kw_only=True):
    """That somebody takes part in a loyalty programme."""

    account_id: str | None = None
    loyalty_program_id: str | None = None
    loyalty_tier_id: str | None = None
    state: str | None = None
    is_primary: Truth = None


class Tier(Record, kw_only=True):
    """A tier of a loyalty programme."""

    name: str | None = None


class ServiceOrderNote(Record, kw_only=True):
    """A note on a reservation."""

    order_id: str | None = None
    text: str | None = None
    type: str | None = None
    created_utc: str | None = None


class AccountNote(Record, kw_only=True):
    """A note on a customer."""

    account_id: str | None = None
    content: str | None = None
    classifications: list[str] | None = None
    is_active: Truth = None


class Service(Record, kw_only=True):
    """Something that the hotel sells; `data` tells bookable ones by their time unit."""

    is_active: Truth = None
    data: Any = None


class Category(Record, kw_only=True):
    """A type of rooms (or of parking spaces ...), with its name by language."""

    service_id: str | None = None
    type: str | None = None
    names: dict[str, str | None] | None = None
    short_names: dict[str, str | None] | None = None
    is_active: Truth = None


class Assignment(Record, kw_only=True):
    """That a resource is of a category."""

    resource_id: str | None = None
    category_id: str | None = None
    is_active: Truth = None


class Resource(Record, kw_only=True):
    """A room; `name` is its number."""

    name: str | None = None
    state: str | None = None
    parent_resource_id: str | None = None
    is_active: Truth = None


class Block(Record, kw_only=True):
    """A time in which a room cannot be sold."""

    assigned_resource_id: str | None = None
    type: str | None = None
    is_active: Truth = None


class AgeCategory(Record, kw_only=True):
    """An age of guests."""

    classification: str | None = None


class Task(Record, kw_only=True):
    """A task for the hotel's people."""

    name: str | None = None
    description: str | None = None


class Enterprise(Record, kw_only=True):
    """A hotel, or a dummy that stands for a portfolio of hotels."""

    name: str | None = None
    chain_id: str | None = None
    time_zone_identifier: str | None = None
    default_language_code: str | None = None
    is_portfolio: Truth = None


class Configuration(msgspec.Struct, rename="pascal", kw_only=True):
    """The answer of `configuration/get`."""

    enterprise: Enterprise
    now_utc: str | None = None


class AddedTask(msgspec.Struct, rename="pascal", kw_only=True):
    """The answer of `tasks/add`."""

    task_id: str


class Failure(msgspec.Struct, rename="pascal", kw_only=True):
    """What Mews says with every failure."""

    message: str | None = None
    request_id: str | None = None


def is_so(value: Truth, otherwise: bool = False) -> bool:
    """The truth value, also where it came as a text; `otherwise` where nothing came."""
    if isinstance(value, bool):
        return value
    return value.strip().lower() == "true" if value and value.strip() else otherwise


def as_number(value: Whole) -> int:
    """The number, also where it came as a text; 0 where nothing came. Raises ValueError."""
    if isinstance(value, int):
        return value
    return int(value) if value and value.strip() else 0
