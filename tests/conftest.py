"""Fixtures of all tests: a clean environment, and a platform in a folder of its own."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from core.catalog import Catalog, load_catalog
from core.object_store import LocalStore
from core.pipeline import Platform
from core.settings import SETTINGS, Settings

# Nothing is timed here; the gate tries the same examples each time, a person's machine new ones.
settings.register_profile("default", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "default")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that runs the tests reaches them."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)


@pytest.fixture
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Folder of the embedded default; not made yet."""
    return tmp_path / "home"


@pytest.fixture
def platform(home: Path) -> Platform:
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    """An empty bucket."""
    return LocalStore(tmp_path / "bucket")
