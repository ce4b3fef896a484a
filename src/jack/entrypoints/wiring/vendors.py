"""PMS, channels and model, as the configuration names them."""

from collections.abc import AsyncIterator

import httpx
from dishka import Provider, Scope, provide

from jack.adapters.channels.whatsapp.sender import WhatsAppSender
from jack.adapters.channels.whatsapp.webhook import WhatsAppAccount, WhatsAppWebhook
from jack.adapters.llm.anthropic import AnthropicModel
from jack.adapters.llm.openai_compatible import OpenAiCompatibleModel
from jack.adapters.llm.scripted import ScriptedModel
from jack.adapters.persistence.engine import Database
from jack.adapters.persistence.pms_memory import SqlPmsMemory
from jack.adapters.vendor_api.pace import Paces, ProcessPaces
from jack.application.errors import NotFound
from jack.application.ports.channels import (
    ChannelAccount,
    Channels,
    ChannelSender,
    ChannelWebhook,
)
from jack.application.ports.clock import Clock
from jack.application.ports.llm import LanguageModel
from jack.application.ports.pms import Pms, PmsDirectory
from jack.application.ports.pms_notices import PmsMemory
from jack.domain.ids import HotelId
from jack.entrypoints.settings import ConfigurationError, Settings, WhatsAppChannel
from jack.entrypoints.wiring.pms import PmsTools, make_pms


class Vendors(Provider):
    """The outside world."""

    scope = Scope.APP

    @provide
    async def paces(self, settings: Settings, clock: Clock) -> AsyncIterator[Paces]:
        """The limits of calls: kept in Redis where several processes call, else in this one."""
        if settings.queue is None:
            yield ProcessPaces(clock)
            return
        from jack.adapters.vendor_api.shared_pace import RedisPaces  # one process without Redis starts without it

        paces = RedisPaces(clock, settings.queue.redis_url)
        yield paces
        await paces.aclose()

    @provide
    def pms(
        self, settings: Settings, client: httpx.AsyncClient, clock: Clock, paces: Paces, database: Database
    ) -> PmsDirectory:
        """Every hotel's PMS."""
        systems = {HotelId(hotel.id): hotel.pms.provider for hotel in settings.hotels}

        def memory(hotel_id: HotelId) -> PmsMemory:
            return SqlPmsMemory(database, hotel_id, systems[hotel_id])

        tools = PmsTools(client=client, clock=clock, paces=paces, memory=memory)
        return ConfiguredPms({HotelId(hotel.id): make_pms(hotel, tools) for hotel in settings.hotels})

    @provide
    def channels(self, settings: Settings, client: httpx.AsyncClient) -> Channels:
        """Every hotel's channels."""
        return ConfiguredChannels(settings, client)

    @provide
    def model(self, settings: Settings, client: httpx.AsyncClient) -> LanguageModel:
        """The language model."""
        return make_model(settings, client)


class ConfiguredPms(PmsDirectory):
    """The PMS of each hotel."""

    def __init__(self, systems: dict[HotelId, Pms]) -> None:
        self._systems = systems

    def of(self, hotel_id: HotelId) -> Pms:
        """The hotel's PMS. Raises NotFound."""
        try:
            return self._systems[hotel_id]
        except KeyError:
            raise NotFound(f"there is no hotel {hotel_id!r} in the configuration") from None


class ConfiguredChannels(Channels):
    """The channel accounts of every hotel."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        self._accounts: dict[tuple[str, str], ChannelAccount] = {}
        self._senders: dict[tuple[str, str], ChannelSender] = {}
        whatsapp: list[WhatsAppAccount] = []
        for hotel in settings.hotels:
            for channel in hotel.channels:
                if isinstance(channel, WhatsAppChannel):
                    key = ("whatsapp", channel.phone_number_id)
                    self._accounts[key] = ChannelAccount(hotel_id=HotelId(hotel.id), channel=key[0], account=key[1])
                    self._senders[key] = WhatsAppSender(
                        client, channel.api_url, channel.phone_number_id, channel.access_token.reveal()
                    )
                    whatsapp.append(
                        WhatsAppAccount(
                            channel.phone_number_id, channel.app_secret.reveal(), channel.verify_token.reveal()
                        )
                    )
                else:
                    kind = channel.__struct_config__.tag
                    raise ConfigurationError([f"the hotel {hotel.id}: Jack has no adapter for {kind}"])
        self._webhooks: dict[str, ChannelWebhook] = {"whatsapp": WhatsAppWebhook(whatsapp)} if whatsapp else {}

    def webhook(self, channel: str) -> ChannelWebhook | None:
        """What reads that channel's webhooks."""
        return self._webhooks.get(channel)

    def account(self, channel: str, account: str) -> ChannelAccount | None:
        """The hotel behind an account."""
        return self._accounts.get((channel, account))

    def accounts(self) -> tuple[ChannelAccount, ...]:
        """Every account."""
        return tuple(self._accounts.values())

    def sender(self, channel: str, account: str) -> ChannelSender | None:
        """What sends for that account."""
        return self._senders.get((channel, account))


def make_model(settings: Settings, client: httpx.AsyncClient) -> LanguageModel:
    """The language model that the configuration names."""
    model = settings.model
    key = model.api_key.reveal() if model.api_key else None
    match model.provider:
        case "anthropic":
            return AnthropicModel(client, model.base_url, model.model, key or "", time_limit=model.time_limit)
        case "openai":
            return OpenAiCompatibleModel(client, model.base_url, model.model, key, time_limit=model.time_limit)
        case _:
            return ScriptedModel()
