"""A whole configuration to break in every possible way."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from jack.entrypoints.settings import ConfigurationError, Settings
from jack.entrypoints.settings.load import settings_from

ENVIRONMENT = {"TOKEN": "token-of-the-environment", "EMPTY": " "}

GOOD: dict[str, Any] = {
    "server": {"host": "0.0.0.0", "port": 9000, "public_url": "https://jack.example.com/"},
    "database": {"url": "postgresql+asyncpg://jack:hush@db.example/jack"},
    "queue": {"redis_url": "redis://:hush@127.0.0.1:6379/0"},
    "model": {"provider": "anthropic", "model": "claude-sonnet-4-5", "api_key": {"env": "TOKEN"}},
    "hotels": [
        {
            "id": "harbour",
            "name": "Harbour Hotel",
            "time_zone": "Europe/Lisbon",
            "language": "pt-BR",
            "phone_region": "PT",
            "facts": "harbour.md",
            "pms": {
                "provider": "mews",
                "client_token": "plain-client-token",
                "access_token": {"env": "TOKEN"},
                "webhook_secret": "0123456789abcdef",
                "sync_interval": "90s",
                "max_age": "24h",
            },
            "channels": [
                {
                    "kind": "whatsapp",
                    "phone_number_id": "106540352242922",
                    "access_token": {"env": "TOKEN"},
                    "app_secret": "plain-app-secret",
                    "verify_token": "plain-verify-token",
                },
                {
                    "kind": "twilio",
                    "account_sid": "AC00000000000000000000000000000001",
                    "auth_token": "plain-auth-token",
                    "from": "+15550100000",
                },
                {"kind": "web_chat", "allowed_origins": ["https://www.harbour.example"]},
            ],
        },
        {
            "id": "hill",
            "name": "Hill House",
            "time_zone": "America/New_York",
            "language": "en",
            "phone_region": "US",
            "quiet_time": "500ms",
            "pms": {"provider": "mock", "seed": 3, "lively": False},
        },
    ],
}

Change = Callable[[dict[str, Any]], object]
Read = Callable[[Mapping[str, Any]], Settings]


def changed(*changes: Change) -> dict[str, Any]:
    """The good tables with some changes."""
    tables = deepcopy(GOOD)
    for change in changes:
        change(tables)
    return tables


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Reads tables as if they stood in a file beside harbour.md."""
    folder = tmp_path_factory.mktemp("configuration")
    (folder / "harbour.md").write_text("Breakfast from 7:00.", encoding="utf-8")
    (folder / "long.md").write_bytes(b"x" * 100_000)
    (folder / "latin.md").write_bytes(b"caf\xe9")
    return lambda tables: settings_from(tables, ENVIRONMENT, facts=folder, data=Path("/data"), source="test")


@pytest.fixture(scope="session")
def problems_of(read: Read) -> Callable[[Mapping[str, Any]], tuple[str, ...]]:
    """What is wrong with tables."""

    def problems(tables: Mapping[str, Any]) -> tuple[str, ...]:
        try:
            read(tables)
        except ConfigurationError as error:
            return error.problems
        return ()

    return problems
