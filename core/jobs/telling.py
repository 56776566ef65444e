"""How work tells what it does: progress that is also logged, and results as sentences."""

from collections.abc import Sequence
from dataclasses import asdict

from core.errors import CheckError
from core.object_store import Unreadable
from core.progress import Progress
from core.publish import Published
from core.runner import Context
from core.stale import WHY_FULL
from core.transform import LayerReport


def logged(context: Context) -> Progress:
    """Progress that also keeps each step's first mention in the log."""
    seen: set[str] = set()

    def tell(done: int, total: int, doing: str) -> None:
        if doing not in seen:
            seen.add(doing)
            context.log(doing)
        context.progress(done, total, doing)

    return tell


def published(done: Published) -> str:
    """What a publication did."""
    files = done.created + done.replaced
    same = f", {done.same} there already" if done.same else ""
    return f"{done.orders} orders and {done.items} items: {files} files written{same}"


def loaded(rows: int, rejected: int) -> str:
    """What Bronze took in."""
    text = f"{rows} rows loaded into Bronze"
    return f"{text}, {rejected} rejected into quarantine" if rejected else text


def left_sentence(entries: Sequence[Unreadable]) -> str:
    """What could not be taken to Bronze, the first with its reason; empty where there is none."""
    if not entries:
        return ""
    many = "1 entry" if len(entries) == 1 else f"{len(entries):,} entries"
    return f" {many} could not be read, such as {entries[0].name}: {entries[0].reason}."


def judged(reports: Sequence[LayerReport], context: Context) -> str:
    """One sentence on a rebuild, whose reports stay with the run.

    Raises:
        CheckError: A check failed; its layer stayed as it was.
    """
    context.details["layers"] = [asdict(report) for report in reports]
    last = reports[-1]
    if not last.published:
        failed = [check for check in last.checks if not check.passed]
        raise CheckError(
            f"{last.layer.capitalize()} stayed as it was, since {len(failed)} of its "
            f"{len(last.checks)} checks failed: {failed[0].sentence} "
            f"({failed[0].failing_rows} rows do not); docs/bronze.md has the way out."
        )
    tables = sum(len(report.tables) for report in reports)
    checks = sum(len(report.checks) for report in reports)
    names = ", ".join(report.layer.capitalize() for report in reports)
    return f"{names} rebuilt: {tables} tables, all {checks} checks passed. {_extent(reports)}"


def _extent(reports: Sequence[LayerReport]) -> str:
    """How many business dates were built, and why all were."""
    counts = [
        f"{report.layer.capitalize()} {'all' if report.dates is None else len(report.dates)}"
        for report in reports
    ]
    whys = [WHY_FULL[report.why_full] for report in reports if report.why_full]
    return " ".join([f"Business dates built: {', '.join(counts)}.", *whys[:1]])
