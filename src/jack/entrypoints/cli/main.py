"""The command `jack`: each command is imported when it runs, so that `jack --help` stays quick."""

import importlib
from collections.abc import Mapping
from types import MappingProxyType

import click

from jack import __version__

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "demo": "See a guest's message being answered, in half a minute.",
        "serve": "Serve webhooks, the staff API and the dashboard.",
        "worker": "Work off jobs from Redis; start as many as wanted.",
        "sync": "Sync hotels with their PMS, once and now.",
        "db": "Look after the database.",
        "staff": "Look after staff accounts and API tokens.",
        "doctor": "Say what is wrong, and what to do.",
        "simulate": "Write to a running Jack as a guest would.",
        "openapi": "Print the description of the staff API.",
    }
)
"""Every command, in the order of a first day with Jack; each is `command` in the module of its name."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click asks so
        """The names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click asks so
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(f"jack.entrypoints.cli.{cmd_name}").command
        assert isinstance(found, click.Command)  # noqa: S101  a module without its command is our own mistake
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  the same
        """The list in the help, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jack")
def main() -> None:
    """Jack, a self-hosted AI hotel butler."""
