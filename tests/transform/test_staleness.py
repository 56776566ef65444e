"""Which business dates of a layer are built again, and why a layer is built as a whole."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.transform import staleness
from core.transform.date_slices import Slice
from core.transform.layers import digest
from core.transform.staleness import RebuildPlan, State, States
from core.warehouse.base import BuiltDate

Rows = Sequence[dict[str, Any]]
REFERENCE = State("reference", frozenset({date(2026, 1, 1)}))


def day(number: int) -> date:
    return date(2026, 2, number)


def ledger(*days: int, version: str = "v1") -> States:
    """Dates of that version in the layer below, each ingested a month later, and reference data."""
    states: States = {day(n): State(version, frozenset({date(2026, 3, n)})) for n in days}
    return {None: REFERENCE, **states}


def shown(layer: str, below: States) -> States:
    """What the layer notes when it was built from these states; its rows came in April."""
    plan = staleness.compare_states(layer, below, {}, full=False)
    return {
        state_day: state._replace(ingested=frozenset({state_day.replace(month=4)}))
        if state_day else state
        for state_day, state in plan.notes.items()
    }  # fmt: skip


def plan(
    below: States, before: States, layer: str = "silver", *, full: bool = False
) -> RebuildPlan:
    return staleness.compare_states(layer, below, shown(layer, before), full=full)


def answer(rows: Rows) -> Callable[[str], list[dict[str, Any]]]:
    return lambda _: [*rows]


SIX = ledger(1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("below", "built"),
    [
        (SIX, ()),
        ({**SIX, **ledger(2, version="v2")}, (2,)),
        ({**SIX, **ledger(7)}, (7,)),
        ({at: state for at, state in SIX.items() if at != day(3)}, (3,)),
        ({**SIX, **ledger(6, 1, 4, version="v2")}, (1, 4, 6)),  # half of them
    ],
    ids=["nothing", "changed", "new", "removed", "half"],
)
def test_the_dates_that_differ_are_built(below: States, built: tuple[int, ...]) -> None:
    found = plan(below, SIX)
    assert found.why is None
    assert not found.reference
    assert found.part is not None
    assert found.part.dates == tuple(map(day, built))


def test_a_plan_compares_the_notes_of_the_layer_with_those_of_the_layer_below() -> None:
    notes = {"silver": {**SIX, **ledger(2, version="v2")}, "gold": shown("gold", SIX)}
    rows = [
        {"layer": layer, **row._asdict()}
        for layer, states in notes.items()
        for row in staleness.rows_of_notes(states)
    ]
    part = staleness.plan_rebuild(answer(rows), "gold", full=False).part
    assert part is not None
    assert part.dates == (day(2),)
    assert staleness.plan_rebuild(answer([]), "silver", full=False).why == staleness.FIRST


@pytest.mark.parametrize(
    ("layer", "below", "before", "why"),
    [
        ("silver", SIX, {}, staleness.FIRST),
        ("gold", SIX, {}, staleness.FIRST),
        ("gold", {}, SIX, staleness.BELOW),
        ("silver", {**SIX, **ledger(1, 2, 3, 4, version="v2")}, SIX, staleness.MOST),
    ],
)
def test_a_layer_is_built_whole_where_dates_do_not_do(
    layer: str, below: States, before: States, why: str
) -> None:
    found = plan(below, before, layer)
    assert (found.part, found.why) == (None, why)


def test_a_layer_of_other_sql_is_built_whole() -> None:
    before = {at: state._replace(version=f"0123 {state.version}") for at, state in SIX.items()}
    assert staleness.compare_states("silver", SIX, before, full=False).why == staleness.SQL
    assert plan(SIX, SIX, full=True).why == staleness.ASKED


def test_other_reference_data_is_noticed_and_is_no_date() -> None:
    found = plan({**SIX, None: State("other", frozenset())}, SIX)
    assert found.reference
    assert found.part == Slice((), (), ())


def test_a_slice_has_the_partitions_of_its_dates_below_and_in_the_layer() -> None:
    below = {**SIX, **ledger(2, 7, version="v2")}
    del below[day(3)]
    assert plan(below, SIX).part == Slice(
        (day(2), day(3), day(7)),
        (date(2026, 3, 2), date(2026, 3, 7)),
        (date(2026, 4, 2), date(2026, 4, 3)),
    )


def test_notes_of_dates_that_stay_are_kept_and_others_are_those_below() -> None:
    notes = plan({**SIX, **ledger(2, version="v2")}, SIX).notes
    assert notes[day(1)] == State(f"{digest('silver')} v1", frozenset({date(2026, 4, 1)}))
    assert notes[day(2)] == State(f"{digest('silver')} v2", frozenset({date(2026, 3, 2)}))


def test_a_date_with_an_orphan_is_built_again_each_time() -> None:
    notes = staleness.note_orphans(shown("silver", SIX), {day(4)})
    part = staleness.compare_states("silver", SIX, notes, full=False).part
    assert part is not None
    assert part.dates == (day(4),)


def test_notes_survive_their_rows() -> None:
    notes: States = {
        None: REFERENCE, day(1): State("v1", frozenset({date(2026, 3, 2), date(2026, 3, 1)})),
    }  # fmt: skip
    rows = staleness.rows_of_notes(notes)
    assert rows == [
        BuiltDate(None, date(2026, 1, 1), "reference"),
        BuiltDate(day(1), date(2026, 3, 1), "v1"),
        BuiltDate(day(1), date(2026, 3, 2), "v1"),
    ]
    noted = answer([{"layer": "gold", **row._asdict()} for row in rows])
    assert staleness.read_noted_states(noted) == {"gold": notes}


PLACES = [{"day": "2026/02/02", "_ingest_date": date(2026, 5, n)} for n in (9, 8)] + [
    {"day": "2026/02/03", "_ingest_date": None}
]


@pytest.mark.parametrize("full", [True, False])
def test_silver_notes_the_partitions_that_its_new_rows_are_in(*, full: bool) -> None:
    found = plan({**SIX, **ledger(2, 3, version="v2")}, SIX, full=full)
    notes = staleness.note_silver_partitions(answer(PLACES), found).notes
    assert notes[day(2)].ingested == {date(2026, 5, 8), date(2026, 5, 9)}
    assert notes[day(3)].ingested == {date(2026, 3, 3)}  # no row of it has a partition
    assert notes[day(1)] == found.notes[day(1)]


def test_silver_is_built_from_the_partitions_that_hold_its_dates() -> None:
    found = plan({**SIX, **ledger(2, version="v2")}, SIX)
    held = staleness.find_bronze_partitions(answer(PLACES), found)
    assert held.part == Slice((day(2),), (date(2026, 5, 8), date(2026, 5, 9)), (date(2026, 4, 2),))
    assert held.notes[day(2)].ingested == {date(2026, 5, 8), date(2026, 5, 9)}


def test_where_no_date_is_built_no_partition_is_looked_for() -> None:
    def refuse(sql: str) -> list[dict[str, Any]]:
        raise AssertionError(sql)

    nothing, whole = plan(SIX, SIX), plan(SIX, SIX, full=True)
    for find in (staleness.find_bronze_partitions, staleness.note_silver_partitions):
        assert find(refuse, nothing) == nothing
    assert staleness.find_bronze_partitions(refuse, whole) == whole


def _line(number: int, hour: int = 12, **more: Any) -> dict[str, Any]:
    moment = datetime(2026, 3, number, hour, tzinfo=UTC)
    return {
        "day": f"2026/02/{number:02}", "objects": 2, "row_count": 9, "millions": 3, "units": 4,
        "earliest": moment, "latest": moment + timedelta(days=1), **more,
    }  # fmt: skip


def test_a_date_may_have_been_ingested_from_a_day_before_to_a_day_after() -> None:
    states = staleness.read_ledger_states(answer([_line(2), _line(5, day=None)]))
    version = "2 objects, 9 rows, generations 3000004, latest 2026-03-03T12:00:00+00:00"
    assert states[day(2)] == State(version, frozenset(date(2026, 3, n) for n in (1, 2, 3, 4)))
    assert states[None].ingested == {date(2026, 3, 6)}


def test_dates_that_changed_while_silver_was_built_are_found() -> None:
    before = staleness.read_ledger_states(answer([_line(n) for n in (1, 2, 3)]))
    found = staleness.compare_states("silver", before, {}, full=True)
    rows = [_line(1), _line(2, objects=3), _line(4), _line(5, day=None)]
    assert staleness.find_moved_dates(answer(rows), found) == {day(2), day(3), day(4)}
