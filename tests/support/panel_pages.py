"""What the tests of pages share: a home, a page as it is opened, and what its buttons start."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import pipeline
from core.operations.runs import Run, RunHistory, runner
from core.platform import Platform
from core.reconcile.compare import ObjectVerdict
from core.settings import Settings
from core.storage.publish import Request
from ui.shell import answer_cache

ROOT = Path(__file__).parent.parent.parent
DAY = date(2026, 2, 1)
PAGES = ("overview", "generate", "bronze", "rebuild", "schedule")

HOLDER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("BEGIN")
sys.stdout.write("held\\n")
sys.stdout.flush()
sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MRHEALTH_HOME", str(tmp_path / "home"))
    for name in ("GCP_PROJECT_ID", "GCS_BUCKET_NAME", "MRHEALTH_DATASET_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "home")}))


@pytest.fixture
def history(platform: Platform) -> RunHistory:
    return RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))


def opened(page: str, **parameters: str | list[str]) -> AppTest:
    """A page, reached by its own address as a browser does."""
    answer_cache.forget()  # as some seconds do, when a script and not the panel has written
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    if page != "overview":
        app.switch_page(f"pages/{page}.py")
    app.query_params.update(parameters)
    app.run()
    assert not app.exception
    return app


def pressed(app: AppTest, key: str, history: RunHistory) -> Run:
    """The run that a button starts, when it has ended."""
    app.button(key=key).click().run()
    assert not app.exception
    newest = history.list_recent(1)[0]
    assert runner.wait(history, newest.id, 60)
    found = history.find(newest.id)
    assert found is not None
    return found


def everything(app: AppTest) -> str:
    """All sentences on a page."""
    groups = (app.title, app.markdown, app.caption, app.info, app.success, app.warning, app.error)
    return "\n".join(str(element.value) for group in groups for element in group)


def uploaded(platform: Platform, windows: int = 7, units: int = 2) -> None:
    chosen = platform.catalog.windows[:windows]
    request = Request((DAY,), chosen, tuple(range(1, units + 1)))
    pipeline.upload(platform, request, datetime.now(UTC))


@contextmanager
def held_by_another_process(file: Path) -> Iterator[None]:
    command = [sys.executable, "-c", HOLDER, str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate("go\n", timeout=30)


def of_first_window(platform: Platform) -> list[ObjectVerdict]:
    lines = pipeline.compare(platform, (DAY, DAY), datetime.now(UTC)).lines
    return [line for line in lines if line.window_tag == "window_1012"]
