"""The DAG in a real Airflow: parsed, tried for a date, and followed from the panel to its end."""

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from streamlit.testing.v1 import AppTest

from core import pipeline
from core.errors import InputError
from core.generation.windows import business_date
from core.operations import daily_refresh, jobs
from core.operations.airflow import DAG, Airflow
from core.operations.daily_refresh import STEPS, Refresh
from core.operations.runs import Run, RunHistory, RunState, runner
from core.platform import Platform
from core.settings import AirflowSettings, Settings
from local_airflow.servers import airflow_python, variables
from local_cloud.installs import InstallError
from local_cloud.servers import free_port, listens, process, wait_until
from tests.operations.test_daily import spoil_a_total
from tests.support.missing import skip_or_fail
from tests.support.panel_pages import everything, held_by_another_process, opened, pressed
from tests.support.scenes import DAY, NOW, count, request

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parent.parent.parent
SETUP = (ROOT / "docs" / "AIRFLOW_SETUP.md").read_text(encoding="utf-8")
UNITS = 2
PAST = (date(2026, 1, 15), date(2026, 1, 16))  # refreshed by Airflow's own backfill
HEAVY = ("core", "duckdb", "numpy", "pyarrow", "pandas", "sqlglot", "google.cloud")

PARSED = """
import importlib.util, json, os, sys
os.environ.clear()  # nothing of it is read
spec = importlib.util.spec_from_file_location("parsed", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
modules, dag = sorted(sys.modules), module.daily_pipeline
print(json.dumps({
    "tasks": [task.task_id for task in dag.topological_sort()],
    "edges": sorted(
        [task.task_id, after] for task in dag.tasks for after in task.downstream_task_ids
    ),
    "schedule": dag.timetable.expression, "zone": str(dag.timezone.name), "catchup": dag.catchup,
    "runs": dag.max_active_runs, "retries": sorted({task.retries for task in dag.tasks}),
    "backoff": sorted({task.retry_exponential_backoff for task in dag.tasks}),
    "modules": modules,
}))
"""

DATED = """
import importlib.util, json, sys
from airflow.serialization.serialized_objects import DagSerialization
from airflow.timetables.base import TimeRestriction
from pendulum import datetime
spec = importlib.util.spec_from_file_location("parsed", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
dag = DagSerialization.from_dict(DagSerialization.to_dict(module.daily_pipeline))
first = dag.timetable.next_dagrun_info(
    last_automated_data_interval=None,
    restriction=TimeRestriction(datetime(2026, 2, 4), None, catchup=True),
)
print(json.dumps([str(first.run_after), str(first.logical_date)]))
"""


@pytest.fixture(scope="session")
def python() -> Path:
    """The Python of Airflow's environment."""
    try:
        return airflow_python()
    except InstallError as problem:
        skip_or_fail(f"Tests of Airflow need an environment of their own. {problem}")


@pytest.fixture(scope="session")
def database(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An Airflow's empty database, to be copied."""
    folder = tmp_path_factory.mktemp("airflow")
    done = ran(python, variables(folder, free_port(), folder), "db", "migrate")
    assert done.returncode == 0, done.stderr
    return folder / "airflow.db"


@pytest.fixture
def folder(database: Path, tmp_path: Path) -> Path:
    """Airflow's folder, with an empty database."""
    made = tmp_path / "airflow"
    made.mkdir()
    shutil.copy(database, made)
    return made


@pytest.mark.parametrize(
    ("arguments", "code", "match"),
    [
        (("--port", "99999"), 2, "--port: 99999 is not possible: use 0 to 65535"),
        (("--prot", "1"), 2, "unrecognized arguments: --prot 1; see python -m local_airflow"),
    ],
)
def test_what_cannot_be_started_is_said_in_a_sentence(
    arguments: tuple[str, ...], code: int, match: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "local_airflow", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (code, "")
    assert match in done.stderr
    assert "Traceback" not in done.stderr


def ran(
    python: Path, settings: Mapping[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """A command line of Airflow's."""
    return subprocess.run(
        [str(python), "-m", "airflow", *arguments], env={**os.environ, **settings},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def test_the_dag_parses_without_a_warning_and_loads_nothing_heavy(
    python: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [str(python), "-W", "error", "-c", PARSED, str(ROOT / "dags" / f"{DAG}.py")],
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["tasks"] == list(STEPS)
    assert told["edges"] == sorted(map(list, itertools.pairwise(STEPS)))
    assert (told["schedule"], told["zone"]) == ("0 2 * * *", "America/Sao_Paulo")
    assert (told["catchup"], told["runs"]) == (False, 1)
    assert told["retries"] == [4]
    assert told["backoff"] == [2.0]
    assert not set(told["modules"]) & set(HEAVY)


def test_a_run_is_dated_by_the_moment_it_begins_whatever_airflow_s_settings(
    python: Path, tmp_path: Path
) -> None:
    settings = {"AIRFLOW__SCHEDULER__CREATE_CRON_DATA_INTERVALS": "True"}
    done = subprocess.run(
        [str(python), "-c", DATED, str(ROOT / "dags" / f"{DAG}.py")],
        env={**os.environ, **settings, "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    begins, dated = json.loads(done.stdout.splitlines()[-1])
    assert begins == dated == "2026-02-04 05:00:00+00:00"
    assert daily_refresh.last_ended_day(datetime.fromisoformat(dated)) == DAY


def test_a_tried_date_of_a_filled_store_is_refreshed_on_google_cloud(
    cloud_settings: Settings, python: Path, folder: Path
) -> None:
    platform = Platform.of(cloud_settings)
    wanted = request("window_1012", "window_1214", units=range(1, UNITS + 1))
    pipeline.upload(platform, wanted, NOW, wait_for_events=False)
    settings = {
        **variables(folder, free_port(), platform.settings.home), **environment(platform.settings)
    }  # fmt: skip
    command = f"airflow dags test {DAG} "
    assert command in SETUP
    done = ran(python, settings, *command.split()[1:], "2026-02-04T05:00:00+00:00")
    assert done.returncode == 0, done.stdout
    assert f"{DAY} is refreshed." in done.stdout
    found = daily_refresh.count_sales(platform, Refresh(DAY), NOW)
    assert len(found) == 5
    assert {each.orders for each in found} == {count(platform, "gold.fact_sales")}


def environment(settings: Settings) -> dict[str, str]:
    """The environment that says where a platform is."""
    said = {
        "MRHEALTH_HOME": str(settings.home), "MRHEALTH_DATASET_PREFIX": settings.dataset_prefix
    }  # fmt: skip
    if settings.cloud is None:
        return said
    return {
        **said,
        "GCP_PROJECT_ID": settings.cloud.project,
        "GCS_BUCKET_NAME": settings.cloud.bucket,
        "STORAGE_EMULATOR_HOST": settings.cloud.storage_host,
        "BIGQUERY_EMULATOR_HOST": settings.cloud.bigquery_host,
    }


class Followed:
    """A running Airflow, and the panel that hands it its work."""

    def __init__(self, at: AirflowSettings, platform: Platform) -> None:
        self.at = at
        self.client = Airflow(at)
        self.platform = platform
        self.history = RunHistory(platform.settings.runs_file, lambda: datetime.now().astimezone())

    def page(self) -> AppTest:
        return opened("rebuild", refresh_day=str(DAY))

    def started(self) -> Run:
        """A refresh that goes on in the background."""
        new = jobs.refresh(Refresh(DAY), airflow=True)
        settings = Settings.from_mapping(os.environ)
        return jobs.submit(Platform.of(settings), self.history, new)

    def ended(self, run: Run) -> Run:
        assert runner.wait(self.history, run.id, 300)
        found = self.history.find(run.id)
        assert found is not None
        return found

    def log(self, run: Run) -> str:
        return "\n".join(line.text for line in self.history.read_log(run.id))

    def asked(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What Airflow's own API answers."""
        token = requests.post(
            f"{self.at.url}/auth/token", timeout=30,
            json={"username": self.at.user, "password": self.at.password},
        ).json()["access_token"]  # fmt: skip
        answer = requests.request(
            method, f"{self.at.url}/api/v2{path}", json=body, timeout=30,
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip
        answer.raise_for_status()
        return answer.json()

    def states(self, kind: str) -> list[str]:
        """How the DAG's runs of a kind stand: `scheduled`, `backfill`, `manual`."""
        runs = self.asked("GET", f"/dags/{DAG}/dagRuns?run_type={kind}")["dag_runs"]
        return [run["state"] for run in runs]


@pytest.fixture
def followed(
    platform: Platform, database: Path, python: Path, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Followed]:  # fmt: skip
    """The command that starts Airflow, until it is told to end, by Ctrl-C."""
    assert python.exists()
    monkeypatch.chdir(tmp_path)
    for name, value in environment(platform.settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MRHEALTH_WAIT_S", "1")
    (platform.settings.home / "airflow").mkdir(parents=True)
    shutil.copy(database, platform.settings.home / "airflow")
    said, log = tmp_path / "airflow.env", tmp_path / "local_airflow.log"
    command = [sys.executable, "-m", "local_airflow", "--port", "0", "--env-file", str(said)]
    with process(command, log, cwd=ROOT) as started:
        wait_until(said.exists, started, log, 300)
        until(lambda: said.read_text().count("\n") == 3)
        for line in said.read_text().splitlines():
            monkeypatch.setenv(*line.split("=", 1))
        at = Settings.from_mapping(os.environ).airflow
        assert at is not None
        assert f"Airflow is up: {at.url}, sign in as panel" in log.read_text()
        yield Followed(at, platform)
        started.send_signal(signal.SIGINT)
        assert started.wait(60) == 0
    assert not listens(int(at.url.rpartition(":")[2]))


def until(seen: Callable[[], bool], within_s: float = 300) -> None:
    deadline = time.monotonic() + within_s
    while not seen():
        assert time.monotonic() < deadline
        threading.Event().wait(1)


@pytest.mark.nightly
def test_the_panel_hands_the_refresh_to_airflow_and_follows_it(
    followed: Followed, platform: Platform, python: Path
) -> None:
    begun = (DAY, *_dates_that_ended_last(), *PAST)  # what the rest is filled for is in manifests
    first = request("window_1012", units=range(1, UNITS + 1), dates=begun)
    pipeline.upload(platform, first, NOW)
    switch_on(followed)
    refresh_from_the_panel(followed)
    fail_a_check(followed)
    fill_the_past(followed, python)


def _dates_that_ended_last() -> tuple[date, ...]:
    """Airflow's schedule refreshes one of these as soon as it is switched on."""
    today = business_date(datetime.now(UTC))
    return tuple(today - timedelta(days=days) for days in (1, 2))


def switch_on(followed: Followed) -> None:
    """A new DAG is switched off: the page says so, and switches it on."""
    until(lambda: _knows_the_dag(followed))
    app = followed.page()
    assert f"Airflow at `{followed.at.url}` does the work" in everything(app)
    assert "The DAG is switched off in Airflow" in everything(app)
    run = followed.ended(followed.started())
    assert run.error.startswith("The DAG is switched off in Airflow")
    with pytest.raises(InputError, match=r"does not let 'panel' in \(401\)"):
        Airflow(replace(followed.at, password="wrong")).paused()  # noqa: S106
    app.button(key="refresh_unpause").click().run()
    assert "The DAG is switched on" in everything(app)
    assert not followed.client.paused()


def _knows_the_dag(followed: Followed) -> bool:
    return any(dag["dag_id"] == DAG for dag in followed.asked("GET", "/dags")["dags"])


def refresh_from_the_panel(followed: Followed) -> None:
    """A run is followed to its end; a fault that passes, as somebody holds the warehouse, too."""
    # Switched on, Airflow at once runs the date whose time has passed last, by its schedule.
    until(lambda: followed.states("scheduled") == ["success"])
    app = followed.page()
    with held_by_another_process(followed.platform.settings.warehouse_file):
        app.button(key="refresh_airflow").click().run()
        run = followed.history.list_recent(1, ("refresh",))[0]
        until(lambda: "windows: up_for_retry" in followed.log(run))
    run = followed.ended(run)
    assert (run.state, run.error) == (RunState.SUCCEEDED, "")
    assert run.result.startswith(f"Airflow refreshed {DAY}: 7 tasks done")
    assert run.details["tasks"] == [[step, "success"] for step in STEPS]
    log = followed.log(run)
    assert "windows: success (try 2)" in log
    assert "Aggregations rebuilt" in log
    assert f"{DAY} is the same from the manifests to the aggregations" in log
    assert "::group::" not in log
    shown = everything(followed.page())
    assert run.result in shown
    assert "windows: success" in shown
    with followed.platform.warehouse.looking():
        found = daily_refresh.count_sales(followed.platform, Refresh(DAY), NOW)
    assert len({each.orders for each in found}) == 1


def fail_a_check(followed: Followed) -> None:
    """A failed check ends the run at once, with its rows; mended and cleared it goes on."""
    before = spoil_a_total(followed.platform)
    run = pressed_airflow(followed)
    assert (run.state, run.error_type) == (RunState.FAILED, "CheckError")
    assert f"Airflow did not refresh {DAY}: silver failed. Silver stayed as it was" in run.error
    assert "9999.99" in followed.log(run)
    assert dict(run.details["tasks"])["gold"] == "upstream_failed"
    shown = everything(followed.page())
    assert "silver: failed" in shown
    assert "Silver stayed as it was" in shown
    followed.platform.store.replace(before)
    run_id = run.details["airflow"]["run_id"]
    clear = {
        "dry_run": False, "dag_run_id": run_id, "task_ids": list(STEPS), "only_failed": False,
        "reset_dag_runs": True,
    }  # fmt: skip
    followed.asked("POST", f"/dags/{DAG}/clearTaskInstances", clear)
    until(lambda: followed.client.run(run_id).succeeded)


def pressed_airflow(followed: Followed) -> Run:
    return pressed(followed.page(), "refresh_airflow", followed.history)


def fill_the_past(followed: Followed, python: Path) -> None:
    """Airflow's own backfill refreshes past dates: each run that of the date before it."""
    home, port = followed.platform.settings.home, int(followed.at.url.rpartition(":")[2])
    command = f"airflow backfill create --dag-id {DAG} --from-date "
    assert command in SETUP
    words = [*command.split()[1:], "2026-01-16", "--to-date", "2026-01-17"]
    done = ran(python, variables(home / "airflow", port, home), *words)
    assert done.returncode == 0, done.stderr
    until(lambda: "success" in followed.states("backfill"))
    found = daily_refresh.count_sales(followed.platform, Refresh(PAST[0]), NOW)
    assert len({each.orders for each in found}) == 1
    assert found[0].orders
