"""What the pipeline does with a shard: functions that workers find by their names.

They are the same that one machine and a Cloud Run Job call, so the same bytes come out.
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
from core.storage.publish import Published, add
from core.storage.shards import Shard, ShardedRequest, publish_shard


def publish(shard: Shard, place: Place, plan: ShardedRequest) -> tuple[str, Published]:
    """Write a shard, unless it is complete; its date and what it holds."""
    return shard.day.isoformat(), publish_shard(place.store(), plan, shard, load_catalog())


def add_published(published: Iterable[Published]) -> Published:
    """What several publications did together."""
    total = Published()
    for one in published:
        total = add(total, one)
    return total


def load(
    day: tuple[str, Iterable[Published]], place: Place, plan: ShardedRequest, now: datetime
) -> Ingested:
    """Take the objects of a date, all of whose shards are written, to Bronze."""
    when = datetime.fromisoformat(day[0]).date()
    with Workers(1) as here:
        return bulk.load(Platform.of(place.settings), [bulk.prefix_of(plan, when)], here, now)


def add_ingested(ingested: Iterable[Ingested]) -> Ingested:
    """What several ingestions did together."""
    total = Ingested()
    for one in ingested:
        total = bulk.both(total, one)
    return total


def reference(platform: Platform, plan: ShardedRequest, now: datetime | None) -> None:
    """Write the reference data, and take it to Bronze where there is a moment for that."""
    publish_reference(platform.store, platform.catalog, max(plan.request.units))
    if now:
        with Workers(1) as here:
            bulk.load(platform, [REFERENCE_PREFIX], here, now)


def print_published(total: Published) -> None:
    """Say what was written, where the pipeline's output is seen."""
    print(
        f"{total.orders:,} orders and {total.items:,} items: {total.created:,} objects written, "
        f"{total.same:,} there already, {total.replaced:,} replaced.",
        flush=True,
    )


def print_loaded(total: Ingested) -> None:
    """Say what Bronze has taken in."""
    print(f"Bronze: {total.objects:,} objects, {total.rows_loaded:,} rows loaded.", flush=True)
