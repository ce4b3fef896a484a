"""Every use case, made once for the life of the process: they hold ports and no state."""

from dishka import Provider, Scope, provide, provide_all

from jack.application.messaging.accept import AcceptDelivery
from jack.application.messaging.answer import AnswerConversation
from jack.application.messaging.chat import ConfirmDelivered, EnterChat, OpenChat, WriteChatMessage
from jack.application.messaging.deliver import DeliverMessage
from jack.application.messaging.receive import ReceiveMessage
from jack.application.messaging.recover import RecoverStuckMessages, TidyUp
from jack.application.messaging.service_requests import MoveServiceRequest, OpenServiceRequest
from jack.application.messaging.settle import SettleFates
from jack.application.messaging.staff_desk import (
    CloseConversation,
    CorrectMatch,
    HandBack,
    MarkSeen,
    ReplyAsStaff,
    TakeOver,
)
from jack.application.ports.clock import Clock
from jack.application.ports.jobs import JobQueue
from jack.application.staff.accounts import AddStaffMember, Authenticate, IssueToken, SignIn, SignOut
from jack.application.stays.accept_notice import AcceptNotice, NoticeBell
from jack.application.stays.confirm_missing import ConfirmMissing
from jack.application.stays.match import MatchGuest
from jack.application.stays.notices import FollowNotices
from jack.application.stays.overdue import RingForNotices
from jack.application.stays.preferences import ForgetPreference, NotePreference
from jack.application.stays.schedule import StartDueSyncs
from jack.application.stays.sync import SyncReservations


class Stories(Provider):
    """The stories of Jack."""

    scope = Scope.APP

    @provide
    def notice_bell(self, queue: JobQueue, clock: Clock) -> NoticeBell:
        """One for the whole process: it remembers for whom it has rung."""
        return NoticeBell(queue, clock)

    messaging = provide_all(
        AcceptDelivery,
        ReceiveMessage,
        AnswerConversation,
        DeliverMessage,
        RecoverStuckMessages,
        TidyUp,
        SettleFates,
        TakeOver,
        HandBack,
        MarkSeen,
        ReplyAsStaff,
        CloseConversation,
        CorrectMatch,
        OpenServiceRequest,
        MoveServiceRequest,
    )
    chat = provide_all(OpenChat, EnterChat, WriteChatMessage, ConfirmDelivered)
    stays = provide_all(SyncReservations, StartDueSyncs, MatchGuest, NotePreference, ForgetPreference)
    notices = provide_all(AcceptNotice, FollowNotices, RingForNotices, ConfirmMissing)
    staff = provide_all(SignIn, SignOut, Authenticate, AddStaffMember, IssueToken)
