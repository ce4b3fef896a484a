"""`jack serve`: the web server; without Redis it also runs the jobs and the schedules."""

from collections.abc import Iterator
from contextlib import AsyncExitStack

import click

from jack.entrypoints.cli.common import config_option, fail, run, settle
from jack.entrypoints.settings import BUILT_IN, Settings


@click.command("serve")
@config_option
def command(settings: Settings) -> None:
    """Serve webhooks, the staff API and the dashboard.

    With no Redis configured the jobs and schedules run inside this process; otherwise start `jack worker` as well.
    """
    from jack.entrypoints.demo.far_end import stand_in_for
    from jack.entrypoints.web.server import CannotListen, until_told_to_stop
    from jack.entrypoints.web.start import serve_jack

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            if settings.source == BUILT_IN:
                far_end = await stack.enter_async_context(stand_in_for(settings))
                click.echo(f"There is no jack.toml here, so this is {settings.source}: a mock PMS, a scripted model,")
                click.echo(f"and a stand-in for WhatsApp on {far_end}. Data is kept in jack.db in this folder.")
            url = await stack.enter_async_context(serve_jack(settings))
            for line in _what_next(settings, url):
                click.echo(line)
            settle()
            await until_told_to_stop()
        click.echo("Jack has stopped.")

    try:
        run(serve)
    except CannotListen as error:
        fail(str(error))


def _what_next(settings: Settings, url: str) -> Iterator[str]:
    """Where Jack is, and what somebody who sees it for the first time can do."""
    from jack.entrypoints.demo.show import jack_command
    from jack.entrypoints.wiring.demo_guest import demo_guest

    jack = jack_command()
    yield f"Jack is serving on {url}"
    if settings.queue is not None:
        yield f"  jobs           run elsewhere: start `{jack} worker`, as often as you like"
    yield f"  sign in        {url}/"
    if settings.source == BUILT_IN:
        stay = demo_guest(settings)
        guest = stay.guest
        yield f"  add staff      {jack} staff add --email ann@harbour.example --name Ann --role admin"
        yield f'  be a guest     {jack} simulate whatsapp --from {guest.phones[0]} "Hi, I\'d like late checkout"'
        yield f"                 ({guest.first_name} {guest.last_name} is in house, in room {stay.room_number})"
    yield "  stop           Ctrl-C"
