"""Diagnostics in the panel: the worst first, and a button that puts right what one can."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from core import pipeline
from core.generation.windows import business_date
from core.insight.diagnostics.checks import CHECKS, State
from core.operations import jobs
from core.operations.runs import RunHistory
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import SALES_PREFIX
from core.storage.publish import Request, publish
from tests.support.panel_pages import held_by_another_process, opened, pressed
from tests.support.scenes import execute, rows
from ui.texts.en import diagnostics as english
from ui.texts.pt import diagnostics as portuguese

ATTENTION, FINE = "! needs attention", "✓ fine"


@pytest.fixture(autouse=True)
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MRHEALTH_HOME", str(tmp_path / "home"))
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "home")}))


@pytest.fixture
def history(platform: Platform) -> RunHistory:
    return RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))


@pytest.fixture
def today(platform: Platform) -> Request:
    day = business_date(datetime.now(UTC))
    return Request((day,), platform.catalog.windows[:1], (1, 2))


def cards(app: AppTest) -> dict[str, str]:
    """The state of each check by its key, in the page's order."""
    known = {check.key for check in CHECKS}
    shown = [caption.value for caption in app.caption if caption.value in known]
    badges = [m.value.partition("-badge[")[2] for m in app.markdown if "-badge[" in m.value]
    states = [badge.rstrip("]") for badge in badges][-len(shown) :]  # the first is the place's
    return dict(zip(shown, states, strict=True))


def state_of(app: AppTest, key: str) -> str:
    return cards(app)[key]


def sentences(app: AppTest) -> str:
    return "\n".join(text.value for text in app.text)


def commands(app: AppTest) -> list[str]:
    return [code.value for code in app.code]


def test_an_empty_home_shows_every_check_and_none_that_the_home_fails(platform: Platform) -> None:
    app = opened("diagnostics")
    shown = cards(app)
    assert set(shown) == {check.key for check in CHECKS}
    bad = {key for key, state in shown.items() if state in (ATTENTION, "✗ broken")}
    assert bad <= {"packages"}  # the tests run with those of requirements-dev.txt
    assert not app.error
    assert f"The folder {platform.settings.bucket_folder} is not there yet" in sentences(app)


def test_pending_objects_are_ingested_by_the_button(
    platform: Platform, history: RunHistory, today: Request
) -> None:
    publish(platform.store, today, platform.catalog)
    past = (datetime.now(UTC) - timedelta(minutes=5)).timestamp()
    for path in platform.settings.bucket_folder.rglob("*.csv"):
        os.utime(path, (past, past))
    app = opened("diagnostics")
    assert state_of(app, "pending") == ATTENTION
    assert next(iter(cards(app))) in ("packages", "pending")  # what needs somebody comes first
    assert "python scripts/ingest_pending.py" in commands(app)
    run = pressed(app, "act_pending", history)
    assert not run.error
    app.run()
    assert state_of(app, "pending") == FINE
    assert any(run.result in message.value for message in app.success)


def test_what_stands_twice_and_what_is_behind_is_put_right_by_buttons(
    platform: Platform, history: RunHistory, today: Request
) -> None:
    pipeline.upload(platform, today, datetime.now(UTC))
    execute(platform, "INSERT INTO bronze.orders SELECT * FROM bronze.orders WHERE id_unidade = 1")
    app = opened("diagnostics")
    assert state_of(app, "duplicates") == "✗ broken"
    assert next(iter(cards(app))) == "duplicates"
    assert not pressed(app, "act_duplicates", history).error
    app.run()
    assert state_of(app, "duplicates") == FINE
    assert state_of(app, "layers") == ATTENTION
    assert not pressed(app, "act_layers", history).error
    app.run()
    assert state_of(app, "layers") == FINE


def test_what_deleted_objects_left_is_settled_by_a_button(
    platform: Platform, history: RunHistory, today: Request
) -> None:
    pipeline.upload(platform, today, datetime.now(UTC))
    gone = [info.name for info in platform.store.list(SALES_PREFIX) if "/unit_002/" in info.name]
    platform.store.delete(*gone)
    app = opened("diagnostics")
    assert state_of(app, "left_overs") == ATTENTION
    assert set(gone) <= {name for block in commands(app) for name in block.splitlines()}
    run = pressed(app, "act_left_overs", history)
    assert (run.kind, run.error) == ("settle", "")
    app.run()
    assert state_of(app, "left_overs") == FINE
    found = rows(platform, "SELECT DISTINCT id_unidade FROM bronze.orders")
    assert found == [{"id_unidade": 1}]


def test_the_filter_leaves_what_needs_somebody_and_stands_in_the_address(
    platform: Platform, today: Request
) -> None:
    pipeline.upload(platform, today, datetime.now(UTC))
    app = opened("diagnostics", attention="true", diag_days="30")
    assert set(cards(app)) - {"packages"} == {"layers"}
    assert commands(app)[-1] == "python scripts/diagnose.py --days 30 --attention"


def test_what_was_found_is_kept_until_one_looks_again(platform: Platform, today: Request) -> None:
    app = opened("diagnostics")
    assert state_of(app, "layers") == FINE
    pipeline.upload(platform, today, datetime.now(UTC))
    app.run()
    assert state_of(app, "layers") == FINE
    app.button(key="look_again").click().run()
    assert state_of(app, "layers") == ATTENTION


def test_a_run_that_failed_leads_to_runs(history: RunHistory) -> None:
    long_ago = RunHistory(history.path, lambda: datetime(2026, 2, 1, tzinfo=UTC))
    lost = long_ago.enqueue(jobs.rebuild(["silver"]))
    long_ago.mark_running(lost.id)
    long_ago.let_go(lost.id)
    app = opened("diagnostics")
    assert state_of(app, "runs") == ATTENTION
    links = [element.proto.label for element in app.get("page_link")]
    assert "Go to Runs →" in links


def test_a_busy_warehouse_is_a_finding_beside_the_others(
    platform: Platform, today: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.upload(platform, today, datetime.now(UTC))
    monkeypatch.setenv("MRHEALTH_WAIT_S", "0.2")
    with held_by_another_process(platform.settings.warehouse_file):
        app = opened("diagnostics")
        assert state_of(app, "warehouse") == ATTENTION
        assert state_of(app, "duplicates") == "? could not be checked"
        assert state_of(app, "bucket") == FINE
    app.button(key="look_again").click().run()
    assert state_of(app, "warehouse") == FINE


def test_a_history_that_is_damaged_is_told_though_no_page_can_use_it(platform: Platform) -> None:
    platform.settings.home.mkdir()
    platform.settings.runs_file.write_bytes(b"no database at all" * 1000)
    app = opened("diagnostics")
    assert "Cannot use the run history" in app.error[0].value
    assert "no run can be started here" in app.warning[0].value
    assert state_of(app, "history_file") == "✗ broken"
    assert any(command == "python scripts/put_aside.py history" for command in commands(app))
    assert not [button for button in app.button if button.key and button.key.startswith("act_")]


def test_portuguese_names_states_and_checks() -> None:
    app = opened("diagnostics", lang="pt-BR")
    assert state_of(app, "bucket") == "✓ em ordem"
    assert any(button.label == "Verificar de novo" for button in app.button)


@pytest.mark.parametrize("texts", [english, portuguese], ids=["en", "pt"])
def test_every_check_and_state_has_its_texts(texts: ModuleType) -> None:
    keys = [check.key for check in CHECKS]
    assert list(texts.DIAG_SUBJECTS) == keys
    assert list(texts.DIAG_LOOKS) == keys
    assert list(texts.DIAG_STATES) == list(texts.DIAG_SIGNS) == list(State)
    assert len(set(texts.DIAG_SIGNS.values())) == len(State)  # told without colour, too
