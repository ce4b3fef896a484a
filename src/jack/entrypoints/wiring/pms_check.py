"""What `jack doctor` says of a hotel's PMS: its own report, its time zone against jack.toml, and what it cannot do."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from jack.application.ports.pms import Capability, ConnectionReport, PmsHotel
from jack.domain.hotel import Hotel

LACKS: Mapping[Capability, str] = MappingProxyType(
    {
        Capability.WEBHOOKS: "calling Jack when something changes",
        Capability.SEARCH_BY_NAME: "finding guests by name",
        Capability.SEARCH_BY_EMAIL: "finding guests by e-mail address",
        Capability.SEARCH_BY_PHONE: "finding guests by phone",
        Capability.GUEST_IDS: "knowing a guest again over several stays",
        Capability.COMPANIONS: "companions",
        Capability.EXPECTED_ARRIVAL: "times of arrival",
        Capability.SPECIAL_REQUESTS: "special requests",
        Capability.PREFERENCES: "preferences",
        Capability.LANGUAGE: "languages",
        Capability.LOYALTY: "loyalty tiers",
        Capability.VIP: "VIP marks",
        Capability.OCCUPANCY: "vacant and occupied rooms",
        Capability.HOUSEKEEPING: "clean and dirty rooms",
        Capability.INSPECTION: "inspected rooms",
        Capability.TASKS: "tasks for staff",
    }
)
"""What people miss where a vendor lacks it. Without CHANGES or EVENTS Jack reads otherwise, and nobody notices."""

DAYS = (0, 90, 180, 270)
"""Days from now on which two zones are compared: in every season, so that summer time counts."""


def judged(
    report: ConnectionReport, capabilities: frozenset[Capability], hotel: Hotel, now: datetime
) -> tuple[str, str | None]:
    """The line for people about a connection test, and the problem if there is one."""
    zone_problem, zone_note = _zones(report.hotel, hotel, now)
    lacking = [words for capability, words in LACKS.items() if capability not in capabilities]
    notes = [*report.notes, *(note for note in (_name(report, hotel), zone_note) if note)]
    if lacking:
        notes.append(f"This PMS does not offer: {', '.join(lacking)}.")
    problems = [problem for problem in (report.problem, zone_problem) if problem]
    return _sentences(report.summary, *notes), _sentences(*problems) or None


def _sentences(*texts: str) -> str:
    """The texts one after the other, each but the last with a full stop."""
    *others, last = texts or ("",)
    return " ".join([*(text if text.endswith((".", "!", "?")) else f"{text}." for text in others), last])


def _name(report: ConnectionReport, hotel: Hotel) -> str | None:
    """People notice the wrong hotel by its name, also where a token alone decides which hotel it is."""
    told = report.hotel.name.strip() if report.hotel else ""
    if not told or told.casefold() == hotel.name.strip().casefold() or told in report.summary:
        return None
    return f"The PMS calls this hotel {told!r}."


def _zones(told: PmsHotel | None, hotel: Hotel, now: datetime) -> tuple[str | None, str | None]:
    """What is wrong with the time zone, or what cannot be said about it."""
    zone = told.time_zone if told else None
    if zone is None:
        return None, None
    try:
        theirs = ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        return None, f"The PMS calls its time zone {zone!r}, so Jack cannot tell whether {hotel.time_zone} is right."
    ours = ZoneInfo(hotel.time_zone)
    instants = [now + timedelta(days=days) for days in DAYS]
    if all(at.astimezone(ours).utcoffset() == at.astimezone(theirs).utcoffset() for at in instants):
        return None, None  # another name of the same time
    return (
        f"The PMS says that the hotel lives by {zone}, jack.toml says {hotel.time_zone}: days and hours would be "
        "wrong. Correct time_zone in jack.toml, or the hotel's settings in the PMS.",
        None,
    )
