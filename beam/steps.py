"""What the pipeline does with a shard, as functions that workers import by name.

They call what one machine and a Cloud Run Job call, so they write the same bytes.
"""

from collections.abc import Iterable
from datetime import datetime

from core.bronze.ingest import Ingested
from core.bronze.reference_data import publish_reference
from core.generation.catalog import load_catalog
from core.operations import bulk
from core.operations.bulk import Place
from core.operations.workers import Workers
from core.platform import Platform
from core.storage.object_names import REFERENCE_PREFIX
from core.storage.publish import Published
from core.storage.shards import Shard, ShardedRequest, publish_shard
from core.sums import add_fields


def publish(shard: Shard, place: Place, plan: ShardedRequest) -> tuple[str, Published]:
    """Write a shard unless it is complete; return its date and what it holds."""
    return shard.day.isoformat(), publish_shard(place.store(), plan, shard, load_catalog())


def add_published(published: Iterable[Published]) -> Published:
    """The sum of several publications."""
    total = Published()
    for one in published:
        total = add_fields(total, one)
    return total


def load(
    day: tuple[str, Iterable[Published]], place: Place, plan: ShardedRequest, now: datetime
) -> Ingested:
    """Load the objects of a date, once all of its shards are written."""
    when = datetime.fromisoformat(day[0]).date()
    with Workers(1) as here:
        return bulk.load_pending(
            Platform.of(place.settings), [bulk.prefix_of(plan, when)], here, now
        )


def add_ingested(ingested: Iterable[Ingested]) -> Ingested:
    """The sum of several ingestions."""
    total = Ingested()
    for one in ingested:
        total = add_fields(total, one)
    return total


def reference(platform: Platform, plan: ShardedRequest, now: datetime | None) -> None:
    """Write the reference data, and load it if there is a moment of ingestion."""
    publish_reference(platform.store, platform.catalog, max(plan.request.units))
    if now:
        with Workers(1) as here:
            bulk.load_pending(platform, [REFERENCE_PREFIX], here, now)


def print_published(total: Published) -> None:
    """Print what was written."""
    print(
        f"{total.orders:,} orders and {total.items:,} items: {total.created:,} objects written, "
        f"{total.same:,} there already, {total.replaced:,} replaced.",
        flush=True,
    )


def print_loaded(total: Ingested) -> None:
    """Print what was loaded."""
    print(f"Bronze: {total.objects:,} objects, {total.rows_loaded:,} rows loaded.", flush=True)
