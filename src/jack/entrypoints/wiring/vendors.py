"""PMS, channels and model, as the configuration names them."""

from collections.abc import AsyncIterator

import httpx
from dishka import Provider, Scope, provide

from jack.adapters.channels.twilio.sender import TwilioSender
from jack.adapters.channels.twilio.webhook import TwilioAccount, TwilioWebhook
from jack.adapters.channels.web_chat.sender import WebChatSender
from jack.adapters.channels.web_chat.webhook import WebChatWebhook
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
from jack.application.ports.web_chat import ChatPosts
from jack.domain.ids import HotelId
from jack.entrypoints.settings import (
    HotelSettings,
    Settings,
    TwilioChannel,
    WebChatChannel,
    WhatsAppChannel,
)
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
    def channels(self, settings: Settings, client: httpx.AsyncClient, posts: ChatPosts, clock: Clock) -> Channels:
        """Every hotel's channels."""
        return ConfiguredChannels(settings, client, posts, clock)

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

    def __init__(self, settings: Settings, client: httpx.AsyncClient, posts: ChatPosts, clock: Clock) -> None:
        self._client = client
        self._status_url = f"{settings.server.public_url}/webhooks/twilio/status"
        self._accounts: dict[tuple[str, str], ChannelAccount] = {}
        self._senders: dict[tuple[str, str], ChannelSender] = {}
        self._webhooks: dict[str, ChannelWebhook] = {}
        whatsapp: list[WhatsAppAccount] = []
        twilio: list[TwilioAccount] = []
        for hotel in settings.hotels:
            for channel in hotel.channels:
                match channel:
                    case WhatsAppChannel():
                        whatsapp.append(self._whatsapp(hotel, channel))
                    case TwilioChannel():
                        twilio.append(self._twilio(hotel, channel))
                    case WebChatChannel():
                        self._add(hotel, "web_chat", hotel.id, WebChatSender(posts, hotel.id, clock))
                        self._webhooks["web_chat"] = WebChatWebhook()
        if whatsapp:
            self._webhooks["whatsapp"] = WhatsAppWebhook(whatsapp)
        if twilio:
            self._webhooks["twilio"] = TwilioWebhook(twilio, settings.server.public_url)

    def _whatsapp(self, hotel: HotelSettings, channel: WhatsAppChannel) -> WhatsAppAccount:
        number, token = channel.phone_number_id, channel.access_token.reveal()
        self._add(hotel, "whatsapp", number, WhatsAppSender(self._client, channel.api_url, number, token))
        return WhatsAppAccount(number, channel.app_secret.reveal(), channel.verify_token.reveal())

    def _twilio(self, hotel: HotelSettings, channel: TwilioChannel) -> TwilioAccount:
        account, token, sender = channel.account_sid, channel.auth_token.reveal(), channel.sender
        sends = TwilioSender(self._client, channel.api_url, account, token, sender, status_url=self._status_url)
        self._add(hotel, "twilio", sender, sends)
        return TwilioAccount(sender, account, token)

    def _add(self, hotel: HotelSettings, channel: str, account: str, sender: ChannelSender) -> None:
        key = (channel, account)
        self._accounts[key] = ChannelAccount(hotel_id=HotelId(hotel.id), channel=channel, account=account)
        self._senders[key] = sender

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
