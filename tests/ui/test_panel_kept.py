"""Answers are kept for a moment, and longer where a question costs something."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import pipeline
from core.insight import layer_figures
from core.operations.runs import NewRun, RunHistory, RunState
from core.operations.runs.models import Ending
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import end_of
from tests.support import scenes
from ui.shell import answer_cache, session

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parent.parent.parent
FOLDER = Settings.from_mapping({})
CLOUD = Settings.from_mapping({"GCP_PROJECT_ID": "my-project", "GCS_BUCKET_NAME": "my-bucket"})


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(answer_cache, "time", found)
    return found


def test_answers_are_kept_for_a_moment_and_longer_on_google_cloud(clock: Clock) -> None:
    asked: list[tuple[bool, date]] = []

    @answer_cache.cached(1.0, 8)
    def question(settings: Settings, day: date) -> int:
        asked.append((settings.cloud is not None, day))
        return len(asked)

    question.clear()
    one, other = date(2026, 2, 1), date(2026, 2, 2)
    assert [question(FOLDER, one), question(FOLDER, one), question(FOLDER, other)] == [1, 1, 2]
    assert [question(CLOUD, one), question(CLOUD, one)] == [3, 3]
    clock.seconds += 1
    assert question(FOLDER, one) == 4
    assert question(CLOUD, one) == 3
    clock.seconds += answer_cache.CLOUD_S
    assert question(CLOUD, one) == 5
    question.clear()
    assert question(CLOUD, one) == 6


def test_an_answer_of_the_warehouse_is_kept_until_it_is_written_to(tmp_path: Path) -> None:
    settings = Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path)})
    platform = Platform.of(settings)
    asked: list[int] = []

    @answer_cache.cached(0.001, 8, of_warehouse=True)
    def orders(settings: Settings) -> int:
        asked.append(1)
        return sum(layer.orders for layer in layer_figures.layers(Platform.of(settings).warehouse))

    orders.clear()
    assert [orders(settings), orders(settings), len(asked)] == [0, 0, 1]
    request, seen = scenes.request("window_1214", units=(1,)), 0
    for unit in (1, 2):
        with platform.warehouse.looking():  # what is written stands in the log alone meanwhile
            pipeline.upload(platform, replace(request, units=(unit,)), scenes.NOW)
            asked.clear()
            found = orders(settings)
            assert found > seen
            assert [orders(settings), len(asked)] == [found, 1]
        seen = found


def test_a_look_at_a_range_of_bronze_sees_what_was_written_since(tmp_path: Path) -> None:
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path)}))
    request = scenes.request("window_1214", units=(1,))
    for units in ((1,), (1, 2)):
        pipeline.upload(platform, replace(request, units=units), scenes.NOW)
        first, last = "raw/", end_of("raw/")
        seen = platform.warehouse.bronze_files(platform.store.bucket, first, last)
        again = platform.warehouse.bronze_files(platform.store.bucket, first, last)
        sales = [file for file in seen if file.name.endswith("pedido.csv")]
        assert len(sales) == 2 * len(units)
        assert all(file.rows == file.loaded > 0 for file in sales)
        assert again == seen
        assert again is not seen


def test_more_viewers_ask_no_more_questions_and_a_run_has_each_asked_once_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    clock.seconds += 1  # none of this test passes
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MRHEALTH_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(session, "now", lambda: scenes.NOW)
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "home")}))
    pipeline.upload(platform, scenes.request("window_1214", units=(1,)), scenes.NOW)
    compare, compared = pipeline.compare, []

    def counted(*args: Any, **more: Any) -> Any:
        compared.append(args)
        return compare(*args, **more)

    monkeypatch.setattr(pipeline, "compare", counted)
    answer_cache.forget()
    viewers, counts = [], []
    for _ in range(4):
        viewer = AppTest.from_file(ROOT / "app.py", default_timeout=30)
        viewer.query_params["day"] = scenes.DAY.isoformat()
        viewers.append(viewer.run())
        assert not viewer.exception
        counts.append(len(compared))
    assert counts == counts[:1] * 4
    assert counts[0] > 0
    history = RunHistory(platform.settings.runs_file, lambda: scenes.NOW)
    run = history.enqueue(NewRun("rebuild", "A run", {}, ()))
    history.mark_running(run.id)
    history.finish(run.id, Ending(RunState.SUCCEEDED, "Done."))
    for viewer in viewers:
        assert not viewer.run().exception
    assert len(compared) == 2 * counts[0]
