"""A Jack with a web chat, in a process of its own."""

from pathlib import Path

from tests.journeys.hotel import EMAIL, PASSWORD
from tests.programs import Program, free_port

CONFIGURATION = """\
[server]
port = {port}
[database]
url = "sqlite+aiosqlite:///jack.db"
[model]
provider = "scripted"
[[hotels]]
id = "harbour"
name = "Harbour Hotel"
time_zone = "Europe/Lisbon"
language = "en"
phone_region = "PT"
quiet_time = "100ms"
[hotels.pms]
provider = "mock"
lively = false
[[hotels.channels]]
kind = "web_chat"
allowed_origins = ["{origin}"]
"""


class Chatting:
    """A Jack with a web chat for the pages of one origin."""

    def __init__(self, folder: Path, origin: str = "https://www.harbour.example") -> None:
        self.folder = folder
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        (folder / "jack.toml").write_text(CONFIGURATION.format(port=port, origin=origin), encoding="utf-8")
        self.serve: Program | None = None

    async def open(self) -> None:
        """Start it; return when it serves."""
        self.serve = await Program.start(self.folder, "serve")
        await self.serve.serves(self.url)

    async def employ_ann(self) -> None:
        """Make the account that `Staff` signs in with."""
        account = ("--email", EMAIL, "--name", "Ann", "--role", "admin")
        variables = {"JACK_STAFF_PASSWORD": PASSWORD}
        employed = await Program.start(self.folder, "staff", "add", *account, variables=variables)
        assert await employed.end() == 0, employed.said
