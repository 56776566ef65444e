"""A layer is up to date when it shows all that Bronze took in, and only then."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core import pipeline
from core.insight import layer_figures
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import SalesName, reference_name, sales_name
from core.storage.object_store import NewObject
from core.storage.publish import Request
from core.transform.rebuild import LAYERS
from tests.support.scenes import embedded

DAY = date(2026, 2, 1)
NOW = datetime(2026, 2, 2, 12, 0, tzinfo=UTC)
ALL = list(LAYERS)


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    """A window of two units, built up to the aggregations."""
    made = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "home")}))
    upload(made, windows=1)
    assert all(report.published for report in pipeline.rebuild(made))
    return made


def upload(platform: Platform, windows: int, now: datetime = NOW) -> None:
    pipeline.upload(platform, Request((DAY,), platform.catalog.windows[:windows], (1, 2), 7), now)


def behind(platform: Platform) -> list[str]:
    return [state.layer for state in layer_figures.layers(platform.warehouse) if state.behind]


def changed(platform: Platform, name: str, change: Callable[[bytes], bytes]) -> None:
    """A new generation of an object, in Bronze at the same moment as the former one."""
    before = platform.store.read(name).data
    after = change(before)
    assert after != before
    platform.store.replace(NewObject(name, after))
    assert pipeline.ingest_pending(platform, NOW).objects == 1


def of_first_cell(kind: str) -> str:
    return sales_name(SalesName(kind, DAY, 1, "window_1012"))


def header_only(data: bytes) -> bytes:
    return data.partition(b"\n")[0] + b"\n"


def canceled(data: bytes) -> bytes:
    return re.sub(rb"Finalizado|Pendente", b"Cancelado", data)


def renamed(data: bytes) -> bytes:
    return data.replace(b"\n1;", b"\n1;The new ", 1)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (of_first_cell("orders"), header_only),
        (of_first_cell("orders"), canceled),
        (of_first_cell("order_items"), header_only),
        (of_first_cell("order_items"), lambda data: data[1:]),
        (reference_name("units"), renamed),
        (reference_name("countries"), renamed),
    ],
    ids=["no order left", "another status", "no item left", "unreadable items", "a unit's name",
         "a country's name"],
)  # fmt: skip
def test_whatever_bronze_takes_in_leaves_every_layer_behind(
    platform: Platform, name: str, change: Callable[[bytes], bytes]
) -> None:
    assert behind(platform) == []
    changed(platform, name, change)
    assert behind(platform) == ALL


def test_each_layer_is_behind_until_it_and_those_below_are_rebuilt(platform: Platform) -> None:
    upload(platform, windows=2)
    pipeline.rebuild(platform, ["gold", "aggregations"])  # from a Silver that is old
    assert behind(platform) == ALL
    for step, layer in enumerate(LAYERS, 1):
        pipeline.rebuild(platform, [layer])
        assert behind(platform) == ALL[step:]


def test_a_layer_that_stayed_as_it_was_stays_behind(platform: Platform) -> None:
    changed(platform, of_first_cell("order_items"), header_only)
    assert not pipeline.rebuild(platform)[-1].published
    assert behind(platform) == ALL


def test_what_is_done_twice_leaves_nothing_behind(platform: Platform) -> None:
    upload(platform, windows=1, now=NOW + timedelta(hours=1))
    assert behind(platform) == []
    pipeline.rebuild(platform, ["silver"])
    assert behind(platform) == []


def test_layers_built_before_versions_were_kept_are_behind(platform: Platform) -> None:
    with embedded(platform).writing() as connection:
        connection.execute(f"DROP TABLE {platform.warehouse.prefix}_bronze._built_layers")
    assert behind(platform) == ALL
    pipeline.rebuild(platform, ["gold"])  # nobody knows which Bronze its Silver shows
    assert behind(platform) == ALL
    pipeline.rebuild(platform)
    assert behind(platform) == []
