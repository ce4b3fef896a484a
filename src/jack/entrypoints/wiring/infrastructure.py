"""What the stories stand on: clock, database, inbox, queue, HTTP client. Each lives as long as the process."""

from collections.abc import AsyncIterator

import httpx
from dishka import AnyOf, Provider, Scope, from_context, provide

from jack.adapters.clock import SystemClock
from jack.adapters.http import make_client
from jack.adapters.persistence.chat import SqlChatPosts, SqlChatSessions
from jack.adapters.persistence.engine import Database, open_database
from jack.adapters.persistence.messaging_views import SqlMessagingViews
from jack.adapters.persistence.open_inbox import make_inbox
from jack.adapters.persistence.stays_views import SqlStaysViews
from jack.adapters.persistence.unit_of_work import BeginSqlReading, BeginSqlUnitOfWork
from jack.adapters.phones import LibPhoneReader
from jack.adapters.queue.in_process import InProcessJobQueue
from jack.adapters.security import Argon2PasswordHasher, SecretTokens
from jack.application.messaging.chat_limits import ChatLimits
from jack.application.messaging.turn import TurnLimits
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.inbox import DeliveryInbox
from jack.application.ports.jobs import JobQueue
from jack.application.ports.messaging_views import MessagingViews
from jack.application.ports.notices_store import NoticeInbox
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms_doors import PmsDoors
from jack.application.ports.readiness import Readiness
from jack.application.ports.security import PasswordHasher, Tokens
from jack.application.ports.stays_views import StaysViews
from jack.application.ports.unit_of_work import BeginReading, BeginUnitOfWork
from jack.application.ports.web_chat import ChatPosts, ChatSessions, WebChats
from jack.application.staff.throttle import SignInThrottle
from jack.entrypoints.settings import Settings
from jack.entrypoints.wiring.doors import ConfiguredPmsDoors
from jack.entrypoints.wiring.hotels import ConfiguredHotels
from jack.entrypoints.wiring.readiness import LiveReadiness
from jack.entrypoints.wiring.web_chats import ConfiguredWebChats


class Infrastructure(Provider):
    """Clock, secrets, database, inbox, views, queue, HTTP."""

    scope = Scope.APP
    settings = from_context(Settings, scope=Scope.APP)

    clock = provide(SystemClock, provides=Clock)
    phones = provide(LibPhoneReader, provides=PhoneReader)
    tokens = provide(SecretTokens, provides=Tokens)

    @provide
    def hasher(self) -> PasswordHasher:
        """Two at a time, so that sign-ins cannot eat the machine."""
        return Argon2PasswordHasher()

    @provide
    def turn_limits(self, settings: Settings) -> TurnLimits:
        """As long as the model's time limit makes a turn."""
        return TurnLimits.for_model(settings.model.time_limit, settings.model.patience)

    @provide
    def sign_in_throttle(self, clock: Clock) -> SignInThrottle:
        """One for the whole process: it remembers failures."""
        return SignInThrottle(clock)

    @provide
    def chat_limits(self, clock: Clock) -> ChatLimits:
        """One for the whole process: it counts."""
        return ChatLimits(clock)

    @provide
    def web_chats(self, settings: Settings) -> WebChats:
        """Which hotels have a web chat."""
        return ConfiguredWebChats(settings)

    @provide
    def chat_sessions(self, database: Database) -> ChatSessions:
        """The web chat's sessions."""
        return SqlChatSessions(database)

    @provide
    def chat_posts(self, database: Database) -> ChatPosts:
        """What the web chat shows."""
        return SqlChatPosts(database)

    @provide
    def hotels(self, settings: Settings) -> Hotels:
        """The hotels of the configuration."""
        return ConfiguredHotels.of(settings)

    @provide
    def pms_doors(self, settings: Settings) -> PmsDoors:
        """Where each hotel's PMS may push notices."""
        return ConfiguredPmsDoors(settings)

    @provide
    async def database(self, settings: Settings) -> AsyncIterator[Database]:
        """The database, closed at the end."""
        database = open_database(settings.database.url)
        yield database
        await database.aclose()

    @provide
    def begin(self, database: Database) -> BeginUnitOfWork:
        """Opens transactions."""
        return BeginSqlUnitOfWork(database)

    @provide
    async def inbox(self, database: Database) -> AsyncIterator[AnyOf[DeliveryInbox, NoticeInbox]]:
        """The durable inbox, with its writers running."""
        inbox = make_inbox(database)
        await inbox.start()
        yield inbox
        await inbox.aclose()

    @provide
    def read(self, database: Database) -> BeginReading:
        """Opens units of work that only read."""
        return BeginSqlReading(database)

    @provide
    def messaging_views(self, database: Database) -> MessagingViews:
        """What staff see of conversations."""
        return SqlMessagingViews(database)

    @provide
    def stays_views(self, database: Database) -> StaysViews:
        """What staff see of stays."""
        return SqlStaysViews(database)

    @provide
    def readiness(self, database: Database, settings: Settings, queue: JobQueue) -> Readiness:
        """Whether this process can work."""
        return LiveReadiness(database, settings, queue)

    @provide
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """One HTTP client for everything that goes out."""
        async with make_client() as client:
            yield client


class InProcessJobs(Provider):
    """Jobs inside this process: `run_jobs` starts them."""

    scope = Scope.APP

    @provide
    async def queue(self) -> AsyncIterator[AnyOf[InProcessJobQueue, JobQueue]]:
        """The queue; what still runs at the end gets a moment."""
        queue = InProcessJobQueue()
        yield queue
        await queue.aclose()


class ArqJobs(Provider):
    """Jobs on Redis, for `jack worker` to work off."""

    scope = Scope.APP

    @provide
    async def queue(self, settings: Settings) -> AsyncIterator[JobQueue]:
        """The queue; what was rung for is handed to Redis before the end, if Redis is there."""
        from jack.adapters.queue.arq_queue import ArqJobQueue  # one process without Redis starts without arq

        queue = ArqJobQueue(redis_url(settings))
        yield queue
        await queue.aclose()


def redis_url(settings: Settings) -> str:
    """Where Redis is. Raises RuntimeError when there is none: then nobody should ask."""
    if settings.queue is None:
        raise RuntimeError("there is no [queue] in the configuration")
    return settings.queue.redis_url
