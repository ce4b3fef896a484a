"""Model providers for whole journeys: they answer from the facts in the prompt, as an obedient model would."""

import json

from tests.simulators import anthropic, openai
from tests.simulators.plays import Json, ProviderSimulator, Say


class ReadingOpenAi(openai.OpenAiSimulator):
    """Chat Completions whose model reads; `said` wins over what it would say."""

    def render(self, say: Say, body: Json) -> Json:
        return super().render(_read(say, body["messages"][0]["content"]), body)


class ReadingAnthropic(anthropic.AnthropicSimulator):
    """Messages whose model reads."""

    def render(self, say: Say, body: Json) -> Json:
        return super().render(_read(say, "\n".join(block["text"] for block in body["system"])), body)


def openai_model(url: str, time_limit: str = "20s") -> str:
    """The `[model]` that asks a simulator of Chat Completions at that address."""
    return _model("openai", openai.MODEL, f"{url}/v1", openai.KEY, time_limit)


def anthropic_model(url: str, time_limit: str = "20s") -> str:
    """The `[model]` that asks a simulator of Anthropic's API at that address."""
    return _model("anthropic", anthropic.MODEL, url, anthropic.KEY, time_limit)


def asked_for(provider: ProviderSimulator, question: str) -> list[Json]:
    """The requests in which the model was asked that."""
    return [body for body in provider.requests if question in json.dumps(body, ensure_ascii=False)]


def _model(provider: str, name: str, base_url: str, key: str, time_limit: str) -> str:
    return (
        f'[model]\nprovider = "{provider}"\nmodel = "{name}"\nbase_url = "{base_url}"\n'
        f'api_key = "{key}"\ntime_limit = "{time_limit}"\n'
    )


def _read(say: Say, system: str) -> Say:
    """What the model says by itself when the test gave it no words."""
    if say != Say() or '{\n "hotel"' not in system:
        return say
    facts, _ = json.JSONDecoder().raw_decode(system, system.index('{\n "hotel"'))
    if not facts["guest"]:
        return Say(text="Welcome! How may I help you?")
    room = facts["stays"][0]["room"] if facts["stays"] else None
    return Say(text=f"Certainly, {facts['guest']['first_name']}, for room {room}.")
