"""`jack sync`: one run now, with progress."""

import sys
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import click

from jack.application.errors import Conflict
from jack.application.ports.clock import Clock
from jack.application.ports.unit_of_work import BeginUnitOfWork
from jack.application.stays.lease_watch import shows_life
from jack.application.stays.sync import SyncReservations
from jack.domain.hotel import Hotel
from jack.domain.ids import HotelId
from jack.domain.sync import SyncKind, SyncRun, SyncStatus
from jack.entrypoints.cli.common import CANNOT_RUN, config_option, fail, run
from jack.entrypoints.cli.progress import ProgressShow
from jack.entrypoints.settings import Settings

SOME_REJECTED = 1
"""The exit code when records were rejected but the run read everything."""


@click.command("sync")
@click.argument("hotel", required=False)
@click.option("--full", is_flag=True, help="Read everything around today and find what the PMS no longer has.")
@click.option("--since", metavar="DATE", help="Read what changed since this day or instant, like 2026-11-01.")
@config_option
def command(settings: Settings, hotel: str | None, full: bool, since: str | None) -> None:
    """Sync HOTEL, or every hotel, once and now.

    Ends with 0 when all is well, 1 when some records were rejected, 2 when a run could not read everything.
    """
    hotels = {found.id: found for found in settings.hotels_as_domain()}
    if hotel is not None and hotel not in hotels:
        fail(f"There is no hotel {hotel!r}; the configuration has: {', '.join(sorted(hotels))}.")
    if full and since:
        fail("--full reads everything; it does not go with --since.")
    chosen = [hotels[HotelId(hotel)]] if hotel else list(hotels.values())
    instants = {one.id: _instant(since, one) if since else None for one in chosen}
    from jack.entrypoints.wiring.container import open_jack

    async def story() -> int:
        code = 0
        async with open_jack(settings) as container:
            sync = await container.get(SyncReservations)
            begin, clock = await container.get(BeginUnitOfWork), await container.get(Clock)
            for one in chosen:
                kind = SyncKind.FULL if full else SyncKind.CHANGES if since else None
                with ProgressShow(one.id) as display:
                    try:
                        try:
                            done = await sync(one.id, kind, since=instants[one.id], progress=display.show)
                        except Conflict:
                            click.echo(f"{one.id}: another sync goes on or was killed; looking which", err=True)
                            if await shows_life(begin, clock, one.id):
                                raise
                            done = await sync(one.id, kind, since=instants[one.id], progress=display.show)
                    except Conflict as error:
                        display.clear()
                        click.echo(f"{one.id}: {error}", err=True)
                        code = CANNOT_RUN
                        continue
                code = max(code, _report(done))
        return code

    sys.exit(run(story))


def _instant(text: str, hotel: Hotel) -> datetime:
    """A day is meant from its midnight at the hotel; an instant without a zone is the hotel's, too."""
    try:
        zone = ZoneInfo(hotel.time_zone)
        if "T" not in text and " " not in text:
            return datetime.combine(date.fromisoformat(text), time.min, tzinfo=zone).astimezone(UTC)
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).astimezone(UTC)
    except ValueError:
        fail(f"--since {text!r} is no date; write it like 2026-11-01 or 2026-11-01T14:30:00Z.")


def _report(done: SyncRun) -> int:
    counts = done.counts
    click.echo(
        f"{done.hotel_id}: {done.status.value}, {counts.created} created, {counts.updated} updated, "
        f"{counts.unchanged} unchanged, {counts.rejected} rejected, {counts.gone} gone"
    )
    if done.error:
        click.echo(f"{done.hotel_id}: {done.error}", err=True)
        return CANNOT_RUN
    return SOME_REJECTED if counts.rejected or done.status is not SyncStatus.COMPLETE else 0
