"""Bring the platform to Google Cloud: `python -m cloud_function.deploy [functions|panel|job]`."""

import argparse
import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cloud_function.deploy.checks import ANCESTORS, check, check_organisation
from cloud_function.deploy.functions import function_steps
from cloud_function.deploy.panel import panel_steps, viewer_step
from cloud_function.deploy.run import Runner
from cloud_function.deploy.shell import script
from cloud_function.deploy.steps import Step
from core.command import complain, run_command
from core.errors import InputError, PlatformError, SettingsError
from core.settings import Settings

if TYPE_CHECKING:
    from cloud_function.deploy.job import Job

OF_JOB = ("units", "from", "to", "seed", "tasks", "format", "windows", "no_load")
_VIEWER = re.compile(r"(user|group|serviceAccount|domain):[A-Za-z0-9._%+@-]+")
_EPILOG = """\
GCP_PROJECT_ID and GCS_BUCKET_NAME say where; GCP_REGION and MRHEALTH_DATASET_PREFIX may. Run
again, it changes nothing that is as it should be, and brings the functions up to date.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Deploy, or show how; the exit code of the process."""
    parser = argparse.ArgumentParser(
        prog="deploy", description=__doc__, epilog=_EPILOG, allow_abbrev=False
    )
    parser.add_argument(
        "what", nargs="?", choices=("functions", "panel", "job"), default="functions",
        help="the two functions with bucket, datasets and schedule (default), the panel, or the "
        "job for a large request, which is started",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true", help="print every command, and run none of them"
    )
    parser.add_argument(
        "--powershell", action="store_true", help="print them for PowerShell (default: bash)"
    )
    parser.add_argument(
        "--viewer", action="append", default=[], metavar="user:NAME@EXAMPLE.COM",
        help="who may open the panel; may be given several times",
    )  # fmt: skip
    _add_job(parser.add_argument_group("for the job"))
    options = parser.parse_args(arguments)
    try:
        _deploy(options)
    except PlatformError as error:
        complain(str(error))
        return error.exit_code
    return 0


def _add_job(group: "argparse._ArgumentGroup") -> None:
    for flag, kind, value, what in (
        ("--units", int, "N", "number of units"),
        ("--from", str, "YYYY-MM-DD", "first date"),
        ("--to", str, "YYYY-MM-DD", "last date"),
        ("--seed", int, "N", "random seed (default: the project's own)"),
        ("--tasks", int, "N", "tasks that share the shards (default: one a shard, up to 100)"),
    ):
        group.add_argument(flag, type=kind, metavar=value, help=what)
    group.add_argument("--format", choices=("csv", "parquet"), help="default: csv")
    group.add_argument(
        "--windows", nargs="*", metavar="HH:MM-HH:MM",
        help="these windows of each date, all seven without a value (default: whole days)",
    )  # fmt: skip
    group.add_argument(
        "--no-load", action="store_true", help="write the objects, and leave Bronze as it is"
    )


def _job(options: argparse.Namespace) -> "Job":
    """The job of the options.

    Its modules know time zones, which Windows has only by a package: nothing else needs one.
    """
    from cloud_function.deploy.job import Job
    from core.generation.windows import parse_date

    first, last = getattr(options, "from"), options.to
    if not first or not last or options.units is None:
        raise InputError("The job needs --units, --from and --to: they say what it makes.")
    windows = None if options.windows is None else tuple(options.windows)
    return Job(
        (parse_date(first), parse_date(last)), options.units, windows, options.format or "csv",
        options.seed, options.tasks, load=not options.no_load,
    )  # fmt: skip


def _deploy(options: argparse.Namespace) -> None:
    values = _values()
    steps = _steps(options)
    if options.dry_run:
        print("# To be run in the project's folder.")
        if options.what == "panel":
            print(_panel_notes(values))
        print(*script(steps, values, powershell=options.powershell), sep="\n")
        return
    runner = Runner(values, lambda doing: print(doing, flush=True))
    check(runner, steps)
    if options.what == "panel":
        check_organisation(runner)
    runner.run(steps)
    print("Done.", _afterwards(options, runner.values))


def _panel_notes(values: dict[str, str]) -> str:
    """What a person checks before the panel's steps."""
    ancestors = " ".join(ANCESTORS).format_map(values)
    return (
        "# It needs gcloud's beta commands: gcloud components install beta\n"
        f"# Where `{ancestors}` shows no organization, viewers need an OAuth client of your own: "
        "docs/deployment.md"
    )


def _values() -> dict[str, str]:
    settings = Settings.from_mapping(os.environ)
    if settings.cloud is None:
        raise SettingsError(
            "GCP_PROJECT_ID and GCS_BUCKET_NAME are not set: set both to say where to deploy."
        )
    cloud = settings.cloud
    return {
        "project": cloud.project,
        "bucket": cloud.bucket,
        "region": cloud.region,
        "prefix": settings.dataset_prefix,
    }


def _steps(options: argparse.Namespace) -> list[Step]:
    if options.viewer and options.what != "panel":
        raise InputError("--viewer is for the panel: write `panel` before it.")
    if options.what == "job":
        from cloud_function.deploy.job import job_steps

        return job_steps(_job(options))
    if any(getattr(options, name) not in (None, False) for name in OF_JOB):
        raise InputError("--units, --from, --to and the like are for the job: write `job` first.")
    if options.what == "functions":
        return function_steps()
    for viewer in options.viewer:
        if not _VIEWER.fullmatch(viewer):
            raise InputError(f"{viewer!r} is nobody: use a form such as user:ana@example.com.")
    return [*panel_steps(), *map(viewer_step, options.viewer)]


def _afterwards(options: argparse.Namespace, values: dict[str, str]) -> str:
    if options.what == "job":
        return "All tasks have succeeded; python scripts/reconcile.py compares what they made."
    if options.what == "panel":
        return "Who may open the panel is said by --viewer user:NAME@EXAMPLE.COM."
    return (
        "The schedule calls data-generator from the next window on; to call it now: "
        f"gcloud functions call data-generator --gen2 --region={values['region']} "
        f"--project={values['project']}"
    )


if __name__ == "__main__":
    run_command(main)
