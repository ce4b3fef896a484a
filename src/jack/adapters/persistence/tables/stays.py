"""Tables of guests, stays and rooms.

What the PMS says of a guest stands in one row, so that a sync writes one row; what staff or the guest stated stands in
rows of its own, which a sync never touches. The narrow tables beside them exist only to be searched.
"""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from jack.adapters.persistence.column_types import SortText, UtcDateTime
from jack.adapters.persistence.tables.base import metadata, optional_text, text_column

guests = Table(
    "guests",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("hotel_id"),
    optional_text("pms_system"),  # the first external reference; all others stand in further_refs
    optional_text("pms_key"),
    text_column("first_name"),
    text_column("last_name"),
    Column("name_key", SortText, nullable=False),  # folded last and first name: what lists sort and search by
    optional_text("language"),
    optional_text("country"),
    optional_text("loyalty_tier"),
    Column("vip", Boolean, nullable=False),
    text_column("contact_points"),  # JSON, as is everything below that is a list
    text_column("preferences"),  # the PMS's only
    text_column("further_refs"),
    Column("modified_at", UtcDateTime),
    Column("synced_at", UtcDateTime),
    optional_text("fingerprint"),  # of what the PMS told when this was saved; none where it must be compared anew
    UniqueConstraint("hotel_id", "pms_system", "pms_key"),
    Index("ix_guests_name_key_id", "name_key", "id"),
)

guest_contacts = Table(
    "guest_contacts",
    metadata,
    Column("hotel_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", SortText, primary_key=True),
    # no foreign key: it is written with its guest only, and PostgreSQL would take longer to check it than to store it
    Column("guest_id", Text, primary_key=True),
    Column("readable", Boolean, nullable=False),
    Index("ix_guest_contacts_guest_id", "guest_id"),
    sqlite_with_rowid=False,
)

guest_refs = Table(
    "guest_refs",
    metadata,
    Column("hotel_id", Text, primary_key=True),
    Column("system", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("guest_id", Text, ForeignKey("guests.id", ondelete="CASCADE"), nullable=False),
    Index("ix_guest_refs_guest_id", "guest_id"),
    sqlite_with_rowid=False,
)

guest_preferences = Table(
    "guest_preferences",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("hotel_id"),
    Column("guest_id", Text, ForeignKey("guests.id", ondelete="CASCADE"), nullable=False),
    text_column("category"),
    text_column("value"),
    text_column("source"),
    Column("noted_at", UtcDateTime, nullable=False),
    Index("ix_guest_preferences_guest_id", "guest_id"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("hotel_id"),
    Column("guest_id", Text, ForeignKey("guests.id"), nullable=False),
    text_column("pms_system"),
    text_column("pms_key"),
    text_column("confirmation_number"),
    text_column("status"),
    Column("arrival", Date, nullable=False),
    Column("departure", Date, nullable=False),
    optional_text("room_number"),
    optional_text("room_type"),
    Column("expected_arrival", UtcDateTime),
    Column("adults", Integer, nullable=False),
    Column("children", Integer, nullable=False),
    text_column("special_requests"),
    text_column("companions"),
    Column("modified_at", UtcDateTime),
    Column("gone_at", UtcDateTime),
    optional_text("doubt"),
    Column("synced_at", UtcDateTime),
    optional_text("fingerprint"),  # as for guests
    UniqueConstraint("hotel_id", "pms_system", "pms_key"),
    Index("ix_reservations_guest_id", "guest_id"),
    Index("ix_reservations_hotel_id_departure_id", "hotel_id", "departure", "id"),
    Index("ix_reservations_arrival_id", "arrival", "id"),
    Index("ix_reservations_hotel_id_confirmation_number", "hotel_id", "confirmation_number"),
    Index("ix_reservations_hotel_id_room_number_departure", "hotel_id", "room_number", "departure"),
)

reservation_companions = Table(
    "reservation_companions",
    metadata,
    Column("reservation_id", Text, ForeignKey("reservations.id", ondelete="CASCADE"), primary_key=True),
    Column("guest_id", Text, primary_key=True),
    Index("ix_reservation_companions_guest_id", "guest_id"),
    sqlite_with_rowid=False,
)

stay_events = Table(  # written with the change that they tell of, never changed; a stay may be erased before them
    "stay_events",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("hotel_id"),
    text_column("reservation_id"),
    text_column("guest_id"),
    text_column("kind"),
    text_column("before"),
    text_column("after"),
    Column("at", UtcDateTime, nullable=False),
    Column("modified_at", UtcDateTime),
    Index("ix_stay_events_reservation_id_at_id", "reservation_id", "at", "id"),
)

rooms = Table(
    "rooms",
    metadata,
    Column("hotel_id", Text, primary_key=True),
    Column("number", SortText, primary_key=True),
    optional_text("room_type"),
    optional_text("occupancy"),
    optional_text("housekeeping"),
    Column("synced_at", UtcDateTime),
    sqlite_with_rowid=False,
)
