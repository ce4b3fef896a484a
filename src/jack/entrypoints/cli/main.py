"""The command `jack`."""

import click

from jack import __version__


@click.group()
@click.version_option(__version__, prog_name="jack")
def main() -> None:
    """Jack, a self-hosted AI hotel butler."""
