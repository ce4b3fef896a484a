"""OPERA's JSON as far as Jack reads it: profiles, and what they share with reservations.

Numbers and booleans come as JSON numbers or as texts, any field may be missing or null, and lists that the schemas
call required are left out. So every field is optional here; `values` reads what stands in them. Oracle's own examples
differ from its schemas in places; where they do, both forms are taken.
"""

import msgspec

Text = str | int | None
"""A text that may come as a number: ids, codes."""

Number = int | float | str | None
Flag = bool | str | None


class Payload(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """An object of OPERA; unknown fields are passed over."""


class Id(Payload, frozen=True, gc=False):
    """One entry of an id list. `type` is Reservation, Confirmation, ParentReservation, Profile ..."""

    id: Text = None
    type: str | None = None


class Name(Payload, frozen=True, gc=False):
    """A name of a profile; `name_type` Primary is the one to use."""

    given_name: str | None = None
    surname: str | None = None
    name_type: str | None = None


class Anonymization(Payload, frozen=True, gc=False):
    """`anonymization_status` is Requested (nothing happened yet) or Anonymized."""

    anonymization_status: str | None = None


class Country(Payload, frozen=True, gc=False):
    """A country by its code, ISO alpha-2 unless the hotel has codes of its own."""

    code: str | None = None
    iso_code: str | None = None


class Customer(Payload, frozen=True, gc=False):
    """The person of a profile."""

    person_name: list[Name] | None = None
    anonymization: Anonymization | None = None
    language: str | None = None
    nationality: str | None = None
    citizen_country: Country | None = None
    vip_status: Text = None


class Company(Payload, frozen=True, gc=False):
    """The firm of a profile."""

    company_name: str | None = None


class Address(Payload, frozen=True, gc=False):
    """A postal address."""

    country: Country | None = None
    primary_ind: Flag = None


class AddressInfo(Payload, frozen=True, gc=False):
    """One entry of the addresses."""

    address: Address | None = None


class Addresses(Payload, frozen=True, gc=False):
    """All addresses."""

    address_info: list[AddressInfo] | None = None


class Telephone(Payload, frozen=True, gc=False):
    """A number. `phone_tech_type` is PHONE, MOBILE, FAX ... in the hotel's own words."""

    phone_number: Text = None
    phone_tech_type: str | None = None
    primary_ind: Flag = None


class TelephoneInfo(Payload, frozen=True, gc=False):
    """One entry of the telephones."""

    telephone: Telephone | None = None


class Telephones(Payload, frozen=True, gc=False):
    """All telephones."""

    telephone_info: list[TelephoneInfo] | None = None


class Email(Payload, frozen=True, gc=False):
    """An e-mail address."""

    email_address: str | None = None
    primary_ind: Flag = None


class EmailInfo(Payload, frozen=True, gc=False):
    """One entry of the e-mails."""

    email: Email | None = None


class Emails(Payload, frozen=True, gc=False):
    """All e-mail addresses."""

    email_info: list[EmailInfo] | None = None


class Words(Payload, frozen=True, gc=False):
    """A text with its markup."""

    value: str | None = None


class Comment(Payload, frozen=True, gc=False):
    """A note. `internal` and `confidential` ones are for staff alone; `type` is the hotel's own word."""

    text: Words | None = None
    type: str | None = None
    internal: Flag = None
    confidential: Flag = None


class CommentInfo(Payload, frozen=True, gc=False):
    """One entry of the notes."""

    comment: Comment | None = None


class Comments(Payload, frozen=True, gc=False):
    """All notes of a profile."""

    comment_info: list[CommentInfo] | None = None


class Membership(Payload, frozen=True, gc=False):
    """A membership of a loyalty program."""

    membership_level: Text = None
    membership_level_description: str | None = None
    preferred_card: Flag = None
    primary_membership: Flag = None
    inactive: Flag = None


class Memberships(Payload, frozen=True, gc=False):
    """All memberships of a profile."""

    profile_membership: list[Membership] | None = None


class Preference(Payload, frozen=True, gc=False):
    """What somebody likes: a code and how it reads."""

    preference_value: str | None = None
    description: str | None = None


class PreferenceGroup(Payload, frozen=True, gc=False):
    """Preferences of one kind, such as SPECIALS or FLOOR."""

    preference: list[Preference] | None = None
    preference_type: str | None = None
    preference_type_description: str | None = None


class PreferenceGroups(Payload, frozen=True, gc=False):
    """All preferences of a profile; reservations have the bare list."""

    preference_type: list[PreferenceGroup] | None = None


class Profile(Payload, frozen=True, gc=False):
    """A profile, whole (crm) or as far as a reservation tells it (rsv)."""

    customer: Customer | None = None
    company: Company | None = None
    addresses: Addresses | None = None
    telephones: Telephones | None = None
    emails: Emails | None = None
    comments: Comments | None = None
    profile_memberships: Memberships | None = None
    preference_collection: PreferenceGroups | list[PreferenceGroup] | None = None
    profile_type: str | None = None
    last_modify_date_time: str | None = None


class ProfileInfo(Payload, frozen=True, gc=False):
    """A profile with its ids."""

    profile_id_list: list[Id] | None = None
    profile: Profile | None = None


class ProfileInfos(Payload, frozen=True, gc=False):
    """Profiles in Oracle's example of one profile."""

    profile_info: list[ProfileInfo] | None = None


class ProfileAnswer(Payload, frozen=True, gc=False):
    """`GET /crm/v1/profiles/{id}`: `profile_details` by the schema, `profiles` by the example."""

    profile_details: Profile | None = None
    profile: Profile | None = None
    profiles: ProfileInfos | None = None
