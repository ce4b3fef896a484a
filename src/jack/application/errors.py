"""What a story may fail with, and the three words for failures of the world outside."""

from datetime import timedelta


class ApplicationError(Exception):
    """A story could not be played to its end; the text is fit for staff and holds no secret."""


class NotFound(ApplicationError):
    """What the story is about does not exist, or not for the one who asks."""


class Conflict(ApplicationError):
    """Somebody else changed it first, or its present state does not allow this."""


class NotSignedIn(ApplicationError):
    """Nobody is signed in, or the sign-in failed; the text does not say why."""


class Forbidden(ApplicationError):
    """The one who asks is known but may not do this."""


class TooManyAttempts(ApplicationError):
    """Tried too often; `retry_after` says when to try again."""

    def __init__(self, message: str, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OutsideFailure(ApplicationError):
    """Something outside Jack failed. Every PMS, channel and model adapter speaks only the three words below."""


class ServiceUnavailable(OutsideFailure):
    """Come back later: busy, down or too slow. Nothing happened there.

    `retry_after` is what the service asked for, None where it said nothing.
    """

    def __init__(self, message: str, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ServiceDenied(OutsideFailure):
    """Credentials or permissions are wrong: trying again cannot help, people must act."""


class ServiceRejected(OutsideFailure):
    """This one item is bad for the service and will stay so; others may go through."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
