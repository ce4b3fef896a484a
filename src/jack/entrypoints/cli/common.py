"""What every command shares: reading the configuration, plain error messages, an event loop."""

import asyncio
import functools
import gc
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from jack.application.errors import ApplicationError
from jack.domain.errors import DomainError
from jack.entrypoints import logs
from jack.entrypoints.settings import ConfigurationError, Settings, load_settings
from jack.entrypoints.wiring.not_ready import NotReady
from jack.entrypoints.wiring.supported import unsupported

T = TypeVar("T")

CANNOT_RUN = 2
"""The exit code for "could not run at all": bad configuration, no database, no such hotel."""


def fail(*lines: str, code: int = CANNOT_RUN) -> NoReturn:
    """Say in plain words what is wrong, on standard error, and end with `code`."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(code)


def config_option(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--config` and hand it the settings; every mistake in them is reported at once."""

    @click.option(
        "--config",
        "config",
        type=click.Path(dir_okay=False, path_type=Path),
        help="The configuration file. Without it: $JACK_CONFIG, ./jack.toml, the built-in demo.",
    )
    @functools.wraps(function)
    def command(config: Path | None, **options: Any) -> None:
        logs.configure()
        function(settings=read_settings(config), **options)

    return command


def read_settings(config: Path | None) -> Settings:
    """The settings, or the end of the program with every mistake in them."""
    try:
        return load_settings(config, os.environ, also=unsupported)
    except ConfigurationError as error:
        fail("The configuration has mistakes:", *(f"  {problem}" for problem in error.problems))


def run(story: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run `story` in an event loop; what Jack can explain ends the program with its explanation."""
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(story())
    except (ApplicationError, DomainError, NotReady) as error:
        fail(str(error))
    except ConfigurationError as error:
        fail(*error.problems)
    except KeyboardInterrupt:
        sys.exit(130)


def settle() -> None:
    """Call it when everything is loaded and a long life begins: what is there now is there to stay.

    Python would look through all of it again and again for what can be thrown away, 100 ms at a time, in which nothing
    else is done.
    """
    gc.collect()
    gc.freeze()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
