"""`jack simulate whatsapp`: write to a running Jack as a guest would."""

import re
import time

import click

from jack.entrypoints.cli.common import config_option, fail
from jack.entrypoints.demo.webhooks import message_body, signed
from jack.entrypoints.settings import Settings, WhatsAppChannel


def _a_phone(_context: click.Context, _option: click.Parameter, text: str) -> str:
    """An international number without its decoration. Raises BadParameter."""
    phone = re.sub(r"[ ().-]", "", text)
    if not re.fullmatch(r"\+?[1-9][0-9]{6,14}", phone):
        raise click.BadParameter("write an international phone number, like +15551234567")
    return phone


@click.group("simulate")
def command() -> None:
    """Play the outside world for a running Jack."""


@command.command("whatsapp")
@click.argument("text")
@click.option(
    "--from", "sender", required=True, metavar="PHONE", callback=_a_phone, help="Who writes, like +15551234567."
)
@click.option("--name", default="", help="The sender's profile name; guests choose it freely.")
@click.option("--hotel", help="Which hotel is written to; without it, the first with WhatsApp.")
@click.option("--url", help="Where Jack is; without it, the address in [server].")
@config_option
def whatsapp(settings: Settings, text: str, sender: str, name: str, hotel: str | None, url: str | None) -> None:
    """Send TEXT as a correctly signed WhatsApp webhook to a running Jack."""
    import httpx

    channel = _channel(settings, hotel)
    base = (url or f"http://{_reachable(settings.server.host)}:{settings.server.port}").rstrip("/")
    body = message_body(channel.phone_number_id, sender, text, int(time.time()), name)
    try:
        answer = httpx.post(
            f"{base}/webhooks/whatsapp",
            content=body,
            headers=signed(body, channel.app_secret.reveal()),
            timeout=10,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        fail(f"Jack does not answer on {base} ({type(error).__name__}). Is `jack serve` running?")
    if answer.status_code != 200:
        fail(f"Jack did not accept the message: HTTP {answer.status_code}. Does it use the same configuration?")
    click.echo("Jack has it. The answer goes to the channel's api_url and stands in the dashboard.")


def _channel(settings: Settings, hotel: str | None) -> WhatsAppChannel:
    asked = [found for found in settings.hotels if hotel in (None, found.id)]
    channels = [channel for found in asked for channel in found.channels if isinstance(channel, WhatsAppChannel)]
    if not channels:
        where = "No hotel" if hotel is None else f"No hotel {hotel!r}"
        fail(f"{where} with a WhatsApp channel is in the configuration.")
    return channels[0]


def _reachable(host: str) -> str:
    """An address to connect to for one that listens everywhere."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
