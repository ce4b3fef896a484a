"""What a demo tells on the terminal: one line for each step that really happened."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click


def jack_command() -> str:
    """How people start this program, to be typed again in the same folder."""
    started = Path(sys.argv[0])
    if started.name != "jack":
        return f"{sys.executable} -m jack"
    on_path = shutil.which("jack")
    if on_path and Path(on_path).resolve() == started.resolve():
        return "jack"
    return str(started.relative_to(Path.cwd())) if started.is_relative_to(Path.cwd()) else str(started)


class StepFailed(Exception):
    """A step of the demo did not happen; the text says which and what was seen instead."""


def heading(text: str) -> None:
    """A line that opens a part of the story."""
    click.echo()
    click.secho(text, bold=True)


@contextmanager
def step(title: str) -> Iterator[list[str]]:
    """One step: its line appears when it is done, with the remarks that were put in the list."""
    remarks: list[str] = []
    try:
        yield remarks
    except StepFailed as failure:
        click.secho(f"  ✗ {title}: {failure}", fg="red", err=True)
        raise
    except Exception as error:
        click.secho(f"  ✗ {title}: {type(error).__name__}: {error}", fg="red", err=True)
        raise StepFailed(str(error)) from error
    click.echo(f"  {click.style('✓', fg='green')} {title}")
    for remark in remarks:
        click.echo(f"      {remark}")


def speech(who: str, text: str) -> None:
    """What somebody says in the conversation."""
    click.echo()
    for number, line in enumerate(text.splitlines() or [""]):
        name = f"{who:>12}  " if number == 0 else " " * 14
        click.echo(f"{click.style(name, fg='cyan', bold=True)}{line}")
    click.echo()


def expect(true: object, otherwise: str) -> None:
    """Raises StepFailed with `otherwise` unless `true` is."""
    if not true:
        not_seen(otherwise)


def not_seen(what: str) -> NoReturn:
    """Raises StepFailed."""
    raise StepFailed(what)
