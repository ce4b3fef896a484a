"""What a Cloudbeds answer says before anybody looks at its facts: whether it is one, and why not.

`success` stands in every answer and is the only word for a failure that the documentation gives: the status is 200 then
as well, and `message` says why. Errors with a status of their own have no documented form.
"""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from jack.adapters.http import Answer
from jack.adapters.pms.cloudbeds.payloads import Flag, Listed, Payload, Single, Word, each, is_true, text
from jack.application.errors import OutsideFailure, ServiceDenied, ServiceRejected, ServiceUnavailable

T = TypeVar("T")

LONGEST_SAYING = 200


class Refused(ServiceRejected):
    """Cloudbeds said no in its own words, or answered 404: about a single thing that means that it is not there."""


class Unfit(ServiceRejected):
    """Cloudbeds took the question itself for wrong (400, 422), as it does with ids that it never had."""


@dataclass(frozen=True, slots=True)
class Records(Generic[T]):
    """The records of one answer: those that could be decoded, and the others raw with what is wrong with them.

    `total` is how many the whole question has, None where the answer does not say.
    """

    good: tuple[T, ...]
    bad: tuple[tuple[bytes, msgspec.DecodeError], ...] = ()
    total: int | None = None

    @property
    def count(self) -> int:
        """How many records the answer has."""
        return len(self.good) + len(self.bad)


class ListReader(Generic[T]):
    """Reads lists of one kind of record: the whole answer at once, and record by record if that fails."""

    def __init__(self, listed: type[Listed[T]], record: type[T]) -> None:
        self._whole = msgspec.json.Decoder(listed, strict=False)
        self._record = msgspec.json.Decoder(record, strict=False)

    def __call__(self, body: bytes) -> Records[T]:
        """The records. Raises the three words for what is no success, msgspec.DecodeError for what is no answer."""
        try:
            answer = self._whole.decode(body)
        except msgspec.ValidationError:
            return self._one_by_one(body)
        _must_succeed(answer.success, answer.message, answer.data)
        return Records(good=tuple(each(answer.data)), total=_number(answer.total))

    def raws(self, body: bytes) -> tuple[bytes, ...]:
        """Every record as it came, in the same order."""
        return tuple(bytes(raw) for raw in each(_RAW_LIST.decode(body).data))

    def _one_by_one(self, body: bytes) -> Records[T]:
        answer = _LOOSE.decode(body)
        _must_succeed(answer.success, answer.message, answer.data)
        good: list[T] = []
        bad: list[tuple[bytes, msgspec.DecodeError]] = []
        for raw in self.raws(body):
            try:
                good.append(self._record.decode(raw))
            except msgspec.DecodeError as error:
                bad.append((raw, error))
        return Records(good=tuple(good), bad=tuple(bad), total=_number(answer.total))


class SingleReader(Generic[T]):
    """Reads answers about one thing."""

    def __init__(self, single: type[Single[T]]) -> None:
        self._whole = msgspec.json.Decoder(single, strict=False)

    def __call__(self, body: bytes) -> T:
        """The thing. Raises the three words for what is no success, msgspec.DecodeError for what is no answer."""
        try:
            answer = self._whole.decode(body)
        except msgspec.ValidationError as error:
            loose = _LOOSE.decode(body)
            _must_succeed(loose.success, loose.message, loose.data)
            if not loose.data:
                raise Refused("Cloudbeds knows nothing of it") from None
            raise ServiceRejected(f"an answer of Cloudbeds is not as documented: {_place(error)}") from None
        _must_succeed(answer.success, answer.message, answer.data)
        if answer.data is None:
            raise Refused("Cloudbeds knows nothing of it")
        return answer.data


def note_made(body: bytes) -> str:
    """The key of a note that was just made. Raises the three words for what is no success."""
    answer = _MADE.decode(body)
    _must_succeed(answer.success, answer.message, answer.reservation_note_id)
    return text(answer.reservation_note_id)


def explained(answer: Answer) -> str:
    """What a failed answer says, fit for staff: bounded, and without anything that looks like a secret or a contact."""
    try:
        said = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeError):
        return ""
    if not isinstance(said, dict):
        return ""
    words = [said.get(key) for key in ("message", "error_description", "error")]
    return next((fit_for_staff(word) for word in words if isinstance(word, str) and word.strip()), "")


def fit_for_staff(said: str) -> str:
    """A vendor's sentence without long numbers, keys and addresses, which may be somebody's."""
    return _PRIVATE.sub("…", " ".join(said.split()))[:LONGEST_SAYING]


def _must_succeed(success: Flag, message: object, data: object) -> None:
    if success is None and data is None:
        raise msgspec.DecodeError("neither success nor data")
    if success is not None and not is_true(success):
        raise refusal(message if isinstance(message, str) else "")


def refusal(message: str) -> OutsideFailure:
    """The word for `success: false`, by the words of its message.

    Cloudbeds' list of common API errors has three, all of which people must mend: the user who approved the connection
    is not active any more, the property has an invalid status, no property id matches that of the access_token's user.
    """
    told = "Cloudbeds refused" + (f": {fit_for_staff(message)}" if message.strip() else " and does not say why")
    said = message.casefold()
    if any(word in said for word in ("too many requests", "rate limit", "limit exceeded", "try again", "temporar")):
        return ServiceUnavailable(told)
    if any(word in said for word in _DENIALS):
        return ServiceDenied(f"{told} (check the credentials, their permissions and property_id)")
    return Refused(told)


def _number(total: Word) -> int | None:
    try:
        return int(total) if total not in (None, "") else None
    except ValueError:
        return None


def _place(error: msgspec.ValidationError) -> str:
    return str(error).split(" `")[0] if "Invalid enum" in str(error) else str(error)


class _Loose(msgspec.Struct):
    """Any answer."""

    success: Flag = None
    message: object = None
    data: object = None
    total: Word = None


class _Made(Payload):
    """The answer to a note that was posted."""

    success: Flag = None
    message: object = None
    reservation_note_id: Word = None


_MADE = msgspec.json.Decoder(_Made, strict=False)
_LOOSE = msgspec.json.Decoder(_Loose, strict=False)
_RAW_LIST: msgspec.json.Decoder[Listed[msgspec.Raw]] = msgspec.json.Decoder(Listed[msgspec.Raw], strict=False)
_PRIVATE = re.compile(r"\S+@\S+|\+?\d[\d\s().-]{5,}\d|\b[\w.-]{24,}")
_DENIALS = (
    "access denied",
    "permission",
    "scope",
    "unauthori",
    "not authori",
    "forbidden",
    "not allowed",
    "no access",
    "have access",
    "api key",
    "access token",
    "access_token",
    "not active",
    "invalid status",
    "token is",
    "invalid token",
    "credential",
)
