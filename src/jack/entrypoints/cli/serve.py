"""`jack serve`: the web server; without Redis it also runs the jobs and the schedules."""

import click

from jack.entrypoints.cli.common import config_option, fail, run
from jack.entrypoints.settings import Settings


@click.command("serve")
@config_option
def command(settings: Settings) -> None:
    """Serve webhooks, the staff API and the dashboard.

    With no Redis configured the jobs and schedules run inside this process; otherwise start `jack worker` as well.
    """
    from jack.entrypoints.web.server import CannotListen, until_told_to_stop
    from jack.entrypoints.web.start import serve_jack

    async def serve() -> None:
        async with serve_jack(settings) as url:
            click.echo(f"Jack is serving on {url}, the dashboard is at {url}/")
            await until_told_to_stop()

    try:
        run(serve)
    except CannotListen as error:
        fail(str(error))
