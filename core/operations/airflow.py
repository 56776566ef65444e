"""The DAG in an Airflow 3, over its REST API (`/api/v2`, tokens of `/auth/token`).

airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from core.errors import InputError, StoreError, TransientError
from core.messages import Message, message
from core.settings import AirflowSettings

if TYPE_CHECKING:
    import requests

DAG = "mrhealth_daily_pipeline"

_TIMEOUT_S = 20.0
_SIGNED_IN, _NOT_SIGNED_IN = (200, 201), (401, 403)
# airflow.utils.state.DagRunState and TaskInstanceState, of Airflow 3.3
_RUN_ENDED = frozenset({"success", "failed"})
_TASK_ENDED = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})


@dataclass(frozen=True, slots=True)
class TaskState:
    """A task of a DAG run.

    `state` is Airflow's word, such as `up_for_retry`, or empty; `tried` is 0 before the first try.
    """

    name: str
    state: str
    tried: int

    @property
    def ended(self) -> bool:
        """Whether its state is final."""
        return self.state in _TASK_ENDED


@dataclass(frozen=True, slots=True)
class DagRun:
    """A run of the DAG, with its tasks in their order."""

    id: str
    state: str
    tasks: tuple[TaskState, ...]

    @property
    def ended(self) -> bool:
        """Whether it has succeeded or failed."""
        return self.state in _RUN_ENDED

    @property
    def succeeded(self) -> bool:
        """Whether all of its tasks succeeded."""
        return self.state == "success"


class Airflow:
    """A client of an Airflow, signed in as the user of the settings.

    Every method raises `TransientError` when Airflow cannot be reached now, and `InputError` when
    it refuses the user, or does not have the DAG or run.
    """

    def __init__(self, at: AirflowSettings) -> None:
        self._at = at
        self._kept: requests.Session | None = None

    def paused(self) -> bool:
        """Whether the DAG is switched off; a new run then waits until it is switched on."""
        return bool(self._json("GET", f"/dags/{DAG}")["is_paused"])

    def unpause(self) -> None:
        """Switch the DAG on; Airflow then also runs the last date whose time has passed."""
        self._json("PATCH", f"/dags/{DAG}?update_mask=is_paused", {"is_paused": False})

    def start(self, conf: Mapping[str, Any]) -> str:
        """Start a run of the DAG, with values of its parameters, and return its id."""
        # `logical_date` is required; null says that the run is for no time of the schedule.
        body = {"logical_date": None, "conf": dict(conf)}
        return str(self._json("POST", f"/dags/{DAG}/dagRuns", body)["dag_run_id"])

    def run(self, run_id: str) -> DagRun:
        """A run and its tasks, as they are now."""
        path = _run_path(run_id)
        state = self._json("GET", path)["state"]
        found = self._json("GET", f"{path}/taskInstances?limit=100")["task_instances"]
        order = {name: place for place, name in enumerate(self._task_names())}
        tasks = [
            TaskState(task["task_id"], task["state"] or "", int(task["try_number"] or 0))
            for task in found
        ]
        return DagRun(
            run_id, state, tuple(sorted(tasks, key=lambda task: order.get(task.name, 99)))
        )

    def log(self, run_id: str, task: TaskState) -> list[str]:
        """What a task wrote in its last try, a line each; none where it did not begin."""
        if not task.tried:
            return []
        path = f"{_run_path(run_id)}/taskInstances/{quote(task.name)}/logs/{task.tried}"
        content = self._json("GET", f"{path}?full_content=true")["content"]
        return _drop_groups([_format_entry(entry) for entry in content])

    def address(self, run_id: str) -> str:
        """Where people see a run in the pages of Airflow."""
        return f"{self._at.url}/dags/{DAG}/runs/{quote(run_id, safe='')}"

    def _task_names(self) -> list[str]:
        """The DAG's tasks, each after those that it waits for."""
        tasks = self._json("GET", f"/dags/{DAG}/tasks")["tasks"]
        waits = {task["task_id"]: set(task["downstream_task_ids"]) for task in tasks}
        return sorted(waits, key=lambda name: -_count_below(name, waits))

    def _json(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        answer = self._send(method, path, body)
        if answer.status_code in _NOT_SIGNED_IN:  # the token has run out, or is of another start
            self._kept = None
            answer = self._send(method, path, body)
        if answer.status_code >= 500 or answer.status_code == 429:
            raise TransientError(
                message("airflow.answers", url=self._at.url, status=answer.status_code)
            )
        if answer.status_code == 404:
            raise InputError(self._missing(path))
        if not answer.ok:
            raise InputError(
                message("airflow.refuses", url=self._at.url, reason=_read_reason(answer))
            )
        return _read_content(answer, self._at.url)

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None) -> "requests.Response":
        import requests

        url = f"{self._at.url}/api/v2{path}"
        headers = {"Accept": "application/json"}
        try:
            return self._session().request(
                method, url, json=body, headers=headers, timeout=_TIMEOUT_S
            )
        except requests.RequestException as error:
            raise TransientError(self._unreachable(error)) from error

    def _session(self) -> "requests.Session":
        import requests

        if self._kept is None:
            session = requests.Session()
            answer = session.post(
                f"{self._at.url}/auth/token",
                json={"username": self._at.user, "password": self._at.password},
                timeout=_TIMEOUT_S,
            )
            if answer.status_code >= 500:
                raise TransientError(
                    message("airflow.answers", url=self._at.url, status=answer.status_code)
                )
            if answer.status_code not in _SIGNED_IN:
                status = answer.status_code
                raise InputError(
                    message(
                        "airflow.not_let_in", url=self._at.url, user=self._at.user, status=status
                    )
                )
            session.headers["Authorization"] = f"Bearer {_read_token(answer, self._at.url)}"
            self._kept = session
        return self._kept

    def _unreachable(self, error: Exception) -> Message:
        return message("airflow.unreachable", url=self._at.url, kind=type(error).__name__)

    def _missing(self, path: str) -> Message:
        code = "airflow.no_run" if "/dagRuns/" in path else "airflow.no_dag"
        return message(code, url=self._at.url, dag=DAG)


def make_conf(day: date, units: int | None, gaps: str, *, full: bool) -> dict[str, Any]:
    """Values of the DAG's parameters, as `Airflow.start` takes them."""
    return {"date": day.isoformat(), "units": units, "gaps": gaps, "full": full}


def _count_below(name: str, waits: Mapping[str, set[str]]) -> int:
    """How many tasks come after one, on the longest path."""
    return max((1 + _count_below(after, waits) for after in waits.get(name, ())), default=0)


def _run_path(run_id: str) -> str:
    return f"/dags/{DAG}/dagRuns/{quote(run_id, safe='')}"


def _read_token(answer: "requests.Response", url: str) -> str:
    try:
        return str(answer.json()["access_token"])
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(message("airflow.no_token", url=url)) from error


def _read_content(answer: "requests.Response", url: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return answer.json()
    except ValueError as error:
        raise StoreError(message("airflow.no_json", url=url)) from error


def _read_reason(answer: "requests.Response") -> str:
    try:
        return f"{answer.json()['detail']} ({answer.status_code})"
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}"


def _drop_groups(lines: Sequence[str]) -> list[str]:
    """The lines without the groups that Airflow writes about itself."""
    own, inside = [], False
    for line in lines:
        if line.startswith("::group::"):
            inside = True
        elif line.startswith("::endgroup::"):
            inside = False
        elif not inside:
            own.append(line)
    return own


def _format_entry(entry: object) -> str:
    """A log entry as text: structured ones have an event, and errors what was raised."""
    if not isinstance(entry, dict):
        return str(entry)
    raised = (entry.get("error_detail") or [])[:1]  # what it was raised from says the same
    words = [str(entry.get("event", ""))]
    words += [f"{each.get('exc_type')}: {each.get('exc_value')}" for each in raised]
    return " ".join(word for word in words if word)
