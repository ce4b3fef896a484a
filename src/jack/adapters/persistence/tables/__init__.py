"""The tables. There is none for hotels: they are configuration, and every row says to which one it belongs."""

from jack.adapters.persistence.tables.base import metadata
from jack.adapters.persistence.tables.chat import chat_posts, chat_sessions
from jack.adapters.persistence.tables.messaging import (
    answer_receipts,
    channel_identities,
    conversations,
    inbox_deliveries,
    messages,
    parked_receipts,
    service_requests,
)
from jack.adapters.persistence.tables.pms import notice_followers, pms_kept, pms_memory, pms_notices, unknown_values
from jack.adapters.persistence.tables.staff import staff_members, staff_sessions
from jack.adapters.persistence.tables.stays import (
    guest_contacts,
    guest_preferences,
    guest_refs,
    guests,
    reservation_companions,
    reservations,
    rooms,
    stay_events,
)
from jack.adapters.persistence.tables.sync import rejected_records, seen_stays, sync_runs, sync_states

__all__ = [
    "answer_receipts",
    "channel_identities",
    "chat_posts",
    "chat_sessions",
    "conversations",
    "guest_contacts",
    "guest_preferences",
    "guest_refs",
    "guests",
    "inbox_deliveries",
    "messages",
    "metadata",
    "notice_followers",
    "parked_receipts",
    "pms_kept",
    "pms_memory",
    "pms_notices",
    "rejected_records",
    "reservation_companions",
    "reservations",
    "rooms",
    "seen_stays",
    "service_requests",
    "staff_members",
    "staff_sessions",
    "stay_events",
    "sync_runs",
    "sync_states",
    "unknown_values",
]
