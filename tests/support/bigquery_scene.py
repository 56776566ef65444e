"""What the tests of the warehouse on BigQuery share: objects to load, and a look at Bronze."""

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from core.bronze.ingest import judge_rows
from core.generation.catalog import load_catalog
from core.settings import Cloud
from core.storage.object_names import day_prefix, parse_sales_name, reference_name
from core.storage.object_store.checksums import crc32c
from core.warehouse import Load
from core.warehouse.bigquery.warehouse import BigQueryWarehouse
from local_cloud.gateway import Fault, Gateway
from tests.support.validate_files import file, order, uuid

BUCKET = "a-bucket"
# By the emulator's clock: a claim is young or abandoned by the moment at which its job was made.
NOW = datetime.now(UTC).replace(microsecond=123_456)
LATER = NOW + timedelta(hours=12)  # the whole suite may run between NOW and a claim


WINDOWS = [1012, 1214, 1416, 1618, 1820, 2022, 2224]


def names_of(day: date) -> list[str]:
    """Names of the orders of a day's windows."""
    return [f"{day_prefix(day)}unit_007/window_{window:04d}/pedido.csv" for window in WINDOWS]


# Of today: BigQuery still has the jobs that loaded them, and nobody asks the ledger first.
NAMES = names_of(NOW.date())


def load(of: str, generation: int, orders: Iterable[int] | None = None) -> Load:
    """An object of two orders, which no other object and generation has, or of other ones."""
    cell = parse_sales_name(of)
    assert cell
    assert cell.window_tag
    first = 1000 * WINDOWS.index(int(cell.window_tag[-4:])) + 10 * generation
    numbers = (first, first + 1) if orders is None else orders
    lines = [order(number, Data_Pedido=cell.day.isoformat()) for number in numbers]
    data = file("orders", *lines)
    return Load(of, generation, judge_rows(of, data, load_catalog()), len(data), crc32c(data))


def reference(generation: int, *lines: str) -> Load:
    """A generation of the file of countries."""
    name, data = reference_name("countries"), file("countries", *lines)
    return Load(name, generation, judge_rows(name, data, load_catalog()), len(data), crc32c(data))


def loads(names: Iterable[str], generation: int = 1) -> list[Load]:
    """An object of two orders for each name."""
    return [load(each, generation) for each in names]


class Bronze:
    """A warehouse, and what it has.

    Attributes:
        warehouse: As a process has it; `another` is one of another process.
    """

    def __init__(self, cloud: Cloud, prefix: str, gateway: Gateway) -> None:
        self._cloud = cloud
        self._prefix = prefix
        self._gateway = gateway
        self.warehouse = self.another()
        self.warehouse.create_bronze()
        self.warehouse._jobs.origins.bind(BUCKET, NOW.date())

    def another(self) -> BigQueryWarehouse:
        """The same datasets, as another process has them."""
        return BigQueryWarehouse(self._cloud, self._prefix, wait_s=1.0)

    def put(self, *loaded: Load, now: datetime = NOW) -> dict[str, bool]:
        """Load objects in a process of their own."""
        return self.another().load(BUCKET, loaded, now)

    @contextlib.contextmanager
    def fails(
        self, operation: str, path: str = "", *, done: bool = False, after: int = 0
    ) -> Iterator[None]:
        """A block in which a process dies at a request, before or after it is done."""
        fault = Fault(
            service="bigquery", operation=operation, path=path, after=after, forwarded=done,
            status=400, reason="invalid", times=None,
        )  # fmt: skip
        with self.having(fault):
            yield

    @contextlib.contextmanager
    def having(self, fault: Fault) -> Iterator[None]:
        """A block in which a rule holds, and happens."""
        with self._gateway.faults.having(fault):
            yield
        assert fault.hits

    def orders(self) -> Counter[tuple[str, str]]:
        """How often each order of each object is in Bronze."""
        rows = self.warehouse.ask("SELECT _source_file AS f, id_pedido AS id FROM bronze.orders")
        return Counter((row["f"], row["id"]) for row in rows)

    def has(self, *expected: Load) -> None:
        """The rows of these objects are in Bronze once, no others are, and the ledger has them."""
        assert self.orders() == expected_orders(expected)
        generations = {each.name: each.generation for each in expected}
        assert self.warehouse.generations(BUCKET) == generations
        (ledger,) = self.warehouse.ask("SELECT COUNT(*) AS n FROM bronze._ingested_objects")
        assert ledger["n"] == len(expected)

    def spent(self) -> dict[str, int]:
        """Requests since the last time, by operation."""
        found = dict(self._gateway.counts().operations)
        self._gateway.journal.clear()
        return {each.removeprefix("bigquery:"): number for each, number in found.items()}


def expected_orders(objects: Iterable[Load]) -> Counter[tuple[str, str]]:
    """The orders of objects, each once."""
    return Counter(
        (each.name, str(id_)) for each in objects for id_ in each.rows.columns["id_pedido"]
    )


def ids(*numbers: int) -> list[str]:
    """Ids of orders."""
    return [uuid(number) for number in numbers]
