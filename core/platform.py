"""The configured back ends, made from the settings."""

from dataclasses import dataclass

from core.generation.catalog import Catalog, load_catalog
from core.settings import Settings
from core.storage.object_store import LocalStore, ObjectStore
from core.warehouse import DuckDBWarehouse, Warehouse


@dataclass(frozen=True)
class Platform:
    """The configured back ends: where objects and tables are.

    `has_events`: the bucket sends an event for each new object, and `csv-processor` loads it.
    """

    settings: Settings
    catalog: Catalog
    store: ObjectStore
    warehouse: Warehouse
    has_events: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "Platform":
        """The back ends that the settings name; nothing is opened or created yet."""
        if settings.cloud:
            from core.storage.object_store.gcs import GcsStore
            from core.warehouse.bigquery.warehouse import BigQueryWarehouse

            return cls(
                settings,
                load_catalog(),
                GcsStore(settings.cloud, settings.wait_s),
                BigQueryWarehouse(settings.cloud, settings.dataset_prefix, settings.wait_s),
                has_events=True,
            )
        return cls(
            settings,
            load_catalog(),
            LocalStore(settings.bucket_folder),
            DuckDBWarehouse(settings.warehouse_file, settings.dataset_prefix, settings.wait_s),
        )
