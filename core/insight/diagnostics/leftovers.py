"""Check for traces of objects that were deleted or moved, and give the command to clear them."""

from collections.abc import Iterable
from datetime import date
from shlex import quote

from core.generation.windows import business_date
from core.insight.diagnostics.finding import CheckContext, Finding, State
from core.messages import message
from core.operations.cleanup.leftovers import Leftover, find_leftovers
from core.storage.object_names import day_of

SETTLE = message("diagnose.settle")


def left_overs(case: CheckContext) -> Finding:
    """Check whether Bronze or quarantine still have something of objects that are gone."""
    found = find_leftovers(case.platform, case.dates)
    if not found:
        return Finding(State.FINE, message("diagnose.left_overs_none", dates_told=case.dates_text))
    sentence = _sentence(found, case)
    todo = [one for one in found if not one.stays]
    if not todo:
        return Finding(State.ATTENTION, sentence, found[0].stays)
    names = tuple(one.name for one in todo)
    return Finding(State.ATTENTION, sentence, SETTLE, settle_command(case, names), "settle", names)


def _sentence(found: list[Leftover], case: CheckContext) -> str:
    rows, reports = sum(one.rows for one in found), sum(one.report is not None for one in found)
    return message(
        "diagnose.left_overs",
        dates_told=case.dates_text,
        count=len(found),
        name=found[0].name,
        rows=rows,
        reports=reports,
    )


def settle_command(case: CheckContext, names: Iterable[str]) -> str:
    """The command that clears what is left of some objects."""
    first, last = span(names, business_date(case.now))
    return f"python scripts/settle_deleted.py --from {first} --to {last} --apply"


def span(names: Iterable[str], otherwise: date) -> tuple[date, date]:
    """First and last business date of some objects; a fallback date if none has one."""
    days = [day for day in map(day_of, names) if day] or [otherwise]
    return min(days), max(days)


def move_out(case: CheckContext, names: Iterable[str]) -> str:
    """The commands that move objects to where no consumer looks, never over another object."""
    cloud, stamp = case.platform.settings.cloud, f"{case.now:%Y%m%dT%H%M%S}"
    if cloud:
        bucket = f"gs://{cloud.bucket}"
        return "\n".join(
            f"gcloud storage mv --no-clobber {quote(f'{bucket}/{name}')} "
            f"{quote(f'{bucket}/aside/{stamp}/{name}')}"
            for name in names
        )
    bucket_folder = case.platform.settings.bucket_folder
    aside = case.platform.settings.home / "aside" / stamp
    return "\n".join(
        f"mkdir -p {quote(str((aside / name).parent))} && "
        f"mv -n {quote(str(bucket_folder / name))} {quote(str(aside / name))}"
        for name in names
    )
