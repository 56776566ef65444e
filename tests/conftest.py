"""Fixtures of all tests: a clean environment, and a platform of its own, on one side or on both.

A test or module marked `both_sides` runs twice: on a folder with DuckDB, and on Google's clients
with the emulators behind them. All others, and those marked `folder_only`, run on the folder.
"""

import dataclasses
import functools
import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings
from streamlit import config as streamlit_config
from streamlit.components.v2 import manifest_scanner

from core.generation.catalog import Catalog, load_catalog
from core.platform import Platform
from core.settings import SETTINGS, Settings
from core.storage.object_store import LocalStore, ObjectStore
from core.warehouse.duckdb import connection
from tests.support.missing import is_gate
from tests.support.selection import has_no_quick_test, select

pytest_plugins = ["tests.support.cloud"]

SIDES = ("folder", "cloud")

# Nothing is timed here; the gate tries the same examples each time, a person's machine new ones.
settings.register_profile("default", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if is_gate() else "default")

# Where the environment forbids it, each process that a test starts compiles all modules again,
# which takes longer than most tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Few wait for a turn at a test's own warehouse: a break of one try is enough for them. Processes
# that tests start take the product's.
connection._BREAK_S = 0.03

# Each run of a page by AppTest reads the metadata of all installed packages, a third of its time.
manifest_scanner.scan_component_manifests = functools.cache(
    manifest_scanner.scan_component_manifests
)

# As .streamlit/config.toml says, which Streamlit does not read for a test in a folder of its own:
# a panel that listens anywhere else would show nothing.
streamlit_config.set_option("server.address", "127.0.0.1")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that runs the tests reaches them."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)
    # AppTest leaves the panel as the main module, and spawned processes would run that anew.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Folder of the embedded default; not made yet."""
    return tmp_path / "home"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test of `both_sides` its two sides."""
    marked = metafunc.definition.get_closest_marker
    both = marked("both_sides") and not marked("folder_only")
    if both and "side" in metafunc.fixturenames:
        metafunc.parametrize("side", SIDES, indirect=True)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """For the everyday set, import no module and no folder without a test of it, unless named."""
    if config.option.markexpr != "quick":
        return None
    named = any(collection_path.name in argument for argument in config.args)
    modules = [collection_path] if collection_path.is_file() else collection_path.glob("test_*.py")
    tests = [module for module in modules if module.name.startswith("test_")]
    return (bool(tests) and not named and all(map(has_no_quick_test, tests))) or None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among modules and collected tests, which all stay: it takes seconds."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure() -> None:
    """Let extension modules see at the end that nothing of theirs is left."""
    gc.unfreeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Select by rule, and begin with the files whose tests take longest."""
    select(config, items)
    items.sort(key=lambda item: item.path.name not in ("test_airflow.py", "test_kill.py"))


@pytest.fixture
def side(request: pytest.FixtureRequest) -> str:
    """`folder` or `cloud`."""
    return str(getattr(request, "param", "folder"))


@pytest.fixture
def platform(side: str, home: Path, request: pytest.FixtureRequest) -> Platform:
    """An empty platform that takes its objects to Bronze itself."""
    if side == "folder":
        return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))
    settings: Settings = request.getfixturevalue("cloud_settings")
    return dataclasses.replace(Platform.of(settings), has_events=False)


@pytest.fixture
def store(side: str, tmp_path: Path, request: pytest.FixtureRequest) -> ObjectStore:
    """An empty bucket."""
    if side == "folder":
        return LocalStore(tmp_path / "bucket")
    return Platform.of(request.getfixturevalue("cloud_settings")).store
