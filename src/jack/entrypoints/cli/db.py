"""`jack db upgrade`: bring the database to the shape that this version needs."""

import click

from jack.entrypoints.cli.common import config_option, run
from jack.entrypoints.settings import Settings


@click.group("db")
def command() -> None:
    """Look after the database."""


@command.command("upgrade")
@config_option
def upgrade(settings: Settings) -> None:
    """Bring the database to the shape that this version of Jack needs; safe to repeat, and to run in several places."""
    from jack.entrypoints.wiring.migrations import upgrade_database

    before, after = run(lambda: upgrade_database(settings))
    click.echo(
        f"The database is at {after}." if before == after else f"The database went from {before or 'empty'} to {after}."
    )
