"""Run the embedded schedule in the foreground: at each window's start its sales are uploaded."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import FrameType

from core.alerts.watch import Watch
from core.command import complain, run_command
from core.errors import PlatformError, SettingsError
from core.generation.windows import TIME_ZONE
from core.messages import message
from core.operations.runs import Run, RunHistory, RunState
from core.platform import Platform
from core.scheduler.base import next_ticks
from core.scheduler.local import LocalSchedule
from core.scheduler.service import Service
from core.settings import Settings

EXAMPLES = """\
examples:
  # From now on, until Ctrl-C
  python -m core.scheduler

  # The same, and first what was missed while it was off
  python -m core.scheduler --catch-up yes

Pause, resume, run now, change units and seed: python scripts/schedule.py --help
"""
_STOPS = ("SIGINT", "SIGTERM", "SIGBREAK")  # the last one is Windows' Ctrl-Break
_POLL_S = 1.0  # on Windows a waiting thread gets Ctrl-C only when it wakes
_LOGGER = logging.getLogger("core.scheduler")


class _Clock(logging.Formatter):
    """Lines with the time of day in São Paulo, whatever the machine's zone is."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - logging's name
        return f"{datetime.fromtimestamp(record.created, TIME_ZONE):%Y-%m-%d %H:%M:%S} BRT"


def build_parser() -> argparse.ArgumentParser:
    """What to do with the windows that were missed."""
    parser = argparse.ArgumentParser(
        "python -m core.scheduler", description=__doc__, epilog=EXAMPLES, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "--catch-up", choices=("ask", "yes", "no"),
        help="upload the windows missed while it was off (default: ask on a terminal, else no)",
    )  # fmt: skip
    return parser


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Make the calls until a signal says to stop.

    Returns:
        0 after a signal, 1 when its folder was deleted meanwhile, 2 when the arguments or settings
        are not valid, 75 when another process makes the calls.
    """
    args = build_parser().parse_args(arguments)
    _log_to_stderr()
    try:
        platform = _platform(environment)
        history = RunHistory(platform.settings.runs_file, lambda: datetime.now(UTC))
        schedule = LocalSchedule(platform, history)
        service, stopped = Service(schedule, platform.catalog, "command"), _watch_signals()
        watch = Watch(platform.settings, history.now)
        service.start()
        watch.start()
    except PlatformError as error:
        complain(str(error))
        return error.exit_code
    try:
        _introduce(schedule, platform)
        _catch_up(schedule, args.catch_up or ("ask" if sys.stdin.isatty() else "no"), stopped)
        while not (stopped.wait(_POLL_S) or service.ended.is_set()):
            pass
    except PlatformError as error:
        complain(str(error))
        return error.exit_code
    finally:
        _LOGGER.info("Stopping; a run at work is let end.")
        service.stop(wait=True)
        watch.stop(wait=True)
    _LOGGER.info("Stopped.")
    return 0 if stopped.is_set() else 1


def _platform(environment: Mapping[str, str]) -> Platform:
    settings = Settings.from_mapping(environment)
    if settings.cloud:
        raise SettingsError(message("schedule.on_cloud"))
    return Platform.of(settings)


def _introduce(schedule: LocalSchedule, platform: Platform) -> None:
    plan, state = schedule.plan(), schedule.state()
    _LOGGER.info(
        "Process %d makes the calls of the schedule in %s: %s (%s), %d units, seed %d.",
        os.getpid(), schedule.home, state.schedule, state.time_zone, plan.units, plan.seed,
    )  # fmt: skip
    if plan.paused:
        _LOGGER.info(
            "It is paused: nothing is generated until `python scripts/schedule.py resume`."
        )
    for tick in next_ticks(schedule.now(), 1, platform.catalog):
        window = f"{tick.window.hours} {tick.window.name}"
        _LOGGER.info("The next tick is at %s for %s.", f"{tick.at:%Y-%m-%d %H:%M} BRT", window)


def _catch_up(schedule: LocalSchedule, choice: str, stopped: threading.Event) -> None:
    """Log what was missed, and upload it if the choice or the person says so."""
    missed = schedule.missed()
    if not missed:
        return
    plural = "window was" if len(missed) == 1 else "windows were"
    _LOGGER.info("%d %s missed while it was off:", len(missed), plural)
    for day, window in missed:
        _LOGGER.info("  %s %s %s", day, window.hours, window.name)
    if choice == "yes" or (choice == "ask" and _ask_person(stopped)):
        _fill(schedule)
        return
    _LOGGER.info(
        "They are left for now: use --catch-up yes, or decide on the panel's page Schedule."
    )


def _fill(schedule: LocalSchedule) -> None:
    try:
        begun, refused = schedule.catch_up()
        for sentence in refused:
            _LOGGER.error("%s", sentence)
        for run in map(schedule.ended, begun):
            _LOGGER.info("%s", _describe_run(run))
    except PlatformError as error:  # what is missed stays so; later ticks are served
        _LOGGER.error("%s", error)  # noqa: TRY400 - a sentence, no traceback


def _ask_person(stopped: threading.Event) -> bool:
    """Whether a person wants it; Ctrl-C at the question stops the schedule."""
    # Before the question: a handler that only sets the event would keep waiting for the line.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.stderr.write("Generate and upload them now? [y/N] ")
        sys.stderr.flush()
        return not stopped.is_set() and sys.stdin.readline().strip().lower() in ("y", "yes")
    except KeyboardInterrupt:
        stopped.set()
        return False
    finally:
        signal.signal(signal.SIGINT, before)


def _describe_run(run: Run) -> str:
    if run.state is RunState.SUCCEEDED:
        return f"Run {run.id} succeeded: {run.result}"
    return f"Run {run.id} {run.state}: {run.error}"


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Clock("%(asctime)s  %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


def _watch_signals() -> threading.Event:
    """An event that the first signal sets; a second signal ends the process."""
    stopped = threading.Event()
    signals = [getattr(signal, name) for name in _STOPS if hasattr(signal, name)]

    def stop(_: int, __: FrameType | None) -> None:
        stopped.set()
        for number in signals:
            signal.signal(number, signal.SIG_DFL)

    for number in signals:
        signal.signal(number, stop)
    return stopped


if __name__ == "__main__":
    run_command(lambda: main(sys.argv[1:], os.environ))
