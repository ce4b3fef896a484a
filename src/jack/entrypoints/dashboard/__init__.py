"""The dashboard: a React client of the staff API, built while Jack is installed (see hatch_build.py)."""

from pathlib import Path

_HERE = Path(__file__).parent


def folder() -> Path:
    """The folder with the dashboard's files, its `index.html` on top.

    Where the dashboard was not built this is a folder with one plain page that says so, so that whoever serves it
    needs no second case.
    """
    built = _HERE / "dist"
    return built if (built / "index.html").is_file() else _HERE / "unbuilt"
