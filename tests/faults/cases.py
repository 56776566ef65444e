"""The matrix: what happens, what follows from it, and on which sides it is tried.

Each case is a function of a scene that makes it happen and asserts what follows; the two sentences
beside it are what docs/reliability.md says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.bronze.events import VISIBLE_AFTER, ObjectEvent, Outcome
from core.platform import Platform
from local_cloud.gateway import CutError, Fault
from tests.faults.scene import OTHER, Scene
from tests.support.scenes import NOW, ORDERS_NAME, execute

BOTH, CLOUD, FOLDER = ("folder", "cloud"), ("cloud",), ("folder",)


@dataclass(frozen=True)
class Case:
    """A row of the matrix."""

    group: str
    what: str
    follows: str
    sides: tuple[str, ...]
    happens: Callable[[Scene], None]


CASES: list[Case] = []


def case(
    group: str, what: str, follows: str, sides: tuple[str, ...] = BOTH
) -> Callable[[Callable[[Scene], None]], Callable[[Scene], None]]:
    """Put a function into the matrix."""

    def add(happens: Callable[[Scene], None]) -> Callable[[Scene], None]:
        CASES.append(Case(group, what, follows, sides, happens))
        return happens

    return add


# --- events ---


@case("Events", "an event comes twice", "the second is acknowledged and adds nothing")
def twice(scene: Scene) -> None:
    event = scene.write()
    assert scene.deliver(event)
    assert scene.deliver(event)
    scene.assert_acknowledged(2)
    scene.assert_settled()


@case("Events", "an event comes 50 times at once", "one loads, the others wait and add nothing")
def fifty_at_once(scene: Scene) -> None:
    scene.deliver_at_once(scene.write(), 50)
    assert len(scene.answers) == 50
    assert sum(answer.rows_loaded > 0 for answer in scene.answers) <= 1
    scene.assert_settled()


@case("Events", "an older generation's event comes last", "it is superseded")
def out_of_order(scene: Scene) -> None:
    old, new = scene.write(OTHER), scene.write()
    assert scene.deliver(new)
    assert scene.deliver(old)
    assert scene.answers[-1].outcome is Outcome.SUPERSEDED
    scene.assert_settled()


@case("Events", "an older generation's event comes first, read before it was overwritten",
      "the newer one takes its rows' place")  # fmt: skip
def in_order(scene: Scene) -> None:
    assert scene.deliver(scene.write(OTHER))
    assert scene.deliver(scene.write())
    scene.assert_settled()


@case("Events", "before the object is visible", "refused, and loaded when it can be seen")
def not_visible(scene: Scene) -> None:
    bucket = scene.platform.store.bucket
    assert not scene.deliver(ObjectEvent(bucket, ORDERS_NAME, 7, NOW))
    scene.deliver_at_last(scene.write())
    scene.assert_settled()


@case("Events", "after the object was overwritten", "superseded; the newer event loads")
def overwritten(scene: Scene) -> None:
    old = scene.write(OTHER)
    new = scene.write()
    assert scene.deliver(old)
    assert scene.answers[0].outcome is Outcome.SUPERSEDED
    assert scene.deliver(new)
    scene.assert_settled()


@case("Events", "after the object was deleted",
      "refused for a minute, then acknowledged: there is nothing to load")  # fmt: skip
def deleted(scene: Scene) -> None:
    event = scene.write()
    scene.platform.store.delete(ORDERS_NAME)
    scene.platform.warehouse.create_bronze()
    assert not scene.deliver(event)
    assert scene.deliver(event, NOW + VISIBLE_AFTER)
    assert scene.answers[0].outcome is Outcome.GONE
    scene.assert_settled((), bad=0)


@case("Events", "a day late", "loaded, into the partition of the day it is loaded on")
def a_day_late(scene: Scene) -> None:
    assert scene.deliver(scene.write(), NOW + timedelta(days=1))
    scene.assert_settled()


@case("Events", "a day late, after it was loaded", "acknowledged, adds nothing")
def late_again(scene: Scene) -> None:
    event = scene.write()
    assert scene.deliver(event)
    assert scene.deliver(event, NOW + timedelta(days=1))
    scene.assert_acknowledged(2)
    scene.assert_settled()


# --- crashes ---

CRASHES_IN_A_FOLDER = {
    "before the object is read": ("store.read", True),
    "during quarantine": ("store.create", False),
    "before the rows are loaded": ("warehouse.load", True),
    "after the rows are loaded, before the answer": ("warehouse.load", False),
}
CRASHES_ON_GOOGLE: Mapping[str, Mapping[str, Any]] = {
    "before the object is read (GET)": {"service": "storage", "operation": "download"},
    "during quarantine": {"service": "storage", "operation": "upload", "after": 1},
    "before the load job is inserted": {"service": "bigquery", "operation": "job.insert.load"},
    "load job accepted, the answer lost in the crash": {
        "service": "bigquery", "operation": "job.insert.load", "forwarded": True,
    },
    "load job done, before the ledger is written": {
        "service": "bigquery", "operation": "job.insert.query", "path": "_ledger",
    },
}  # fmt: skip


def _dies_in_a_folder(target: str, *, before: bool) -> Callable[[Scene], None]:
    def happens(scene: Scene) -> None:
        event = scene.write()
        with scene.dying(target, before=before):
            scene.deliver(event)
        assert scene.answers == []
        scene.deliver_at_last(event)
        scene.assert_settled()

    return happens


def _dies_on_google(where: Mapping[str, Any]) -> Callable[[Scene], None]:
    def happens(scene: Scene) -> None:
        event = scene.write()
        scene.killed_at(event, **where)
        scene.deliver_at_last(event)
        assert len(scene.answers) == 1
        scene.assert_settled()

    return happens


for what, (target, before) in CRASHES_IN_A_FOLDER.items():
    case("Crashes", f"{what}", "the event comes again and completes it", FOLDER)(
        _dies_in_a_folder(target, before=before)
    )
for what, where in CRASHES_ON_GOOGLE.items():
    case("Crashes", f"kill -9 {what}", "the event comes again and completes it", CLOUD)(
        _dies_on_google(where)
    )


@case("Crashes", "load job done, the process gone before the acknowledgement",
      "the event comes again and finds the rows", CLOUD)  # fmt: skip
def done_before_acknowledgement(scene: Scene) -> None:
    event = scene.write()
    assert scene.deliver(event)
    scene.answers.clear()  # nobody heard it
    assert scene.deliver(event)
    scene.assert_acknowledged(1, new=0)
    scene.assert_settled()


@case("Crashes", "load job still running when the event comes again",
      "the second waits, or is refused and comes again; loaded once", CLOUD)  # fmt: skip
def still_running(scene: Scene) -> None:
    event = scene.write()
    with scene.fault(Fault(service="bigquery", operation="job.insert.load", running=8)):
        scene.deliver_at_once(event, 2)
    assert len(scene.answers) == 2
    scene.assert_settled()


# --- answers of Google's services ---

ANSWERS = {
    "403 rateLimitExceeded": Fault(status=403, reason="rateLimitExceeded"),
    "403 quotaExceeded": Fault(status=403, reason="quotaExceeded"),
    "403 accessDenied": Fault(status=403, reason="accessDenied"),
    "400 invalid": Fault(status=400, reason="invalid"),
    "404 notFound": Fault(status=404, reason="notFound"),
    "408 requestTimeout": Fault(status=408, reason="requestTimeout"),
    "409 duplicate, though there is no such job": Fault(status=409, reason="duplicate"),
    "429 rateLimitExceeded": Fault(status=429, reason="rateLimitExceeded"),
    "500 backendError": Fault(status=500, reason="backendError"),
    "503 backendError": Fault(status=503, reason="backendError"),
    "the connection is reset": Fault(reset=True),
}
AT: Mapping[str, Mapping[str, Any]] = {
    "reading the object": {"service": "storage", "operation": "download"},
    "inserting the load job": {"service": "bigquery", "operation": "job.insert.load"},
    "writing the ledger": {
        "service": "bigquery",
        "operation": "job.insert.query",
        "path": "_ledger",
    },
}
NOT_THERE = {("404 notFound", "reading the object")}  # is an answer: see "after ... deleted"
FOR_STORAGE = "409 duplicate, though there is no such job"  # which downloads do not give


def _answered(answer: Fault, at: Mapping[str, Any], times: int | None) -> Callable[[Scene], None]:
    def happens(scene: Scene) -> None:
        event = scene.write()
        fault = Fault(
            status=answer.status, reason=answer.reason, reset=answer.reset, times=times, **at
        )
        with scene.fault(fault):
            if times is None:
                assert not scene.deliver(event)
            else:
                scene.deliver_at_last(event)
        if times is None:
            scene.deliver_at_last(event)
        assert len(scene.answers) == 1
        scene.assert_settled()

    return happens


for place, at in AT.items():
    for name, answer in ANSWERS.items():
        if (name, place) in NOT_THERE or (name == FOR_STORAGE and at["service"] == "storage"):
            continue
        case("Answers", f"{name} when {place}, once", "tried again, or refused and delivered again",
             CLOUD)(_answered(answer, at, 1))  # fmt: skip
    case("Answers", f"503 when {place}, five times, then success", "loaded in the end", CLOUD)(
        _answered(ANSWERS["503 backendError"], at, 5)
    )
    case("Answers", f"503 when {place}, for as long as it lasts",
         "refused each time, loaded when it is over", CLOUD)(
        _answered(ANSWERS["503 backendError"], at, None)
    )  # fmt: skip


@case("Answers", "the answer to the load job is lost on its way",
      "the id is taken, by the job itself: loaded once", CLOUD)  # fmt: skip
def answer_lost(scene: Scene) -> None:
    event = scene.write()
    lost = Fault(service="bigquery", operation="job.insert.load", reset=True, forwarded=True)
    with scene.fault(lost):
        scene.deliver_at_last(event)
    scene.assert_settled()


@case("Answers", "the connection breaks during quarantine",
      "tried again or refused, never loaded before its bad rows are safe", CLOUD)  # fmt: skip
def quarantine_cut(scene: Scene) -> None:
    event = scene.write()

    def cut(_: object) -> None:
        raise CutError

    with scene.fault(Fault(service="storage", operation="upload", hook=cut, times=1)):
        scene.deliver_at_last(event)
    scene.assert_settled()


@case("Answers", "the Bronze table is dropped meanwhile", "refused until it is there again", CLOUD)
def table_gone(scene: Scene) -> None:
    event = scene.write()
    scene.platform.warehouse.create_bronze()
    execute(scene.platform, "DROP TABLE bronze.orders")
    assert not scene.deliver(event)
    Platform.of(scene.platform.settings).warehouse.create_bronze()
    scene.deliver_at_last(event)
    scene.assert_settled()
