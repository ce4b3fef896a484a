"""`jack staff add`, `jack staff token`: accounts for the dashboard and the API."""

import os
import sys

import click

from jack.application.staff.accounts import AddStaffMember, IssueToken
from jack.domain.ids import HotelId
from jack.domain.staff import Role
from jack.entrypoints.cli.common import config_option, fail, run
from jack.entrypoints.settings import Settings


@click.group("staff")
def command() -> None:
    """Look after staff accounts."""


@command.command("add")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--hotel", "hotels", multiple=True, help="Only this hotel (repeat for several); without it, every hotel.")
@config_option
def add(settings: Settings, email: str, name: str, role: str, hotels: tuple[str, ...]) -> None:
    """Add somebody of the staff.

    The password comes from $JACK_STAFF_PASSWORD, else it is asked for, else it is one line on standard input.
    """
    known = {hotel.id for hotel in settings.hotels}
    for hotel in hotels:
        if hotel not in known:
            fail(f"There is no hotel {hotel!r}; the configuration has: {', '.join(sorted(known))}.")
    password = _password()
    from jack.entrypoints.wiring.container import open_jack

    async def story() -> str:
        async with open_jack(settings) as container:
            story = await container.get(AddStaffMember)
            member = await story(email, name, Role(role), password, tuple(HotelId(hotel) for hotel in hotels))
            return member.email

    click.echo(f"{run(story)} may sign in now as {role}.")


@command.command("token")
@click.option("--email", required=True)
@config_option
def token(settings: Settings, email: str) -> None:
    """Print a new API token of a staff member, once: it cannot be shown again."""
    from jack.entrypoints.wiring.container import open_jack

    async def story() -> str:
        async with open_jack(settings) as container:
            return await (await container.get(IssueToken))(email)

    click.echo(run(story))


def _password() -> str:
    given = os.environ.get("JACK_STAFF_PASSWORD")
    if given is not None:
        return given
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
