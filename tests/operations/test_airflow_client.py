"""What the panel says of an Airflow that is not there, is something else, or is not well."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError, PlatformError, StoreError, TransientError
from core.operations.airflow import Airflow, TaskState
from core.operations.runs import RunState
from core.settings import AirflowSettings
from local_cloud.servers import free_port
from tests.support.panel_pages import everything, history, opened, platform, pressed

__all__ = ["history", "platform"]  # fixtures

Answers = Mapping[str, tuple[int, str]]  # status and body by path; 404 for others
TOKEN = {"/auth/token": (201, '{"access_token": "t"}')}
DAG = "/api/v2/dags/mrhealth_daily_pipeline"
TASK = TaskState("silver", "failed", 1)
LOG = f"{DAG}/dagRuns/r/taskInstances/silver/logs/1?full_content=true"


@contextmanager
def answering(answers: Answers) -> Iterator[AirflowSettings]:
    """A server that answers so, whatever it is."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, '{"detail": "Not Found"}'))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_address[1]}"
            yield AirflowSettings(url, "panel", "secret")
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("answers", "kind", "match"),
    [
        ({}, InputError, r"does not let 'panel' in \(404\): see MRHEALTH_AIRFLOW_USER"),
        ({"/auth/token": (503, "")}, TransientError, "answers 503"),
        ({"/auth/token": (200, "<html>")}, StoreError, "is no Airflow 3: it gives no token"),
        (TOKEN, InputError, r"does not have the DAG mrhealth_daily_pipeline \(yet\): docs/AIRFLOW"),
        ({**TOKEN, DAG: (500, "")}, TransientError, "answers 500"),
        ({**TOKEN, DAG: (200, "<html>")}, StoreError, "does not answer in JSON"),
        ({**TOKEN, DAG: (403, '{"detail": "Forbidden"}')}, InputError, r"Forbidden \(403\)"),
        ({**TOKEN, DAG: (418, "tea")}, InputError, "refuses: status 418"),
    ],
)
def test_each_fault_is_a_sentence_of_its_kind(
    answers: Answers, kind: type[PlatformError], match: str
) -> None:
    with answering(answers) as at, pytest.raises(kind, match=match) as raised:
        Airflow(at).paused()
    assert at.url in str(raised.value)
    assert "secret" not in str(raised.value)


def test_an_address_where_nobody_listens_is_named() -> None:
    at = AirflowSettings(f"http://127.0.0.1:{free_port()}", "panel", "secret")
    with pytest.raises(TransientError, match=rf"{at.url} cannot be reached \(ConnectionError\)"):
        Airflow(at).paused()


def test_a_run_that_is_not_there_is_told() -> None:
    with answering(TOKEN) as at, pytest.raises(InputError, match="does not have that run"):
        Airflow(at).run("manual__1")


def test_a_log_is_what_the_task_wrote_and_raised() -> None:
    raised = [{"exc_type": "A", "exc_value": "first"}, {"exc_type": "B", "exc_value": "cause"}]
    content = [
        {"event": "::group::Pre Execute"}, {"event": "of Airflow"}, {"event": "::endgroup::"},
        {"event": "silver of a date", "level": "info"}, "plain",
        {"event": "Task failed", "error_detail": raised},
    ]  # fmt: skip
    with answering({**TOKEN, LOG: (200, json.dumps({"content": content}))}) as at:
        assert Airflow(at).log("r", TASK) == ["silver of a date", "plain", "Task failed A: first"]


def test_the_page_tells_what_is_wrong_and_still_rebuilds_here(
    platform: Any, history: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert platform.settings.home == tmp_path / "home"
    monkeypatch.setenv("MRHEALTH_AIRFLOW_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("MRHEALTH_AIRFLOW_PASSWORD", "secret")
    app = opened("rebuild")
    assert "cannot be reached" in app.warning[0].value
    failed = pressed(app, "refresh_airflow", history)
    assert (failed.state, failed.error_type) == (RunState.FAILED, "TransientError")
    assert pressed(app, "rebuild_all", history).state is RunState.SUCCEEDED


def test_without_an_airflow_the_page_says_that_it_rebuilds_itself() -> None:
    app = opened("rebuild")
    assert "No Airflow is configured, so the panel rebuilds by itself" in everything(app)
    assert not [button for button in app.button if button.key == "refresh_airflow"]
