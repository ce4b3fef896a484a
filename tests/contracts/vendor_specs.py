"""The vendors' own OpenAPI files as judges of what Jack asks and of what the simulators answer.

They are not part of this checkout: `JACK_PMS_SPECS` names their folder, else `shared/pms-specs` beside the checkout is
looked at. What is known to be wrong in the files is allowed, each with its reason, in ALLOWANCES.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema_rs

from tests.contracts.vendor_schemas import relaxed, self_contained
from tests.simulators.pms.vendor import Reply, Request

FILES = {
    "mews": ("mews",),
    "cloudbeds": ("cloudbeds", "cloudbeds-guest-profiles"),
    "apaleo": ("apaleo",),
    "opera": ("opera",),
}

OUTSIDE = {"apaleo": re.compile(r"POST .*/connect/token")}
"""Calls that go to another service of the vendor, which the files do not describe."""

ALLOWANCES: dict[str, tuple[tuple[str, str], ...]] = {
    "mews": (
        (
            r"^answer 200 .*/(?!reservations|customers)\w+/get(All)?: .*(is a required property| null is not of type)",
            "required fields are absent or null in Mews' own examples of all but reservations and customers",
        ),
    ),
    "cloudbeds": (
        (r"^answer .*/profiles.*: (phone|fileId): ", "null or a number in Cloudbeds' own examples"),
        (r"^answer .* is valid under more than one of", "a date or an empty text: formats are not looked at"),
        (r"^answer .*: roomID: null", "said in words to be null where no room is assigned"),
        (r"^answer .*: roomCondition: \"inspected\"", "can be set, so it is met"),
        (r"status [45]\d\d is not documented", "only status 200 is documented, and others are met"),
    ),
    "apaleo": ((r"status 429 is not documented", "throttling stands in apaleo's guides, not in its Swagger"),),
    "opera": (
        (r"status 429 is not documented", "throttling stands in Oracle's guides, not in its files"),
        (r"^answer .*/businessEvents: moduleName: ", "a number in Oracle's own examples"),
    ),
}
"""Patterns of problems, with the reason why each is none. Number and date formats of OPERA: see vendor_schemas."""


def specs_folder() -> Path | None:
    """Where the files lie; None where there are none."""
    named = os.environ.get("JACK_PMS_SPECS")
    places = [Path(named)] if named else [parent / "shared" / "pms-specs" for parent in Path(__file__).parents[2:4]]
    return next((place for place in places if place.is_dir()), None)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: the path as a pattern with the place of its parameters, and what stands in the file."""

    template: str
    pattern: re.Pattern[str]
    said: dict[str, Any]
    shared: list[dict[str, Any]]
    document: "Document"


@dataclass(slots=True)
class Document:
    """One OpenAPI file."""

    vendor: str
    content: dict[str, Any]
    _validators: dict[tuple[bool, int], Any] = field(default_factory=dict)

    def operations(self) -> Iterator[tuple[str, Operation]]:
        """Every operation with its method."""
        base = urlsplit(self.content["servers"][0]["url"].replace("{", "").replace("}", "")).path.rstrip("/")
        for template, item in self.content["paths"].items():
            pattern = re.compile(re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(base + template)))
            for method, said in item.items():
                if method in ("get", "post", "put", "patch", "delete"):
                    shared = item.get("parameters", [])
                    yield method.upper(), Operation(base + template, pattern, said, shared, self)

    def resolved(self, thing: dict[str, Any]) -> dict[str, Any]:
        """What a reference leads to."""
        while "$ref" in thing:
            found: Any = self.content
            for part in thing["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            thing = found
        return thing

    def problems(self, schema: dict[str, Any], value: object, *, answer: bool) -> Iterator[str]:
        """What the schema says against a value."""
        key = (answer, id(schema))  # every schema is a part of `content`, which stays
        validator = self._validators.get(key)
        if validator is None:
            whole = self_contained(schema, self.content)
            whole = relaxed(whole, self.vendor, answer=answer)
            validator = self._validators[key] = jsonschema_rs.Draft202012Validator(whole)
        for error in validator.iter_errors(value):
            place = "/".join(map(str, error.instance_path))
            yield f"{place.rpartition('/')[2]}: {error.message[:300]} at {place}"


@cache
def judge_of(vendor: str) -> "Judge | None":
    """The judge for that vendor, if its files are there."""
    folder = specs_folder()
    if folder is None or vendor not in FILES:
        return None
    documents = []
    for name in FILES[vendor]:
        file = folder / f"{name}.openapi.json"
        if not file.is_file():
            return None
        documents.append(Document(vendor, json.loads(file.read_text(encoding="utf-8"))))
    return Judge(vendor, documents)


class Judge:
    """Knows one vendor's files."""

    def __init__(self, vendor: str, documents: list[Document]) -> None:
        self._vendor = vendor
        self._operations = [pair for document in documents for pair in document.operations()]
        self._allowed = [re.compile(pattern) for pattern, _ in ALLOWANCES.get(vendor, ())]

    def of_request(self, request: Request) -> list[str]:
        """What is wrong with what was asked."""
        name = f"{request.method} {request.path}"
        if (outside := OUTSIDE.get(self._vendor)) and outside.fullmatch(name):
            return []
        operation = self._operation(request)
        if operation is None:
            return [f"request {name}: there is no such operation"]
        found = [*_parameters(operation, request), *_body(operation, request)]
        return self._not_allowed(f"request {name}", found)

    def of_answer(self, request: Request, reply: Reply) -> list[str]:
        """What is wrong with what the simulator answered."""
        name = f"answer {reply.status} to {request.method} {request.path}"
        operation = self._operation(request)
        return [] if operation is None else self._not_allowed(name, _answer(operation, reply))

    def _operation(self, request: Request) -> Operation | None:
        fitting = [
            operation
            for method, operation in self._operations
            if method == request.method and operation.pattern.fullmatch(_path(request))
        ]
        # /rooms/special before /rooms/{id}
        return min(fitting, key=lambda operation: operation.template.count("{"), default=None)

    def _not_allowed(self, name: str, found: Iterator[str] | list[str]) -> list[str]:
        told = [f"{name}: {problem}" for problem in found]
        return [text for text in told if not any(pattern.search(text) for pattern in self._allowed)]


def _path(request: Request) -> str:
    return request.raw_path or request.path


def _parameters(operation: Operation, request: Request) -> Iterator[str]:
    document = operation.document
    declared = [document.resolved(one) for one in [*operation.shared, *operation.said.get("parameters", [])]]
    query = {one["name"]: one for one in declared if one["in"] == "query"}
    for name in dict.fromkeys(key for key, _ in request.query):
        if name not in query:
            yield f"the parameter {name} is not documented"
    placed = operation.pattern.fullmatch(_path(request))
    path = dict(zip(re.findall(r"{(\w+)}", operation.template), placed.groups() if placed else (), strict=True))
    for one in declared:
        name, kind = one["name"], one["in"]
        if kind == "query":
            given = request.all(name)
        elif kind == "path":
            given = [unquote(path[name])] if name in path else []
        else:
            given = [request.headers[name.lower()]] if name.lower() in request.headers else []
        if not given:
            if one.get("required"):
                yield f"the {kind} parameter {name} is missing"
            continue
        schema = one.get("schema", {})
        yield from (f"{name}{text}" for text in document.problems(schema, _read(given, one, document), answer=False))


def _read(given: list[str], parameter: dict[str, Any], document: Document) -> object:
    """The value of a parameter as JSON knows it."""
    schema = document.resolved(parameter.get("schema", {}))
    if schema.get("type") == "array":
        separate = parameter.get("explode", True)
        items = given if separate else given[0].split(",")
        return [_scalar(item, document.resolved(schema.get("items", {}))) for item in items]
    return _scalar(given[0], schema) if len(given) == 1 else given


def _scalar(text: str, schema: dict[str, Any]) -> object:
    readers: dict[str, Callable[[str], object]] = {
        "integer": int,
        "number": float,
        "boolean": lambda word: {"true": True, "false": False}.get(word, word),
    }
    try:
        return readers.get(str(schema.get("type")), str)(text)
    except ValueError:
        return text


def _body(operation: Operation, request: Request) -> Iterator[str]:
    document = operation.document
    wanted = document.resolved(operation.said.get("requestBody", {}))
    if not wanted:
        if request.body:
            yield "a body is sent where none is documented"
        return
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    schemas = {name.partition(";")[0].strip(): media.get("schema", {}) for name, media in wanted["content"].items()}
    if not request.body:
        if wanted.get("required"):
            yield "the body is missing"
        return
    if kind not in schemas:
        yield f"the body is {kind or 'of no named kind'}, not {' or '.join(schemas)}"
        return
    if kind == "application/x-www-form-urlencoded":
        properties = document.resolved(schemas[kind]).get("properties", {})
        form = {
            name: _scalar(text, document.resolved(properties.get(name, {}))) for name, text in request.form().items()
        }
        unknown = [name for name in form if name.partition("[")[0] not in properties] if properties else []
        yield from (f"the form's field {name} is not documented" for name in unknown)
        yield from document.problems(schemas[kind], form, answer=False)
        return
    try:
        body = request.json()
    except ValueError:
        yield "the body is no JSON"
        return
    yield from document.problems(schemas[kind], body, answer=False)


def _answer(operation: Operation, reply: Reply) -> Iterator[str]:
    document = operation.document
    responses = operation.said["responses"]
    names = (str(reply.status), f"{reply.status // 100}XX", "default")
    found = next((responses[name] for name in names if name in responses), None)
    if found is None:
        yield f"status {reply.status} is not documented"
        return
    content = document.resolved(found).get("content", {})
    body = reply.encoded()
    if not body or not content:
        if body and reply.status == 204:
            yield "a body comes with 204"
        return
    schema = next(iter(content.values())).get("schema", {})
    try:
        value = json.loads(body)
    except ValueError:
        yield "the body is no JSON"
        return
    yield from document.problems(schema, value, answer=True)
