"""How jobs report: progress that is also logged, and results as sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from core.errors import CheckError
from core.messages import Message, join_sentences, message
from core.operations.runs.runner import Context
from core.pipeline import Uploaded
from core.progress import Progress
from core.storage.object_store import Unreadable
from core.storage.publish import Published
from core.transform.rebuild import LayerReport
from core.transform.staleness import WHY_FULL


def log_steps(context: Context) -> Progress:
    """Progress that also logs each step when it is first reported."""
    seen: set[str] = set()

    def report(done: int, total: int, doing: str) -> None:
        if doing not in seen:
            seen.add(doing)
            context.log(doing)
        context.progress(done, total, doing)

    return report


def describe_published(done: Published) -> Message:
    """What a publication did."""
    files = done.created + done.replaced
    said = message("done.published", orders=done.orders, items=done.items, files=files)
    return message("done.published_same", published=said, same=done.same) if done.same else said


def describe_loaded(rows: int, rejected: int) -> Message:
    """What was loaded into Bronze."""
    said = message("done.loaded", rows=rows)
    return message("done.loaded_rejected", loaded=said, rejected=rejected) if rejected else said


def describe_uploaded(done: Uploaded) -> str:
    """What an upload published and loaded."""
    published = describe_published(done.published)
    if done.left_to_events:
        return message("result.upload_events", published=published)
    loaded = describe_loaded(done.ingested.rows_loaded, done.ingested.rows_rejected)
    result = message("result.upload", published=published, loaded=loaded)
    return join_sentences(result, describe_unread(done.ingested.left))


def describe_unread(entries: Sequence[Unreadable]) -> str:
    """What could not be loaded into Bronze, the first with its reason; empty where all could."""
    if not entries:
        return ""
    first = entries[0]
    return message("done.unread", count=len(entries), name=first.name, reason=first.reason)


def layer_names(layers: Iterable[str]) -> list[Message]:
    """Layers as sentences name them."""
    return [message(f"layer.{layer}") for layer in layers]


def add_layers(result: Message, built: Sequence[str]) -> Message:
    """A result as a sentence, with the layers that were rebuilt after it."""
    if built:
        result = message("result.layers_rebuilt", result=result, layers=layer_names(built))
    return message("result.sentence", result=result)


def require_passed(reports: Sequence[LayerReport], context: Context) -> str:
    """One sentence on a rebuild, whose reports the run keeps.

    Raises:
        CheckError: A check failed; its layer stayed as it was.
    """
    context.details["layers"] = [asdict(report) for report in reports]
    last = reports[-1]
    if not last.published:
        failed = [check for check in last.checks if not check.passed]
        raise CheckError(
            message(
                "end.checks_failed", layer=message(f"layer.{last.layer}"), failed=len(failed),
                count=len(last.checks), check=failed[0].sentence, rows=failed[0].failing_rows,
            )
        )  # fmt: skip
    rebuilt = message(
        "result.rebuild",
        layers=layer_names(report.layer for report in reports),
        tables=sum(len(report.tables) for report in reports),
        checks=sum(len(report.checks) for report in reports),
    )
    return join_sentences(rebuilt, *_extent(reports))


def _extent(reports: Sequence[LayerReport]) -> list[Message]:
    """How many business dates were built, and why all were."""
    counts = list(map(_built, reports))
    whys = [WHY_FULL[report.why_full] for report in reports if report.why_full]
    return [message("result.rebuilt_dates", counts=counts), *whys[:1]]


def _built(report: LayerReport) -> Message:
    layer = message(f"layer.{report.layer}")
    if report.dates is None:
        return message("result.layer_all", layer=layer)
    return message("result.layer_dates", layer=layer, count=len(report.dates))
