"""Dialogue: how a context becomes the turns of a prompt, and how a model's tool calls become wishes to people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from jack.domain.butler import SERVICE_REQUEST_TOOL, TOOL_RESULT, Draft
from jack.domain.context import ConversationContext, Turn
from jack.domain.errors import DomainError
from jack.domain.message import AuthorKind
from jack.domain.service_request import RequestedService, ServiceRequestKind

STAFF_MARK: Final = "[written by the hotel's staff]"
OPENING: Final = "[the hotel wrote first]"
NO_TEXT: Final = "[a message without text]"
LEFT_OUT: Final = "[…]"
LONGEST_ANSWER: Final = 4000
LONGEST_DETAILS: Final = 1000
MOST_REQUESTS: Final = 10
TOOL_NAME: Final = str(SERVICE_REQUEST_TOOL["name"])


def dialogue(context: ConversationContext, budget: int) -> tuple[Turn, ...]:
    """History and question as turns of guest and Jack in strict alternation; the first and the last are the guest's.

    At most about `budget` characters: the oldest turns are left out first, the question is cut only when it alone is
    too long. Turns without text are left out, neighbours of the same side are joined, and what staff wrote stands on
    Jack's side with a mark.
    """
    question = sendable(context.question).strip() or NO_TEXT
    if len(question) > budget:
        question = f"{question[:budget]} {LEFT_OUT}"
    left = budget - len(question)
    kept: list[Turn] = [Turn(author=AuthorKind.GUEST, text=question)]
    for turn in reversed(context.history):
        text = sendable(turn.text).strip()
        if not text:
            continue
        if turn.author is AuthorKind.STAFF:
            text = f"{STAFF_MARK} {text}"
        left -= len(text)
        if left < 0:
            break
        side = AuthorKind.GUEST if turn.author is AuthorKind.GUEST else AuthorKind.JACK
        if kept[0].author is side:
            kept[0] = Turn(author=side, text=f"{text}\n{kept[0].text}")
        else:
            kept.insert(0, Turn(author=side, text=text))
    if kept[0].author is not AuthorKind.GUEST:
        kept.insert(0, Turn(author=AuthorKind.GUEST, text=OPENING))
    return tuple(kept)


def sendable(text: str) -> str:
    """The text without what no protocol and no database takes: lone surrogates and NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A model's use of a tool, as it came: `arguments` are whatever the model wrote, decoded, or None if unreadable."""

    id: str
    name: str
    arguments: object


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResult:
    """What the model is told about one call."""

    call_id: str
    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """What a model has said and asked for so far, over all rounds of one answer.

    `owed` counts the calls of the last round that could not be read: the model was told, and the next round must bring
    as many readable ones, so that no wish is lost.
    """

    texts: tuple[str, ...] = ()
    requests: tuple[RequestedService, ...] = ()
    owed: int = 0

    def after(self, text: str, calls: Iterable[ToolCall]) -> tuple["Drafting", tuple[ToolResult, ...]]:
        """The state after one more round, and the results to hand to the model, one for each call.

        Raises DomainError when the model was told of an unreadable call and did not mend it, when it asks for too
        much, or when it wrote its call as plain text.
        """
        if TOOL_NAME in text or "<tool_call" in text:
            raise DomainError("the model wrote a tool call as text (is tool calling switched on at its server?)")
        said = spoken(text)
        results: list[ToolResult] = []
        wishes: list[RequestedService] = []
        for call in calls:
            try:
                wishes.append(requested_service(call))
            except DomainError as problem:
                results.append(ToolResult(call_id=call.id, text=str(problem), is_error=True))
            else:
                results.append(ToolResult(call_id=call.id, text=TOOL_RESULT))
        unread = len(results) - len(wishes)
        if self.owed and (unread or len(wishes) < self.owed):
            raise DomainError("the model used its tool in a way that cannot be read, also after it was told")
        state = replace(
            self,
            texts=(*self.texts, said) if said and said not in self.texts else self.texts,
            requests=tuple(dict.fromkeys((*self.requests, *wishes))),
            owed=unread,
        )
        if len(state.requests) > MOST_REQUESTS:
            raise DomainError(f"the model opened more than {MOST_REQUESTS} service requests at once")
        return state, tuple(results)

    def draft(self, model: str) -> Draft:
        """The finished draft: everything said, in order. Raises DomainError when nothing, or far too much, was said."""
        text = "\n".join(self.texts)
        if not text:
            raise DomainError("the model answered without any text")
        if len(text) > LONGEST_ANSWER:
            raise DomainError(f"the model answered with more than {LONGEST_ANSWER} characters")
        return Draft(text=text, requests=self.requests, model=model)


def spoken(text: str) -> str:
    """What of a model's text is meant for the guest: without thoughts and without marks that only Jack may set."""
    text = re.sub(r"<(think|thinking)>.*?(</\1>|\Z)", "", sendable(text), flags=re.DOTALL)
    text = re.sub(r"\A.*</think(ing)?>", "", text, flags=re.DOTALL)  # some servers swallow the opening tag
    return text.replace(STAFF_MARK, "").strip()


def requested_service(call: ToolCall) -> RequestedService:
    """The wish in a tool call. Raises DomainError with words for the model when it cannot be read.

    Fields that were not asked for are kept in the details: models invent them for something the guest said.
    """
    if call.name != TOOL_NAME:
        raise DomainError(f"There is no such tool. The only tool is {TOOL_NAME}.")
    if not isinstance(call.arguments, dict):
        raise DomainError('The arguments must be one JSON object with "kind" and "details". Call the tool again.')
    arguments = {str(key): value for key, value in call.arguments.items()}
    kind, details = arguments.pop("kind", None), arguments.pop("details", None)
    if not isinstance(kind, str) or kind not in set(ServiceRequestKind):
        kinds = ", ".join(k.value for k in ServiceRequestKind)
        raise DomainError(f'"kind" must be one of: {kinds}. Call the tool again.')
    if not isinstance(details, str) or not sendable(details).strip():
        raise DomainError('"details" must be a text that says what the guest wants. Call the tool again.')
    more = "; ".join(f"{key}: {value}" for key, value in arguments.items() if value not in (None, ""))
    details = sendable(f"{details.strip()} ({more})" if more else details.strip())
    if len(details) > LONGEST_DETAILS:
        raise DomainError(f'"details" may have at most {LONGEST_DETAILS} characters. Call the tool again, shorter.')
    return RequestedService(kind=ServiceRequestKind(kind), details=details)
