"""Check the machine: clocks, disk space, and whether files are whole."""

import contextlib
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from core.errors import StoreError
from core.gcp.clients import storage_client
from core.gcp.errors import google_errors
from core.generation.windows import dates_between
from core.insight.diagnostics.back_ends import refused_file, scratch
from core.insight.diagnostics.databases import faults
from core.insight.diagnostics.finding import CheckContext, Finding, State
from core.messages import list_parts, message
from core.settings import Cloud
from core.storage.object_names import (
    MANIFEST_PREFIX,
    REFERENCE_PREFIX,
    day_prefix,
    parquet_months,
    reference_name,
)
from core.warehouse import DuckDBWarehouse

if TYPE_CHECKING:
    from requests import Response

MOST_SKEW = timedelta(seconds=60)
FULL_BYTES = 64 * 2**20  # a window of 1,000 units and its load need about as much
LITTLE_BYTES = 2**30
_SET_CLOCK = "sudo timedatectl set-ntp true"
_NAMED = 3


def clock(case: CheckContext) -> Finding:
    """Check whether the clocks for generations and windows agree."""
    cloud, home = case.platform.settings.cloud, case.platform.settings.home
    if cloud:
        theirs = _cloud_time(cloud)
        return skew(case.history.now(), theirs, "Google Cloud" if theirs else "")
    if not home.is_dir():
        return Finding(State.FINE, message("diagnose.clock_nothing"))
    with scratch(home) as file:
        finding = skew(
            case.history.now(), _write_clock_file(file), message("diagnose.file_system", home=home)
        )
    ahead = _from_the_future(case) if finding.state is State.FINE else []
    return _told_future(case, ahead) if ahead else finding


def skew(ours: datetime, theirs: datetime | None, whose: str) -> Finding:
    """Check whether two aware clocks agree within `MOST_SKEW`."""
    if theirs is None:
        return Finding(State.UNKNOWN, message("diagnose.clock_no_time"))
    off = ours - theirs
    if abs(off) <= MOST_SKEW:
        return Finding(
            State.FINE, message("diagnose.clock", whose=whose, seconds=MOST_SKEW.seconds)
        )
    code = "diagnose.clock_ahead" if off > timedelta() else "diagnose.clock_behind"
    return Finding(
        State.ATTENTION, message(code, seconds=abs(off).total_seconds(), whose=whose),
        message("diagnose.clock_advice"), _SET_CLOCK,
    )  # fmt: skip


def _write_clock_file(file: Path) -> datetime:
    file.write_bytes(b"now\n")
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _cloud_time(cloud: Cloud) -> datetime | None:
    """The time in the header of a Cloud Storage response; one Class B operation."""
    dates: list[str] = []

    def note(response: "Response", **_: object) -> None:
        dates.append(response.headers.get("Date", ""))

    with google_errors(message("doing.time", name=f"gs://{cloud.bucket}")):
        client = storage_client(cloud)
        client._http.hooks["response"].append(note)  # noqa: SLF001 - the library shows no headers
        client.bucket(cloud.bucket).get_blob(reference_name("products"), timeout=20, retry=None)
    with contextlib.suppress(ValueError, IndexError):
        return parsedate_to_datetime(dates[-1])
    return None


def _from_the_future(case: CheckContext) -> list[str]:
    """Objects of the dates whose modification time, their generation, is in the future."""
    last_ns = int((case.history.now() + MOST_SKEW).timestamp() * 1e9)
    dates = dates_between(*case.dates)
    days = [*map(day_prefix, dates), *parquet_months(dates)]
    store = case.platform.store
    return [
        info.name
        for prefix in (REFERENCE_PREFIX, MANIFEST_PREFIX, *days)
        for info in store.list(prefix)
        if info.generation > last_ns
    ]


def _told_future(case: CheckContext, names: list[str]) -> Finding:
    folder = case.platform.settings.bucket_folder
    return Finding(
        State.ATTENTION,
        message("diagnose.future", count=len(names), name=names[0]),
        message("diagnose.future_advice"),
        "\n".join(f"touch {quote(str(folder / name))}" for name in names[:_NAMED])
        if len(names) <= _NAMED
        else f"find {quote(str(folder))} -newermt now -exec touch {{}} +",
    )


def disk(case: CheckContext) -> Finding:
    """Check whether there is enough disk space."""
    home = case.platform.settings.home
    place = next(path for path in (home, *home.parents) if path.is_dir())
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        raise StoreError(message("files.disk", place=place, reason=error.strerror)) from error
    return room(free, sum(_sizes(str(home))), home)


def room(free_bytes: int, home_bytes: int, home: Path) -> Finding:
    """Check whether free space is enough for a home: a rebuild needs at most as much again."""
    found = message("diagnose.room", free=free_bytes, home=home, taken=home_bytes)
    sizes = f"du -sh {quote(str(home))}/*"
    advice = message("diagnose.room_advice")
    if free_bytes < FULL_BYTES:
        return Finding(State.BROKEN, message("diagnose.room_none", found=found), advice, sizes)
    if free_bytes < max(LITTLE_BYTES, home_bytes):
        return Finding(State.ATTENTION, message("diagnose.room_little", found=found), advice, sizes)
    return Finding(State.FINE, found)


def history_file(case: CheckContext) -> Finding:
    """Check whether the file with the history of runs is whole."""
    file = case.history.path
    if not file.exists():
        return Finding(State.FINE, message("diagnose.history_none"))
    found = faults(file, message("files.history_name"))
    if not found:
        return Finding(State.FINE, message("diagnose.history_whole", size=file.stat().st_size))
    return Finding(
        State.BROKEN, message("diagnose.history_damaged", file=file, faults=list_parts(found)),
        message("diagnose.history_advice"),
        "python scripts/put_aside.py history",
    )  # fmt: skip


def warehouse_file(case: CheckContext) -> Finding:
    """Check whether every row of the embedded warehouse can be read; its blocks have checksums."""
    warehouse = case.platform.warehouse
    if not isinstance(warehouse, DuckDBWarehouse):
        return Finding(State.NOT_HERE, message("diagnose.warehouse_bigquery"))
    if not warehouse.exists():
        return Finding(State.FINE, message("diagnose.warehouse_none"))
    try:
        tables = case.tables()
        rows = _read_whole(warehouse, tables)
    except StoreError as error:
        return refused_file(error.sentence)
    size = warehouse.path.stat().st_size
    return Finding(
        State.FINE, message("diagnose.warehouse_whole", rows=rows, count=len(tables), size=size)
    )


def _read_whole(warehouse: DuckDBWarehouse, tables: Iterable[str]) -> int:
    """Count the rows of some tables, reading every value."""
    rows = 0
    with warehouse.reading() as connection:
        for table in sorted(tables):
            sql = f"SELECT COUNT(*), BIT_XOR(HASH(t)) FROM {warehouse.prefix}_{table} AS t"  # noqa: S608 - own names
            found = connection.execute(sql).fetchone()
            rows += found[0] if found else 0
    return rows


def _sizes(folder: str) -> Iterable[int]:
    """The size of each file below a folder; a file that disappears meanwhile counts 0."""
    for path, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                yield os.stat(f"{path}/{name}").st_size  # noqa: PTH116 - half a million of them
