"""`jack worker`: works off the jobs that other processes ring for."""

import click

from jack.entrypoints.cli.common import config_option, fail, run
from jack.entrypoints.settings import Settings


@click.command("worker")
@config_option
def command(settings: Settings) -> None:
    """Work off jobs from Redis: receive, answer, deliver, sync; start as many as wanted."""
    if settings.queue is None:
        fail("There is no [queue] in the configuration: jobs run inside `jack serve`, and a worker has nothing to do.")
    from jack.entrypoints.worker.main import work

    run(lambda: work(settings))
