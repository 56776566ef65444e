"""How many operations of Cloud Storage each window takes, as the gateway counts them.

Class A ($0.005 per 1,000 beyond 5,000 a month) writes and lists, Class B ($0.0004 per 1,000 beyond
50,000) reads: https://cloud.google.com/storage/pricing#operations-by-class (November 2026).
"""

from typing import NamedTuple

import pytest

from core.bronze.reference_data import publish_reference
from core.errors import TransientError
from core.generation.catalog import Catalog
from core.pipeline import upload
from core.platform import Platform
from core.reconcile.verify import verify
from core.settings import Cloud, Settings
from core.storage.object_store import NewObject
from core.storage.object_store.gcs import GcsStore
from core.storage.publish import Request, check, publish
from local_cloud.gateway import Fault, Gateway
from tests.support.scenes import DAY, NOW, request

LUNCH, DINNER = "window_1214", "window_1820"
UNITS = range(1, 51)


class Operations(NamedTuple):
    """Operations by the class that they are billed as."""

    class_a: int
    class_b: int


OBJECTS = 2 * len(UNITS)
ANNOUNCED = 2  # the announcement is written, and those of others are listed
LISTED = 1  # the date
# Nothing is read but the manifests of the window and of the date in Parquet, in vain.
FIRST_WINDOW = Operations(ANNOUNCED + LISTED + OBJECTS + 1, 2)
AGAIN = Operations(ANNOUNCED + LISTED, 2)  # the listing has the checksums, the manifest stays
UPLOADED = ("upload", 200)
REFERENCE = Operations(4, 4)
REFERENCE_AGAIN = Operations(0, 4)


@pytest.fixture
def store(cloud: Cloud) -> GcsStore:
    return GcsStore(cloud, wait_s=1)


def _taken(gateway: Gateway) -> Operations:
    """The operations since the last call."""
    counts = gateway.counts()
    gateway.journal.clear()
    return Operations(counts.class_a, counts.class_b)


def test_a_window_is_written_with_one_operation_an_object_and_six_more(
    store: GcsStore, catalog: Catalog, gateway: Gateway
) -> None:
    publish(store, request(LUNCH, units=UNITS), catalog)
    assert _taken(gateway) == FIRST_WINDOW
    publish(store, request(LUNCH, units=UNITS), catalog)
    assert _taken(gateway) == AGAIN


def test_a_window_that_was_cut_off_costs_what_is_missing(
    store: GcsStore, catalog: Catalog, gateway: Gateway
) -> None:
    cut = Fault(operation="upload", status=403, reason="rateLimitExceeded", after=61, times=None)
    with gateway.faults.having(cut), pytest.raises(TransientError):
        publish(store, request(LUNCH, units=UNITS), catalog)
    there = len([entry for entry in gateway.log if (entry.operation, entry.status) == UPLOADED])
    assert there == 1 + 60  # the announcement, too
    gateway.journal.clear()
    publish(store, request(LUNCH, units=UNITS), catalog)
    assert _taken(gateway) == Operations(ANNOUNCED + LISTED + OBJECTS - 60 + 1, 2)


def test_a_day_of_seven_windows_costs_seven_times_a_window(
    store: GcsStore, catalog: Catalog, gateway: Gateway
) -> None:
    for window in catalog.windows:
        publish(store, request(window.tag, units=UNITS), catalog)
        assert _taken(gateway) == FIRST_WINDOW
    # All at once: a single listing, for they are of one date.
    every = Request((DAY,), catalog.windows, tuple(UNITS))
    check(store, every, catalog, overwrite=False, force=False)
    assert _taken(gateway) == Operations(1, 8)


def test_a_listing_costs_one_operation_for_each_thousand_objects(
    store: GcsStore, catalog: Catalog, gateway: Gateway
) -> None:
    wanted = request(LUNCH, units=range(1, 502))  # 1,002 objects
    publish(store, wanted, catalog)
    gateway.journal.clear()
    publish(store, wanted, catalog)
    assert _taken(gateway) == Operations(ANNOUNCED + 2, 2)


def test_a_conflict_is_found_by_the_listing_alone(
    store: GcsStore, catalog: Catalog, gateway: Gateway
) -> None:
    publish(store, request(LUNCH), catalog)
    gateway.journal.clear()
    publish(store, request(LUNCH, seed=2), catalog, overwrite=True)
    assert _taken(gateway) == Operations(
        ANNOUNCED + LISTED + 4 + 1, 2
    )  # each object written, none read


def test_reference_data_costs_a_read_a_file(
    store: GcsStore, catalog: Catalog, gateway: Gateway
) -> None:
    publish_reference(store, catalog, 50)
    assert _taken(gateway) == REFERENCE
    publish_reference(store, catalog, 50)
    assert _taken(gateway) == REFERENCE_AGAIN


def test_a_call_of_the_generator_costs_a_window_and_a_look_at_the_reference_data(
    cloud_settings: Settings, gateway: Gateway
) -> None:
    def call(tag: str) -> Operations:
        upload(Platform.of(cloud_settings), request(tag, units=UNITS), NOW)  # a cold start each
        return _taken(gateway)

    def both(one: Operations, other: Operations) -> Operations:
        return Operations(one.class_a + other.class_a, one.class_b + other.class_b)

    assert call(LUNCH) == both(FIRST_WINDOW, REFERENCE)
    assert call(DINNER) == both(FIRST_WINDOW, REFERENCE_AGAIN)
    assert call(DINNER) == both(AGAIN, REFERENCE_AGAIN)


def test_what_is_verified_by_its_checksum_is_not_read(
    store: GcsStore, catalog: Catalog, gateway: Gateway
) -> None:
    publish(store, request(LUNCH, units=UNITS), catalog)
    gateway.journal.clear()
    assert verify(store, catalog, (DAY, DAY)).differences == ()
    assert _taken(gateway) == Operations(3, 1)  # manifests, and the date's CSV and Parquet
    name = "raw/csv_sales/2026/02/03/unit_007/window_1214/pedido.csv"
    store.replace(NewObject(name, b"other"))
    gateway.journal.clear()
    assert [difference.name for difference in verify(store, catalog, (DAY, DAY)).differences] == [
        name
    ]
    assert _taken(gateway) == Operations(3, 2)  # the one that differs is
