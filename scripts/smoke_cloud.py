"""Prove a deployment on Google Cloud in five minutes; exit 1 where something does not hold."""

import argparse
import os
import secrets
import signal
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import ROOT, Parser, main, now

sys.path.append(str(ROOT))  # the last place: nothing of the machine is hidden by it

from cloud_function.smoke import report
from cloud_function.smoke.checks import CHECKS, run_all
from cloud_function.smoke.leftovers import clean_leftovers
from cloud_function.smoke.run import Run, check_token, new_run
from cloud_function.smoke.scene import SPEED_UNITS, Scene, cloud_of, open_scene
from core.command import INTERRUPTED, complain
from core.errors import InputError
from core.generation.windows import parse_date
from core.settings import Settings

EXAMPLES = """\
  # The deployment that GCP_PROJECT_ID and GCS_BUCKET_NAME name
  python scripts/smoke_cloud.py --json smoke.json

  # What it would do
  python scripts/smoke_cloud.py --dry-run

  # Take away what a killed run left
  python scripts/smoke_cloud.py --clean
"""


def build_parser() -> Parser:
    """What to look at, what to write, and the cleanup of a killed run."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_argument("--dry-run", action="store_true", help="print the plan, and do nothing")
    parser.add_argument("--json", metavar="FILE", help="write the report as JSON as well")
    parser.add_argument(
        "--date", type=parse_date, metavar="YYYY-MM-DD",
        help="past date for the deployed functions, which nothing else uses (default: one of 2010 "
        "to 2013)",
    )  # fmt: skip
    parser.add_argument(
        "--wait", type=float, default=120.0, metavar="S",
        help="most seconds to wait for events, log lines and roles (default: 120)",
    )  # fmt: skip
    parser.add_argument(
        "--speed-units", type=int, default=SPEED_UNITS, metavar="N",
        help=f"units of the timed call; 0 leaves it out (default: {SPEED_UNITS})",
    )  # fmt: skip
    parser.add_argument(
        "--function-url", default="", metavar="URL",
        help="address of data-generator, where gcloud cannot say it, as on the emulated cloud",
    )  # fmt: skip
    parser.add_argument(
        "--clean", nargs="?", const="", type=_token, metavar="TOKEN",
        help="only take away what killed runs left, or what one of them did",
    )  # fmt: skip
    return parser


def run(args: argparse.Namespace) -> int:
    """Print a line a check, the cost, and what is left."""
    _check(args)
    settings = Settings.from_mapping(os.environ)
    cloud = cloud_of(settings)
    if args.clean is not None:
        return 0 if clean_leftovers(settings, now(), args.clean, print) else 1
    begun = new_run(
        secrets.token_hex(6), now(), cloud.bucket, settings.dataset_prefix, args.date
    )  # fmt: skip
    print(_plan(begun, settings))
    if args.dry_run:
        return 0
    scene = open_scene(settings, begun)
    scene.wait_s, scene.speed_units = args.wait, args.speed_units
    scene.function_url = args.function_url
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        ended = run_all(
            scene, lambda done: print(report.format_result(done, cloud.region), flush=True)
        )
    except KeyboardInterrupt:
        _say_interrupted(scene)
        return INTERRUPTED
    except SystemExit:
        _say_interrupted(scene)
        raise
    print(*report.last_lines(scene, ended), sep="\n")
    if args.json is not None:
        _write(args.json, report.to_json(scene, ended))
    return report.exit_code(ended)


def _check(args: argparse.Namespace) -> None:
    if not 0 <= args.wait <= 3600:
        raise InputError(f"--wait {args.wait:g} is not possible: use 0 to 3600 seconds.")
    if not 0 <= args.speed_units <= 5_000:
        raise InputError(f"--speed-units {args.speed_units} is not possible: use 0 to 5,000.")
    if args.json is not None and not Path(args.json).absolute().parent.is_dir():
        raise InputError(f"--json {args.json!r}: its folder does not exist.")


def _plan(begun: Run, settings: Settings) -> str:
    return (
        f"Run {begun.token} makes the bucket {begun.own_name}, the datasets {begun.own_prefix}_*, "
        f"a Scheduler job and a Cloud Run service of that name.\nIn the deployed "
        f"{begun.bucket} and {settings.dataset_prefix}_bronze it uses {begun.day} alone. All of it "
        f"is taken away at the end.\n{report.format_plan(CHECKS)}"
    )


def _say_interrupted(scene: Scene) -> None:
    again = f"python scripts/smoke_cloud.py --clean {scene.run.token}"
    if scene.left == ():
        complain("Ended early; all that this run made is taken away again.")
    else:
        complain(f"Ended early, and something may be left: {again} takes it away.")


def _token(text: str) -> str:
    return check_token(text) if text else ""


def _write(file: str, text: str) -> None:
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"--json {file!r} cannot be written: {error.strerror}.") from error
    print(f"The report is in {file}.")


if __name__ == "__main__":
    main(build_parser(), run)
