"""The two functions under functions-framework, over the embedded default: what they answer."""

import contextlib
import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import functions_framework
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from cloud_function.http_request import MOST_UNITS, SCHEDULE_HEADER, read_moment, read_request
from core.errors import InputError
from core.generation.catalog import Catalog, load_catalog
from core.generation.orders import DEFAULT_SEED
from core.generation.windows import TIME_ZONE
from core.operations.scenarios import Record, apply
from core.platform import Platform
from core.storage.object_names import SALES_PREFIX, cell_prefix
from core.storage.publish import Request
from tests.support.everything import fault, scenario_of

SOURCE = Path(__file__).parent.parent.parent / "cloud_function" / "main.py"
LUNCH = {SCHEDULE_HEADER: "2026-02-01T15:00:00Z"}
NIGHT = {SCHEDULE_HEADER: "2026-02-01T06:30:00Z"}
FEW = {"units": 3}


def client(target: str, kind: str) -> FlaskClient:
    app = functions_framework.create_app(target, str(SOURCE), kind)  # type: ignore[no-untyped-call]
    app.testing = False
    test_client: FlaskClient = app.test_client()
    return test_client


@pytest.fixture
def generator(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("MRHEALTH_HOME", str(platform.settings.home))
    return client("generate_data", "http")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The log's lines so far; each must be JSON."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_schedules_window_is_made_and_a_second_call_adds_nothing(
    generator: FlaskClient, platform: Platform
) -> None:
    first = generator.post("/", json=FEW, headers=LUNCH)
    assert first.status_code == 200
    made = first.get_json()
    assert (made["status"], made["date"], made["window"]) == (
        "generated", "2026-02-01", "12:00-14:00",
    )  # fmt: skip
    assert (made["objects_created"], made["objects_same"]) == (6, 0)
    stored = platform.store.list(SALES_PREFIX)
    assert {info.name.split("/")[6] for info in stored} == {"window_1214"}

    again = generator.post("/", json=FEW, headers=LUNCH).get_json()
    assert again == made | {"status": "unchanged", "objects_created": 0, "objects_same": 6}
    assert platform.store.list(SALES_PREFIX) == stored


def test_a_call_releases_what_a_scenario_holds_and_is_due(
    generator: FlaskClient, platform: Platform
) -> None:
    past = Request((date(2026, 2, 1),), platform.catalog.windows[:1], (9,))
    late = Record(scenario_of(fault("window_late", 9)), past)
    apply(platform, late, datetime(2026, 2, 1, 13, tzinfo=UTC))
    assert not generator.post("/", headers=NIGHT).get_json().get("objects_released")
    made = generator.post("/", json=FEW, headers=LUNCH).get_json()
    assert (made["status"], made["objects_released"]) == ("generated", 2)
    folder = cell_prefix(past.dates[0], 9, "window_1012")
    assert len(platform.store.list(folder)) == 2
    assert "objects_released" not in generator.post("/", json=FEW, headers=LUNCH).get_json()


def test_no_body_asks_for_fifty_units_under_the_usual_seed(generator: FlaskClient) -> None:
    made = generator.post("/", headers=LUNCH).get_json()
    assert (made["units"], made["seed"]) == (50, DEFAULT_SEED)
    assert 150 <= made["orders"] <= 250


def test_a_window_that_was_cut_off_is_completed_by_the_next_call(
    generator: FlaskClient, platform: Platform
) -> None:
    made = generator.post("/", json=FEW, headers=LUNCH).get_json()
    whole = platform.store.list("raw/")
    for info in whole[2:5]:
        platform.store.delete(info.name)
    again = generator.post("/", json=FEW, headers=LUNCH).get_json()
    assert again["status"] == "generated"
    assert again["objects_created"] + again["objects_same"] == made["objects_created"]
    assert [info.name for info in platform.store.list("raw/")] == [info.name for info in whole]


def test_outside_business_hours_nothing_is_made(
    generator: FlaskClient, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = generator.post("/", headers=NIGHT)
    assert (answer.status_code, answer.get_json()["status"]) == (200, "skipped")
    assert not platform.settings.home.exists()
    (line,) = lines(capsys)
    assert (line["severity"], line["status"]) == ("INFO", "skipped")


def test_a_named_window_is_made_at_night_too(generator: FlaskClient) -> None:
    body = {"date": "2026-01-31", "window": "window_2224", "seed": 7} | FEW
    made = generator.post("/", json=body, headers=NIGHT).get_json()
    assert (made["date"], made["window"], made["seed"]) == ("2026-01-31", "22:00-24:00", 7)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"[]", "not a JSON object"),
        (b"3", "not a JSON object"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"units": NaN}', "not JSON"),
        (b'{"unit": 3}', "'unit' cannot be asked for"),
        (b'{"units": 3, "units": 4}', "twice"),
        (b'{"units": true}', "True is not possible as units"),
        (b'{"units": 3.0}', "3.0 is not possible as units"),
        (b'{"units": "3"}', "'3' is not possible as units"),
        (b'{"units": 0}', "0 units are not possible"),
        (b'{"units": 5001}', "ask for 1 to 5000"),
        (b'{"units": null}', "None is not possible as units"),
        (b'{"seed": -1}', "Seed -1 is not possible"),
        (b'{"date": "2026-02-30"}', "is not a date"),
        (b'{"date": 20260201}', "is not a date"),
        (b'{"date": "2009-12-31"}', "out of range"),
        (b'{"window": "11:00-13:00"}', "choose one of 10:00-12:00"),
        (b'{"window": 12}', "choose one of 10:00-12:00"),
        (b'{"window": "lunch"}', "choose one of 10:00-12:00"),
    ],
)
def test_wrong_input_is_told_in_a_sentence_and_writes_nothing(
    generator: FlaskClient, platform: Platform, body: bytes, says: str
) -> None:
    for headers in (LUNCH, NIGHT):
        answer = generator.post("/", data=body, headers=headers)
        assert (answer.status_code, answer.get_json()["status"]) == (400, "error")
        assert says in answer.get_json()["error"]
    assert not platform.settings.home.exists()


def test_an_address_that_asks_and_other_methods_are_refused(generator: FlaskClient) -> None:
    assert generator.post("/?date=2026-02-01", headers=LUNCH).status_code == 400
    for method in ("GET", "PUT", "DELETE"):
        answer = generator.open("/", method=method, headers=LUNCH)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
        assert method in answer.get_json()["error"]


def test_a_schedules_time_that_cannot_be_read_is_refused(generator: FlaskClient) -> None:
    for text in (
        "noon", "2026-02-01T15:00:00", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
        "2009-12-31T12:00:00-03:00",
    ):  # fmt: skip
        answer = generator.post("/", headers={SCHEDULE_HEADER: text})
        assert answer.status_code == 400
        assert text in answer.get_json()["error"]


@pytest.mark.parametrize("key", ["window", "date", "units", "seed", "é" * 50_000])
def test_an_answer_repeats_little_of_what_came(generator: FlaskClient, key: str) -> None:
    """And says all the same what would be valid."""
    answer = generator.post("/", json={key: "é" * 50_000}, headers=LUNCH)
    assert answer.status_code == 400
    told = answer.get_json()["error"]
    assert 100 < len(told.encode()) <= 1_000
    assert told.endswith((".", "2026-02-01"))
    number = generator.post("/", data=b'{"units": %b}' % (b"9" * 4_000), headers=LUNCH)
    assert len(number.get_data()) < 1_100


def test_other_data_in_the_way_is_a_conflict(generator: FlaskClient, platform: Platform) -> None:
    generator.post("/", json=FEW, headers=LUNCH)
    before = platform.store.list("raw/")
    answer = generator.post("/", json=FEW | {"seed": 8}, headers=LUNCH)
    assert answer.status_code == 409
    assert "nothing was written" in answer.get_json()["error"]
    assert platform.store.list("raw/") == before


def test_what_may_pass_by_itself_is_worth_another_call(
    generator: FlaskClient, platform: Platform, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("MRHEALTH_WAIT_S", "0")
    platform.settings.home.mkdir()
    code = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    command = [sys.executable, "-c", code, str(platform.settings.warehouse_file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        answer = generator.post("/", json=FEW, headers=LUNCH)
        other.communicate(b"\n")
    assert answer.status_code == 503
    assert "in use by process" in answer.get_json()["error"]
    (line,) = lines(capsys)
    assert (line["severity"], line["error"]) == ("WARNING", "WarehouseBusyError")
    again = generator.post("/", json=FEW, headers=LUNCH)
    assert (again.status_code, again.get_json()["status"]) == (200, "unchanged")


def test_what_is_configured_wrongly_is_no_fault_of_the_caller(
    generator: FlaskClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GCP_PROJECT_ID", "my-project")
    answer = generator.post("/", headers=LUNCH)
    assert answer.status_code == 500
    assert "GCS_BUCKET_NAME is not" in answer.get_json()["error"]
    (line,) = lines(capsys)
    assert (line["severity"], line["error"]) == ("ERROR", "SettingsError")


def test_a_line_of_the_log_bears_the_calls_trace(
    generator: FlaskClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    sent = [
        {"X-Cloud-Trace-Context": f"{trace}/123;o=1"},
        {"traceparent": f"00-{trace}-b7ad6b7169203331-01"},
        {"X-Cloud-Trace-Context": "../../secrets"},
    ]
    generator.post("/", headers=NIGHT | sent[0])
    assert "logging.googleapis.com/trace" not in lines(capsys)[0]
    monkeypatch.setenv("GCP_PROJECT_ID", "my-project")
    monkeypatch.setenv("GCS_BUCKET_NAME", "my-bucket")
    for headers in sent:
        generator.post("/", data=b"[]", headers=NIGHT | headers)
    traces = [line.get("logging.googleapis.com/trace") for line in lines(capsys)]
    assert traces == [f"projects/my-project/traces/{trace}"] * 2 + [None]


FROM, TO = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2015, 2030))
MOMENTS = st.integers(FROM, TO).map(lambda second: datetime.fromtimestamp(second, TIME_ZONE))


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_late_call_serves_the_window_of_its_tick(moment: datetime, late: timedelta) -> None:
    catalog = load_catalog()
    text = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    asked = read_request(b"", read_moment({SCHEDULE_HEADER: text}, moment + late), catalog)
    if moment.hour < 10:
        assert asked is None
    else:
        assert asked is not None
        (window,) = asked.windows
        assert asked.dates == (moment.date(),)
        assert window.start_hour <= moment.hour < window.end_hour


def test_a_tick_by_a_clock_that_is_ahead_serves_its_window_but_not_the_future() -> None:
    now = datetime(2026, 2, 1, 14, 59, 58, tzinfo=UTC)
    assert read_moment({SCHEDULE_HEADER: "2026-02-01T15:00:00.123456789Z"}, now) > now
    assert read_moment({SCHEDULE_HEADER: "2026-02-01T17:00:00Z"}, now) == now
    assert read_moment({}, now) == now


def test_a_date_alone_is_served_in_the_window_of_the_moment(catalog: Catalog) -> None:
    moment = datetime(2026, 2, 1, 21, 30, tzinfo=UTC)
    asked = read_request(b'{"date": "2026-01-15"}', moment, catalog)
    assert asked == Request((date(2026, 1, 15),), (catalog.windows[4],), tuple(range(1, 51)))


@given(st.binary(max_size=40) | st.from_type(dict).map(lambda d: repr(d).encode()))
def test_any_body_is_a_request_or_is_refused(body: bytes) -> None:
    moment = datetime(2026, 2, 1, 15, tzinfo=UTC)
    with contextlib.suppress(InputError):
        asked = read_request(body, moment, load_catalog())
        assert asked is not None
        assert len(asked.units) <= MOST_UNITS
