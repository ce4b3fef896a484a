"""One hotel with every awkward case, as it truly is; each vendor's simulator tells it in its own dialect.

Every case has a key that names it. A guest with a relay address (`RELAY`) booked at an online travel agency: a vendor
that marks such addresses has marked it, and its adapter leaves it out. Before `settle` the guest of `moved` lives in
another room.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from jack.domain.reservation import ReservationStatus, StayPeriod
from jack.domain.room import Housekeeping, Occupancy
from jack.domain.snapshot import GuestSnapshot, PreferenceSnapshot, ReservationSnapshot, RoomSnapshot
from tests.contracts.pms_readings import at_home
from tests.contracts.stages.stage import PmsStage
from tests.hotel import ANNA_PHONE, NOW, a_guest_snapshot, a_reservation_snapshot, a_room_snapshot

RELAY = "guest.booking.com"

PHONES: Mapping[str, str] = MappingProxyType(
    {
        "zeros": "00420123456789",
        "spaced": "+39 06 555 5555",
        "bracketed": "(555) 555-1234",
        "plain": "+4989123343",
        "trailing": "415 555 0100 ",
        "local": "123456789",
    }
)
"""Telephone texts as vendors hold them, by the key of the guest who has it."""

NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "umlauts": ("Jürgen", "Groß-Müßig"),
        "czech": ("Zuzana", "Žáková"),
        "chinese": ("伟", "王"),
        "japanese": ("さくら", "山田"),
        "arabic": ("محمد", "العربي"),
        "icelandic": ("Þóra", "Ægisdóttir"),
        "quoted": ('Sean "Jack"', "O'Neill & Söhne <b>"),
        "single": ("", "Madonna"),
        "emoji": ("Zoë 🌊", "van der Berg"),
    }
)
"""First and last names, by the key of the guest."""


def stays(stage: PmsStage) -> dict[str, ReservationSnapshot]:
    """Every stay of the hotel in states that this vendor has words for, by the name of its case."""
    cases = [*_parties(), *_states(), *_rooms(), *_days(), *_people()]
    return {stay.ref.key: at_home(stage, stay) for stay in cases if stay.status in stage.statuses}


def rooms() -> tuple[RoomSnapshot, ...]:
    """Every room of the hotel, one in each state."""
    states = [(occupancy, state) for occupancy in Occupancy for state in Housekeeping]
    return (
        *(
            a_room_snapshot(f"{200 + number}", occupancy=occupancy, housekeeping=state)
            for number, (occupancy, state) in enumerate(states)
        ),
        a_room_snapshot("310"),
        a_room_snapshot("0B", room_type="Süite ・ 海"),
    )


def settle(stage: PmsStage) -> dict[str, ReservationSnapshot]:
    """Let the vendor hold all of it, with its history; what is true in the end."""
    truth = stays(stage)
    stage.has_rooms(*rooms())
    stage.holds(replace(truth["moved"], room_number="201", modified_at=NOW - timedelta(hours=3)))
    stage.holds(*truth.values())
    return truth


def _stay(key: str, **fields: Any) -> ReservationSnapshot:
    given: dict[str, Any] = {"guest": a_guest_snapshot(f"guest-of-{key}")}
    return a_reservation_snapshot(key, **(given | fields))


def _parties() -> list[ReservationSnapshot]:
    partner = a_guest_snapshot("partner", phones=(ANNA_PHONE,), language="pt")
    child = a_guest_snapshot("child", phones=(), emails=(), preferences=())
    family = a_guest_snapshot(loyalty_tier="Gold", vip=True, language="de")
    booking = {"confirmation_number": "CN-two-rooms"}
    return [
        _stay(
            "family",
            guest=family,
            companions=(partner, child),
            adults=2,
            children=1,
            special_requests=("A cot, please", "Quiet room"),
            expected_arrival=NOW - timedelta(hours=20),
        ),
        _stay("first-room", **booking, room_number="202", arrival=-2, departure=1),
        _stay(
            "second-room",
            **booking,
            room_number=None,
            arrival=3,
            departure=6,
            status=ReservationStatus.CONFIRMED,
            guest=a_guest_snapshot("guest-of-first-room"),
        ),
    ]


def _states() -> list[ReservationSnapshot]:
    waiting = {"room_number": None, "arrival": 2, "departure": 4}
    past = {"arrival": -6, "departure": -2}
    return [
        _stay("confirmed", status=ReservationStatus.CONFIRMED, **waiting),
        _stay("tentative", status=ReservationStatus.TENTATIVE, **waiting),
        _stay("cancelled", status=ReservationStatus.CANCELLED, **waiting),
        _stay("missed", status=ReservationStatus.NO_SHOW, room_number=None, **past),
        _stay("left", status=ReservationStatus.CHECKED_OUT, room_number="203", **past),
    ]


def _rooms() -> list[ReservationSnapshot]:
    return [
        _stay("unassigned", status=ReservationStatus.CONFIRMED, room_number=None, arrival=1, departure=2),
        _stay("moved", room_number="310"),
        _stay("letters", room_number="0B", room_type="Süite ・ 海"),
    ]


def _days() -> list[ReservationSnapshot]:
    days = {
        "day-use": (date(2026, 11, 22), date(2026, 11, 22)),
        "clocks-go-back": (date(2026, 10, 25), date(2026, 10, 26)),
        "clocks-went-back-on-leaving": (date(2026, 10, 24), date(2026, 10, 25)),
        "clocks-go-forward": (date(2027, 3, 28), date(2027, 3, 29)),
        "clocks-went-forward-on-leaving": (date(2027, 3, 27), date(2027, 3, 28)),
        "leap-into-the-year": (date(2026, 12, 31), date(2027, 1, 1)),
    }
    confirmed: dict[str, Any] = {"status": ReservationStatus.CONFIRMED, "room_number": None}
    return [
        _stay(key, **confirmed, period=StayPeriod(arrival=first, departure=last)) for key, (first, last) in days.items()
    ] + [
        _stay("arrives-at-night", **confirmed, expected_arrival=datetime(2026, 11, 22, 23, 30, tzinfo=UTC), arrival=0),
    ]


def _people() -> list[ReservationSnapshot]:
    several = (
        PreferenceSnapshot(category="pillow", value="feather"),
        PreferenceSnapshot(category="floor", value="high"),
    )
    confirmed: dict[str, Any] = {"status": ReservationStatus.CONFIRMED, "room_number": None, "arrival": 1}
    unknown: GuestSnapshot = a_guest_snapshot(
        "hardly-known", language=None, country=None, phones=(), emails=(), preferences=()
    )
    return [
        _stay("no-phone", **confirmed, guest=a_guest_snapshot("no-phone", phones=())),
        _stay("hardly-known", **confirmed, guest=unknown),
        _stay("relayed", **confirmed, guest=a_guest_snapshot("relayed", emails=(f"anna.1234@{RELAY}",))),
        _stay("choosy", **confirmed, guest=a_guest_snapshot("choosy", preferences=several)),
        _stay("shares-a-phone", **confirmed, guest=a_guest_snapshot("cousin", phones=(ANNA_PHONE,))),
        *(
            _stay(f"phone-{key}", **confirmed, guest=a_guest_snapshot(f"phone-{key}", phones=(text,)))
            for key, text in PHONES.items()
        ),
        *(
            _stay(f"name-{key}", **confirmed, guest=a_guest_snapshot(f"name-{key}", first_name=first, last_name=last))
            for key, (first, last) in NAMES.items()
        ),
    ]
