"""What the command lines share: `core`, arguments, a progress bar, and errors as one sentence.

Python puts the folder of a script on its search path, not the project's, and the project is not a
package to install. So this module loads `core` by its path, once. It moves the folder of the
scripts to the end of the search path, so that `calendar.py` does not hide Python's `calendar`.
"""

import argparse
import dataclasses
import importlib.util
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self

ROOT = Path(__file__).resolve().parent.parent
_LINE_S = 30.0


def _put_scripts_last() -> None:
    folder = str(Path(__file__).resolve().parent)
    sys.path[:] = [*(place for place in sys.path if place != folder), folder]


def _load_core() -> None:
    spec = importlib.util.spec_from_file_location(
        "core", ROOT / "core" / "__init__.py", submodule_search_locations=[str(ROOT / "core")]
    )
    if "core" in sys.modules or spec is None or spec.loader is None:
        return
    sys.modules["core"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


_put_scripts_last()
_load_core()

from core.command import run_command  # noqa: E402
from core.errors import InputError  # noqa: E402 - it can be found from here on
from core.generation.catalog import DEFAULT_UNITS  # noqa: E402
from core.generation.windows import check_seed, check_units, parse_date  # noqa: E402
from core.messages import Message, join_sentences, message  # noqa: E402
from core.settings import Settings  # noqa: E402

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tqdm import tqdm

    from core.bronze.ingest import Ingested
    from core.operations.runs import NewRun
    from core.operations.runs.runner import Context
    from core.platform import Platform


class Parser(argparse.ArgumentParser):
    """An argument parser that keeps its examples' layout and complains in one sentence."""

    def __init__(self, description: str, examples: str, prog: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=f"examples:\n{examples}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and how to see what would be right."""
        self.exit(2, f"error: {message}; see {self.prog} --help.\n")

    def add_units(
        self, default: int | None = DEFAULT_UNITS, what: str = "restaurant units", usual: str = ""
    ) -> None:
        """The flag `--units`; `usual` says what happens without it, where that is no number."""
        self.add_argument(
            "--units",
            type=_units,
            default=default,
            metavar="N",
            help=f"number of {what} (default: {usual or default})",
        )

    def add_seed(
        self, default: str = "the project's own, so that a repeated call adds nothing"
    ) -> None:
        """The flag `--seed`."""
        self.add_argument(
            "--seed", type=_seed, metavar="N", help=f"random seed (default: {default})"
        )

    def add_output(self) -> None:
        """The flags that say where files go and what may happen to those that are there."""
        self.add_argument(
            "--output-dir", default="output", metavar="DIR", help="output folder (default: output)"
        )
        self.add_argument(
            "--upload",
            action="store_true",
            help="upload to the configured bucket after generation, and load into Bronze",
        )
        self.add_argument(
            "--overwrite", action="store_true", help="replace files that exist with other content"
        )
        self.add_argument(
            "--force",
            action="store_true",
            help="write although bulk and incremental data of the same day would mix",
        )

    def add_dates(
        self,
        first: str = "the date of --to, or else today in São Paulo",
        last: str = "today in São Paulo, or the date of --from where that is later",
    ) -> None:
        """The flags `--date`, or `--from` and `--to`, with the defaults of the latter two."""
        for flag, name, text in (
            ("--date", "date", "one business date, instead of a range"),
            ("--from", "first", f"first date (default: {first})"),
            ("--to", "last", f"last date (default: {last})"),
        ):
            self.add_argument(flag, dest=name, type=parse_date, metavar="YYYY-MM-DD", help=text)


def main(parser: Parser, run: Callable[[argparse.Namespace], int]) -> NoReturn:
    """Run a command: its return value, or its error as one sentence, ends the process."""
    run_command(lambda: run(parser.parse_args()))


def open_platform(*, must_exist: bool = False) -> "Platform":
    """The back ends of the environment's settings; a note names a home that does not exist yet.

    Args:
        must_exist: Whether the command has nothing to do without a home.

    Raises:
        InputError: There is no home, and the command needs one.
    """
    from core.platform import Platform

    settings = Settings.from_mapping(os.environ)
    if settings.cloud is None and not settings.home.is_dir():
        absent = (
            f"the home {settings.home} does not exist yet (it is MRHEALTH_HOME, "
            "or else data/ in the working directory)"
        )
        if must_exist:
            raise InputError(f"There is nothing to work on: {absent}.")
        print(f"note: {absent}.", file=sys.stderr)
    return Platform.of(settings)


def record_run(job: "NewRun", home: Path | None = None) -> "AbstractContextManager[Context]":
    """Submit a job whose work is the `with` block; no other run does the same at the same time.

    Args:
        home: The folder of the history; that of the settings by default.

    Raises:
        AlreadyRunningError: A run, of this or another process, works on the same.
    """
    from core.operations.jobs import submit_here
    from core.operations.runs import RunHistory

    settings = Settings.from_mapping(os.environ if home is None else {"MRHEALTH_HOME": str(home)})
    return submit_here(
        RunHistory(settings.runs_file, now), dataclasses.replace(job, who="script")
    )  # fmt: skip


def say(sentence: str, context: "Context | None") -> None:
    """Print what was done, and add it to the run's result."""
    print(sentence)
    if context:
        context.result = join_sentences(context.result, sentence)


def now() -> datetime:
    """The present moment; command lines are where a clock is read."""
    return datetime.now(UTC)


def date_range(args: argparse.Namespace, default: date) -> tuple[date, date]:
    """First and last date of `--date`, or of `--from` and `--to`."""
    if args.date and (args.first or args.last):
        raise InputError("--date does not go with --from or --to: give one date, or a range.")
    if args.date:
        return args.date, args.date
    first = args.first or args.last or default
    return first, args.last or max(first, default)


def describe_ingested(ingested: "Ingested") -> Message:
    """What an ingestion did, in a sentence."""
    text = message("script.ingested", objects=ingested.objects, rows=ingested.rows_loaded)
    if ingested.rows_rejected or ingested.unreadable:
        text = message(
            "script.ingested_rejected", ingested=text, rows=ingested.rows_rejected,
            files=ingested.unreadable,
        )  # fmt: skip
    return message("result.sentence", result=text)


class Bar:
    """A progress bar on standard error; where that is no terminal, a line every half minute."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._total = 0
        self._begun = self._told = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the bar, before something is printed."""
        if self._bar is not None:
            self._bar.close()

    def __call__(self, done: int, total: int, doing: str) -> None:
        """Show how far the work is."""
        if total < 2:
            return
        if total != self._total:  # other work, at another speed
            self._total, self._begun = total, time.monotonic()
            self.close()
            self._bar = None
        if not sys.stderr.isatty():
            self._line(done, total, doing)
            return
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(total=total, desc=doing, leave=False, unit="")
        self._bar.set_description(doing, refresh=False)
        self._bar.update(done - self._bar.n)

    def _line(self, done: int, total: int, doing: str) -> None:
        moment = time.monotonic()
        if moment - self._told < _LINE_S:
            return
        self._told = moment
        left = (moment - self._begun) / done * (total - done) / 60 if done else 0
        rest = f", about {left:,.0f} min left" if done else ""
        print(f"{done:,} of {total:,}: {doing}{rest}", file=sys.stderr, flush=True)


def whole_number(text: str, problem: str = "is not a whole number") -> int:
    """The number that a flag has.

    Raises:
        argparse.ArgumentTypeError: It has another text, of which `problem` says what is wrong.
    """
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} {problem}") from None


def _units(text: str) -> int:
    return check_units(whole_number(text, "is not a number of units: use a whole number"))


def _seed(text: str) -> int:
    return check_seed(whole_number(text, "is not a seed: use a whole number"))
