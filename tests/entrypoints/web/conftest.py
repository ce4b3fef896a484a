"""Two hotels, staff of every role, and a client for each of them."""

import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from dishka import Provider, Scope, make_async_container
from litestar import Litestar

from jack.adapters.persistence.chat import SqlChatPosts, SqlChatSessions
from jack.adapters.persistence.engine import Database, open_database
from jack.adapters.persistence.messaging_views import SqlMessagingViews
from jack.adapters.persistence.migrate import upgrade_async
from jack.adapters.persistence.stays_views import SqlStaysViews
from jack.adapters.persistence.unit_of_work import BeginSqlReading, BeginSqlUnitOfWork
from jack.adapters.phones import LibPhoneReader
from jack.adapters.pms.mock.seeded import SeededBook
from jack.application.errors import ServiceUnavailable
from jack.application.messaging.accept import AcceptDelivery
from jack.application.messaging.chat import ConfirmDelivered, EnterChat, OpenChat, WriteChatMessage
from jack.application.messaging.chat_limits import ChatLimits
from jack.application.messaging.service_requests import MoveServiceRequest, OpenServiceRequest
from jack.application.messaging.staff_desk import (
    CloseConversation,
    CorrectMatch,
    HandBack,
    MarkSeen,
    ReplyAsStaff,
    TakeOver,
)
from jack.application.ports.channels import (
    ChannelAccount,
    Channels,
    ChannelSender,
    ChannelWebhook,
    Delivery,
    Unpacked,
)
from jack.application.ports.clock import Clock
from jack.application.ports.hotels import Hotels
from jack.application.ports.inbox import DeliveryInbox
from jack.application.ports.jobs import JobQueue
from jack.application.ports.messaging_views import MessagingViews
from jack.application.ports.notices_store import NoticeInbox
from jack.application.ports.phones import PhoneReader
from jack.application.ports.pms import PmsDirectory
from jack.application.ports.pms_doors import PmsDoors
from jack.application.ports.readiness import Readiness
from jack.application.ports.security import PasswordHasher, Tokens
from jack.application.ports.staff_store import StaffSession
from jack.application.ports.stays_views import StaysViews
from jack.application.ports.unit_of_work import BeginReading, BeginUnitOfWork
from jack.application.ports.web_chat import ChatPosts, ChatSessions, WebChats
from jack.application.staff.accounts import Authenticate, SignIn, SignOut
from jack.application.staff.throttle import SignInThrottle
from jack.application.stays.accept_notice import AcceptNotice, NoticeBell
from jack.application.stays.confirm_missing import ConfirmMissing
from jack.application.stays.preferences import ForgetPreference, NotePreference
from jack.domain.conversation import ChannelIdentity
from jack.domain.ids import HotelId, ServiceRequestId, SyncRunId
from jack.domain.match import Level, MatchOutcome
from jack.domain.notices import Notice
from jack.domain.receipt import Receipt, ReceiptFact
from jack.domain.service_request import ServiceRequest, ServiceRequestKind, ServiceRequestStatus
from jack.domain.snapshot import RejectedRecord
from jack.domain.staff import Role, StaffMember
from jack.domain.sync import SyncCounts, SyncKind, SyncRun, SyncState, SyncStatus
from jack.entrypoints.web.app import WebSettings, create_app
from tests import hotel as the
from tests.fakes.clock import FixedClock
from tests.fakes.hotels import ListedHotels
from tests.fakes.pms import ListedPms, a_pms
from tests.fakes.queue import RecordingQueue
from tests.fakes.security import NumberedTokens, QuickPasswordHasher

CASTLE = HotelId("castle")
PASSWORD = "correct horse battery"
ORIGINS = {the.HARBOUR: frozenset({"https://www.harbour.example"}), CASTLE: frozenset({"https://castle.example"})}
PMS_SECRET = "a-secret-of-the-harbour"
RUN = "run-1"
REQUEST = "request-1"

STAFF = {
    "viewer": the.a_staff_member("viewer", role=Role.VIEWER),
    "agent": the.a_staff_member("agent", role=Role.AGENT),
    "admin": the.a_staff_member("admin", role=Role.ADMIN),
    "castle": the.a_staff_member("castle", role=Role.ADMIN, hotels=(CASTLE,)),
}


class PlainWebhook(ChannelWebhook):
    """Signed means: the header says "good"."""

    channel = "whatsapp"

    def authenticate(self, headers: Mapping[str, str], body: bytes, target: str = "") -> tuple[str, ...]:
        return ("106540352242922",) if headers.get("x-hub-signature-256") == "good" else ()

    def handshake(self, query: Mapping[str, str]) -> str | None:
        return query.get("hub.challenge") if query.get("hub.verify_token") == "let-me-in" else None

    def unpack(self, delivery: Delivery) -> Unpacked:
        return Unpacked()


class OneChannel(Channels):
    """WhatsApp, or nothing at all."""

    def __init__(self) -> None:
        self.there = True

    def webhook(self, channel: str) -> ChannelWebhook | None:
        return PlainWebhook() if self.there and channel == "whatsapp" else None

    def account(self, channel: str, account: str) -> ChannelAccount | None:
        return None

    def accounts(self) -> tuple[ChannelAccount, ...]:
        return ()

    def sender(self, channel: str, account: str) -> ChannelSender | None:
        return None


class KeepingInbox(DeliveryInbox, NoticeInbox):
    """Keeps deliveries and notices, unless it is down."""

    def __init__(self) -> None:
        self.stored: list[Delivery] = []
        self.notices: list[Notice] = []
        self.down = False

    async def store(self, delivery: Delivery | Notice) -> None:
        if self.down:
            raise ServiceUnavailable("the database is down")
        if isinstance(delivery, Notice):
            self.notices.append(delivery)
        else:
            self.stored.append(delivery)


class OneDoor(PmsDoors):
    """The Harbour Hotel's PMS knows where to push."""

    def behind(self, hotel: str, secret: str) -> HotelId | None:
        return HotelId(hotel) if (hotel, secret) == (the.HARBOUR, PMS_SECRET) else None


class ListedWebChats(WebChats):
    """Both hotels chat, each on pages of its own."""

    def origins(self, hotel: str) -> frozenset[str] | None:
        return ORIGINS.get(HotelId(hotel))


class SaidReadiness(Readiness):
    """As ready as a test says."""

    def __init__(self) -> None:
        self.found: tuple[str, ...] = ()
        self.wait: Callable[[], Any] | None = None

    async def problems(self) -> tuple[str, ...]:
        if self.wait:
            await self.wait()
        return self.found


@dataclass(slots=True, kw_only=True)
class House:
    """Everything a test of the web door may look at or turn."""

    database: Database
    begin: BeginUnitOfWork
    clock: FixedClock = field(default_factory=lambda: FixedClock(the.NOW))
    queue: RecordingQueue = field(default_factory=RecordingQueue)
    tokens: NumberedTokens = field(default_factory=NumberedTokens)
    hasher: QuickPasswordHasher = field(default_factory=QuickPasswordHasher)
    inbox: KeepingInbox = field(default_factory=KeepingInbox)
    doors: OneDoor = field(default_factory=OneDoor)
    channels: OneChannel = field(default_factory=OneChannel)
    readiness: SaidReadiness = field(default_factory=SaidReadiness)
    hotels: ListedHotels = field(
        default_factory=lambda: ListedHotels(the.a_hotel(), the.a_hotel(id=CASTLE, name="The Castle"))
    )

    def app(self, settings: WebSettings | None = None) -> Litestar:
        """A web door of its own over this house."""
        ports = Provider(scope=Scope.APP)
        for port, thing in (
            (BeginUnitOfWork, self.begin),
            (BeginReading, BeginSqlReading(self.database)),
            (MessagingViews, SqlMessagingViews(self.database)),
            (StaysViews, SqlStaysViews(self.database)),
            (Clock, self.clock),
            (JobQueue, self.queue),
            (Tokens, self.tokens),
            (PasswordHasher, self.hasher),
            (DeliveryInbox, self.inbox),
            (NoticeInbox, self.inbox),
            (PmsDirectory, ListedPms({the.HARBOUR: a_pms(SeededBook()), CASTLE: a_pms(SeededBook())})),
            (PmsDoors, self.doors),
            (WebChats, ListedWebChats()),
            (ChatSessions, SqlChatSessions(self.database)),
            (ChatPosts, SqlChatPosts(self.database)),
            (ChatLimits, ChatLimits(self.clock)),
            (NoticeBell, NoticeBell(self.queue, self.clock)),
            (Channels, self.channels),
            (Readiness, self.readiness),
            (Hotels, self.hotels),
            (PhoneReader, LibPhoneReader()),
            (SignInThrottle, SignInThrottle(self.clock)),
        ):
            ports.provide(_giving(thing), provides=port)
        for story in (
            *(
                AcceptDelivery,
                *(AcceptNotice, ConfirmMissing),
                *(OpenChat, EnterChat, WriteChatMessage, ConfirmDelivered),
                TakeOver,
                HandBack,
                MarkSeen,
                ReplyAsStaff,
                CloseConversation,
                CorrectMatch,
            ),
            *(OpenServiceRequest, MoveServiceRequest, NotePreference, ForgetPreference, SignIn, SignOut, Authenticate),
        ):
            ports.provide(story)
        return create_app(make_async_container(ports), settings or WebSettings(public_url="https://jack.test"))


def _giving(thing: Any) -> Callable[[], Any]:
    return lambda: thing


@pytest.fixture(scope="session")
async def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with two hotels' things in it, to copy."""
    path = tmp_path_factory.mktemp("web") / "template.db"
    await upgrade_async(f"sqlite+aiosqlite:///{path}")
    database = open_database(f"sqlite+aiosqlite:///{path}")
    house = House(database=database, begin=BeginSqlUnitOfWork(database))
    await _move_in(house)
    await database.aclose()
    return path


@pytest.fixture
async def house(migrated_file: Path, tmp_path: Path) -> AsyncIterator[House]:
    """A fresh house."""
    async with moved_into(migrated_file, tmp_path) as fresh:
        yield fresh


@asynccontextmanager
async def moved_into(migrated_file: Path, folder: Path) -> AsyncIterator[House]:
    """A house with a copy of the file in that folder."""
    path = folder / "jack.db"
    for end in ("", "-wal"):
        source = migrated_file.with_name(migrated_file.name + end)
        if source.exists():
            shutil.copyfile(source, path.with_name(path.name + end))
    database = open_database(f"sqlite+aiosqlite:///{path}")
    yield House(database=database, begin=BeginSqlUnitOfWork(database))
    await database.aclose()


@pytest.fixture
def app(house: House) -> Litestar:
    """The web door of the house."""
    return house.app()


def client_of(app: Litestar, who: str | None = None, **options: Any) -> httpx.AsyncClient:
    """Somebody at the door: with the API token of a staff member, or nobody known."""
    headers = {"authorization": f"Bearer token-of-{who}"} if who else {}
    # Litestar's own types for ASGI are narrower than httpx's
    transport = httpx.ASGITransport(app=app, **options)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="https://jack.test", headers=headers)


@pytest.fixture
async def anyone(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without credentials, whose cookies are kept as in a browser."""
    async with client_of(app) as client:
        yield client


@pytest.fixture
async def viewer(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """The viewer's API client."""
    async with client_of(app, "viewer") as client:
        yield client


@pytest.fixture
async def agent(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """The agent's API client."""
    async with client_of(app, "agent") as client:
        yield client


@pytest.fixture
async def castle(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """The API client of an admin who works for the other hotel only."""
    async with client_of(app, "castle") as client:
        yield client


async def sign_in(client: httpx.AsyncClient, who: str = "agent", password: str = PASSWORD) -> httpx.Response:
    """Sign in as a browser does."""
    return await client.post("/api/v1/session", json={"email": f"{who}@hotel.example", "password": password})


def assert_problem(response: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The response is a problem of that kind; returned."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["type"] == f"/problems/{kind}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem


async def _move_in(house: House) -> None:
    anna, stay = the.a_guest(), the.a_stay()
    conversation = the.a_conversation().heard(the.NOW, "Anna", None, "351912345678")
    async with house.begin() as uow:
        for member in STAFF.values():
            await _hire(house, uow.staff, member)
        await uow.guests.save_synced([anna])
        await uow.reservations.save_synced([stay])
        await uow.rooms.replace_all(the.HARBOUR, [the.a_room()])
        assert await uow.conversations.add(conversation, [ChannelIdentity(kind="wa_id", value="351912345678")])
        assert await uow.messages.add_inbound(
            the.a_message(provider_id="wamid.1"), conversation.channel, conversation.account
        )
        await uow.messages.add_outbound(the.a_reply(), conversation.channel, conversation.account)
        await uow.messages.add_receipt(_receipt(), the.HARBOUR)
        await uow.service_requests.add(_request())
        await uow.sync.save_state(SyncState(hotel_id=the.HARBOUR, last_started_at=the.NOW, last_success_at=the.NOW))
        await uow.sync.save_run(
            SyncRun(
                id=SyncRunId(RUN),
                hotel_id=the.HARBOUR,
                kind=SyncKind.FIRST,
                started_at=the.NOW,
                finished_at=the.NOW,
                status=SyncStatus.COMPLETE,
                counts=SyncCounts(created=1),
            )
        )
        await uow.sync.reject(
            the.HARBOUR,
            [RejectedRecord(kind="reservation", ref=the.a_ref("R-9"), reason="it ends before it begins", raw="{}")],
            the.NOW,
        )
        await uow.commit()


async def _hire(house: House, staff: Any, member: StaffMember) -> None:
    assert await staff.add(member, await house.hasher.hash(PASSWORD))
    role = member.id.removeprefix("staff-")
    digest = house.tokens.digest(f"token-of-{role}")
    await staff.add_session(
        StaffSession(token_digest=digest, csrf_digest=None, staff_id=member.id, created_at=the.NOW, expires_at=None)
    )


def _receipt() -> Receipt:
    return Receipt(
        message_id=the.a_reply().id,
        questions=(the.a_message().id,),
        outcome=MatchOutcome.MATCHED,
        level=Level.CONTACT,
        evidence=("the phone is Anna's",),
        facts=(ReceiptFact(name="room_number", value="204", as_of=the.NOW, level=Level.CONTACT),),
        model="scripted",
        blocked=(),
        created_at=the.NOW,
    )


def _request() -> ServiceRequest:
    return ServiceRequest(
        id=ServiceRequestId(REQUEST),
        hotel_id=the.HARBOUR,
        conversation_id=the.a_conversation().id,
        guest_id=the.a_guest().id,
        reservation_id=the.a_stay().id,
        kind=ServiceRequestKind.TOWELS,
        details="two more towels",
        room_number="204",
        status=ServiceRequestStatus.OPEN,
        due_at=None,
        created_at=the.NOW,
        verified=True,
    )
