"""The OpenAPI document of the staff API."""

import json
import re
from enum import StrEnum
from typing import Any

from litestar import Litestar
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.openapi.spec.tag import Tag

from jack import __version__
from jack.domain.contact import ContactKind
from jack.domain.conversation import ConversationState, HeldBy
from jack.domain.guest import Source
from jack.domain.match import Level, MatchOutcome
from jack.domain.message import AuthorKind, DeliveryStatus, Direction
from jack.domain.reservation import ReservationStatus
from jack.domain.sync import SyncKind, SyncStatus
from jack.entrypoints.web.documented import SIGNED_IN

CONFIG = OpenAPIConfig(
    title="Jack",
    version=__version__,
    description=(
        "The staff API of Jack, the hotel butler. Sign in with `POST /api/v1/session`; unsafe requests then need the "
        "header `x-csrftoken` with the value of the cookie `csrftoken`. Or send an API token as a bearer token. "
        "Errors are `application/problem+json`; their `type` is stable and explains itself when opened."
    ),
    security=SIGNED_IN,
    components=Components(
        security_schemes={
            "session": SecurityScheme(type="apiKey", security_scheme_in="cookie", name="session"),
            "token": SecurityScheme(type="http", scheme="bearer"),
            "chat": SecurityScheme(type="http", scheme="bearer", description="The token of a chat's session."),
        }
    ),
    tags=[
        Tag(name="session", description="Signing in and out."),
        Tag(name="conversations", description="The inbox, and what staff do in conversations."),
        Tag(name="guests", description="Guests and their preferences."),
        Tag(name="stays", description="Reservations and rooms, as the PMS last told."),
        Tag(name="service requests", description="What people must do."),
        Tag(name="hotels", description="The properties this Jack serves."),
        Tag(name="sync", description="How Jack's copy is kept equal to the PMS."),
        Tag(name="web chat", description="For the script on a hotel's own pages."),
        Tag(name="operations", description="For the machines that watch Jack."),
    ],
    render_plugins=[],
    use_handler_docstrings=True,
)

_PAGE = re.compile(r"Page_[A-Za-z_.]*?\.([A-Za-z]+)_(?![A-Za-z])")
"""The names that Litestar makes for pages of something."""

# Views carry plain words; these are all the words there are.
WORDS: dict[tuple[str, str], type[StrEnum]] = {
    ("MatchView", "outcome"): MatchOutcome,
    ("MatchView", "level"): Level,
    ("ConversationView", "held_by"): HeldBy,
    ("ConversationView", "state"): ConversationState,
    ("AuthorView", "kind"): AuthorKind,
    ("MessageView", "direction"): Direction,
    ("MessageView", "status"): DeliveryStatus,
    ("ContactPointView", "kind"): ContactKind,
    ("PreferenceView", "source"): Source,
    ("ReservationView", "status"): ReservationStatus,
    ("SyncRunView", "kind"): SyncKind,
    ("SyncRunView", "status"): SyncStatus,
}


def document(app: Litestar) -> dict[str, Any]:
    """The OpenAPI document of the app as plain JSON values."""
    made: dict[str, Any] = json.loads(_PAGE.sub(r"PageOf\1", json.dumps(app.openapi_schema.to_schema())))
    schemas = made["components"]["schemas"]
    for name, schema in schemas.items():
        if name.startswith("PageOf"):
            schema["title"] = name
    for (view, field), words in WORDS.items():
        schemas[view]["properties"][field]["enum"] = [word.value for word in words]
    for operation in (operation for path in made["paths"].values() for operation in path.values()):
        _correct(operation)
    return made


def _correct(operation: dict[str, Any]) -> None:
    """What Litestar says a little wrongly."""
    if {} in operation.get("security", ()):
        operation["security"] = []  # open to everybody: an empty list, where Litestar adds to what the app says
    operation["responses"].get("204", {}).pop("content", None)
    if body := operation.get("requestBody"):
        choices = body["content"]["application/json"]["schema"].get("oneOf", ())
        body["required"] = {"type": "null"} not in choices
