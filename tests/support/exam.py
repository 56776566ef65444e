"""The exam: a scenario goes through the pipeline, and its findings are compared with the key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core import pipeline
from core.bronze.quarantine import find_report
from core.generation.catalog import load_catalog
from core.insight.anomalies.find import find_anomalies
from core.insight.findings.find import find_faults
from core.operations.scenarios.apply import apply
from core.operations.scenarios.record import Record
from core.operations.scenarios.release import release
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.reconcile.judge import NEVER_GENERATED
from core.scenarios.findings_table import FaultFinding
from core.scenarios.grade import Grade, grade_findings
from core.scenarios.key import KeyEntry, answer_key
from core.scenarios.kinds import KINDS
from core.scenarios.scenario import Scenario, read_scenario
from core.storage.request import Request

MONDAY = date(2026, 2, 2)
LONG_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)  # no late object has come
LONG_AFTER = datetime(2026, 3, 1, tzinfo=UTC)  # every window is over, every late object has come
_VOLUME = ("spike", "order_leak", "unit_silent", "clock_skew")
TAGS = tuple(window.tag for window in load_catalog().windows)


@dataclass(frozen=True)
class Paper:
    """A small scenario and its request.

    `fault` has the lines of the fault's table in TOML.
    """

    kind: str
    fault: str = "count = 1"
    tags: Sequence[str] = ("window_1214", "window_1820")
    units: int = 3
    days: int = 1

    @property
    def scenario(self) -> Scenario:
        """The scenario with this fault."""
        return scenario_of([(self.kind, self.fault)])

    @property
    def request(self) -> Request:
        """The request that the scenario is applied to."""
        return request_of(self.tags, self.units, self.days)


def scenario_of(faults: Iterable[tuple[str, str]], seed: int = 1) -> Scenario:
    """A scenario with faults: kinds with the lines of their tables."""
    tables = "".join(f'[[faults]]\nkind = "{kind}"\n{lines}\n' for kind, lines in faults)
    head = f'name = "exam"\nsentence = "a"\nsentence_pt = "b"\nseed = {seed}\n'
    return read_scenario(head + tables, "exam")


def request_of(tags: Sequence[str], units: int, days: int) -> Request:
    """Windows of the first units on the first days."""
    windows = tuple(window for window in load_catalog().windows if window.tag in tags)
    dates = tuple(MONDAY + timedelta(days=day) for day in range(days))
    return Request(dates, windows, tuple(range(1, units + 1)))


_ROWS = ("wrong_unit", "wrong_date", "item_without_order", "order_without_items", "total_not_sum",
         "unknown_product", "unknown_type", "unknown_status", "row_doubled", "value_out_of_range",
         "value_of_wrong_type", "decimal_comma", "other_date_format")  # fmt: skip
PAPERS = {kind: Paper(kind) for kind in KINDS} | {
    "copied_into_other_window": Paper(
        "copied_into_other_window", tags=("window_1214", "window_1416")
    ),
    "yesterday_again": Paper("yesterday_again", "count = 1\ndays = [1, 1]", days=2),
    "clock_skew": Paper("clock_skew", tags=TAGS, units=2, days=2),
    "price_drift": Paper("price_drift", "count = 1\nparameters = {products = 10}"),
    "order_leak": Paper("order_leak", "count = 1\nparameters = {from = 0.5, to = 0.5}", tags=TAGS),
    **{kind: Paper(kind, "share = 0.3") for kind in _ROWS},
}
# Parameters that lead another way through the pipeline.
VARIANTS = (
    ("copied_into_other_window", 'count = 1\nwindows = ["window_1618"]'),
    ("object_missing", 'count = 2\nparameters = {file = "orders"}'),
    ("object_missing", 'count = 2\nparameters = {file = "items"}'),
    ("truncated", 'share = 0.5\nparameters = {file = "items", keep = 0.8}'),
    ("truncated", "share = 0.5\nparameters = {keep = 0.05}"),
    ("header_only", 'count = 1\nparameters = {file = "both"}'),
    ("wrong_encoding", 'share = 0.5\nparameters = {encoding = "latin-1", file = "both"}'),
    ("other_delimiter", 'count = 1\nparameters = {file = "items"}'),
    ("other_delimiter", 'count = 2\nparameters = {delimiter = "tab"}'),
    ("yesterday_again", 'count = 1\ndays = [1, 1]\nparameters = {dates = "yesterday"}'),
    ("row_doubled", 'share = 0.3\nparameters = {file = "items"}'),
    *(
        (kind, 'count = 1\nparameters = {file = "items"}')
        for kind in ("column_renamed", "column_dropped", "column_added", "columns_reordered")
    ),
    *(
        (kind, f'share = 0.2\nparameters = {{{parameter.name} = "{choice}"}}')
        for kind in ("value_out_of_range", "value_of_wrong_type", "decimal_comma",
                     "other_date_format")
        for parameter in KINDS[kind].parameters
        for choice in parameter.choices
    ),
)  # fmt: skip


def sit_exam(platform: Platform, scenario: Scenario, request: Request) -> list[KeyEntry]:
    """Apply a scenario and load what comes of it, except what is late; return the key."""
    apply(platform, Record(scenario, request), LONG_BEFORE, wait_for_events=False)
    return answer_key(scenario, request, platform.catalog)


def let_come(platform: Platform) -> None:
    """Publish and load the late objects."""
    release(platform, LONG_AFTER, wait_for_events=False)


def find_all(platform: Platform, request: Request) -> list[FaultFinding]:
    """Our pipeline's findings about a request."""
    return find_faults(platform, (request.dates[0], request.dates[-1]), LONG_AFTER)


def grade(platform: Platform, key: Sequence[KeyEntry], request: Request) -> Grade:
    """The grade of our pipeline's findings."""
    return grade_findings(key, find_all(platform, request))


def noticed(key: Sequence[KeyEntry]) -> list[KeyEntry]:
    """The faults of a key that this pipeline should notice."""
    return [entry for entry in key if "none" not in KINDS[entry.kind].notices]


def hear_layers(platform: Platform, request: Request, *, silver: bool) -> Mapping[str, str]:
    """The first sentence of each layer that notices something: see `core.scenarios.kinds.Layer`.

    `silver` is whether to build Silver and run its checks, which takes longer than all else.
    """
    dates = (request.dates[0], request.dates[-1])
    lines, unknown = pipeline.compare(platform, dates, LONG_AFTER)
    wrong = {Verdict.MISSING, Verdict.QUARANTINED, Verdict.MISMATCH, Verdict.DUPLICATED}
    names = [*(line.name for line in lines), *(one.name for one in unknown)]
    reports = [report for name in names if (report := find_report(platform.store, name))]
    anomalies = find_anomalies(platform, dates, LONG_AFTER).found
    built = pipeline.rebuild(platform, ("silver",)) if silver else ()
    said: Mapping[str, Sequence[str]] = {
        "quarantine": [report.unreadable or report.rows[0].reason for report in reports],
        "reconcile": [
            f"{line.verdict}: {line.detail}"
            for line in lines
            if line.verdict in wrong and line.detail != NEVER_GENERATED
        ],
        "silver": [check.sentence for layer in built for check in layer.checks if not check.passed],
        "volume": [one.detail for one in anomalies if one.kind in _VOLUME],
        "content": [one.detail for one in anomalies if one.kind not in _VOLUME],
    }
    return {layer: sentences[0] for layer, sentences in said.items() if sentences}
