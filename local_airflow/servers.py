"""Airflow's processes: the API server with its pages, the scheduler, and the DAG processor.

They are started one by one, not by `airflow standalone`, which starts a triggerer that nothing here
needs and asks for `airflow` on PATH. Everything that Airflow writes is in one folder.
"""

import contextlib
import json
import os
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from core.settings import AirflowSettings
from local_cloud.installs import ROOT, environment, python_of
from local_cloud.servers import ServerError, process, wait_until

REQUIREMENTS = ROOT / "dags" / "requirements.txt"
USER = "panel"

_UP_WITHIN_S = 180.0
# Each part's command, and its name in what the API server says of everybody's health.
_PARTS = {
    "api-server": "metadatabase", "scheduler": "scheduler", "dag-processor": "dag_processor",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Secrets:
    """What signs in to Airflow, and what its parts trust each other by."""

    password: str
    token_key: str


def airflow_python() -> Path:
    """The Python of Airflow's own environment, made when it is not there.

    Raises:
        InstallError: Its packages cannot be installed.
    """
    return python_of(environment("airflow", REQUIREMENTS))


def secrets_of(folder: Path) -> Secrets:
    """Password and key of the Airflow in a folder, drawn when it is new, and kept there."""
    file = folder / "secrets.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        drawn = {"password": secrets.token_urlsafe(12), "token_key": secrets.token_hex(32)}
        file.touch(mode=0o600)
        file.write_text(json.dumps(drawn), encoding="utf-8")
    return Secrets(**json.loads(file.read_text(encoding="utf-8")))


def variables(folder: Path, port: int, home: Path) -> dict[str, str]:
    """The environment of Airflow's processes and of its command lines.

    Args:
        folder: Where Airflow keeps its database, logs and secrets.
        home: Absolute folder of the embedded default, for the tasks.
    """
    known, url = secrets_of(folder), f"http://127.0.0.1:{port}"
    passwords = folder / "passwords.json"
    passwords.touch(mode=0o600)
    passwords.write_text(json.dumps({USER: known.password}), encoding="utf-8")
    return {
        "AIRFLOW_HOME": str(folder),
        "PYTHONPATH": str(ROOT),  # the DAG's tasks import core
        "MRHEALTH_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "2",  # by default 32 workers, which take 5.6 GB
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API_AUTH__JWT_SECRET": known.token_key,
        "AIRFLOW__API__SECRET_KEY": known.token_key,
    }


@contextlib.contextmanager
def airflow(folder: Path, port: int, home: Path) -> Iterator[AirflowSettings]:
    """An Airflow that is up and knows the DAG; ended with the block.

    Args:
        folder: Where Airflow keeps its database, logs and secrets.
        home: Absolute folder of the embedded default, for the tasks; other settings are those of
            this process's environment.

    Raises:
        InstallError: It cannot be installed.
        ServerError: It does not start.
    """
    python = airflow_python()
    settings = variables(folder, port, home)
    _migrate(python, settings)
    at = AirflowSettings(f"http://127.0.0.1:{port}", USER, secrets_of(folder).password)
    with contextlib.ExitStack() as stack:
        running = {
            part: stack.enter_context(
                process([str(python), "-m", "airflow", part], folder / f"{part}.log", settings)
            )
            for part in _PARTS
        }
        for part, started in running.items():
            log = folder / f"{part}.log"
            wait_until(lambda part=part: _healthy(at.url, part), started, log, _UP_WITHIN_S)  # type: ignore[misc]
        yield at


def _migrate(python: Path, settings: Mapping[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        [str(python), "-m", "airflow", "db", "migrate"], env={**os.environ, **settings},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise ServerError(f"Airflow's database cannot be made: {lines[-1]}")


def _healthy(url: str, part: str) -> bool:
    """Whether a part is up."""
    try:
        answer = requests.get(f"{url}/api/v2/monitor/health", timeout=5)
        parts = answer.json() if answer.ok else {}
    except requests.RequestException:
        return False
    return bool(parts.get(_PARTS[part], {}).get("status") == "healthy")
