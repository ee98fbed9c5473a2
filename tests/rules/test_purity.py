"""The rules and the figures import nothing but themselves and the pure part of the standard library."""

import ast
import sys
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
IMPURE = """
    os io pathlib random secrets time sqlite3 subprocess socket urllib http shutil tempfile threading asyncio logging uuid glob ctypes
    multiprocessing signal select ssl platform locale getpass importlib inspect gc sys builtins
""".split()  # noqa: SIM905 - a list of words
MODULES = [path for folder in ("rules", "figures") for path in sorted((APP / folder).glob("**/*.py"))]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_pure_module_imports_only_what_is_pure(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    own = {name for name in names if name.startswith(("app.rules", "app.figures"))}
    assert {name.split(".")[0] for name in names - own} <= set(sys.stdlib_module_names) - set(IMPURE)
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert calls.isdisjoint({"open", "date.today", "datetime.now", "datetime.utcnow", "input", "print"})
