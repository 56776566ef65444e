"""The matrix, its part about the generator: calls that are cut off, doubled, or oddly timed."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from cloud_function.http_request import SCHEDULE_HEADER
from core.pipeline import ingest_pending
from core.platform import Platform
from core.storage.object_names import day_prefix, is_sales_file
from core.storage.object_store import LocalStore
from core.storage.publish import Request, publish
from local_cloud.gateway import Fault
from tests.faults.cases import CLOUD, case
from tests.faults.scene import SOON, Scene
from tests.support.scenes import DAY, objects, rows

UNITS = 2
GROUP = "The generator"


def call(scene: Scene, body: dict[str, Any] | None = None, at: str = "") -> Any:
    """Call `data-generator`: status and answer."""
    client = scene.generator
    headers = {SCHEDULE_HEADER: at} if at else {}
    answer = client.post("/", json={"units": UNITS, **(body or {})}, headers=headers)
    return answer.status_code, answer.get_json()


def assert_made_once(scene: Scene, days: dict[date, str]) -> None:
    """Each window's objects are those of an undisturbed call; Bronze has each id once."""
    platform = scene.platform
    by_tag = {window.tag: window for window in platform.catalog.windows}
    other = LocalStore(platform.settings.home / "undisturbed")
    for day, tag in days.items():
        publish(other, Request((day,), (by_tag[tag],), (1, 2)), platform.catalog)
        assert objects(platform.store, day_prefix(day)) == objects(other, day_prefix(day))
    expected = {
        line.split(b";")[1].decode()
        for name, data in objects(other).items()
        if is_sales_file(name) and name.endswith("/pedido.csv")
        for line in data.splitlines()[1:]
    }
    ingest_pending(platform, SOON)
    found = Counter(
        row["id_pedido"] for row in rows(platform, "SELECT id_pedido FROM bronze.orders")
    )
    assert found == Counter(expected)


@case(GROUP, "cut off at each of its uploads in turn, and called again",
      "an error; the next call completes it, adds nothing to what is there", CLOUD)  # fmt: skip
def cut_at_each_upload(scene: Scene) -> None:
    days = {DAY + timedelta(days=number): "window_1214" for number in range(2 * UNITS + 1)}
    for number, day in enumerate(days):
        body = {"date": day.isoformat(), "window": "window_1214"}
        refused = Fault(
            service="storage", operation="upload", status=403, reason="forbidden", after=number,
            times=None, path="/o$",
        )  # fmt: skip
        with scene.fault(refused):
            status, said = call(scene, body)
        assert status == 500, said
        status, said = call(scene, body)
        assert (status, said["status"]) in {(200, "generated"), (200, "unchanged")}
        assert said["objects_created"] + said["objects_same"] == 2 * UNITS
        assert call(scene, body)[1]["status"] == "unchanged"
    assert_made_once(scene, days)


@case(GROUP, "called twice at once", "both answer 200, every object is written once")
def two_at_once(scene: Scene) -> None:
    body = {"date": DAY.isoformat(), "window": "window_1214"}
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: call(scene, body), range(2)))
    assert [status for status, _ in answers] == [200, 200]
    made = sum(said["objects_created"] for _, said in answers)
    assert 2 * UNITS <= made <= 4 * UNITS  # a write whose race was a draw may count for both
    assert_made_once(scene, {DAY: "window_1214"})


@case(GROUP, '"run now" beside the tick of the same window', "the later one adds nothing")
def run_now_beside_the_tick(scene: Scene) -> None:
    tick = call(scene, at="2026-02-03T15:00:00Z")
    again = call(scene, {"date": DAY.isoformat(), "window": "12:00-14:00"})
    assert (tick[1]["status"], again[1]["status"]) == ("generated", "unchanged")
    assert_made_once(scene, {DAY: "window_1214"})


@case(GROUP, "a tick that is delivered at 10:59, for 10:00", "serves 10:00-12:00")
def late_tick(scene: Scene) -> None:
    assert call(scene, at="2026-02-03T13:59:00Z")[1]["window"] == "10:00-12:00"
    assert_made_once(scene, {DAY: "window_1012"})


@case(GROUP, "a call at 21:59", "serves 20:00-22:00")
def at_the_end_of_a_window(scene: Scene) -> None:
    assert call(scene, at="2026-02-04T00:59:00Z")[1]["window"] == "20:00-22:00"
    assert_made_once(scene, {DAY: "window_2022"})


@case(GROUP, "a call at 00:30", "answers skipped, writes nothing")
def at_night(scene: Scene) -> None:
    status, said = call(scene, at="2026-02-04T03:30:00Z")
    assert (status, said["status"]) == (200, "skipped")
    assert scene.platform.store.list("") == []


def environment_of(platform: Platform) -> dict[str, str]:
    """The variables that lead a function to a platform."""
    settings, cloud = platform.settings, platform.settings.cloud
    values = {
        "MRHEALTH_HOME": str(settings.home), "MRHEALTH_DATASET_PREFIX": settings.dataset_prefix,
        "MRHEALTH_WAIT_S": f"{settings.wait_s:g}",
    }  # fmt: skip
    if cloud:
        values |= {
            "GCP_PROJECT_ID": cloud.project, "GCS_BUCKET_NAME": cloud.bucket,
            "STORAGE_EMULATOR_HOST": cloud.storage_host,
            "BIGQUERY_EMULATOR_HOST": cloud.bigquery_host,
        }  # fmt: skip
    return values
