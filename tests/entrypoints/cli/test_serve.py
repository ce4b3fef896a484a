"""`jack serve`: where it listens, what it says, and how it ends."""

import socket
from pathlib import Path

from jack.entrypoints import settings
from tests.entrypoints.cli.conftest import Desk
from tests.programs import Program, eventually, free_port

ELSEWHERE = """\
import pathlib
from jack.entrypoints.settings import load
load.PACKAGE = pathlib.Path("built-in")
from jack.entrypoints.cli.main import main
main(prog_name="jack")
"""


async def test_a_taken_port_is_told_with_what_to_do(desk: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        desk.configure(port=taken.getsockname()[1])

        said = await desk.jack("serve")

    assert said.code == 2
    assert f"cannot listen on 127.0.0.1 port {taken_port(desk)}" in said.err
    assert "Choose another port in [server] of jack.toml" in said.err
    assert not (desk.folder / "jack.db").exists()


async def test_without_a_configuration_a_newcomer_is_told_what_to_do_and_what_is_told_works(tmp_path: Path) -> None:
    """The built-in configuration as it is, but for its two ports."""
    port, far_port = free_port(), free_port()
    package = Path(settings.__file__).parent
    text = (package / "demo.toml").read_text(encoding="utf-8")
    (tmp_path / "built-in" / "facts").mkdir(parents=True)
    facts = (package / "facts" / "harbour.md").read_text(encoding="utf-8")
    (tmp_path / "built-in" / "facts" / "harbour.md").write_text(facts, encoding="utf-8")
    text = text.replace("port = 8000", f"port = {port}").replace(":8001/", f":{far_port}/")
    (tmp_path / "built-in" / "demo.toml").write_text(text, encoding="utf-8")
    jack = await Program.start(tmp_path, "serve", python=("-c", ELSEWHERE))
    try:
        await jack.serves(f"http://127.0.0.1:{port}")

        async def told() -> str:
            return jack.said if "Ctrl-C" in jack.said else ""

        said = await eventually(told)
        phone = said.partition("--from ")[2].split()[0]
        assert f"sign in        http://127.0.0.1:{port}/" in said
        assert "staff add --email" in said
        assert phone.startswith("+")
        words = ("simulate", "whatsapp", "--from", phone, "Hi, I'd like late checkout")
        guest = await Program.start(tmp_path, *words, python=("-c", ELSEWHERE))
        assert await guest.end() == 0, guest.said
        assert "Jack has it." in guest.said
        assert await jack.stop() == 0
        assert jack.said.endswith("Jack has stopped.\n")
    finally:
        await jack.kill()


def taken_port(desk: Desk) -> int:
    """The port in the configuration."""
    return settings.load_settings(desk.folder / "jack.toml", {}).server.port
