"""The judge of calls itself: it finds what is wrong, and agrees with the vendors' own examples as far as they do."""

from typing import Any

import pytest

from tests.contracts.vendor_specs import FILES, Document, Judge, judge_of
from tests.fakes.clock import NOON
from tests.simulators.pms.vendor import Reply, Request

BOOK = {
    "servers": [{"url": "https://api.example.com/v1/"}],
    "paths": {
        "/stays/{id}": {
            "get": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "x-hotel", "in": "header", "required": True, "schema": {"type": "string"}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 20}},
                    {
                        "name": "expand",
                        "in": "query",
                        "explode": False,
                        "schema": {"type": "array", "items": {"enum": ["guest", "room"]}},
                    },
                ],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Stay"}}}},
                    "204": {},
                },
            }
        },
        "/stays/special": {"get": {"responses": {"200": {}}}},
        "/notes": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/x-www-form-urlencoded": {
                            "schema": {
                                "type": "object",
                                "required": ["text"],
                                "properties": {"text": {"type": "string"}, "count": {"type": "integer"}},
                            }
                        }
                    },
                },
                "responses": {"201": {}},
            }
        },
    },
    "components": {
        "schemas": {
            "Stay": {
                "type": "object",
                "required": ["id"],
                "additionalProperties": False,
                "properties": {
                    "id": {"type": "string"},
                    "room": {"type": "string", "nullable": True},
                    "guest": {"$ref": "#/components/schemas/Guest"},
                    "example": {"type": "integer"},
                },
            },
            "Guest": {"type": "object", "properties": {"friend": {"$ref": "#/components/schemas/Guest"}}},
        }
    },
}


def judge() -> Judge:
    return Judge("nobody", [Document("nobody", BOOK)])


def asked(path: str, query: tuple[tuple[str, str], ...] = (), method: str = "GET", **fields: Any) -> Request:
    given: dict[str, Any] = {"headers": {"x-hotel": "H"}, "body": b"", "at": NOON}
    return Request(method=method, path=path, query=query, **(given | fields))


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (asked("/v1/stays/7"), ""),
        (asked("/v1/stays/7", (("limit", "20"), ("expand", "guest,room"))), ""),
        (asked("/v1/stays/special"), ""),
        (asked("/stays/7"), "there is no such operation"),
        (asked("/v1/Stays/7"), "there is no such operation"),
        (asked("/v1/stays/7/"), "there is no such operation"),
        (asked("/v1/stays/7", method="POST"), "there is no such operation"),
        (asked("/v1/stays/7", headers={}), "the header parameter x-hotel is missing"),
        (asked("/v1/stays/7", (("Limit", "2"),)), "the parameter Limit is not documented"),
        (asked("/v1/stays/7", (("limit", "21"),)), "limit: 21 is greater than"),
        (asked("/v1/stays/7", (("limit", "many"),)), 'limit: "many" is not of type "integer"'),
        (asked("/v1/stays/7", (("expand", "guest,pet"),)), 'expand1: "pet" is not one of'),
        (asked("/v1/stays/7", body=b"{}"), "a body is sent where none is documented"),
        (asked("/v1/notes", method="POST"), "the body is missing"),
        (
            asked("/v1/notes", method="POST", body=b'{"text": ""}', headers={"content-type": "application/json"}),
            "the body is application/json, not application/x-www-form-urlencoded",
        ),
    ],
)
def test_a_request_is_judged_by_the_specification(request_: Request, problem: str) -> None:
    found = judge().of_request(request_)

    assert len(found) == bool(problem)
    assert problem in " ".join(found)


@pytest.mark.parametrize(
    ("form", "problem"),
    [(b"text=a&count=2", ""), (b"count=2", "required"), (b"text=a&count=x", "integer"), (b"text=a&b=c", "b is not")],
)
def test_a_form_is_judged_like_json(form: bytes, problem: str) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}

    found = judge().of_request(asked("/v1/notes", method="POST", body=form, headers=headers))

    assert len(found) == bool(problem)
    assert problem in " ".join(found)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (Reply(200, {"id": "7", "room": None, "guest": {"friend": {"friend": {}}}, "more": 1}), ""),
        (Reply(204), ""),
        (Reply(200, {"room": "1"}), '"id" is a required property'),
        (Reply(200, {"id": 7}), '7 is not of type "string" at id'),
        (Reply(200, {"id": "7", "guest": {"friend": 7}}), "at guest/friend"),
        (Reply(200, {"id": "7", "example": "seven"}), "at example"),
        (Reply(404), "status 404 is not documented"),
        (Reply(200, b"<html>"), "the body is no JSON"),
    ],
)
def test_an_answer_is_judged_by_the_specification(reply: Reply, problem: str) -> None:
    found = judge().of_answer(asked("/v1/stays/7"), reply)

    assert len(found) == bool(problem)
    assert problem in " ".join(found)


@pytest.mark.parametrize("vendor", FILES)
def test_the_vendors_files_can_be_used(vendor: str) -> None:
    found = judge_of(vendor)
    if found is None:
        pytest.skip("no specifications: set JACK_PMS_SPECS to their folder")

    assert found.of_request(asked("/nowhere")) == ["request GET /nowhere: there is no such operation"]
