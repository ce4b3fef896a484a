"""What a good configuration becomes, and where it is looked for."""

import pickle
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jack.domain.hotel import Hotel
from jack.domain.ids import HotelId
from jack.entrypoints.settings import (
    ConfigurationError,
    MewsPmsSettings,
    MockPmsSettings,
    OperaPmsSettings,
    Secret,
    TwilioChannel,
    WebChatChannel,
    WhatsAppChannel,
    load_settings,
)
from tests.entrypoints.settings.conftest import GOOD, Change, Read, changed

MINIMAL = """
[database]
url = "sqlite:///jack.db"
[model]
provider = "scripted"
[[hotels]]
id = "harbour"
name = "Harbour Hotel"
time_zone = "Europe/Lisbon"
language = "en"
phone_region = "PT"
facts = "facts/harbour.md"
pms = { provider = "mock" }
"""


def test_a_good_configuration_keeps_everything_it_says(read: Read) -> None:
    settings = read(GOOD)
    assert settings.server.port == 9000
    assert settings.server.public_url == "https://jack.example.com"
    assert settings.queue is not None
    assert settings.queue.redis_url == "redis://:hush@127.0.0.1:6379/0"
    assert settings.model.api_key == Secret("token-of-the-environment")
    assert settings.model.base_url == "https://api.anthropic.com"
    harbour, hill = settings.hotels
    assert isinstance(harbour.pms, MewsPmsSettings)
    assert harbour.pms.provider == "mews"
    assert harbour.pms.client_token.reveal() == "plain-client-token"
    assert harbour.pms.base_url == "https://api.mews.com"
    assert harbour.pms.sync_interval == timedelta(seconds=90)
    assert harbour.pms.sync_overlap == timedelta(minutes=10)
    whatsapp, twilio, web_chat = harbour.channels
    assert isinstance(whatsapp, WhatsAppChannel)
    assert whatsapp.api_url == "https://graph.facebook.com/v23.0"
    assert isinstance(twilio, TwilioChannel)
    assert twilio.sender == "+15550100000"
    assert isinstance(web_chat, WebChatChannel)
    assert web_chat.allowed_origins == ("https://www.harbour.example",)
    assert isinstance(hill.pms, MockPmsSettings)
    assert (hill.pms.seed, hill.pms.lively) == (3, False)


def test_the_hotels_become_hotels_of_the_domain_in_order(read: Read) -> None:
    assert read(GOOD).hotels_as_domain() == (
        Hotel(
            id=HotelId("harbour"),
            name="Harbour Hotel",
            time_zone="Europe/Lisbon",
            language="pt-BR",
            phone_region="PT",
            facts="Breakfast from 7:00.",
            max_age=timedelta(hours=24),
        ),
        Hotel(
            id=HotelId("hill"),
            name="Hill House",
            time_zone="America/New_York",
            language="en",
            phone_region="US",
            quiet_time=timedelta(milliseconds=500),
        ),
    )


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ("sqlite:///jack.db", "sqlite+aiosqlite:////data/jack.db"),
        ("sqlite+aiosqlite:///sub/jack.db", "sqlite+aiosqlite:////data/sub/jack.db"),
        ("sqlite+aiosqlite:////var/lib/jack.db", "sqlite+aiosqlite:////var/lib/jack.db"),
        ("sqlite:///jack.db?timeout=3", "sqlite+aiosqlite:////data/jack.db?timeout=3"),
        ("postgres://jack@db/jack", "postgresql+asyncpg://jack@db/jack"),
        ("postgresql://jack:p%40ss@db:5433/jack", "postgresql+asyncpg://jack:p%40ss@db:5433/jack"),
        ("postgresql+asyncpg://jack@db/jack", "postgresql+asyncpg://jack@db/jack"),
        ("postgresql://jack@db/jack?sslmode=require", "postgresql+asyncpg://jack@db/jack?ssl=require"),
        ({"env": "TOKEN"}, None),
    ],
)
def test_a_database_gets_its_driver_and_its_folder(read: Read, given: object, becomes: str | None) -> None:
    tables = changed(lambda t: t["database"].update(url=given))
    if becomes is None:  # an address may come from the environment; this one is none
        with pytest.raises(ConfigurationError, match=r"database\.url"):
            read(tables)
    else:
        assert read(tables).database.url == becomes


@pytest.mark.parametrize("length", ["1s", "90s", "5m", "24h", "3d", "1500ms"])
def test_durations_are_numbers_with_a_unit(read: Read, length: str) -> None:
    units = {"1s": 1, "90s": 90, "5m": 300, "24h": 86400, "3d": 259200, "1500ms": 1.5}
    hotel = read(changed(lambda t: t["hotels"][0]["pms"].update(sync_interval=length))).hotels[0]
    assert hotel.pms.sync_interval == timedelta(seconds=units[length])


def test_the_public_address_is_the_servers_own_unless_it_is_given(read: Read) -> None:
    assert read(changed(lambda t: t.pop("server"))).server.public_url == "http://127.0.0.1:8000"
    assert read(changed(lambda t: t.update(server={"host": "::1"}))).server.public_url == "http://[::1]:8000"


def test_every_provider_is_accepted_with_its_keys(read: Read) -> None:
    secret = {"env": "TOKEN"}
    for pms in (
        {"provider": "cloudbeds", "api_key": secret, "property_id": "1"},
        {"provider": "cloudbeds", "client_id": "x", "client_secret": "x", "refresh_token": "x", "property_id": "1"},
        {"provider": "apaleo", "client_id": "x", "client_secret": "x", "property_id": "MUC"},
        {
            "provider": "opera",
            "base_url": "https://gateway.example",
            "client_id": "x",
            "client_secret": "x",
            "app_key": "x",
            "hotel_id": "H1",
            "enterprise_id": "E1",
        },
        {
            "provider": "opera",
            "base_url": "https://gateway.example",
            "client_id": "x",
            "client_secret": "x",
            "app_key": "x",
            "hotel_id": "H1",
            "username": "x",
            "password": "x",
        },
        {"provider": "mock"},
    ):
        tables = deepcopy(GOOD)
        tables["hotels"][0]["pms"] = pms
        assert read(tables).hotels[0].pms.provider == pms["provider"]


@pytest.mark.parametrize(
    "model",
    [
        {"provider": "scripted"},
        {"provider": "openai", "model": "m", "base_url": "http://127.0.0.1:11434/v1"},
        {"provider": "openai", "model": "m", "api_key": "key"},
        {"provider": "anthropic", "model": "m", "base_url": "http://127.0.0.1:4000"},
    ],
)
def test_a_model_of_ones_own_needs_no_key(read: Read, model: dict[str, Any]) -> None:
    assert read(changed(lambda t: t.update(model=model))).model.provider == model["provider"]


CHANGES: list[Change] = [lambda t: None, lambda t: t["server"].update(port=1)]


@pytest.mark.parametrize("change", CHANGES)
def test_no_secret_shows_in_any_picture_of_the_settings(read: Read, change: Change) -> None:
    settings = read(changed(change))
    for picture in (repr(settings), str(settings), f"{settings}", "%s" % settings.hotels[0].pms):  # noqa: UP031
        for secret in ("hush", "token-of-the-environment", "plain-", "0123456789abcdef"):
            assert secret not in picture
    with pytest.raises(TypeError):
        pickle.dumps(settings.model.api_key)


# where it is looked for


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, name: str) -> Path:
    (folder / "facts").mkdir(parents=True, exist_ok=True)
    (folder / "facts" / "harbour.md").write_text(f"Told by {name}.", encoding="utf-8")
    file = folder / name
    file.write_text(MINIMAL, encoding="utf-8")
    return file


def test_without_any_file_the_demo_is_built_in(home: Path) -> None:
    settings = load_settings(environ={})
    assert settings.database.url == f"sqlite+aiosqlite:///{home}/jack.db"
    assert settings.server.host == "127.0.0.1"
    assert settings.queue is None
    assert "built in" in settings.source
    (hotel,) = settings.hotels_as_domain()
    assert (hotel.name, hotel.time_zone) == ("Harbour Hotel", "Europe/Lisbon")
    for word in ("Breakfast", "Wi-Fi", "Parking", "Pool", "Address", "check-out"):
        assert word in hotel.facts
    (whatsapp,) = settings.hotels[0].channels
    assert isinstance(whatsapp, WhatsAppChannel)
    assert whatsapp.api_url == "http://127.0.0.1:8001/v23.0"


def test_the_file_here_comes_before_the_demo_the_variable_before_it_and_the_option_first(home: Path) -> None:
    write(home, "jack.toml")
    by_variable = write(home / "variable", "mine.toml")
    by_option = write(home / "option", "other.toml")
    assert load_settings(environ={}).source == "jack.toml"
    environ = {"JACK_CONFIG": str(by_variable)}
    assert load_settings(environ=environ).source == str(by_variable)
    assert load_settings(by_option, environ).source == str(by_option)


def test_paths_are_relative_to_the_folder_of_the_file(home: Path) -> None:
    settings = load_settings(write(home / "etc", "jack.toml").relative_to(home), {})
    assert settings.database.url == f"sqlite+aiosqlite:///{home}/etc/jack.db"
    assert settings.hotels_as_domain()[0].facts == "Told by jack.toml."


def test_a_file_written_on_windows_is_read(home: Path) -> None:
    file = write(home, "jack.toml")
    file.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load_settings(file, {}).hotels[0].id == "harbour"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"[server\nport = 1", "is not valid TOML (at line 1, column 8)"),
        (b'access_token = "hush-hush', "is not valid TOML"),
        (b"a = " + b"[" * 100_000, "is nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(home: Path, content: bytes | None, expected: str) -> None:
    file = home / "jack.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        load_settings(file, {})
    (problem,) = caught.value.problems
    assert expected in problem
    assert "hush" not in problem


def test_a_named_file_that_is_missing_is_never_replaced_by_another(home: Path) -> None:
    write(home, "jack.toml")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_settings(environ={"JACK_CONFIG": "nowhere.toml"})


def in_opera(languages: dict[str, object]) -> dict[str, object]:
    pms = {
        "provider": "opera",
        "base_url": "https://opera.example",
        "client_id": "c",
        "client_secret": "s",
        "app_key": "a",
        "hotel_id": "H",
        "enterprise_id": "E",
        "languages": languages,
    }
    return changed(lambda tables: tables["hotels"][0].update(pms=pms))


def test_names_that_a_file_chooses_are_kept_with_their_values(read: Read) -> None:
    pms = read(in_opera({"E": "en", "PTB": "pt-BR"})).hotels[0].pms

    assert isinstance(pms, OperaPmsSettings)
    assert pms.languages == {"E": "en", "PTB": "pt-BR"}


def test_a_bad_value_under_a_chosen_name_is_named(read: Read) -> None:
    with pytest.raises(ConfigurationError, match=r"hotels\[0\].pms.languages.E"):
        read(in_opera({"E": 5}))
