"""Google Cloud on this machine: emulators, the two functions, their events and the schedule."""

import argparse
import contextlib
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from core.command import run_command
from core.errors import PlatformError
from core.generation.windows import check_units, parse_date
from core.settings import folder_path
from local_cloud.command import Parser, assignments, fail, hear_the_end, say, to_set
from local_cloud.emulated import PORTS, EmulatedCloud, emulated_cloud
from local_cloud.installs import ROOT, InstallError
from local_cloud.servers import ServerError

PANEL = (sys.executable, "-m", "streamlit", "run", "app.py")
_SETTLE_S = 600.0  # longest wait for the events of a day that was played
EXAMPLES = """examples:
  # All of it, until Ctrl-C; it prints what to set in another terminal
  python -m local_cloud

  # With the panel on it
  python -m local_cloud --panel

  # A business day in half a minute
  python -m local_cloud --day 2026-02-01 --pace 5
"""


def build_parser() -> argparse.ArgumentParser:
    """What to start, and what to play."""
    parser = Parser("python -m local_cloud", __doc__, EXAMPLES)
    parser.add_argument("--panel", action="store_true", help="start the panel on it as well")
    parser.add_argument("--env-file", metavar="FILE", help="write the settings to a file as well")
    parser.add_argument("--day", metavar="YYYY-MM-DD", help="play the seven ticks of a date")
    parser.add_argument(
        "--pace", type=float, default=5.0, metavar="S", help="seconds between ticks (default: 5)"
    )
    parser.add_argument(
        "--units", type=int, metavar="N", help="restaurant units of each tick (default: 50)"
    )
    parser.add_argument(
        "--exit", action="store_true", help="end when the day was played and everything loaded"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Start it, and run until Ctrl-C or SIGTERM."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    parser = build_parser()
    asked = parser.parse_args(arguments)
    if not 0 <= asked.pace <= 3600:
        parser.error(f"argument --pace: {asked.pace:g} is not possible: use 0 to 3600 seconds")
    if asked.exit and not asked.day:
        parser.error("argument --exit: only a day that is played ends, so give --day as well")
    hear_the_end()
    try:
        if asked.units is not None:
            check_units(asked.units)
        return _run(asked, parse_date(asked.day) if asked.day else None)
    except PlatformError as error:
        return fail(str(error), error.exit_code)
    except (InstallError, ServerError, OSError) as error:
        return fail(str(error), 1)
    except KeyboardInterrupt:
        say("Ended.")
        return 0


def _run(asked: argparse.Namespace, day: date | None) -> int:
    say("Starting the emulated cloud; the first start installs the emulators (a minute or two).")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mr-health-cloud-")))
        running = stack.enter_context(emulated_cloud(folder, _now, PORTS, asked.units))
        _tell(running, folder)
        if asked.env_file:
            _write(folder_path(asked.env_file), running.variables)
        panel = stack.enter_context(_panel(running.variables)) if asked.panel else None
        good = _play(running, day, asked.pace) if day else True
        if asked.exit:
            return 0 if good else 1
        say("Running until Ctrl-C.")
        if panel is not None:
            return panel.wait()
        threading.Event().wait()
    return 0


def _now() -> datetime:
    return datetime.now(UTC)


def _tell(running: EmulatedCloud, folder: Path) -> None:
    lines = [
        "The emulated cloud is up. In another terminal, with bash:",
        *to_set(running.variables),
        "then:",
        "  python -m streamlit run app.py",
        f"data-generator {running.functions.generator}",
        f"csv-processor  {running.functions.processor}",
        f"logs           {folder}",
    ]
    say("\n".join(lines))


def _write(file: Path, variables: Mapping[str, str]) -> None:
    file.write_text("".join(f"{line}\n" for line in assignments(variables)), encoding="utf-8")


@contextlib.contextmanager
def _panel(variables: Mapping[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    started = subprocess.Popen(PANEL, cwd=ROOT, env={**os.environ, **variables})  # noqa: S603
    try:
        yield started
    finally:
        started.terminate()
        started.wait()


def _play(running: EmulatedCloud, day: date, pace_s: float) -> bool:
    """Play a day and wait for what its objects lead to; whether all went well."""
    say(f"Playing {day}: seven ticks, {pace_s:g} s apart.")
    called = running.schedule.play(day, pace_s)
    settled = running.relay.wait_until_idle(_SETTLE_S)
    letters = running.relay.letters
    failed = sum(call.status != 200 for call in called)
    say(
        f"{day}: {len(called)} ticks, {failed} of them failed; {letters.acknowledged} objects "
        f"loaded, {len(letters.dead)} given up"
        f"{'' if settled else ', others still on their way'}."
    )
    return settled and not failed and not letters.dead


if __name__ == "__main__":
    run_command(main)
