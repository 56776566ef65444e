"""Exactly once on BigQuery over years: jobs of every age, for BigQuery forgets them one by one."""

import contextlib
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from core.errors import PlatformError
from core.settings import Cloud
from core.storage.object_names import reference_name
from core.warehouse import Load
from core.warehouse.bigquery import loader
from local_cloud.gateway import Fault, Gateway
from local_cloud.gateway.exchange import Asked
from tests.support.bigquery_scene import BUCKET, NOW, Bronze, load, names_of, reference

KEPT = 180  # days that BigQuery keeps a job
NUMBERS = count(1)
OLD = names_of(NOW.date() - timedelta(days=200))  # of a date whose logs may be gone


class Years:
    """A Bronze whose jobs grow old: each call is on a day, and finds no job of more than 180."""

    def __init__(self, cloud: Cloud, gateway: Gateway) -> None:
        prefix = f"years_{cloud.bucket.replace('-', '_')}_{next(NUMBERS)}"
        self.bronze = Bronze(cloud, prefix, gateway)
        self._jobs = gateway.bigquery
        self._faults = gateway.faults
        self._born: dict[str, int] = {}

    def put(self, day: int, *loads: Load, unnoted: bool = False) -> dict[str, bool]:
        """Load objects on a day; where their notes are lost the process dies."""
        self._pass(day)
        lost = Fault(path="_ledger", status=400, reason="invalid", times=None if unnoted else 0)
        with self._faults.having(lost), contextlib.suppress(*[PlatformError] * unnoted):
            answer = self.bronze.put(*loads, now=NOW + timedelta(days=day))
            self._pass(day)
            return answer
        self._pass(day)
        return {}

    def _pass(self, day: int) -> None:
        for job_id in self._jobs.job_ids():
            self._born.setdefault(job_id, day)
        gone = {job_id for job_id, born in self._born.items() if day - born > KEPT}
        if gone:
            self._jobs.forget(*gone)
        self._born = {job: born for job, born in self._born.items() if job not in gone}


@pytest.fixture
def years(cloud: Cloud, gateway: Gateway) -> Years:
    return Years(cloud, gateway)


@pytest.fixture
def cloud_and_gateway(cloud: Cloud, gateway: Gateway) -> tuple[Cloud, Gateway]:
    return cloud, gateway


# On which day each generation comes, and whether with others; and which one's note is lost, if any.
DELIVERIES = st.lists(st.tuples(st.integers(0, 250), st.booleans()), min_size=2, max_size=5)
LOST = st.sampled_from([None, 0, 1, 2])
SINGLY = [(0, False), (100, False), (190, False), (200, False)]
WITH_OTHERS = [(0, False), (100, False), (190, True), (200, False)]


# A failing case is told as it was found: to look for a smaller one takes minutes.
@settings(
    max_examples=2, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(deliveries=DELIVERIES, lost=LOST)
@example(deliveries=SINGLY, lost=None)
@example(deliveries=WITH_OTHERS, lost=None)
@example(deliveries=SINGLY, lost=2)
def test_whichever_jobs_are_forgotten_the_newest_generation_is_there_once(
    cloud_and_gateway: tuple[Cloud, Gateway], deliveries: list[tuple[int, bool]], lost: int | None
) -> None:
    years, names = Years(*cloud_and_gateway), OLD[:3]
    newest: dict[str, Load] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "MOST_SINGLES", 2)
        for number, (day, many) in enumerate(sorted(deliveries)):
            loads = [load(name, 1 + number) for name in (names if many else names[:1])]
            years.put(day, *loads, unnoted=number == lost)
            newest |= {each.name: each for each in loads}
        last = max(day for day, _ in deliveries)
        years.put(last, *newest.values())
    years.bronze.has(*newest.values())


def test_a_line_that_the_ledger_was_owed_when_the_job_expired_is_written(years: Years) -> None:
    for generation, day in enumerate((0, 100, 190), 1):
        years.put(day, load(OLD[0], generation))
    years.put(195, load(OLD[0], 4), unnoted=True)
    assert years.put(200, load(OLD[0], 4)) == {}
    years.bronze.has(load(OLD[0], 4))
    assert years.bronze.warehouse.holds(BUCKET, OLD[0], 4)


def test_a_line_is_written_though_another_entry_of_its_place_was_noted(years: Years) -> None:
    for generation, day in enumerate((0, 100), 1):
        years.put(day, load(OLD[0], generation))
    years.put(190, load(OLD[0], 3), unnoted=True)  # in the place of the first
    assert years.put(195, load(OLD[0], 3)) == {}
    years.bronze.has(load(OLD[0], 3))


def test_what_was_loaded_and_not_noted_is_not_loaded_twice_when_its_job_expired(
    years: Years,
) -> None:
    years.put(0, load(OLD[0], 1), unnoted=True)
    years.put(200, load(OLD[0], 1))
    years.bronze.has(load(OLD[0], 1))


@pytest.mark.parametrize("many", [False, True])
def test_a_load_of_an_old_date_scans_only_partitions_that_logs_may_have_lost(
    years: Years, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, many: bool
) -> None:
    monkeypatch.setattr(loader, "MOST_SINGLES", 0 if many else 20)
    queries: list[dict[str, Any]] = []

    def note(asked: Asked) -> None:
        queries.append(asked.json()["configuration"]["query"])

    with gateway.faults.having(Fault(operation="job.insert.query", hook=note, times=None)):
        years.put(0, load(OLD[0], 1))
    years.bronze.has(load(OLD[0], 1))
    (query,) = [query for query in queries if "_source_file" in query["query"]]
    assert "WHERE _ingest_date < @stop" in query["query"]
    given = {each["name"]: each["parameterValue"] for each in query["queryParameters"]}
    assert date.fromisoformat(given["stop"]["value"]) == NOW.date() - timedelta(days=150)


@pytest.mark.parametrize("kept", [0, 1])
def test_what_was_loaded_ahead_of_its_date_is_replaced_when_its_job_expired(
    years: Years, kept: int
) -> None:
    name = names_of(NOW.date() + timedelta(days=100))[0]
    years.put(0, load(OLD[0], 1))
    years.put(1, load(name, 1))
    assert years.put(190, load(name, 2 - kept)) == ({} if kept else {name: True})
    years.bronze.has(load(OLD[0], 1), load(name, 2 - kept))


def test_an_empty_reference_file_empties_its_table_when_the_log_has_expired(years: Years) -> None:
    years.put(0, reference(1, "1;Brasil", "2;Chile"))
    years.put(200, reference(2))
    assert years.bronze.warehouse.ask("SELECT * FROM bronze.countries") == []
    assert years.bronze.warehouse.generations(BUCKET) == {reference_name("countries"): 2}
    (ledger,) = years.bronze.warehouse.ask("SELECT COUNT(*) AS n FROM bronze._ingested_objects")
    assert ledger["n"] == 1
