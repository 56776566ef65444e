"""How the emulators' environments are made: once, whoever asks, and with a sentence on failure."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local_cloud import installs
from local_cloud.installs import InstallError, environment, python_of


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and requirements that need no network."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "empty.txt").write_text("# nothing\n")
    monkeypatch.setattr(installs, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(installs, "REQUIREMENTS", tmp_path / "requirements")
    return tmp_path / "cache"


def folders(cache: Path) -> list[Path]:
    """The environments of a cache, beside the file of its lock."""
    return [path for path in cache.iterdir() if path.is_dir()]


def test_two_that_ask_at_once_get_the_same_environment_and_leave_one(cache: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        found = set(threads.map(environment, ["empty", "empty"]))
    assert folders(cache) == list(found)
    assert python_of(found.pop()).exists()


def test_it_is_made_once_for_each_state_of_its_requirements(tmp_path: Path) -> None:
    first = environment("empty")
    mark = first / "mark"
    mark.touch()
    assert environment("empty") == first
    assert mark.exists()
    (tmp_path / "requirements" / "empty.txt").write_text("# something else\n")
    assert environment("empty") != first


def test_what_cannot_be_installed_is_told_and_leaves_nothing(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "requirements" / "bad.txt").write_text("no such requirement !!\n")
    with pytest.raises(InstallError, match="Cannot install what bad needs: "):
        environment("bad")
    assert folders(cache) == []
