"""Airflow on this machine with the DAG of the daily refresh, until Ctrl-C."""

import argparse
import os
import threading
from collections.abc import Mapping, Sequence

from core.command import run_command
from core.errors import PlatformError
from core.settings import Settings, folder_path
from local_airflow.servers import USER, airflow
from local_cloud.command import Parser, assignments, fail, hear_the_end, say, to_set
from local_cloud.installs import InstallError
from local_cloud.servers import ServerError, free_port, listens

_PORT = 8080
EXAMPLES = """examples:
  # Airflow at http://127.0.0.1:8080; it prints who signs in, and what to tell the panel
  python -m local_airflow

  # The same, and what to tell the panel in a file as well
  python -m local_airflow --env-file build/airflow.env
"""


def build_parser() -> argparse.ArgumentParser:
    """Where it listens, and where it writes down how it is reached."""
    parser = Parser("python -m local_airflow", __doc__, EXAMPLES)
    parser.add_argument(
        "--port", type=int, default=_PORT, metavar="N",
        help=f"port of its pages (default: {_PORT}; 0 for any that is free)",
    )  # fmt: skip
    parser.add_argument("--env-file", metavar="FILE", help="write the panel's settings to a file")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Start it, and run until Ctrl-C or SIGTERM."""
    parser = build_parser()
    asked = parser.parse_args(arguments)
    if not 0 <= asked.port <= 65_535:
        parser.error(f"argument --port: {asked.port} is not possible: use 0 to 65535")
    hear_the_end()
    try:
        return _run(asked)
    except PlatformError as error:
        return fail(str(error), error.exit_code)
    except (InstallError, ServerError, OSError) as error:
        return fail(str(error), 1)
    except KeyboardInterrupt:
        say("Ended.")
        return 0


def _run(asked: argparse.Namespace) -> int:
    settings = Settings.from_mapping(os.environ)
    port = asked.port or free_port()
    if listens(port):
        raise ServerError(f"Somebody else listens at port {port}: choose another with --port.")
    folder = settings.home / "airflow"
    say(f"Starting Airflow in {folder}; the first start installs it (about a minute).")
    with airflow(folder, port, settings.home) as at:
        told = {
            "MRHEALTH_AIRFLOW_URL": at.url,
            "MRHEALTH_AIRFLOW_USER": at.user,
            "MRHEALTH_AIRFLOW_PASSWORD": at.password,
        }
        say("\n".join(_lines(at.url, at.password, told)))
        if asked.env_file:
            folder_path(asked.env_file).write_text(
                "".join(f"{line}\n" for line in assignments(told)), encoding="utf-8"
            )
        threading.Event().wait()
    return 0


def _lines(url: str, password: str, told: Mapping[str, str]) -> list[str]:
    return [
        f"Airflow is up: {url}, sign in as {USER} with the password {password}",
        "The DAG is switched off when it is new: switch it on beside its name.",
        "The panel's page Rebuild hands its work to it with these settings, in bash:",
        *to_set(told),
        "Running until Ctrl-C.",
    ]


if __name__ == "__main__":
    run_command(main)
