"""docs/reliability.md: its text, and the matrix as the tests have it.

`python -m tests.faults.page` writes it; a test compares it with what is there.
"""

from collections.abc import Iterator
from itertools import groupby

from core.insight.usage.limits import (
    LOAD_JOBS_A_TABLE_AND_DAY,
    METADATA_UPDATES_A_TABLE_IN_10_S,
    estimate_demands,
)
from tests.faults import generator
from tests.faults.cases import CASES
from tests.support.limit_cases import CASES as LIMITS
from tests.support.scenes import ROOT

PAGE = ROOT / "docs" / "reliability.md"
SIDES = {"folder": "folder, DuckDB", "cloud": "Cloud Storage, BigQuery"}

HEAD = """\
# Reliability

After everything on this page: every good row is in Bronze exactly once, every bad one is in
quarantine with its line and reason, and no event is acknowledged before that.

## How

- **Objects are created, never blindly written.** An upload carries `ifGenerationMatch=0` and its
  CRC32C. "It is there already" is success when the checksums agree, a conflict when they do not.
- **A publication announces itself in the bucket before it looks** at what is there, and only then
  writes: an object in `raw/_publishing/` with its kind (incremental, bulk, Parquet), dates and
  units, taken back when it ends. Sales of two kinds for one unit and date would count twice; of two
  such publishers, on whichever machines, the one that looks later finds the other's announcement or
  objects and refuses, before it wrote any sales. Both may refuse; never do both write. One that was
  killed leaves its announcement: the same one again takes it back, and so does deleting that
  object, which the refusal names. With `--force` it does all this and refuses nothing. A file
  of a publication that has not ended cannot be deleted as one that nothing requested.
- **All dates of a request are compared before any is written.** Where other data comes after that
  all the same, the error says which dates were written.
- **The data is a pure function of its coordinates**, so a call that comes again makes the same
  bytes, finds what is there, and completes what is missing. The manifest comes last.
- **Each object's name has a log whose entries are BigQuery jobs.** Their ids follow from bucket and
  name; BigQuery refuses a used id with 409, for ever. To insert a job is therefore to compare and
  set: one delivery wins, the others look the job up. Done is success, running is waited for, failed
  gets the next id. No query is needed to know whether a file is loaded.
- **Many objects in one job**: each is claimed in its own log first (a job that does nothing, reads
  nothing and costs nothing), then one load job takes the rows of all. A claim whose load job never
  came is fenced, by taking that job's id, before anybody else loads the object.
- **Bad rows are in quarantine before good rows are loaded**, under names that follow from the
  object's, so that doing it again changes nothing. A report is of one generation: it is written,
  replaced and cleared only for the generation that the object is in, under preconditions.
- **A newer generation takes an older one's place by one statement**, a MERGE that reads only the
  partitions of the days on which older ones were ingested. Which are older, their generations say.
- **The ledger is written after the rows**, once an entry; a crash in between is healed by whoever
  comes next. The event of an object that came with others is refused until it is noted.
- **BigQuery drops jobs one by one after 180 days**, a name's first ones while its last are there.
  Of objects that may have been loaded so long ago the ledger has the generation, and their rows
  the day, also of one that was loaded more than 150 days ago and never noted: objects whose
  business date is older than 150 days, and those of dates of which anything was loaded more than
  20 days ahead.
- **What a removal deletes is closed in its log**: a delivery that read it before loads nothing, and
  one that is under way is waited for. The ledger gets no line of it afterwards: the jobs that would
  write one are fenced, those of a single load and those of a batch, which then notes the rest. In
  the folder, an object that was deleted since it was read is not loaded.
- **A Bronze is loaded from one bucket**, which it says in a row of its own (`bronze._origin`); a
  command that comes with another bucket is refused. The first load writes the row; looking at
  Bronze, or removing from it, does not. The same row tells the logs of this Bronze
  from those of others, so that they neither end nor begin when a single table is made again.
- **A layer is published by one transaction**, one job, which is not run again when its answer is
  lost, after its checks passed beside it. One of them holds
  each date's rows of Silver against what the ledger says was loaded, so that a loss by any cause
  stops the publication ([rebuild.md](rebuild.md)).
- **No zone of a machine decides a date.** `_ingest_date` is the UTC date on both sides, and every
  connection of DuckDB works in UTC.
- In the folder, rows and ledger are one transaction of DuckDB, and files appear by one rename. What
  a writer stages is its own for as long as it holds the lock of a file there, which ends with its
  process: on one folder containers and processes never remove each other's. Where the file system
  has no locks, what a killed writer staged stays in `.staging` until a person deletes it.

## What goes wrong, and what follows

Each row is a test (`python -m pytest tests/project/test_faults.py`) through Google's own client
libraries
against real servers, with a gateway between them that does what is said here; and on the folder,
where the row says so. This table is written by `python -m tests.faults.page` from those tests.
"""

TAIL = """
## Limits

What a request takes while nothing of it exists, by `core/insight/usage/limits.py`, which a test
compares with the
requests that the gateway counted. Class A and B are operations of Cloud Storage by publisher and
loader; load jobs are those into each of the two tables of sales.

{limits}

BigQuery takes {daily:,} load jobs a day into a table that is partitioned by a column, as both are
([quotas](https://cloud.google.com/bigquery/quotas#partitioned_tables)), and {updates} updates of a
partitioned table's metadata in 10 s. So a request of more than 100 cells marks its objects (custom
metadata `mrhealth-load: batch`), its publisher takes them to Bronze in batches of up to 3,000
objects, and `csv-processor` leaves marked objects to it: an event of one is acknowledged once its
rows and its line in the ledger are there, and refused until then. When nobody comes for ten
minutes, `csv-processor` loads it by itself, or writes the line.
At most 10 calls of `csv-processor` run at once (`--max-instances`, `--concurrency=1`); even if a
load job took one second only, that is {rate} updates in 10 s, of two tables.

Rate limits of load jobs arrive as 403 `rateLimitExceeded`, which Google's client library does not
try again for load jobs. They are tried again here for as long as `MRHEALTH_WAIT_S` allows, under
the same job id, and then raised, so that the event comes again.

## What is left

- Objects whose business date is older than 150 days cost two queries more, of the ledger and of the
  rows that were ingested before that, or of all rows where the ledger has an older generation. Of
  an object that a process loaded without noting it, twice in a row, and that nobody touched for
  half a year in between, older rows may stay. So they may if the ledger itself is lost after
  BigQuery dropped the first jobs of an object: then load Bronze from the bucket into new datasets.
- Each process that loads reads once a day where Bronze comes from and what was loaded ahead: one
  query, of the ledger's names from 150 days ago on, for which BigQuery bills 10 MB at least.
- After datasets of Bronze were dropped, or restored ([google-cloud.md](google-cloud.md)), a process
  that runs goes by what it knew for up to a day: begin it again.
- On BigQuery the reconciliation looks for an object's rows in the partitions from the earliest day
  on which the range's objects can have been ingested. A copy that somebody wrote by hand into an
  earlier partition is not seen by it.
- On the very first publication of a layer its tables exist, empty, for a moment before they are
  filled.
- A loss of power (not a killed process) can take files that were written to the folder in the last
  half minute or so, manifests among them: they are missing or empty afterwards, for nothing here
  waits until the disk has them. Rows and ledger are safe: DuckDB waits at each commit, and so does
  the history of runs, which has each request's seed. `reconcile.py` names what is missing or has
  other bytes; the same upload with `--overwrite`, or *Write again* on Bronze, makes it again.
  Waiting was measured on ext4, in one run: 2,100 files of three days took 0.6 s, 2.2 s where each
  of the 21 manifests is waited for, and 8.0 s where each file is.
- The emulators are not Google: [local-cloud.md](local-cloud.md) says what they do otherwise.
  Nothing on this page was run against a real project.
"""


def content() -> str:
    """The whole page."""
    return HEAD + "\n".join(_matrix()) + TAIL.format(
        limits="\n".join(_limits()), daily=LOAD_JOBS_A_TABLE_AND_DAY,
        updates=METADATA_UPDATES_A_TABLE_IN_10_S, rate=100,
    )  # fmt: skip


def _matrix() -> Iterator[str]:
    assert generator.GROUP  # its cases are in CASES once it is imported
    for group, cases in groupby(CASES, key=lambda case: case.group):
        yield f"\n### {group}\n"
        yield "| What happens | What follows | Tried on |"
        yield "|---|---|---|"
        for case in cases:
            sides = "; ".join(SIDES[side] for side in case.sides)
            yield f"| {case.what} | {case.follows} | {sides} |"


def _limits() -> Iterator[str]:
    yield (
        "| Request | Objects | Goes to Bronze | Class A | Class B | Load jobs a table | Claims | "
        "Calls of csv-processor |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for name, request in LIMITS.items():
        it = estimate_demands(request)
        way = "in batches" if it.batched else "by an event each"
        yield (
            f"| {name} | {it.objects:,} | {way} | {it.class_a:,} | {it.class_b:,} | "
            f"{it.load_jobs:,} | {it.claims:,} | {it.calls:,} |"
        )


if __name__ == "__main__":
    PAGE.write_text(content(), encoding="utf-8")
