"""The schemas of OpenAPI 3.0 and 3.1 as one dialect of JSON Schema, and what must be relaxed in them."""

from typing import Any

Schema = dict[str, Any]


def self_contained(schema: Schema, document: Schema) -> Schema:
    """The schema with all that its references lead to, and nothing else of the document."""
    needed: dict[str, Any] = {}
    waiting = [schema]
    while waiting:
        for pointer in _pointers(waiting.pop()):
            if pointer not in needed:
                needed[pointer] = _found(document, pointer)
                waiting.append(needed[pointer])
    whole: Schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema]}
    for pointer, found in needed.items():
        *folders, name = pointer.removeprefix("#/").split("/")
        place = whole
        for folder in folders:
            place = place.setdefault(folder, {})
        place[name.replace("~1", "/").replace("~0", "~")] = found
    return whole


def relaxed(schema: Schema, vendor: str, *, answer: bool) -> Schema:
    """The schema without the words of OpenAPI, and without what is known to be wrong in a vendor's files.

    `nullable` becomes a type of its own. An answer may hold more than is documented. OPERA's files allow dates 8
    characters where they have 10, and numbers arrive as texts (Oracle's own examples).
    """
    converted: Schema = _converted(schema, vendor, answer)
    return converted


def _converted(thing: Any, vendor: str, answer: bool) -> Any:
    if isinstance(thing, list):
        return [_converted(item, vendor, answer) for item in thing]
    if not isinstance(thing, dict):
        return thing
    made = {key: _inner(key, value, vendor, answer) for key, value in thing.items() if key not in _OPENAPI_ONLY}
    if isinstance(made.get("$ref"), str):
        made = {key: value for key, value in made.items() if key in ("$ref", "nullable")}
    _modernise(made)
    if answer and made.get("additionalProperties") is False:
        del made["additionalProperties"]
    if vendor == "opera":
        made = _of_opera(made, answer)
    if isinstance(thing.get("nullable"), bool) and made.pop("nullable"):
        return {"anyOf": [made, {"type": "null"}]}
    return made


def _modernise(schema: Schema) -> None:
    """In OpenAPI 3.0 an exclusive limit was a mark beside the limit."""
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive):
            schema[exclusive] = schema.pop(limit)


def _of_opera(schema: Schema, answer: bool) -> Schema:
    if schema.get("format") in ("date", "date-time"):
        schema = {key: value for key, value in schema.items() if key not in ("maxLength", "pattern")}
    if answer and schema.get("type") in ("integer", "number"):
        kept = {"nullable": schema["nullable"]} if "nullable" in schema else {}
        schema = {"type": [schema["type"], "string"], **kept}
    return schema


_OPENAPI_ONLY = frozenset({"example", "examples", "discriminator", "xml", "externalDocs", "deprecated"})
_NAMED = frozenset({"properties", "patternProperties", "schemas", "parameters", "responses", "components", "$defs"})


def _inner(key: str, value: Any, vendor: str, answer: bool) -> Any:
    """What stands under a key; under `properties` and its like stand names, which mean nothing."""
    if key in _NAMED and isinstance(value, dict):
        return {name: _converted(inner, vendor, answer) for name, inner in value.items()}
    if key in ("enum", "const", "default", "required"):
        return value
    return _converted(value, vendor, answer)


def _pointers(thing: Any) -> list[str]:
    if isinstance(thing, list):
        return [pointer for item in thing for pointer in _pointers(item)]
    if not isinstance(thing, dict):
        return []
    found = [pointer for value in thing.values() for pointer in _pointers(value)]
    reference = thing.get("$ref")
    return [reference, *found] if isinstance(reference, str) else found


def _found(document: Schema, pointer: str) -> Any:
    place: Any = document
    for part in pointer.removeprefix("#/").split("/"):
        place = place[part.replace("~1", "/").replace("~0", "~")]
    return place
