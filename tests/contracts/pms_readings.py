"""What the contract of the PMS asks and compares."""

from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from jack.application.ports.pms import SearchBy
from jack.application.ports.pms_pages import ReservationPage
from jack.domain.ids import ExternalRef
from jack.domain.snapshot import RejectedRecord, ReservationSnapshot
from jack.domain.sync import SyncWindow
from tests.contracts.stages.stage import PmsStage
from tests.hotel import NOW, a_guest_snapshot, a_period, a_reservation_snapshot

MINUTE = timedelta(minutes=1)
EVERYTHING = SyncWindow(since=NOW - timedelta(days=60), until=NOW + MINUTE)
AROUND_TODAY = a_period(-30, 366)

Question = Callable[[PmsStage], Awaitable[object]]


async def read(pages: AsyncIterable[ReservationPage]) -> tuple[list[ReservationSnapshot], list[RejectedRecord]]:
    """Everything on these pages. A page may be read twice, so each reservation counts once, in its newest reading."""
    good: dict[ExternalRef, ReservationSnapshot] = {}
    bad: dict[str, RejectedRecord] = {}
    async for page in pages:
        good |= {reservation.ref: reservation for reservation in page.reservations}
        bad |= {f"{record.ref} {record.raw}": record for record in page.rejected}
    return list(good.values()), list(bad.values())


def pages_of(stage: PmsStage, reading: str) -> AsyncGenerator[ReservationPage, None]:
    """A reading of everything, by the name of its method."""
    return stage.pms.changed(EVERYTHING) if reading == "changed" else stage.pms.staying(AROUND_TODAY)


def many(stage: PmsStage, number: int) -> list[ReservationSnapshot]:
    """So many stays, each of a guest of its own."""
    return [
        at_home(stage, a_reservation_snapshot(f"R-{n}", guest=a_guest_snapshot(f"guest{n}"))) for n in range(number)
    ]


def at_home(stage: PmsStage, reservation: ReservationSnapshot) -> ReservationSnapshot:
    """The reservation with references as this vendor names them."""
    return replace(
        reservation,
        ref=at(stage, reservation.ref.key),
        guest=replace(reservation.guest, ref=at(stage, reservation.guest.ref.key)),
        companions=tuple(replace(c, ref=at(stage, c.ref.key)) for c in reservation.companions),
    )


def at(stage: PmsStage, key: str) -> ExternalRef:
    """The reference of that key at this vendor."""
    return ExternalRef(system=stage.system, key=key)


def anna(stage: PmsStage) -> ReservationSnapshot:
    """Anna's stay, as this vendor tells it."""
    return stage.reservation_as_told(at_home(stage, a_reservation_snapshot()))


QUESTIONS: dict[str, Question] = {
    "changed": lambda stage: read(stage.pms.changed(EVERYTHING)),
    "staying": lambda stage: read(stage.pms.staying(AROUND_TODAY)),
    "reservation": lambda stage: stage.pms.reservation(anna(stage).ref),
    "numbered": lambda stage: stage.pms.numbered(anna(stage).confirmation_number),
    "rooms": lambda stage: stage.pms.rooms(),
    "guest": lambda stage: stage.pms.guest(anna(stage).guest.ref),
    "search_guests": lambda stage: stage.pms.search_guests(SearchBy.NAME, "Silva"),
    "hotel": lambda stage: stage.pms.hotel(),
}
"""Every way to ask a PMS about its hotel, in which only Anna stays."""
