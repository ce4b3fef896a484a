"""A configuration that cannot be used is refused by every command, whole and in plain words."""

import pytest

from tests.entrypoints.cli.conftest import SECRET, Desk

WITH_MISTAKES = f"""\
colour = "blue"
[server]
port = 70000
[database]
url = "mysql://user:{SECRET}@host/name"
[model]
provider = "anthropic"
api_key = {{ env = "NOT_SET_ANYWHERE" }}
[[hotels]]
id = "harbour"
name = "Harbour Hotel"
time_zone = "Europe/Lisboa"
language = "en"
phone_region = "PT"
[hotels.pms]
provider = "mews"
client_token = "{SECRET}"
access_token = "{SECRET}"
[[hotels.channels]]
kind = "twilio"
account_sid = "AC00000000000000000000000000000001"
auth_token = "{SECRET}"
from = "+15550100000"
[[hotels.channels]]
kind = "web_chat"
allowed_origins = ["https://www.harbour.example/page"]
"""

PATHS = (
    "colour:",
    "server.port:",
    "database.url:",
    "model.api_key:",
    "model.model:",
    "hotels[0].time_zone:",
    "hotels[0].channels[1].allowed_origins[0]:",
)

COMMANDS = (
    ("serve",),
    ("worker",),
    ("sync",),
    ("db", "upgrade"),
    ("staff", "add", "--email", "ann@harbour.example", "--name", "Ann", "--role", "agent"),
    ("staff", "token", "--email", "ann@harbour.example"),
    ("doctor",),
    ("simulate", "whatsapp", "--from", "+15551234567", "Hi"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
async def test_every_command_refuses_a_bad_configuration_with_all_its_mistakes(
    desk: Desk, command: tuple[str, ...]
) -> None:
    (desk.folder / "jack.toml").write_text(WITH_MISTAKES, encoding="utf-8")

    said = await desk.jack(*command)

    assert said.code == 2
    first, *mistakes = said.err.splitlines()
    assert first == "The configuration has mistakes:"
    assert len(mistakes) == len(PATHS)
    for path in PATHS:
        assert any(line.startswith(f"  {path}") for line in mistakes), path


async def test_a_file_that_is_named_must_be_there(desk: Desk) -> None:
    said = await desk.jack("doctor", "--config", "elsewhere.toml")

    assert said.code == 2
    assert "elsewhere.toml: cannot be read (No such file or directory)" in said.err


async def test_the_file_may_be_named_by_the_environment(desk: Desk) -> None:
    (desk.folder / "jack.toml").rename(desk.folder / "other.toml")

    said = await desk.jack("db", "upgrade", JACK_CONFIG="other.toml")

    assert said.code == 0


async def test_a_database_that_is_not_there_is_told_in_plain_words(desk: Desk) -> None:
    desk.configure(database=f"postgresql+asyncpg://jack:{SECRET}@127.0.0.1:9/jack")

    said = await desk.jack("sync")

    assert said.code == 2
    assert said.err.startswith("The database cannot be used: ")
    assert "Traceback" not in said.err
