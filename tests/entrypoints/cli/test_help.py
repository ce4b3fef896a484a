"""Everybody finds out what there is."""

import pytest

from jack import __version__
from jack.entrypoints.cli.main import COMMANDS
from tests.entrypoints.cli.conftest import Desk

BELOW = ("db upgrade", "staff add", "staff token", "simulate whatsapp")


async def test_the_help_lists_every_command(desk: Desk) -> None:
    said = await desk.jack("--help")

    assert said.code == 0
    for name, what in COMMANDS.items():
        assert f"  {name} " in said.out
        assert what in said.out


@pytest.mark.parametrize("name", [*COMMANDS, *BELOW])
async def test_every_command_explains_itself_without_a_configuration(desk: Desk, name: str) -> None:
    (desk.folder / "jack.toml").write_text("this is no TOML", encoding="utf-8")

    said = await desk.jack(*name.split(), "--help")

    assert said.code == 0
    assert said.out.startswith(f"Usage: jack {name} ")


async def test_the_version_is_told(desk: Desk) -> None:
    assert (await desk.jack("--version")).out == f"jack, version {__version__}\n"


async def test_an_unknown_command_is_refused(desk: Desk) -> None:
    said = await desk.jack("brew-coffee")

    assert said.code == 2
    assert "No such command 'brew-coffee'" in said.err
