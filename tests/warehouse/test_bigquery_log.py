"""Exactly once on BigQuery: what the logs of job ids make of repetition, disorder and death."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core.errors import StoreError, TransientError
from core.settings import Settings
from core.storage.object_names import reference_name
from core.warehouse.bigquery.jobs import Jobs
from core.warehouse.bigquery.loaded import ledger as bigquery_ledger
from core.warehouse.bigquery.loaded.load_log import LoadLog
from core.warehouse.bigquery.warehouse import BigQueryWarehouse
from local_cloud.gateway import Fault, Gateway
from tests.support.bigquery_scene import BUCKET, LATER, NAMES, NOW, Bronze, load, reference

NAME = NAMES[0]


@pytest.fixture
def bronze(cloud_settings: Settings, gateway: Gateway) -> Bronze:
    assert cloud_settings.cloud
    made = Bronze(cloud_settings.cloud, cloud_settings.dataset_prefix, gateway)
    gateway.journal.clear()
    return made


def logs(warehouse: BigQueryWarehouse) -> LoadLog:
    return LoadLog(Jobs(warehouse._bigquery), BUCKET, NOW)


def test_an_object_costs_a_load_job_and_a_line_of_the_ledger(bronze: Bronze) -> None:
    warehouse = bronze.another()
    assert warehouse.load(BUCKET, [load(NAMES[1], 1)], NOW) == {NAMES[1]: False}
    bronze.spent()
    assert warehouse.load(BUCKET, [load(NAME, 1)], NOW) == {NAME: False}
    spent = bronze.spent()
    assert (spent.pop("job.insert.load"), spent.pop("job.insert.query")) == (1, 1)
    assert spent.keys() <= {"job.get"}  # no query, nothing asked about tables
    bronze.has(load(NAME, 1), load(NAMES[1], 1))


def test_again_older_and_newer(bronze: Bronze) -> None:
    assert bronze.put(load(NAME, 5)) == {NAME: False}
    assert bronze.put(load(NAME, 5), now=LATER) == {}
    assert bronze.put(load(NAME, 4), now=LATER) == {}
    bronze.has(load(NAME, 5))
    a_day_later = NOW + timedelta(days=1)
    assert bronze.put(load(NAME, 7), now=a_day_later) == {NAME: True}
    assert bronze.put(load(NAME, 5), now=a_day_later) == {}
    assert bronze.put(load(NAME, 9)) == {NAME: True}  # back in time: the partition is the label's
    bronze.has(load(NAME, 9))


def test_of_two_generations_in_one_call_the_newer_one_counts(bronze: Bronze) -> None:
    assert bronze.put(load(NAME, 2), load(NAME, 1), load(NAME, 2)) == {NAME: False}
    bronze.has(load(NAME, 2))


def test_a_generation_without_rows_takes_the_older_rows_out(bronze: Bronze) -> None:
    empty = load(NAME, 2, orders=())
    bronze.put(load(NAME, 1), load(NAMES[1], 1))
    assert bronze.put(empty) == {NAME: True}
    bronze.has(empty, load(NAMES[1], 1))
    assert bronze.put(load(NAME, 3)) == {NAME: True}
    bronze.has(load(NAME, 3), load(NAMES[1], 1))


def test_a_first_generation_without_rows_is_remembered(bronze: Bronze) -> None:
    assert bronze.put(load(NAME, 2, orders=())) == {NAME: False}
    assert bronze.put(load(NAME, 1)) == {}
    assert bronze.warehouse.holds(BUCKET, NAME, 2)
    bronze.has(load(NAME, 2, orders=()))


def test_reference_data_takes_the_place_of_all_that_stood_there(bronze: Bronze) -> None:
    def there() -> list[str]:
        rows = bronze.warehouse.ask("SELECT nome_pais AS p FROM bronze.countries ORDER BY p")
        return [row["p"] for row in rows]

    assert bronze.put(reference(1, "1;Brasil", "2;Chile")) == {reference_name("countries"): False}
    assert bronze.put(reference(3, "1;Brazil")) == {reference_name("countries"): True}
    assert bronze.put(reference(2, "9;Peru")) == {}
    assert there() == ["Brazil"]
    assert bronze.put(reference(4)) == {reference_name("countries"): True}
    assert there() == []
    assert bronze.warehouse.generations(BUCKET) == {reference_name("countries"): 4}


@pytest.mark.parametrize("older", [False, True])
def test_many_processes_at_once_load_it_once(bronze: Bronze, older: bool) -> None:
    if older:
        bronze.put(load(NAME, 1))

    def one(number: int) -> dict[str, bool] | TransientError:
        try:
            return bronze.put(load(NAME, 2), now=NOW + timedelta(seconds=number))
        except TransientError as error:
            return error

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(one, range(8)))
    assert [answer for answer in answers if answer] in ([{NAME: older}], [])
    bronze.put(load(NAME, 2))
    bronze.has(load(NAME, 2))


def test_a_process_that_died_before_the_ledger_owes_it_nothing_more(bronze: Bronze) -> None:
    with bronze.fails("job.insert.query", "_ledger"), pytest.raises(StoreError):
        bronze.put(load(NAME, 1))
    assert bronze.warehouse.generations(BUCKET) == {}
    assert bronze.put(load(NAME, 1), now=LATER) == {}
    bronze.has(load(NAME, 1))
    (row,) = bronze.warehouse.ask("SELECT _ingest_timestamp AS t FROM bronze._ingested_objects")
    assert row["t"] == NOW  # the moment of the rows, not that of the mending


@pytest.mark.parametrize("generations", [(1, 1), (1, 2, 1), (1, 2, 2)])
def test_what_an_earlier_release_noted_is_noted_once(
    bronze: Bronze, monkeypatch: pytest.MonkeyPatch, generations: tuple[int, ...]
) -> None:
    """Under the entry's id alone; the last of these deliveries is of this release."""
    *earlier, last = generations
    with monkeypatch.context() as patch:
        patch.setattr(bigquery_ledger, "_own", lambda entry: f"{entry.id}_ledger")
        for generation in earlier:
            bronze.put(load(NAME, generation))
    assert bronze.put(load(NAME, last)) == {}
    bronze.has(load(NAME, max(generations)))


def test_an_answer_that_was_lost_is_this_call_s_own(bronze: Bronze, gateway: Gateway) -> None:
    lost = Fault(service="bigquery", operation="job.insert.load", reset=True, forwarded=True)
    with gateway.faults.having(lost):
        assert bronze.put(load(NAME, 1)) == {NAME: False}
    assert lost.hits == 1
    bronze.has(load(NAME, 1))


def test_an_entry_that_failed_counts_for_nothing(bronze: Bronze) -> None:
    jobs, log = Jobs(bronze.warehouse._bigquery), logs(bronze.warehouse)
    failing = jobs.query("SELECT id_pedido + 1 FROM UNNEST([STRUCT('x' AS id_pedido)])")
    for generation in (1, 3):
        job = jobs.insert(log.id(NAME, 0), failing, log.labels(generation))
    assert job is None  # the place is taken
    assert not bronze.warehouse.holds(BUCKET, NAME, 1)
    assert bronze.put(load(NAME, 1)) == {NAME: False}
    assert bronze.warehouse.holds(BUCKET, NAME, 1)
    bronze.has(load(NAME, 1))


def test_a_running_entry_is_waited_for_and_then_left_to_itself(
    bronze: Bronze, gateway: Gateway
) -> None:
    with (
        gateway.faults.having(Fault(operation="job.insert.load", running=30)),
        pytest.raises(TransientError, match="still running"),
    ):
        bronze.put(load(NAME, 1))
    assert not bronze.warehouse.holds(BUCKET, NAME, 1)
    with pytest.raises(TransientError, match="still running"):
        bronze.put(load(NAME, 2))
    for _ in range(30):
        bronze.warehouse.holds(BUCKET, NAME, 1)
    assert bronze.put(load(NAME, 2)) == {NAME: True}
    bronze.has(load(NAME, 2))


def test_holding_is_asked_without_a_query_and_without_a_trace(bronze: Bronze) -> None:
    warehouse = bronze.another()
    assert not warehouse.holds(BUCKET, NAME, 1)
    bronze.put(load(NAME, 3))
    bronze.spent()
    assert [warehouse.holds(BUCKET, NAME, generation) for generation in (2, 3, 4)] == [
        True, True, False,
    ]  # fmt: skip
    assert bronze.spent().keys() == {"job.get"}


def test_datasets_made_anew_begin_with_empty_logs(bronze: Bronze) -> None:
    bronze.put(load(NAME, 1))
    client = bronze.warehouse._bigquery.client
    client.delete_dataset(bronze.warehouse._bigquery.dataset("bronze"), delete_contents=True)
    bronze.another().create_bronze()
    assert bronze.put(load(NAME, 1)) == {NAME: False}
    bronze.has(load(NAME, 1))


def test_the_ledger_remembers_when_the_logs_have_expired(bronze: Bronze, gateway: Gateway) -> None:
    half_a_year = NOW + timedelta(days=190)
    bronze.put(load(NAME, 3))
    gateway.bigquery.forget()
    assert bronze.put(load(NAME, 3), now=half_a_year) == {}
    assert bronze.put(load(NAME, 4), now=half_a_year) == {NAME: True}
    bronze.has(load(NAME, 4))


def test_what_bigquery_refuses_for_good_is_told_and_can_be_mended(bronze: Bronze) -> None:
    client = bronze.warehouse._bigquery.client
    table = bronze.warehouse._bigquery.table("bronze.orders")
    client.query(f"ALTER TABLE `{table}` DROP COLUMN status").result()
    with pytest.raises(StoreError):
        bronze.put(load(NAME, 1))
    client.delete_table(table)
    bronze.another().create_bronze()
    assert bronze.put(load(NAME, 1)) == {NAME: False}
    bronze.has(load(NAME, 1))


# --- where Bronze comes from ---


def test_a_bronze_is_loaded_from_one_bucket(bronze: Bronze) -> None:
    bronze.put(load(NAME, 1))
    for ask in (
        lambda: bronze.another().load("another-bucket", [load(NAME, 2)], NOW),
        lambda: bronze.another().remove("another-bucket", [NAME]),
        lambda: bronze.another().generations("another-bucket"),
    ):
        with pytest.raises(StoreError, match="from the bucket a-bucket, not from another-bucket"):
            ask()
    bronze.has(load(NAME, 1))


def test_looking_at_a_bronze_binds_it_to_no_bucket(bronze: Bronze) -> None:
    bronze.warehouse._bigquery.drop_table("bronze._origin")
    other = bronze.another()
    assert other.generations("another-bucket") == {}
    assert other.bronze_files("another-bucket", "raw/", "rax") == []
    assert not other.holds("another-bucket", NAME, 1)
    other.remove("another-bucket", [NAME], {NAME: 1})
    assert other.ask("SELECT * FROM bronze._origin") == []
    assert bronze.put(load(NAME, 1)) == {NAME: False}
    with pytest.raises(StoreError, match="from the bucket a-bucket, not from another-bucket"):
        other.generations("another-bucket")
    bronze.has(load(NAME, 1))


def test_looking_at_a_bronze_of_an_earlier_release_keeps_its_bucket(bronze: Bronze) -> None:
    bronze.put(load(NAME, 1))
    bronze.warehouse._bigquery.drop_table("bronze._origin")
    with pytest.raises(StoreError, match="from the bucket a-bucket, not from another-bucket"):
        bronze.another().generations("another-bucket")
    assert bronze.another().holds(BUCKET, NAME, 1)
    assert bronze.warehouse.ask("SELECT * FROM bronze._origin") == []


def test_what_is_removed_before_the_first_load_is_not_loaded(bronze: Bronze) -> None:
    """By a load that read it before, and that binds Bronze."""
    bronze.warehouse._bigquery.drop_table("bronze._origin")
    bronze.another().remove(BUCKET, [NAME], {NAME: 1})
    assert bronze.put(load(NAME, 1)) == {}
    bronze.has()


def test_a_name_of_no_date_stops_no_load(bronze: Bronze) -> None:
    odd = "raw/csv_sales/2029/25/02/unit_001/window_1214/pedido.csv"
    bronze.put(load(NAMES[1], 1)._replace(name=odd))
    assert bronze.another().load(BUCKET, [load(NAME, 1)], NOW) == {NAME: False}


def test_a_bronze_of_an_earlier_release_keeps_its_bucket_and_its_logs(bronze: Bronze) -> None:
    bronze.put(load(NAME, 1))
    bronze.warehouse._bigquery.drop_table("bronze._origin")
    with pytest.raises(StoreError, match="loaded from the bucket a-bucket"):
        bronze.another().load("another-bucket", [load(NAMES[1], 1)], NOW)
    assert bronze.put(load(NAME, 1)) == {}
    bronze.has(load(NAME, 1))


def test_a_ledger_that_is_made_again_does_not_begin_other_logs(bronze: Bronze) -> None:
    """For a process that knew the former one, and for another one."""
    warm = bronze.another()
    warm.load(BUCKET, [load(NAME, 1)], NOW)
    _recreate(bronze, "_ingested_objects")
    assert warm.load(BUCKET, [load(NAMES[1], 1)], NOW) == {NAMES[1]: False}
    assert bronze.put(load(NAME, 1), load(NAMES[1], 1)) == {}
    bronze.has(load(NAME, 1), load(NAMES[1], 1))


def test_a_bronze_that_was_restored_loads_what_it_lost_and_nothing_twice(bronze: Bronze) -> None:
    bronze.put(load(NAME, 1), load(NAMES[1], 1))
    orders, ledger = _copied(bronze, "orders"), _copied(bronze, "_ingested_objects")
    bronze.put(load(NAMES[1], 2), load(NAMES[2], 1))
    _recreate(bronze, "orders", orders)
    _recreate(bronze, "_ingested_objects", ledger)
    origin = bronze.warehouse._bigquery.table("bronze._origin")
    bronze.warehouse._bigquery.run(RENEWED.format(origin=origin))
    newest = [load(NAME, 1), load(NAMES[1], 2), load(NAMES[2], 1)]
    assert bronze.put(*newest) == {NAMES[1]: True, NAMES[2]: False}
    bronze.has(*newest)


RENEWED = "UPDATE `{origin}` SET log = GENERATE_UUID(), since = CURRENT_TIMESTAMP() WHERE TRUE"


def _copied(bronze: Bronze, table: str) -> str:
    """A copy of a table of Bronze."""
    name = bronze.warehouse._bigquery.table(f"bronze.{table}")
    bronze.warehouse._bigquery.run(f"CREATE TABLE `{name}_kept` AS SELECT * FROM `{name}`")
    return f"{name}_kept"


def _recreate(bronze: Bronze, table: str, source: str = "") -> None:
    """Drop a table of Bronze and make it again, with the rows of a copy, its own by default."""
    source = source or _copied(bronze, table)
    bronze.warehouse._bigquery.drop_table(f"bronze.{table}")
    bronze.another().create_bronze()
    name = bronze.warehouse._bigquery.table(f"bronze.{table}")
    bronze.warehouse._bigquery.run(f"INSERT INTO `{name}` SELECT * FROM `{source}`")
