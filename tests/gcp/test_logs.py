"""The functions' logs: written as Cloud Run writes them, read by Google's client."""

import dataclasses
import itertools
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.errors import InputError, TransientError
from core.gcp.clients import logging_client
from core.gcp.function_logs import LogLine, read_logs
from core.settings import Cloud

AT = datetime(2026, 2, 1, 15, 0, tzinfo=UTC)
LONG_AGO = AT - timedelta(days=1)
_NUMBERS = itertools.count(1)


@pytest.fixture
def project(cloud: Cloud) -> Cloud:
    """A project whose log is empty."""
    return dataclasses.replace(cloud, project=f"logs-{os.getpid()}-{next(_NUMBERS)}")


def written(
    cloud: Cloud,
    function: str,
    *payloads: Mapping[str, Any] | str,
    first: datetime = AT,
    region: str = "",
    **more: Any,
) -> None:
    """Lines of a function, one a second, as Cloud Run sends them to the log."""
    labels = {"service_name": function, "location": region or cloud.region}
    entries = [
        {
            "log_name": f"projects/{cloud.project}/logs/run.googleapis.com%2Fstdout",
            "resource": {"type": "cloud_run_revision", "labels": labels},
            "timestamp": first + timedelta(seconds=number),
            "severity": 200,
            **({"text_payload": line} if isinstance(line, str) else {"json_payload": line}),
            **more,
        }
        for number, line in enumerate(payloads)
    ]
    with logging_client(cloud) as client:
        client.write_log_entries({"entries": entries})


def texts(lines: list[LogLine]) -> list[str]:
    return [line.text for line in lines]


def test_the_newest_lines_of_one_function_come_first(project: Cloud) -> None:
    written(project, "data-generator", *({"message": f"line {n}"} for n in range(5)))
    written(project, "csv-processor", {"message": "another function's"})
    written(project, "data-generator", {"message": "another region's"}, region="europe-west1")
    found = read_logs(project, "data-generator", 3, LONG_AGO)
    assert texts(found) == ["line 4", "line 3", "line 2"]
    assert found[0].time == AT + timedelta(seconds=4)
    assert found[0].severity == "INFO"


def test_lines_before_a_moment_are_left_out(project: Cloud) -> None:
    written(project, "data-generator", "a", "b", "c")
    found = read_logs(project, "data-generator", 10, AT + timedelta(seconds=1))
    assert texts(found) == ["c", "b"]


def test_a_line_has_the_fields_that_the_function_wrote_for_people_and_no_other(
    project: Cloud,
) -> None:
    payload = {"message": "x: loaded.", "object": "x", "rows_in": 7, "token": "secret"}
    written(project, "csv-processor", payload)
    (line,) = read_logs(project, "csv-processor", 1, LONG_AGO)
    assert line.fields == {"object": "x", "rows_in": 7}
    assert str(line.fields["rows_in"]) == "7"
    assert "secret" not in repr(line)


def test_lines_about_some_objects(project: Cloud) -> None:
    names = ["raw/csv_sales/2026/02/01/a.csv", "raw/csv_sales/2026/02/02/b.csv"]
    written(project, "csv-processor", *({"message": name, "object": name} for name in names))
    written(project, "csv-processor", "about no object")
    assert texts(read_logs(project, "csv-processor", 9, LONG_AGO, "2026/02/02/")) == names[1:]


def test_what_is_asked_for_cannot_widen_the_question(project: Cloud) -> None:
    written(project, "csv-processor", {"message": "m", "object": "a"})
    for under in ('b" OR severity>="DEFAULT', 'b\\" OR "', 'b" AND "'):
        assert read_logs(project, "csv-processor", 9, LONG_AGO, under) == []


def test_a_call_that_cloud_run_wrote_down_is_shown_without_its_address(project: Cloud) -> None:
    call = {"request_method": "POST", "status": 503, "request_url": "https://x/?token=secret"}
    written(project, "data-generator", "", http_request=call, severity=400)
    (line,) = read_logs(project, "data-generator", 1, LONG_AGO)
    assert (line.severity, line.text, line.fields) == ("WARNING", "POST 503", {})


def test_an_empty_log_is_no_lines(project: Cloud) -> None:
    assert read_logs(project, "csv-processor", 10, LONG_AGO) == []


@pytest.mark.parametrize(
    ("function", "limit", "told"),
    [
        ("other", 10, "'other' is not a function: choose one of data-generator, csv-processor."),
        ('csv-processor" OR "', 10, "is not a function"),
        ("csv-processor", 0, "0 lines are not possible: ask for 1 to 1000."),
        ("csv-processor", 1001, "1001 lines are not possible"),
    ],
)
def test_what_cannot_be_asked_for_is_a_sentence(
    project: Cloud, function: str, limit: int, told: str
) -> None:
    with pytest.raises(InputError) as refused:
        read_logs(project, function, limit, LONG_AGO)
    assert told in str(refused.value)


def test_a_log_that_cannot_be_reached_may_be_tried_again(project: Cloud) -> None:
    nowhere = dataclasses.replace(project, logging_host="127.0.0.1:1")
    with pytest.raises(TransientError, match="Cannot read the log of csv-processor"):
        read_logs(nowhere, "csv-processor", 1, LONG_AGO)
