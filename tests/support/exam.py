"""The exam: a scenario goes through the pipeline, and its findings are compared with the key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core import pipeline
from core.bronze.reference_data import publish_reference
from core.generation.catalog import load_catalog
from core.insight.findings.find import find_faults
from core.platform import Platform
from core.scenarios.findings_table import FaultFinding
from core.scenarios.grade import Grade, grade_findings
from core.scenarios.key import KeyEntry, answer_key
from core.scenarios.scenario import Scenario, read_scenario
from core.scenarios.spoiler import ScenarioSpoiler
from core.storage.object_names import HELD_PREFIX, parse_held_name
from core.storage.object_store import NewObject
from core.storage.publish import publish
from core.storage.request import Request

MONDAY = date(2026, 2, 2)
LONG_AFTER = datetime(2026, 3, 1, tzinfo=UTC)  # every window is over, every late object has come
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
        return scenario_of((self.kind, self.fault))

    @property
    def request(self) -> Request:
        """The request that the scenario is applied to."""
        return request_of(self.tags, self.units, self.days)


def scenario_of(*faults: tuple[str, str], seed: int = 1) -> Scenario:
    """A scenario with faults: kinds with the lines of their tables."""
    tables = "".join(f'[[faults]]\nkind = "{kind}"\n{lines}\n' for kind, lines in faults)
    head = f'name = "exam"\nsentence = "a"\nsentence_pt = "b"\nseed = {seed}\n'
    return read_scenario(head + tables, "exam")


def request_of(tags: Sequence[str], units: int, days: int) -> Request:
    """Windows of the first units on the first days."""
    windows = tuple(window for window in load_catalog().windows if window.tag in tags)
    dates = tuple(MONDAY + timedelta(days=day) for day in range(days))
    return Request(dates, windows, tuple(range(1, units + 1)))


def sit_exam(platform: Platform, scenario: Scenario, request: Request) -> list[KeyEntry]:
    """Apply a scenario, let late objects come, and load all of it; return the key."""
    spoiler = ScenarioSpoiler(scenario, request, platform.catalog)
    publish(platform.store, request, platform.catalog, spoiler=spoiler)
    publish_reference(platform.store, platform.catalog, max(request.units))
    pipeline.ingest_pending(platform, LONG_AFTER)
    release(platform)
    return answer_key(scenario, request, platform.catalog)


def release(platform: Platform) -> None:
    """Publish and load the objects whose moment has come."""
    for info in platform.store.list(HELD_PREFIX):
        held = parse_held_name(info.name)
        if held and held.moment:
            platform.store.create([[NewObject(held.name, platform.store.read(info.name).data)]])
    pipeline.ingest_pending(platform, LONG_AFTER)


def find_all(platform: Platform, request: Request) -> list[FaultFinding]:
    """Our pipeline's findings about a request."""
    return find_faults(platform, (request.dates[0], request.dates[-1]), LONG_AFTER)


def grade(platform: Platform, key: Sequence[KeyEntry], request: Request) -> Grade:
    """The grade of our pipeline's findings."""
    return grade_findings(key, find_all(platform, request))


def shares(grade: Grade) -> Mapping[str, tuple[float | None, float | None]]:
    """Precision and recall by kind."""
    return {kind.kind: (kind.precision, kind.recall) for kind in grade.kinds}
