"""`jack doctor`: what is wrong, and what to do, in plain words."""

import sys

import click

from jack.entrypoints.cli.common import config_option, run
from jack.entrypoints.settings import Settings


@click.command("doctor")
@config_option
def command(settings: Settings) -> None:
    """Check configuration, database, Redis, every PMS, channel and the model; one line each.

    Ends with 0 only if all is well. Never shows a secret.
    """
    from jack.entrypoints.wiring.checks import Check, checks

    click.echo(_line("configuration", f"read from {settings.source}", None))

    async def story() -> int:
        wrong = 0

        def show(check: Check) -> None:
            nonlocal wrong
            wrong += check.problem is not None
            click.echo(_line(check.what, check.summary, check.problem))

        await checks(settings, show)
        return wrong

    wrong = run(story)
    if wrong:
        click.echo(f"{wrong} thing{'s' if wrong > 1 else ''} to mend.", err=True)
        sys.exit(1)


def _line(what: str, summary: str, problem: str | None) -> str:
    return f"{'WRONG' if problem else 'ok   '}  {what}: {problem or summary}"
