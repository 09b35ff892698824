"""The tree keeps its shape: direction of imports, small modules, imports without side effects."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT: dict[str, set[str]] = {
    "vectorstore": {"vectorstore"},
    "prompts": {"prompts"},
    "assistant": {"assistant", "vectorstore", "prompts"},
    "evals": {"evals", "assistant", "vectorstore", "prompts"},
}
OURS = set(MAY_IMPORT)
MODULES = sorted(p for package in OURS for p in (ROOT / package).rglob("*.py"))
APP = ROOT / "assistant" / "app"
TABS = sorted(tab.parent.name for tab in APP.glob("*/tab.py"))
ASSEMBLY = {"handlers", "page", "server"}  # modules of the app that put the tabs together
STARTS_THE_APP = {"assistant/cli/system.py"}  # fazhi serve
MAX_MODULE_LINES = 350  # design/style: a module is one job
MAX_FUNCTION_LINES = 40


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


OUR_MODULES = {_module(path) for path in MODULES}


def _imports(tree: ast.Module) -> set[str]:
    """Every module imported; `from a import b` counts as a.b, for b may be a module."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _parts_of_app(path: Path) -> set[str]:
    """What `path` imports of the web application: names of its folders and modules."""
    names = (name.split(".") for name in _imports(ast.parse(path.read_text("utf-8"))))
    return {name[2] for name in names if name[:2] == ["assistant", "app"]}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_point_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    imported = _imports(ast.parse(path.read_text("utf-8")))
    assert {name.split(".")[0] for name in imported} & OURS <= MAY_IMPORT[package]


def test_only_what_starts_the_web_application_imports_it() -> None:
    """Commands and everything below them work without it."""
    below = [p for p in (ROOT / "assistant").rglob("*.py") if not p.is_relative_to(APP)]
    assert {_name(path) for path in below if _parts_of_app(path)} == STARTS_THE_APP


def test_tabs_know_nothing_of_each_other() -> None:
    """What two tabs share has a home of its own; only the assembly knows which tabs there are."""
    assert len(TABS) == 7
    seen: list[str] = []
    for path in APP.rglob("*.py"):
        own = path.relative_to(APP).parts[0].removesuffix(".py")
        if own not in ASSEMBLY:
            barred = {*TABS, *ASSEMBLY} - {own}
            seen += [f"{_name(path)} imports {part}" for part in _parts_of_app(path) & barred]
    assert seen == []


def _needed(path: Path) -> set[str]:
    """Modules of ours that `path` imports, now or later; not those named for their types only."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    named = _imports(tree)
    return {name if name in OUR_MODULES else name.rpartition(".")[0] for name in named}


def test_no_module_needs_itself_by_way_of_others() -> None:
    """Raises CycleError, which names the circle."""
    graph = {_module(path): (_needed(path) & OUR_MODULES) - {_module(path)} for path in MODULES}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_and_functions_are_small(path: Path) -> None:
    source = path.read_text("utf-8")
    assert source.count("\n") <= MAX_MODULE_LINES
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= MAX_FUNCTION_LINES, f"{node.name} has {length} lines"


@pytest.mark.parametrize(
    "path", sorted(p for k in OURS for p in (ROOT / k).rglob("__init__.py")), ids=_name
)
def test_every_package_says_what_it_exports(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree)
    names = [
        t.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Assign | ast.AnnAssign)
        for t in (n.targets if isinstance(n, ast.Assign) else [n.target])
        if isinstance(t, ast.Name)
    ]
    assert "__all__" in names


def test_only_build_constructs_the_parts_of_a_chain() -> None:
    """Composition happens in one place, so every chain can be given other parts in a test."""
    made_by_build = (
        "Retriever(",
        "E5Embedder(",
        "EndpointEmbedder(",
        "ExactIndex(",
        "ChromaIndex.open(",
    )
    for path in (ROOT / "assistant").rglob("*.py"):
        if path.name == "build.py":
            continue
        source = path.read_text("utf-8")
        assert not [name for name in made_by_build if name in source], _name(path)


def test_importing_everything_is_quiet_and_quick_to_name() -> None:
    """No module talks to the network, prints, or writes when imported."""
    code = (
        "import importlib, pkgutil, socket\n"
        "def refuse(*a, **k): raise AssertionError('network at import')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "for package in ('vectorstore', 'prompts', 'assistant', 'evals'):\n"
        "    root = importlib.import_module(package)\n"
        "    for m in pkgutil.walk_packages(root.__path__, package + '.'):\n"
        "        if not m.name.endswith('__main__'): importlib.import_module(m.name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


def test_every_data_file_is_packaged() -> None:
    """What the code reads is in the wheel; the runs' pages are for readers of the repository."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["*"]
    beside = {".py", ".pyc"}
    left_out = [
        _name(path)
        for package in OURS
        for path in sorted((ROOT / package).rglob("*"))
        if path.is_file()
        and path.suffix not in beside
        and not any(path.match(pattern) for pattern in patterns)
        and path.parent != ROOT / "evals" / "baselines"
    ]
    assert left_out == []


def test_no_child_process_imports_what_lies_in_the_users_folder() -> None:
    """`python -c` puts the working folder first on its path; `-P` does not."""
    started = [
        (_name(path), found[0])
        for package in ("assistant", "vectorstore")
        for path in sorted((ROOT / package).rglob("*.py"))
        for found in re.finditer(r"sys\.executable,\s*\S+", path.read_text("utf-8"))
    ]
    assert len(started) >= 4
    assert [where for where, said in started if '"-P"' not in said] == []
