"""The wings of `core` have an order, and each imports only what comes before it."""

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CORE = ROOT / "core"

# In reading order; docs/architecture.md says what each is for.
GROUND = (
    "messages", "errors", "showable", "strict_json", "locks", "sqlite_file", "progress", "sums",
    "access", "settings", "aside", "command",
)  # fmt: skip
WINGS = (
    "generation", "gcp", "storage", "warehouse", "platform", "scenarios", "bronze", "transform",
    "reconcile", "pipeline", "operations", "scheduler", "insight", "alerts",
)  # fmt: skip
ORDER = (*GROUND, *WINGS)
# Started by `python -m`: like a script, it reads the clock and the environment, and hands them on,
# and it may use every wing.
ENTRY_POINTS = {"core.scheduler.__main__"}
MOST_ENTRIES = 12  # of a folder below `core`, for a reader takes them in at a glance

# `import core` has to be cheap; these cost tens to hundreds of milliseconds each.
HEAVY = (
    "pandas", "duckdb", "google.api_core", "google.auth", "google_crc32c", "plotly", "pyarrow",
    "sqlglot", "numpy",
)  # fmt: skip
FRAMEWORKS = {"streamlit", "airflow", "functions_framework"}

FILES = sorted(CORE.rglob("*.py"))


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def _imports(path: Path) -> tuple[str, ...]:
    """Dotted names that a file imports anywhere in it; `from a import b` may mean `a.b`."""
    return tuple(_names_imported(path))


def _names_imported(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            assert node.module is not None
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if _is_module(full) else node.module


@functools.cache
def _is_module(dotted: str) -> bool:
    base = ROOT.joinpath(*dotted.split("."))
    return base.with_suffix(".py").exists() or (base / "__init__.py").exists()


def _place(dotted: str) -> int:
    """Where a module's wing comes in the order."""
    wing = dotted.split(".")[1]
    assert wing in ORDER, f"give {wing} its place among the wings"
    return ORDER.index(wing)


def _imported(path: Path, root: str = "core") -> set[str]:
    """Modules under a root that a file imports, its own package's face aside."""
    module = _dotted(path)
    return {name for name in _imports(path) if name.startswith(f"{root}.") and name != module}


def test_the_order_names_what_is_there() -> None:
    assert {_dotted(path).split(".")[1] for path in FILES if _dotted(path) != "core"} == set(ORDER)


def test_a_module_imports_only_wings_before_its_own() -> None:
    modules = {_dotted(path): path for path in FILES}
    # The public names, each of which is imported when it is first used, and what is like a script.
    for module in {"core", *ENTRY_POINTS}:
        del modules[module]
    later = {
        module: names
        for module, path in modules.items()
        if (names := {name for name in _imported(path) if _place(name) > _place(module)})
    }
    assert later == {}


@pytest.mark.parametrize("root", ["core", "ui", "cloud_function", "benchmarks"])
def test_no_import_runs_in_a_circle(root: str) -> None:
    files = [path for path in (ROOT / root).rglob("*.py") if _dotted(path) != root]
    try:
        TopologicalSorter({_dotted(path): _imported(path, root) for path in files}).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def _folders() -> list[Path]:
    return [path for path in CORE.rglob("*") if path.is_dir() and any(path.glob("*.py"))]


def test_a_folder_is_taken_in_at_a_glance() -> None:
    entries = {
        str(folder.relative_to(ROOT)): {path.name for path in folder.iterdir()}
        - {"__init__.py", "__pycache__"}
        for folder in _folders()
    }
    assert {folder: names for folder, names in entries.items() if len(names) > MOST_ENTRIES} == {}


def test_core_knows_no_framework() -> None:
    known = {_dotted(path): {name.split(".")[0] for name in _imports(path)} for path in FILES}
    assert {module: names for module, names in known.items() if names & FRAMEWORKS} == {}


def test_imports_inside_functions_count(tmp_path: Path) -> None:
    file = tmp_path / "draws.py"
    file.write_text("def f():\n    from core.bronze import ingest\n    import streamlit.web\n")
    assert list(_imports(file)) == ["core.bronze.ingest", "streamlit.web"]
    assert _place("core.bronze.ingest") > _place("core.generation.draws")


def _loaded_by(code: str) -> set[str]:
    """Top-level modules in a fresh process after it ran some code; of `google`, the level below.

    A .pth file of functions-framework makes the empty packages `google` and `google.cloud` at the
    start of every process.
    """
    script = f"{code}\nimport sys\nsys.stdout.write(' '.join(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = [name.split(".") for name in result.stdout.split()]
    return {".".join(parts[: 2 if parts[0] == "google" else 1]) for parts in names}


def test_import_core_is_light() -> None:
    loaded = _loaded_by("import core")
    assert "core" in loaded
    assert not loaded & {*HEAVY, *FRAMEWORKS}


def test_generating_needs_numpy_alone() -> None:
    loaded = _loaded_by(
        "from datetime import date\n"
        "from core.generation.catalog import load_catalog\n"
        "from core.generation.csv_files import cell_files\n"
        "from core.generation.cells import window_cells\n"
        "catalog = load_catalog()\n"
        "cells = window_cells([date(2026, 2, 1)], catalog.windows, [1])\n"
        "assert len(list(cell_files(cells, 1, catalog))) == 7\n"
    )
    assert "numpy" in loaded
    assert not loaded & ({*HEAVY, *FRAMEWORKS} - {"numpy"})


FORBIDDEN = ("now", "today", "utcnow", "uuid1", "uuid4", "getenv", "environ", "time")


def test_core_asks_no_clock_no_chance_and_no_environment() -> None:
    for path in FILES:
        assert {"random", "secrets", "uuid"}.isdisjoint(_imports(path)), path
        reads = [
            node.attr
            for node in ast.walk(_tree(path))
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in {"datetime", "date", "time", "os", "uuid"}
            and node.attr in FORBIDDEN
        ]
        assert reads == [] or _dotted(path) in ENTRY_POINTS, path


PANEL = sorted([*ROOT.glob("pages/*.py"), *ROOT.glob("ui/**/*.py")])
# What a button of the panel does reads the fields when it is pressed, and takes nothing along from
# a drawing. What the buttons of these two do concerns no field.
AT_THE_DOOR = {"boot.py", "signin.py"}
STREAMLITS = ("on_click", "download_button", "form_submit_button")


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func), node


def _by_hand(tree: ast.AST) -> list[int]:
    """Lines on which Streamlit's own buttons are given something to do."""
    return [
        call.lineno
        for name, call in _calls(tree)
        if name.rpartition(".")[2] in STREAMLITS
        or any(keyword.arg in STREAMLITS for keyword in call.keywords)
    ]


def _taken_along(tree: ast.Module) -> list[int]:
    """Lines on which a button gets anything but a function by its name."""
    inner = {
        node.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.FunctionDef) and node is not function
    }
    return [
        argument.lineno
        for name, call in _calls(tree)
        if name.startswith("actions.")
        for argument in call.args[1 : 3 if name == "actions.download" else 2]
        if not _is_of_a_module(argument, inner)
    ]


def _is_of_a_module(argument: ast.expr, inner: set[str]) -> bool:
    if isinstance(argument, ast.Name):
        return argument.id not in inner
    if isinstance(argument, ast.Subscript):  # a table of functions
        return isinstance(argument.value, ast.Name) and argument.value.id.isupper()
    return isinstance(argument, ast.Attribute) and isinstance(argument.value, ast.Name)


def test_what_a_button_does_is_a_function_of_a_module() -> None:
    for path in PANEL:
        tree = _tree(path)
        if path.name not in {"actions.py", *AT_THE_DOOR}:
            assert _by_hand(tree) == [], f"{path}: use ui/shell/actions.py"
        taken = _taken_along(tree)
        assert taken == [], f"{path}: an action reads the fields when it is pressed"


@pytest.mark.parametrize(
    "code",
    [
        "def page(units):\n    actions.button('Go', lambda: start(units), 'go')",
        "def page(units):\n    actions.button('Go', functools.partial(start, units), 'go')",
        "def page(units):\n    def go():\n        start(units)\n    actions.button('Go', go, 'go')",
        "def page(units):\n    actions.download('Go', read, lambda _: zipped(units), 'go')",
    ],
)
def test_a_value_that_is_taken_along_is_found(code: str) -> None:
    assert _taken_along(ast.parse(code)) != []


@pytest.mark.parametrize("call", ["st.button('Go', on_click=go)", "st.download_button('Go', go)"])
def test_a_button_that_is_made_by_hand_is_found(call: str) -> None:
    assert _by_hand(ast.parse(call)) == [1]
