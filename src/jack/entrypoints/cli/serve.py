"""`jack serve`: the web server; without Redis it also runs the jobs and the schedules."""

from contextlib import AsyncExitStack

import click

from jack.entrypoints.cli.common import config_option, fail, run
from jack.entrypoints.settings import Settings


@click.command("serve")
@config_option
def command(settings: Settings) -> None:
    """Serve webhooks, the staff API and the dashboard.

    With no Redis configured the jobs and schedules run inside this process; otherwise start `jack worker` as well.
    """
    from jack.entrypoints.demo.far_end import BUILT_IN, stand_in_for
    from jack.entrypoints.web.server import CannotListen, until_told_to_stop
    from jack.entrypoints.web.start import serve_jack

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            if settings.source == BUILT_IN:
                far_end = await stack.enter_async_context(stand_in_for(settings))
                click.echo("No jack.toml was found: this is the demo hotel, with a mock PMS and a scripted model.")
                click.echo(f"WhatsApp's far end is a stand-in on {far_end}; write with `jack simulate whatsapp`.")
                click.echo("Sign in with an account that `jack staff add` makes.")
            url = await stack.enter_async_context(serve_jack(settings))
            click.echo(f"Jack is serving on {url}, the dashboard is at {url}/")
            await until_told_to_stop()

    try:
        run(serve)
    except CannotListen as error:
        fail(str(error))
