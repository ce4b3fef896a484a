"""The contracts are written down: every port with its methods, and every story."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import jack.application

APPLICATION = Path(jack.application.__file__).parent
MODULES = sorted(path for path in APPLICATION.rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(APPLICATION)))
def test_everything_public_in_the_application_says_what_it_promises(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))

    assert ast.get_docstring(tree)
    assert [name for name, node in _public(tree) if not ast.get_docstring(node)] == []


def _public(
    parent: ast.Module | ast.ClassDef, path: str = ""
) -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Public classes and functions, and the methods of those classes; `__call__` is the story itself."""
    for node in parent.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name.startswith("_") and node.name != "__call__":
            continue
        yield f"{path}{node.name}", node
        if isinstance(node, ast.ClassDef):
            yield from _public(node, f"{path}{node.name}.")
