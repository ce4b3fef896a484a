"""Every mistake is found at start, all at once, and none of them shows a secret."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jack.entrypoints.settings import ConfigurationError, Settings, read_settings
from tests.entrypoints.settings.conftest import GOOD, Change, changed

Problems = Callable[[Mapping[str, Any]], tuple[str, ...]]


def hotel(**keys: object) -> Change:
    return lambda t: t["hotels"][0].update(keys)


def pms(**keys: object) -> Change:
    return lambda t: t["hotels"][0].update(pms=keys)


def mews(**keys: object) -> Change:
    return lambda t: t["hotels"][0]["pms"].update(keys)


def channel(number: int, **keys: object) -> Change:
    return lambda t: t["hotels"][0]["channels"][number].update(keys)


BROKEN: list[tuple[Change, tuple[str, ...]]] = [
    # unknown keys
    (lambda t: t.update(servr={}), ("servr: is not a key that Jack knows, did you mean server?",)),
    (lambda t: t.update(zzz=1), ("zzz: is not a key that Jack knows, expected one of database, hotels, model",)),
    (lambda t: t.update(source="x"), ("source: is not a key that Jack knows",)),
    (lambda t: t.update({"a b\n": 1}), ('"a b\\n": is not a key that Jack knows',)),
    (hotel(nmae="x"), ("hotels[0].nmae: is not a key that Jack knows, did you mean name?",)),
    (mews(api_key="x"), ("hotels[0].pms.api_key: is not a key that Jack knows",)),
    (channel(1, sender="+15550100000"), ("hotels[0].channels[1].sender: is not a key that Jack knows",)),
    # missing keys
    (lambda t: t.pop("database"), ("database: is missing, expected a table",)),
    (lambda t: t.pop("model"), ("model: is missing",)),
    (lambda t: t.pop("hotels"), ("hotels: is missing, expected a list",)),
    (lambda t: t.update(hotels=[]), ("hotels: is empty, expected at least one [[hotels]]",)),
    (lambda t: t["database"].clear(), ("database.url: is missing, expected something like",)),
    (lambda t: t["queue"].clear(), ("queue.redis_url: is missing",)),
    (lambda t: t["hotels"][0].pop("pms"), ("hotels[0].pms: is missing, expected a table",)),
    (lambda t: t["hotels"][1].pop("name"), ("hotels[1].name: is missing, expected a text",)),
    # tables of another shape
    (lambda t: t.update(server=[]), ("server: is a list, expected a table",)),
    (lambda t: t.update(hotels={}), ("hotels: is a table, expected a list",)),
    (lambda t: t.update(hotels=["x"]), ("hotels[0]: is text, expected a table",)),
    (hotel(pms="mews"), ("hotels[0].pms: is text, expected a table",)),
    (hotel(channels=[[]]), ("hotels[0].channels[0]: is a list, expected a table",)),
    # plain values
    (lambda t: t["server"].update(port="8000"), ("server.port: is text, expected a whole number from 0 to 65535",)),
    (lambda t: t["server"].update(port=True), ("server.port: is true or false",)),
    (lambda t: t["server"].update(port=65536), ("server.port: is out of range",)),
    (lambda t: t["server"].update(host=""), ("server.host: is empty",)),
    (lambda t: t["server"].update(trust_forwarded_for="yes"), ("server.trust_forwarded_for: is text",)),
    (lambda t: t["hotels"][1]["pms"].update(seed=1.5), ("hotels[1].pms.seed: is a number, expected a whole number",)),
    (lambda t: t["hotels"][1]["pms"].update(lively=1), ("hotels[1].pms.lively: is a number, expected true or false",)),
    (hotel(name="  "), ("hotels[0].name: is empty",)),
    (hotel(name="a\x00b"), ("hotels[0].name: holds characters that cannot be printed",)),
    # hotels
    (hotel(id="Harbour Hotel"), ("hotels[0].id: has the wrong form, expected at most 63 lower-case",)),
    (hotel(id="hill"), ("hotels[1].id: is the same as hotels[0].id, expected an id of its own",)),
    (hotel(time_zone="Europe/Lisbn"), ("hotels[0].time_zone: is not a known time zone",)),
    (hotel(time_zone="../etc/passwd"), ("hotels[0].time_zone: is not a known time zone",)),
    (hotel(language="english"), ("hotels[0].language: is not a language tag",)),
    (hotel(language="jp"), ("hotels[0].language: is not a known language",)),
    (hotel(phone_region="pt"), ("hotels[0].phone_region: is not a known region",)),
    (hotel(phone_region="XX"), ("hotels[0].phone_region: is not a known region",)),
    (hotel(phone_region=["PT"]), ("hotels[0].phone_region: is a list",)),
    (hotel(facts="nowhere.md"), ("hotels[0].facts: cannot be read (No such file or directory)",)),
    (hotel(facts="."), ("hotels[0].facts: cannot be read (Is a directory)",)),
    (hotel(facts="a\x00b"), ("hotels[0].facts: holds characters",)),
    (hotel(facts="long.md"), ("hotels[0].facts: is too long, expected a Markdown file of at most 64 KiB",)),
    (hotel(facts="latin.md"), ("hotels[0].facts: is not UTF-8 text",)),
    (hotel(quiet_time="1"), ("hotels[0].quiet_time: is not a duration",)),
    # durations
    (mews(sync_interval="5 minutes"), ("hotels[0].pms.sync_interval: is not a duration",)),
    (mews(sync_interval=300), ("hotels[0].pms.sync_interval: is a number",)),
    (mews(sync_interval="0s"), ("hotels[0].pms.sync_interval: is too short",)),
    (mews(sync_overlap="-5m"), ("hotels[0].pms.sync_overlap: is not a duration",)),
    (mews(max_age="999999999d"), ("hotels[0].pms.max_age: is too long",)),
    (mews(max_age="99999999999999999d"), ("hotels[0].pms.max_age: is not a duration",)),
    # secrets
    (mews(client_token=5), ("hotels[0].pms.client_token: is a number, expected a text or { env",)),
    (mews(client_token=""), ("hotels[0].pms.client_token: is empty",)),
    (
        mews(client_token={"env": "NOT_SET"}),
        ("client_token: wants the environment variable NOT_SET, which is not set",),
    ),
    (mews(client_token={"env": "EMPTY"}), ("client_token: wants the environment variable EMPTY, which is empty",)),
    (mews(client_token={"env": "hush-1"}), ("hotels[0].pms.client_token: names no environment variable",)),
    (mews(client_token={"env": 1}), ("hotels[0].pms.client_token: names no environment variable",)),
    (mews(client_token={"file": "x"}), ("client_token: is a table with other keys than env",)),
    (mews(webhook_secret="short"), ("hotels[0].pms.webhook_secret: is too short or has other characters",)),
    (mews(webhook_secret="a/b" * 10), ("hotels[0].pms.webhook_secret: is too short or has other characters",)),
    # addresses
    (lambda t: t["server"].update(public_url="jack.example.com"), ("server.public_url: is not an address",)),
    (lambda t: t["server"].update(public_url="https://u:hush@x"), ("server.public_url: has more than",)),
    (lambda t: t["server"].update(public_url="https://x/?a=b"), ("server.public_url: has more than",)),
    (lambda t: t["server"].update(public_url="https://x:port"), ("server.public_url: is not an address",)),
    (lambda t: t["server"].update(public_url="https://[x"), ("server.public_url: is not an address",)),
    (lambda t: t["server"].update(public_url="https://a b"), ("server.public_url: has spaces in it",)),
    (mews(base_url="ftp://x"), ("hotels[0].pms.base_url: is not an address",)),
    (lambda t: t["database"].update(url="mysql://u:hush@db/jack"), ("database.url: is not a database that Jack",)),
    (lambda t: t["database"].update(url="hush"), ("database.url: is not a database that Jack knows",)),
    (lambda t: t["database"].update(url="postgresql+psycopg://u@db/jack"), ("database.url: is not a database",)),
    (lambda t: t["database"].update(url="postgresql://u:hush@db"), ("database.url: names no host or no database",)),
    (lambda t: t["database"].update(url="sqlite://"), ("database.url: names no file",)),
    (lambda t: t["database"].update(url="sqlite:///:memory:"), ("database.url: names no file",)),
    (lambda t: t["database"].update(url="sqlite:///"), ("database.url: names no file",)),
    (lambda t: t["queue"].update(redis_url="http://hush"), ("queue.redis_url: is not an address of Redis",)),
    (lambda t: t["queue"].update(redis_url="redis://"), ("queue.redis_url: names no host",)),
    (lambda t: t["queue"].update(redis_url="redis://x/hush"), ("queue.redis_url: names no database by its number",)),
    (lambda t: t["queue"].update(redis_url="unix://"), ("queue.redis_url: names no socket",)),
    # models
    (lambda t: t["model"].update(provider="claude"), ("model.provider: is not known, expected one of anthropic",)),
    (lambda t: t["model"].update(provider=["openai"]), ("model.provider: is not known",)),
    (
        lambda t: t["model"].pop("provider"),
        ("model.provider: is missing, expected one of anthropic, openai, scripted",),
    ),
    (lambda t: t["model"].pop("model"), ("model.model: is missing, expected the provider's name of a model",)),
    (lambda t: t["model"].pop("api_key"), ("model.api_key: is missing, expected the key for https://api.anthropic",)),
    # PMS
    (pms(), ("hotels[0].pms.provider: is missing, expected one of mews, cloudbeds, apaleo, opera, mock",)),
    (pms(provider="protel"), ("hotels[0].pms.provider: is not known, expected one of mews",)),
    (pms(provider={}), ("hotels[0].pms.provider: is not known",)),
    (pms(provider="mews"), ("hotels[0].pms.client_token: is missing", "hotels[0].pms.access_token: is missing")),
    (
        pms(provider="cloudbeds"),
        ("hotels[0].pms.api_key: is missing, expected it or client_id", "hotels[0].pms.property_id: is missing"),
    ),
    (
        pms(provider="cloudbeds", property_id="1", client_id="x"),
        ("hotels[0].pms.client_secret: is missing", "hotels[0].pms.refresh_token: is missing"),
    ),
    (
        pms(provider="cloudbeds", property_id="1", client_id="x", api_key="x"),
        ("pms.api_key: is one way to sign in too",),
    ),
    (
        pms(provider="apaleo"),
        ("pms.client_id: is missing", "pms.client_secret: is missing", "pms.property_id: is missing"),
    ),
    (
        pms(provider="opera", base_url="https://x", client_id="x", client_secret="x", app_key="x", hotel_id="x"),
        ("hotels[0].pms.enterprise_id: is missing, expected it or username and password",),
    ),
    (
        pms(
            provider="opera",
            base_url="https://x",
            client_id="x",
            client_secret="x",
            app_key="x",
            hotel_id="x",
            password="x",
        ),
        ("hotels[0].pms.username: is missing, expected both username and password",),
    ),
    # channels
    (hotel(channels=[{"kind": "sms"}]), ("hotels[0].channels[0].kind: is not known, expected one of whatsapp",)),
    (hotel(channels=[{}]), ("hotels[0].channels[0].kind: is missing",)),
    (channel(0, phone_number_id=106540352242922), ("channels[0].phone_number_id: is a number, expected digits, in",)),
    (channel(0, phone_number_id="+1555"), ("hotels[0].channels[0].phone_number_id: has the wrong form",)),
    (channel(1, account_sid="SK1"), ('hotels[0].channels[1].account_sid: has the wrong form, expected "AC"',)),
    (channel(1, **{"from": "5550100"}), ()),
    (channel(1, **{"from": "0155501000001"}), ("hotels[0].channels[1].from: has the wrong form",)),
    (channel(2, allowed_origins="https://x"), ("hotels[0].channels[2].allowed_origins: is text, expected a list",)),
    (channel(2, allowed_origins=["https://x/y"]), ("channels[2].allowed_origins[0]: has a path",)),
    (
        lambda t: t["hotels"][1].update(channels=deepcopy(GOOD["hotels"][0]["channels"])),
        (
            "hotels[1].channels[0].phone_number_id: is the same as hotels[0].channels[0].phone_number_id",
            "hotels[1].channels[1].from: is the same as hotels[0].channels[1].from",
        ),
    ),
    (
        lambda t: t["hotels"][0]["channels"].append({"kind": "web_chat", "allowed_origins": []}),
        ("hotels[0].channels[3]: is the same as hotels[0].channels[2]",),
    ),
]


@pytest.mark.parametrize(("change", "expected"), BROKEN)
def test_a_mistake_is_named_by_its_path_and_what_was_expected(
    problems_of: Problems, change: Change, expected: tuple[str, ...]
) -> None:
    problems = problems_of(changed(change))
    assert len(problems) == len(expected), problems
    for problem, words in zip(problems, expected, strict=True):
        assert words in problem
        assert "hush" not in problem


def test_all_mistakes_are_reported_at_once(problems_of: Problems) -> None:
    # those that can stand together: each at a place of its own
    changes: list[Change] = [
        lambda t: t.update(servr={}),
        lambda t: t["server"].update(port="x", host=""),
        lambda t: t["database"].clear(),
        lambda t: t["queue"].update(redis_url="http://x"),
        lambda t: t["model"].pop("model"),
        hotel(name="", language="jp", phone_region="XX", time_zone="x", facts="nowhere.md"),
        mews(client_token={"env": "NOT_SET"}, sync_interval="soon"),
        channel(0, phone_number_id=1, app_secret=2),
        lambda t: t["hotels"][1].update(id="harbour", pms={"provider": "apaleo"}),
    ]
    problems = problems_of(changed(*changes))
    assert len(problems) == 19, "\n".join(problems)
    assert len({problem.partition(":")[0] for problem in problems}) == 19


def test_the_error_shows_all_problems_as_lines() -> None:
    error = ConfigurationError(["a: is missing", "b: is empty"])
    assert str(error) == "a: is missing\nb: is empty"
    assert error.problems == ("a: is missing", "b: is empty")


# for any content


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where every value of the good tables stands."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))


MARK = "hush-hush-7f3a"
SCALARS = (
    st.text(max_size=20)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.sampled_from(["redis://", "sqlite:///", "https://", "mews", "whatsapp", "5m", "env"]).flatmap(
        lambda start: st.text(max_size=10).map(lambda end: start + end)
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=10) | st.sampled_from(["env", "provider", "kind"]), inner, max_size=3)
    ),
    max_leaves=5,
)
WITH_MARK = st.text(max_size=5).map(lambda text: MARK + text) | st.text(max_size=5).map(lambda text: text + MARK)
HIDING_PLACES = st.sampled_from(
    ["{}", "sqlite://{}", "mysql://{}", "postgresql://user:{}@", "redis://:{}@", "https://{}@x", "http://[{}", "{}\n"]
)
MARKED = st.builds(lambda form, text: form.replace("{}", text), HIDING_PLACES, WITH_MARK)
MARKED_VALUES = MARKED | st.builds(lambda text: [text], MARKED) | st.builds(lambda text: {"env": text}, MARKED)
PLACES = st.sampled_from(list(places(GOOD))[1:])


def put(tables: Any, path: tuple[str | int, ...], value: object) -> None:
    for step in path[:-1]:
        with suppress(KeyError, IndexError, TypeError):
            tables = tables[step]
    with suppress(IndexError, TypeError):  # an earlier change may have taken the place away
        tables[path[-1]] = value


@settings(deadline=None, max_examples=400)
@given(changes=st.lists(st.tuples(PLACES, VALUES), min_size=1, max_size=4))
def test_whatever_the_tables_hold_only_a_configuration_error_is_raised(
    problems_of: Problems, changes: list[tuple[tuple[str | int, ...], object]]
) -> None:
    tables = deepcopy(GOOD)
    for path, value in changes:
        put(tables, path, value)
    for problem in problems_of(tables):
        assert problem.isprintable()
        assert len(problem) < 500


@settings(deadline=None, max_examples=400)
@given(changes=st.lists(st.tuples(PLACES, MARKED_VALUES), min_size=1, max_size=4))
def test_no_value_is_ever_quoted_wherever_a_secret_was_put(
    problems_of: Problems, changes: list[tuple[tuple[str | int, ...], object]]
) -> None:
    tables = deepcopy(GOOD)
    for path, value in changes:
        put(tables, path, value)
    assert MARK not in "\n".join(problems_of(tables))


def read_text(content: str) -> Settings:
    return read_settings(content, {}, facts=Path("/nowhere"), data=Path("/nowhere"), source="test")


@settings(deadline=None, max_examples=300)
@given(st.text() | st.text(alphabet="[]{}=\"'\n.,#ab1\\ ", max_size=60))
def test_whatever_the_file_holds_only_a_configuration_error_is_raised(content: str) -> None:
    with pytest.raises(ConfigurationError):
        read_text(content)


@settings(deadline=None, max_examples=200)
@given(
    start=st.sampled_from(["[model]\napi_key = ", "api_key=", "", "[[hotels]]\n[hotels.pms]\naccess_token = "]),
    quote=st.sampled_from(['"', "'", '"""', "", "[", "{ env = "]),
    end=st.text(alphabet="\"'\n\\]}=", max_size=4),
)
def test_a_broken_file_does_not_show_the_secret_it_broke_at(start: str, quote: str, end: str) -> None:
    try:
        read_text(f"{start}{quote}{MARK}{end}")
    except ConfigurationError as error:
        shown = str(error)
    if start:  # what stands at the beginning of a line is a key, and keys are named
        assert MARK not in shown
