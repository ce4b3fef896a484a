"""`jack demo`: see the whole of Jack at work in half a minute."""

import sys

import click

from jack.entrypoints import logs
from jack.entrypoints.cli.common import fail, run


@click.command("demo")
@click.option("--once", is_flag=True, help="End after the last step; the exit code is 0 only if every step happened.")
@click.option("--port", type=click.IntRange(1, 65535), help="Where to serve; without it 8000, or a free one.")
def command(once: bool, port: int | None) -> None:
    """Show a WhatsApp message being answered with what a PMS sync brought, then keep serving the dashboard.

    Needs no account anywhere: the PMS and the model are stand-ins in this process, Meta's Graph API is one behind real
    HTTP; everything between them is what a hotel runs.
    """
    from jack.entrypoints.demo.home import demo_home
    from jack.entrypoints.demo.play import play
    from jack.entrypoints.demo.show import StepFailed
    from jack.entrypoints.web.server import CannotListen, until_told_to_stop

    logs.configure(level="ERROR")  # the steps themselves say what did not happen

    async def keep_serving() -> None:
        click.echo("Jack keeps serving. Stop it with Ctrl-C.")
        await until_told_to_stop()

    with demo_home() as home:
        try:
            run(lambda: play(home, port, None if once else keep_serving))
        except StepFailed:
            fail("The demo did not go through; see the step marked ✗.", code=1)
        except CannotListen as error:
            fail(str(error))
    click.echo("Every step happened." if once else "\nJack has stopped; the demo's folder is gone.")
    sys.exit(0)
