"""What `jack.toml` may hold; docs/configuration.md says it for people.

A struct's `mistakes` says what its fields cannot say one by one, from the table as it stands in the file.
"""

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from typing import Any, ClassVar, Literal

import msgspec

from jack.domain.hotel import Hotel
from jack.domain.ids import HotelId
from jack.entrypoints.settings.addresses import DatabaseUrl, RedisUrl, WebOrigin, WebUrl
from jack.entrypoints.settings.secret import Secret
from jack.entrypoints.settings.values import (
    Digits,
    Duration,
    Facts,
    HotelKey,
    Interval,
    Language,
    Port,
    Region,
    TimeZoneName,
    TwilioAccount,
    TwilioSender,
    WallTime,
    WebhookSecret,
)

Mistakes = Iterator[tuple[str, str]]
"""Pairs of a key of the table and what is wrong with it."""


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of the file."""

    @classmethod
    def mistakes(cls, given: Mapping[str, Any]) -> Mistakes:  # noqa: ARG003  most tables have nothing to add
        """What is wrong with the table beyond its single keys."""
        return iter(())


class ServerSettings(Table, frozen=True, kw_only=True):
    """`[server]`. `public_url` is where guests' channels and browsers reach Jack."""

    host: str = "127.0.0.1"
    port: Port = Port(8000)
    public_url: WebUrl = WebUrl("")
    trust_forwarded_for: bool = False

    def __post_init__(self) -> None:
        if not self.public_url:
            host = f"[{self.host}]" if ":" in self.host else self.host
            msgspec.structs.force_setattr(self, "public_url", f"http://{host}:{self.port}")


class DatabaseSettings(Table, frozen=True, kw_only=True):
    """`[database]`. `url` names an async driver; a SQLite file is absolute."""

    url: DatabaseUrl

    def __repr__(self) -> str:
        """Hide the address: it may hold a password."""
        return "DatabaseSettings(…)"


class QueueSettings(Table, frozen=True, kw_only=True):
    """`[queue]`."""

    redis_url: RedisUrl

    def __repr__(self) -> str:
        """Hide the address: it may hold a password."""
        return "QueueSettings(…)"


class ModelSettings(Table, frozen=True, kw_only=True):
    """`[model]`. `model` is empty only for the scripted one."""

    provider: Literal["anthropic", "openai", "scripted"]
    model: str = ""
    base_url: WebUrl = WebUrl("")
    api_key: Secret | None = None
    time_limit: Interval = Interval(timedelta(seconds=20))
    patience: Interval = Interval(timedelta(seconds=45))

    base_urls: ClassVar[dict[str, str]] = {
        "anthropic": "https://api.anthropic.com",
        "openai": "https://api.openai.com/v1",
    }

    @classmethod
    def mistakes(cls, given: Mapping[str, Any]) -> Mistakes:
        """A real provider needs a model, and its own server a key."""
        provider = given.get("provider")
        if isinstance(provider, str) and provider in cls.base_urls:
            if "model" not in given:
                yield "model", "is missing, expected the provider's name of a model"
            if "api_key" not in given and "base_url" not in given:
                yield "api_key", f"is missing, expected the key for {cls.base_urls[provider]}"

    def __post_init__(self) -> None:
        if not self.base_url:
            msgspec.structs.force_setattr(self, "base_url", self.base_urls.get(self.provider, ""))


class PmsSettings(Table, frozen=True, kw_only=True, tag_field="provider"):
    """What every `[hotels.pms]` has."""

    webhook_secret: WebhookSecret | None = None
    sync_interval: Interval = Interval(timedelta(minutes=5))
    sync_overlap: Duration = Duration(timedelta(minutes=10))
    full_sync_at: WallTime = WallTime(time(3, 30))
    max_age: Duration = Duration(timedelta(minutes=15))

    @property
    def provider(self) -> str:
        """The vendor, as the file names it."""
        return str(self.__struct_config__.tag)


class MewsPmsSettings(PmsSettings, frozen=True, kw_only=True, tag="mews"):
    """Mews."""

    base_url: WebUrl = WebUrl("https://api.mews.com")
    client_token: Secret
    access_token: Secret
    enterprise_id: str | None = None
    service_ids: tuple[str, ...] = ()
    task_department_id: str | None = None


class CloudbedsPmsSettings(PmsSettings, frozen=True, kw_only=True, tag="cloudbeds"):
    """Cloudbeds: an API key, or an OAuth client with a refresh token."""

    base_url: WebUrl = WebUrl("https://api.cloudbeds.com")
    api_key: Secret | None = None
    client_id: str | None = None
    client_secret: Secret | None = None
    refresh_token: Secret | None = None
    property_id: str

    @classmethod
    def mistakes(cls, given: Mapping[str, Any]) -> Mistakes:
        """One way of signing in, whole."""
        client = ("client_id", "client_secret", "refresh_token")
        missing = [key for key in client if key not in given]
        if "api_key" in given:
            if len(missing) < 3:
                yield "api_key", "is one way to sign in too many, expected it or client_id and its like"
        elif len(missing) == 3:
            yield "api_key", "is missing, expected it or client_id, client_secret and refresh_token"
        else:
            for key in missing:
                yield key, "is missing, expected all of client_id, client_secret and refresh_token"


class ApaleoPmsSettings(PmsSettings, frozen=True, kw_only=True, tag="apaleo"):
    """apaleo."""

    base_url: WebUrl = WebUrl("https://api.apaleo.com")
    identity_url: WebUrl = WebUrl("https://identity.apaleo.com")
    client_id: str
    client_secret: Secret
    property_id: str


class OperaPmsSettings(PmsSettings, frozen=True, kw_only=True, tag="opera"):
    """Oracle OPERA Cloud; its gateway's address is the hotel's own."""

    base_url: WebUrl
    client_id: str
    client_secret: Secret
    app_key: Secret
    hotel_id: str
    enterprise_id: str | None = None
    username: str | None = None
    password: Secret | None = None
    scope: str | None = None
    external_system: str = "JACK"
    languages: dict[str, Language] = {}
    task_code: str | None = None
    task_department: str | None = None

    @classmethod
    def mistakes(cls, given: Mapping[str, Any]) -> Mistakes:
        """One way of signing in, whole."""
        if "enterprise_id" in given:
            return
        user = [key for key in ("username", "password") if key in given]
        if not user:
            yield "enterprise_id", "is missing, expected it or username and password"
        for key in ("username", "password"):
            if user and key not in given:
                yield key, "is missing, expected both username and password"


class MockPmsSettings(PmsSettings, frozen=True, kw_only=True, tag="mock"):
    """A hotel that does not exist; the same `seed` makes the same guests."""

    base_url: WebUrl | None = None
    seed: int = 7
    lively: bool = True


class WhatsAppChannel(Table, frozen=True, kw_only=True, tag_field="kind", tag="whatsapp"):
    """WhatsApp through Meta's Cloud API."""

    api_url: WebUrl = WebUrl("https://graph.facebook.com/v23.0")
    phone_number_id: Digits
    access_token: Secret
    app_secret: Secret
    verify_token: Secret


class TwilioChannel(Table, frozen=True, kw_only=True, tag_field="kind", tag="twilio", rename={"sender": "from"}):
    """SMS, and WhatsApp, through Twilio. `sender` is `from` in the file."""

    api_url: WebUrl = WebUrl("https://api.twilio.com")
    account_sid: TwilioAccount
    auth_token: Secret
    sender: TwilioSender


class WebChatChannel(Table, frozen=True, kw_only=True, tag_field="kind", tag="web_chat"):
    """Chat on the hotel's own pages."""

    allowed_origins: tuple[WebOrigin, ...]


AnyPms = MewsPmsSettings | CloudbedsPmsSettings | ApaleoPmsSettings | OperaPmsSettings | MockPmsSettings
AnyChannel = WhatsAppChannel | TwilioChannel | WebChatChannel


class HotelSettings(Table, frozen=True, kw_only=True):
    """`[[hotels]]`."""

    id: HotelKey
    name: str
    time_zone: TimeZoneName
    language: Language
    phone_region: Region
    facts: Facts | None = None
    quiet_time: Duration = Duration(timedelta(seconds=1))
    pms: AnyPms
    channels: tuple[AnyChannel, ...] = ()

    def as_domain(self) -> Hotel:
        """The hotel of the domain."""
        return Hotel(
            id=HotelId(self.id),
            name=self.name,
            time_zone=self.time_zone,
            language=self.language,
            phone_region=self.phone_region,
            facts=self.facts.text if self.facts else "",
            max_age=self.pms.max_age,
            quiet_time=self.quiet_time,
        )


class Document(Table, frozen=True, kw_only=True):
    """The whole file. Without `queue` the jobs run inside `jack serve`."""

    server: ServerSettings = ServerSettings()
    database: DatabaseSettings
    queue: QueueSettings | None = None
    model: ModelSettings
    hotels: tuple[HotelSettings, ...]

    @classmethod
    def mistakes(cls, given: Mapping[str, Any]) -> Mistakes:
        """Without a hotel there is nothing to do."""
        if given.get("hotels") == []:
            yield "hotels", "is empty, expected at least one [[hotels]]"


class Settings(Document, frozen=True, kw_only=True):
    """A configuration without mistakes. `source` says for people where it was read."""

    source: str

    def hotels_as_domain(self) -> tuple[Hotel, ...]:
        """The hotels of the domain, in the order of the file."""
        return tuple(hotel.as_domain() for hotel in self.hotels)
