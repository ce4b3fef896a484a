"""Every combination of adapters that a configuration can name makes a whole Jack, without asking anybody outside."""

import socket
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from dishka import AsyncContainer
from dishka.dependency_source import Factory

from jack.adapters.vendor_api.pace import Paces
from jack.application.messaging.turn import TurnLimits
from jack.application.ports.channels import Channels
from jack.application.ports.hotels import Hotels
from jack.application.ports.jobs import JobQueue
from jack.application.ports.llm import LanguageModel
from jack.application.ports.messaging_views import MessagingViews
from jack.application.ports.pms import PmsDirectory
from jack.application.ports.readiness import Readiness
from jack.application.ports.stays_views import StaysViews
from jack.domain.ids import HotelId
from jack.entrypoints.settings import ConfigurationError, Settings, read_settings
from jack.entrypoints.settings.schema import ModelSettings
from jack.entrypoints.wiring import stories as wired
from jack.entrypoints.wiring.container import make_container
from jack.entrypoints.wiring.supported import CHANNEL_ADAPTERS, KNOWN_CHANNELS, KNOWN_PMS, PMS_ADAPTERS, unsupported
from jack.entrypoints.wiring.workers import make_workers

PMS = {
    "mock": "",
    "mews": 'client_token = "t"\naccess_token = "t"',
    "cloudbeds": 'api_key = "k"\nproperty_id = "1"',
    "apaleo": 'client_id = "c"\nclient_secret = "s"\nproperty_id = "P"',
    "opera": 'base_url = "http://127.0.0.1:9"\nclient_id = "c"\nclient_secret = "s"\napp_key = "k"\n'
    'hotel_id = "H"\nenterprise_id = "E"',
}
CHANNELS = {
    "whatsapp": 'phone_number_id = "1"\naccess_token = "t"\napp_secret = "s"\nverify_token = "v"',
    "twilio": 'account_sid = "AC00000000000000000000000000000001"\nauth_token = "t"\nfrom = "+15550100000"',
    "web_chat": 'allowed_origins = ["https://www.harbour.example"]',
}
MODELS = get_args(get_type_hints(ModelSettings)["provider"])
DATABASES = ("sqlite+aiosqlite:///jack.db", "postgresql+asyncpg://jack:secret@127.0.0.1:9/jack")
REDIS = (None, "redis://127.0.0.1:9/0")

COMBINATIONS = tuple(product(PMS_ADAPTERS, (None, *CHANNEL_ADAPTERS), MODELS, REDIS, DATABASES))
ADAPTERS_ASKED_FOR = (PmsDirectory, Channels, LanguageModel, Hotels, JobQueue, Readiness, MessagingViews, StaysViews)


def configured(
    pms: str = "mock",
    channel: str | None = "whatsapp",
    model: str = "scripted",
    redis: str | None = None,
    database: str = DATABASES[0],
) -> str:
    """A jack.toml that names these."""
    tables = [
        f'[database]\nurl = "{database}"',
        f'[queue]\nredis_url = "{redis}"' if redis else "",
        f'[model]\nprovider = "{model}"' + ("" if model == "scripted" else '\nmodel = "m"\napi_key = "k"'),
        '[[hotels]]\nid = "harbour"\nname = "H"\ntime_zone = "Europe/Lisbon"\nlanguage = "en"\nphone_region = "PT"',
        f'[hotels.pms]\nprovider = "{pms}"\n{PMS[pms]}',
        f'[[hotels.channels]]\nkind = "{channel}"\n{CHANNELS[channel]}' if channel else "",
    ]
    return "\n".join(tables)


def read(folder: Path, text: str) -> Settings:
    """The settings, read as commands read them."""
    return read_settings(text, {}, facts=folder, data=folder, source="test", also=unsupported)


def every_story() -> list[type[Any]]:
    """Everything that the wiring provides as a story."""
    found = [wired.Stories.messaging, wired.Stories.chat, wired.Stories.stays, wired.Stories.staff]
    return [
        factory.provides.type_hint
        for group in found
        for factory in group.dependency_sources
        if isinstance(factory, Factory)
    ]


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda c: " ".join(str(part).partition(":")[0] for part in c))
async def test_every_story_and_port_is_there_and_nobody_is_asked(
    combination: tuple[str, str | None, str, str | None, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pms, channel, model, redis, database = combination
    settings = read(tmp_path, configured(pms, channel, model, redis, database))

    def nobody(*_: object) -> None:
        raise AssertionError("somebody outside was asked while Jack was put together")

    monkeypatch.setattr(socket.socket, "connect", nobody)
    container = make_container(settings)
    try:
        for wanted in (*every_story(), *ADAPTERS_ASKED_FOR):
            assert await container.get(wanted) is not None
        await _the_named_adapters_are_meant(container, settings)
    finally:
        await container.close()
    assert not (tmp_path / "jack.db").exists()


async def _the_named_adapters_are_meant(container: AsyncContainer, settings: Settings) -> None:
    assert (await container.get(PmsDirectory)).of(HotelId("harbour")).system == settings.hotels[0].pms.provider
    named = [str(channel.__struct_config__.tag) for channel in settings.hotels[0].channels]
    channels = await container.get(Channels)
    assert [account.channel for account in channels.accounts()] == named
    for account in channels.accounts():
        assert channels.sender(account.channel, account.account) is not None
        assert channels.webhook(account.channel) is not None
    assert (await container.get(LanguageModel)).name
    # several processes call with the same credentials only where there is a Redis to agree over
    assert type(await container.get(Paces)).__name__ == ("RedisPaces" if settings.queue else "ProcessPaces")


def test_there_are_stories_to_look_for() -> None:
    assert len(every_story()) > 20


async def test_a_slow_model_makes_leases_and_jobs_longer(tmp_path: Path) -> None:
    text = configured(model="openai", redis=REDIS[1]).replace('model = "m"', 'model = "m"\ntime_limit = "2m"')
    settings = read(tmp_path, text)
    container = make_container(settings)
    lease = (await container.get(TurnLimits)).lease
    await container.close()

    workers = make_workers(settings, handle=_never, tick=_never)

    assert lease > timedelta(minutes=2)
    assert workers._limits.job_time == lease


async def _never(*_: object) -> None:
    raise AssertionError("no job is worked off")


def test_every_pms_that_may_stand_in_the_file_has_an_adapter() -> None:
    assert set(PMS_ADAPTERS) == set(KNOWN_PMS)


def test_every_channel_that_may_stand_in_the_file_has_an_adapter() -> None:
    assert set(CHANNEL_ADAPTERS) == set(KNOWN_CHANNELS)


@pytest.fixture
def only_phones(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version of Jack that knows web chats by name only."""
    monkeypatch.setattr("jack.entrypoints.wiring.supported.CHANNEL_ADAPTERS", ("whatsapp", "twilio"))


@pytest.mark.usefixtures("only_phones")
def test_a_channel_without_an_adapter_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, configured(channel="web_chat"))

    assert refused.value.problems == (
        "hotels[0].channels[0].kind: this version of Jack does not speak to web_chat yet, expected one of whatsapp, "
        "twilio",
    )


@pytest.mark.usefixtures("only_phones")
def test_what_is_missing_is_told_with_all_other_mistakes(tmp_path: Path) -> None:
    text = configured(channel="web_chat").replace("Europe/Lisbon", "Europe/Lisboa")

    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, text)

    assert [problem.partition(":")[0] for problem in refused.value.problems] == [
        "hotels[0].time_zone",
        "hotels[0].channels[0].kind",
    ]


@pytest.mark.parametrize("given", [{}, {"hotels": 1}, {"hotels": ["x"]}, {"hotels": [{"pms": [], "channels": {}}]}])
def test_tables_of_a_wrong_shape_are_left_to_the_settings(given: dict[str, Any]) -> None:
    assert list(unsupported(given)) == []
