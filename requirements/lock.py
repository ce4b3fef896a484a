"""Writes the lock files, or says whether they still belong to pyproject.toml.

    python requirements/lock.py             lock again, keeping every version that still fits
    python requirements/lock.py --upgrade   lock again with the newest versions that fit
    python requirements/lock.py --check     exit code 1 if pyproject.toml changed since it was locked; asks no network

bootstrap.lock is what `make` installs first; build.lock and runtime.lock are enough to install and run Jack; dev.lock
holds these and all that the tests and checks need. Each holds for every supported Python on Linux and macOS, with the
hashes of all files, and names no package index, so that any mirror will do.
"""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
OLDEST_PYTHON = "3.11"
DEV = HERE / "dev.lock"


def main(arguments: list[str]) -> int:
    """Lock, or check; returns the exit code."""
    if arguments == ["--check"]:
        return check()
    if arguments not in ([], ["--upgrade"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    stated = requirements()
    _lock(DEV, [*stated["project"], *stated["dev"], *stated["build"]], arguments)
    # the smaller sets take the versions of the big one, so that what is tested is what runs
    same = ["--constraints", str(DEV), *arguments]
    _lock(HERE / "runtime.lock", stated["project"], same)
    _lock(HERE / "build.lock", stated["build"], same)
    _lock(HERE / "bootstrap.lock", stated["bootstrap"], arguments)
    return 0


def check() -> int:
    """Compare the mark in each lock file with pyproject.toml."""
    stale = [lock.name for lock in _locks() if not lock.is_file() or _mark() not in lock.read_text()]
    foreign = [lock.name for lock in _locks() if lock.is_file() and "://" in lock.read_text()]
    if stale:
        sys.stderr.write(f"out of date: {', '.join(stale)}. Run `make lock` and commit what it writes.\n")
    if foreign:
        sys.stderr.write(f"naming an address: {', '.join(foreign)}. Lock files must work with any package index.\n")
    return 1 if stale or foreign else 0


def requirements() -> dict[str, list[str]]:
    """What pyproject.toml and bootstrap.in ask for, by purpose."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = stated["project"]
    return {
        "build": stated["build-system"]["requires"],
        "project": project["dependencies"],
        "dev": project["optional-dependencies"]["dev"],
        "python": [project["requires-python"]],
        "bootstrap": (HERE / "bootstrap.in").read_text().split(),
    }


def _locks() -> list[Path]:
    return [HERE / f"{name}.lock" for name in ("bootstrap", "build", "runtime", "dev")]


def _mark() -> str:
    digest = hashlib.sha256(json.dumps(requirements(), sort_keys=True).encode()).hexdigest()
    return f"# made by `make lock` for requirements {digest}\n"


def _lock(lock: Path, wanted: list[str], options: list[str]) -> None:
    uv = Path(sys.executable).with_name("uv")
    fixed = ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes", "--no-header", "--no-annotate"]
    subprocess.run(
        [uv, "pip", "compile", "--quiet", "-", *fixed, *options, "--output-file", lock],
        input="\n".join(wanted),
        text=True,
        check=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "NO_COLOR": "1"},
    )
    lock.write_text(_mark() + lock.read_text().removeprefix(_mark()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
