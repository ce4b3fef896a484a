"""Every use case, made once for the life of the process: they hold ports and no state."""

from dishka import Provider, Scope, provide_all

from jack.application.messaging.accept import AcceptDelivery
from jack.application.messaging.answer import AnswerConversation
from jack.application.messaging.deliver import DeliverMessage
from jack.application.messaging.receive import ReceiveMessage
from jack.application.messaging.recover import RecoverStuckMessages, TidyUp
from jack.application.messaging.service_requests import MoveServiceRequest, OpenServiceRequest
from jack.application.messaging.staff_desk import (
    CloseConversation,
    CorrectMatch,
    HandBack,
    MarkSeen,
    ReplyAsStaff,
    TakeOver,
)
from jack.application.staff.accounts import AddStaffMember, Authenticate, IssueToken, SignIn, SignOut
from jack.application.stays.match import MatchGuest
from jack.application.stays.preferences import ForgetPreference, NotePreference
from jack.application.stays.schedule import StartDueSyncs
from jack.application.stays.sync import SyncReservations


class Stories(Provider):
    """The stories of Jack."""

    scope = Scope.APP

    messaging = provide_all(
        AcceptDelivery,
        ReceiveMessage,
        AnswerConversation,
        DeliverMessage,
        RecoverStuckMessages,
        TidyUp,
        TakeOver,
        HandBack,
        MarkSeen,
        ReplyAsStaff,
        CloseConversation,
        CorrectMatch,
        OpenServiceRequest,
        MoveServiceRequest,
    )
    stays = provide_all(SyncReservations, StartDueSyncs, MatchGuest, NotePreference, ForgetPreference)
    staff = provide_all(SignIn, SignOut, Authenticate, AddStaffMember, IssueToken)
