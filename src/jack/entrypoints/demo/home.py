"""The demo's home: a folder with a configuration of its own, an embedded database and secrets that nobody else has."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from jack.entrypoints.settings import Settings, load_settings

HOTEL = "harbour"
EMAIL = "ann@harbour.example"
PHONE_NUMBER_ID = "106540352242922"

_CONFIGURATION = """\
# The configuration of this demo. Copy it, name your own PMS, channel and model, and run `jack serve --config ...`.
[server]
host = "127.0.0.1"
port = {port}

[database]
url = "sqlite+aiosqlite:///jack.db"

[model]
provider = "scripted"

[[hotels]]
id = "{hotel}"
name = "Harbour Hotel"
time_zone = "Europe/Lisbon"
language = "en"
phone_region = "PT"
facts = "harbour.md"

[hotels.pms]
provider = "mock"
sync_interval = "20s"

[[hotels.channels]]
kind = "whatsapp"
api_url = "{graph_url}/v23.0"
phone_number_id = "{phone_number_id}"
access_token = "{access_token}"
app_secret = "{app_secret}"
verify_token = "{verify_token}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoHome:
    """A folder that is deleted at the end, and the secrets of this one demo."""

    folder: Path
    access_token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    app_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    verify_token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(9), repr=False)

    def settings(self, port: int, graph_url: str) -> Settings:
        """Write the configuration and read it as `jack serve` would."""
        facts = resources.files("jack.entrypoints.settings").joinpath("facts/harbour.md").read_text(encoding="utf-8")
        (self.folder / "harbour.md").write_text(facts, encoding="utf-8")
        text = _CONFIGURATION.format(
            port=port,
            hotel=HOTEL,
            graph_url=graph_url,
            phone_number_id=PHONE_NUMBER_ID,
            access_token=self.access_token,
            app_secret=self.app_secret,
            verify_token=self.verify_token,
        )
        file = self.folder / "jack.toml"
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
        return load_settings(file, {})


@contextmanager
def demo_home() -> Iterator[DemoHome]:
    """A fresh home, deleted when the demo ends."""
    with tempfile.TemporaryDirectory(prefix="jack-demo-") as folder:
        yield DemoHome(folder=Path(folder))
