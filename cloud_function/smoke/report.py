"""What a run says: a line a check for a person, and JSON to attach to a report, without secrets."""

import json
import re
import textwrap
from collections.abc import Iterable
from typing import Any

from cloud_function.smoke.check import Check, Result, Verdict
from cloud_function.smoke.checks import Ended
from cloud_function.smoke.scene import Scene

_WIDTH = 100
_REGION = "us-central1"  # as commands in remedies have it
_USD_A_TIB = 6.25  # core/insight/usage/prices.csv, query_bytes
# Identity and access tokens, and people's addresses; those of service accounts are names.
_TOKEN = re.compile(r"\b(?:eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?|ya29\.[\w.-]+|Bearer\s+[\w.~+/=-]+)")
_PERSON = re.compile(r"\b[\w.+-]+@(?![\w.-]*gserviceaccount\.com)([\w-]+\.[\w.-]+\b)")


def mask(text: str) -> str:
    """A text without tokens, and without the names in people's addresses."""
    return _PERSON.sub(r"***@\1", _TOKEN.sub("***", text))


def format_result(result: Result, region: str = _REGION) -> str:
    """A check for a terminal: verdict, name, what it saw; and what to do where it did not hold."""
    head = f"{result.verdict:<13} {result.check.name:<22} "
    text = f"{head}{mask(result.saw)}"
    return "\n".join([text, *_indent(result.advice.replace(_REGION, region))])


def format_plan(checks: Iterable[Check]) -> str:
    """What a run will check, one line per check."""
    return "\n".join(f"  {check.name:<22} {check.proves}" for check in checks)


def last_lines(scene: Scene, ended: Ended) -> list[str]:
    """How many checks held, what it cost, and what is left."""
    counts = {
        verdict: sum(result.verdict is verdict for result in ended.results) for verdict in Verdict
    }
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    return [f"{verdicts}.", describe_cost(ended), *_describe_left(scene)]


def describe_cost(ended: Ended) -> str:
    """What the run's queries billed, in a sentence."""
    if ended.billed is None:
        return f"Cost: BigQuery does not say what the {ended.jobs:,} jobs of this account billed."
    usd = ended.billed / 2**40 * _USD_A_TIB
    return (
        f"Cost: {ended.jobs:,} jobs of this account billed {ended.billed:,} bytes "
        f"(US$ {usd:.4f} beyond the free TiB of a month)."
    )


def to_json(scene: Scene, ended: Ended) -> str:
    """The report as JSON."""
    run = scene.run
    content: dict[str, Any] = {
        "version": 1, "token": run.token, "begun": run.begun.isoformat(timespec="seconds"),
        "region": scene.cloud.region, "emulated": scene.is_emulated, "day": run.day.isoformat(),
        "checks": [_to_entry(result) for result in ended.results],
        "jobs": ended.jobs, "bytes_billed": ended.billed,
        "left": [mask(sentence) for sentence in ended.left],
    }  # fmt: skip
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def exit_code(ended: Ended) -> int:
    """0 where all held or could not be checked, 1 where something did not hold or is left."""
    failed = any(result.verdict is Verdict.FAILED for result in ended.results)
    return 1 if failed or ended.left else 0


def _to_entry(result: Result) -> dict[str, Any]:
    entry = {
        "name": result.check.name, "proves": result.check.proves, "verdict": str(result.verdict),
        "saw": mask(result.saw), "seconds": round(result.seconds, 1),
    }  # fmt: skip
    return entry | ({"advice": result.advice} if result.advice else {})


def _describe_left(scene: Scene) -> list[str]:
    if not scene.left:
        return ["All that this run made is taken away again."]
    again = f"python scripts/smoke_cloud.py --clean {scene.run.token}"
    return [*(f"Left: {mask(sentence)}" for sentence in scene.left), f"Take it away: {again}"]


def _indent(text: str) -> list[str]:
    pad = " " * 14
    return textwrap.wrap(
        text, _WIDTH, initial_indent=pad, subsequent_indent=pad,
        break_on_hyphens=False, break_long_words=False,  # commands stay as they are
    )  # fmt: skip
