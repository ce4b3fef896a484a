"""The command `jack`: each command is imported when it runs, so that `jack --help` stays quick."""

import importlib
from collections.abc import Mapping
from types import MappingProxyType

import click

from jack import __version__

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "demo": "jack.entrypoints.cli.demo",
        "serve": "jack.entrypoints.cli.serve",
        "worker": "jack.entrypoints.cli.worker",
        "sync": "jack.entrypoints.cli.sync",
        "db": "jack.entrypoints.cli.db",
        "staff": "jack.entrypoints.cli.staff",
        "doctor": "jack.entrypoints.cli.doctor",
        "simulate": "jack.entrypoints.cli.simulate",
        "openapi": "jack.entrypoints.cli.openapi",
    }
)


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own, each with a `command` in it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click asks so
        """The names, in the order of a first day with Jack."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click asks so
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(COMMANDS[cmd_name]).command
        assert isinstance(found, click.Command)  # noqa: S101  a module without its command is our own mistake
        return found


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jack")
def main() -> None:
    """Jack, a self-hosted AI hotel butler."""
