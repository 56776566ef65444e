"""The layout of object names, which only this module knows.

raw/csv_sales/{YYYY}/{MM}/{DD}/unit_{NNN}/window_{HHMM}/{pedido,item_pedido}.csv   incremental
raw/csv_sales/{YYYY}/{MM}/{DD}/unit_{NNN}/{pedido,item_pedido}.csv                 bulk
raw/parquet_sales/{YYYY}/{MM}/{DD}/{pedido,item_pedido}.parquet                    all units' day
raw/reference_data/{produto,unidade,estado,pais}.csv                               reference
raw/_manifests/{YYYY}/{MM}/{DD}/{window_HHMM,day,parquet}.json                     manifest
raw/_publishing/{kind}-{digest}-{number}.json                                      announcement
raw/_held/{moment,never}/{the object's name}       comes at the moment, or when it is released
raw/_scenarios/{name}-{digest}.json                record of a scenario that was applied
quarantine/...                                                                     rejected rows
quarantine/other/...                                rejected rows of objects with other names
"""

import functools
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote

from core.generation.catalog import MAX_UNIT

SALES_PREFIX = "raw/csv_sales/"
PARQUET_PREFIX = "raw/parquet_sales/"
REFERENCE_PREFIX = "raw/reference_data/"
MANIFEST_PREFIX = "raw/_manifests/"
ANNOUNCEMENT_PREFIX = "raw/_publishing/"
HELD_PREFIX = "raw/_held/"
SCENARIO_PREFIX = "raw/_scenarios/"
QUARANTINE_PREFIX = "quarantine/"
OTHER_PREFIX = QUARANTINE_PREFIX + "other/"  # for objects whose names are not in the layout
REPORT_END = "_error.json"
BULK_TAG, PARQUET_TAG = "day", "parquet"
OBJECT_KINDS: Mapping[str, str] = {
    "sales": SALES_PREFIX,
    "parquet": PARQUET_PREFIX,
    "manifests": MANIFEST_PREFIX,
    "quarantine": QUARANTINE_PREFIX,
    "reference": REFERENCE_PREFIX,
    "held": HELD_PREFIX,
    "scenarios": SCENARIO_PREFIX,
}

SALES_FILES = {"orders": "pedido.csv", "order_items": "item_pedido.csv"}
PARQUET_FILES = {"orders": "pedido.parquet", "order_items": "item_pedido.parquet"}
REFERENCE_FILES = {
    "products": "produto.csv",
    "units": "unidade.csv",
    "states": "estado.csv",
    "countries": "pais.csv",
}

_SALES_NAME = re.compile(
    r"raw/csv_sales/(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)/unit_(?P<unit>\d{3,7})/"
    r"(?:(?P<window>window_\d{4})/)?(?P<file>pedido|item_pedido)\.csv"
)
_PARQUET_NAME = re.compile(
    r"raw/parquet_sales/(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)/"
    r"(?P<file>pedido|item_pedido)\.parquet"
)
_HELD_NAME = re.compile(r"raw/_held/(?P<moment>\d{8}T\d{6}Z|never)/(?P<name>raw/.+)", re.DOTALL)
_MOMENT, _NEVER = "%Y%m%dT%H%M%SZ", "never"
_LONGEST_PART = 200  # file systems allow 255 bytes, including `REPORT_END`
_KIND_OF_STEM = {"pedido": "orders", "item_pedido": "order_items"}


@dataclass(frozen=True, slots=True)
class SalesName:
    """The parts of a sales object's name; `window_tag` is None for bulk data."""

    kind: str
    day: date
    unit_id: int
    window_tag: str | None


@dataclass(frozen=True, slots=True)
class ParquetName:
    """The parts of the name of a Parquet object, which has a day of many units."""

    kind: str
    day: date


@dataclass(frozen=True, slots=True)
class HeldName:
    """The name of a held object, and the aware moment at which it comes; None: only on request."""

    name: str
    moment: datetime | None


@functools.lru_cache(maxsize=512)
def day_prefix(day: date) -> str:
    """The prefix of every sales object of a business date."""
    return f"{SALES_PREFIX}{day:%Y/%m/%d}/"


def cell_prefix(day: date, unit_id: int, window_tag: str | None) -> str:
    """The folder of the two sales objects of a cell, with its closing slash."""
    folder = f"{day_prefix(day)}unit_{unit_id:03d}/"
    return f"{folder}{window_tag}/" if window_tag else folder


def sales_name(name: SalesName) -> str:
    """The object name of orders or items of a cell."""
    return cell_prefix(name.day, name.unit_id, name.window_tag) + SALES_FILES[name.kind]


def parse_sales_name(name: str) -> SalesName | None:
    """The parts of a sales object's name; None when it is not in the layout."""
    match = _SALES_NAME.fullmatch(name)
    day = _day_in(match)
    if match is None or day is None:
        return None
    parsed = SalesName(_KIND_OF_STEM[match["file"]], day, int(match["unit"]), match["window"])
    possible = 1 <= parsed.unit_id <= MAX_UNIT
    return parsed if possible and sales_name(parsed) == name else None


def end_of(prefix: str) -> str:
    """The least name that is greater than all names with a prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def is_sales_file(name: str) -> bool:
    """Whether consumers treat this object as sales data, which they decide by its name alone."""
    return name.startswith(SALES_PREFIX) and name.endswith(".csv")


def is_skipped_file(name: str) -> bool:
    """Whether a name looks like sales data, but consumers ignore it: `PEDIDO.CSV`."""
    looks = name.lower().endswith((".csv", ".parquet"))
    below = name.startswith((SALES_PREFIX, PARQUET_PREFIX))
    return below and looks and not is_sales_file(name) and not is_parquet_file(name)


def parquet_prefix(day: date) -> str:
    """The folder of the two Parquet objects of a business date, with its closing slash."""
    return f"{PARQUET_PREFIX}{day:%Y/%m/%d}/"


def parquet_months(days: Iterable[date]) -> list[str]:
    """Prefixes of the Parquet objects of whole months, which are few and listed together."""
    return sorted({f"{PARQUET_PREFIX}{day:%Y/%m}/" for day in days})


def parquet_name(kind: str, day: date) -> str:
    """The object name of the orders or items of a date in Parquet."""
    return parquet_prefix(day) + PARQUET_FILES[kind]


def parse_parquet_name(name: str) -> ParquetName | None:
    """The parts of a Parquet object's name; None when it is not in the layout."""
    match = _PARQUET_NAME.fullmatch(name)
    day = _day_in(match)
    if match is None or day is None:
        return None
    return ParquetName(_KIND_OF_STEM[match["file"]], day)


def is_parquet_file(name: str) -> bool:
    """Whether consumers treat an object as a day's sales in Parquet."""
    return name.startswith(PARQUET_PREFIX) and name.endswith(".parquet")


def reference_name(kind: str) -> str:
    """The object name of a reference table: products, units, states or countries."""
    return REFERENCE_PREFIX + REFERENCE_FILES[kind]


def reference_kind(name: str) -> str | None:
    """The reference table of an object; None for other objects."""
    return next((kind for kind in REFERENCE_FILES if reference_name(kind) == name), None)


def manifest_name(day: date, window_tag: str | None) -> str:
    """The object name of the manifest of a window, or of a day of bulk data."""
    return f"{MANIFEST_PREFIX}{day:%Y/%m/%d}/{window_tag or BULK_TAG}.json"


def parquet_manifest_name(day: date) -> str:
    """The object name of the manifest of a day in Parquet, which has another form."""
    return manifest_name(day, PARQUET_TAG)


def manifest_tag(name: str) -> str | None:
    """The window's tag in a manifest's name; None for bulk data."""
    tag = name.rpartition("/")[2].removesuffix(".json")
    return None if tag == BULK_TAG else tag


def held_name(name: str, moment: datetime | None) -> str:
    """Where an object is held until an aware moment, in seconds; None: until it is released."""
    written = moment.astimezone(UTC).strftime(_MOMENT) if moment else _NEVER
    return f"{HELD_PREFIX}{written}/{name}"


def parse_held_name(name: str) -> HeldName | None:
    """The parts of a held object's name; None when it is not in the layout."""
    match = _HELD_NAME.fullmatch(name)
    if match is None or match["moment"] == _NEVER:
        return HeldName(match["name"], None) if match else None
    try:
        moment = datetime.strptime(match["moment"], _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return HeldName(match["name"], moment)


def scenario_record_name(scenario: str, digest: str) -> str:
    """The object name of the record of a scenario that was applied to a request."""
    return f"{SCENARIO_PREFIX}{scenario}-{digest}.json"


def quarantine_names(name: str) -> tuple[str, str]:
    """The objects for the rejected rows of a sales or reference object, and for their report.

    No two objects share them: names outside the layout become one part each below `OTHER_PREFIX`.
    """
    if parse_sales_name(name) or parse_parquet_name(name) or reference_kind(name):
        return former_quarantine_names(name)
    data = OTHER_PREFIX + _one_part(name)
    return data, data + REPORT_END


def former_quarantine_names(name: str) -> tuple[str, str]:
    """The names in earlier versions: the same for names in the layout, shared by others."""
    rest = name.removeprefix(SALES_PREFIX).removeprefix(PARQUET_PREFIX).removeprefix("raw/")
    data = QUARANTINE_PREFIX + rest
    return data, data.removesuffix(".csv").removesuffix(".parquet") + REPORT_END


def _one_part(name: str) -> str:
    """A unique name without slashes that any folder and bucket can hold."""
    part = quote(name, safe="", errors="surrogatepass")
    if len(part) <= _LONGEST_PART:
        return part
    end = ".parquet" if name.endswith(".parquet") else ".csv"
    digest = hashlib.sha256(part.encode()).hexdigest()
    # Longer than any unshortened part, so that it cannot equal one.
    return f"{part[: _LONGEST_PART - len(digest)]}~{digest}{end}"


def _day_in(match: re.Match[str] | None) -> date | None:
    """The date of a name's folders; None when it is not in the calendar."""
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def kind_of(name: str) -> str | None:
    """The kind of an object by its prefix, one of `OBJECT_KINDS`; None for others."""
    return next((kind for kind, prefix in OBJECT_KINDS.items() if name.startswith(prefix)), None)


def day_of(name: str) -> date | None:
    """The business date of an object's folders, below any prefix; None without one."""
    prefix = OBJECT_KINDS.get(kind_of(name) or "", "")
    return date_of_folders(name.removeprefix(prefix))


def date_of_folders(rest: str) -> date | None:
    """The date that the first three folders of a path spell; None when they spell none."""
    year, _, rest = rest.partition("/")
    month, _, rest = rest.partition("/")
    try:
        return date.fromisoformat(f"{year}-{month}-{rest.partition('/')[0]}")
    except ValueError:
        return None
