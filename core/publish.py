"""Publishing: the objects of a request, written once, with their manifests.

What exists is compared before anything is written: equal objects are success, different ones are a
conflict that writes nothing, unless the caller overwrites. Bulk and incremental data of the same
unit and date refuse each other, unless forced. A publication that was cut off is completed by the
next one, for what is there already counts as done; the manifest comes last.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from core import windows
from core.catalog import Catalog, Window
from core.checksums import crc32c
from core.encode import CellFiles, cell_files
from core.errors import ConflictError, InputError, MixError
from core.generate import DEFAULT_SEED, MAX_ORDERS, Cells, bulk_cells, window_cells
from core.manifest import CellEntry, Manifest, file_entry, read_manifest
from core.names import SALES_FILES, cell_prefix, day_prefix, manifest_name, parse_sales_name
from core.object_store import NewObject, ObjectStore, StoredObject, update_from
from core.progress import Progress, silent

DAY_ORDERS = (10, 50)  # of a unit in bulk data, both included

# Requests of more cells are taken to Bronze as batches, not object by object. BigQuery takes 1,500
# load jobs a table and day (cloud.google.com/bigquery/quotas#load_jobs, November 2026): seven
# windows of 100 units are 700, which leaves room for a second try of each.
EVENT_CELLS = 100


@dataclass(frozen=True)
class Request:
    """What to generate: windows of dates for units, under a seed; without windows, whole days.

    Attributes:
        units: Unit numbers.
        day_orders: Bulk only: fewest and most orders a unit and day, both included.
        part: Whether it is a part of something with more than `EVENT_CELLS` cells.

    Raises:
        InputError: A part of it is not possible.
    """

    dates: tuple[date, ...]
    windows: tuple[Window, ...]
    units: tuple[int, ...]
    seed: int = DEFAULT_SEED
    day_orders: tuple[int, int] = DAY_ORDERS
    part: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be generated."""
        if not self.dates or not self.units:
            raise InputError("A request needs at least one date and one unit.")
        for day in self.dates:
            windows.check_date(day)
        windows.check_units(min(self.units))
        windows.check_units(max(self.units))
        windows.check_seed(self.seed)
        fewest, most = self.day_orders
        if not 0 <= fewest <= most <= MAX_ORDERS:
            raise InputError(
                f"{fewest} to {most} orders a day are not possible: use 0 to {MAX_ORDERS}, "
                "the smaller number first."
            )

    @property
    def slices(self) -> list[tuple[date, Window | None]]:
        """Each date and window that gets a manifest of its own; no window stands for bulk."""
        return [(day, window) for day in self.dates for window in (self.windows or (None,))]

    @property
    def batched(self) -> bool:
        """Whether its objects are too many to be loaded one by one."""
        return self.part or len(self.slices) * len(self.units) > EVENT_CELLS

    def cells(self) -> Cells:
        """The request's cells: by date, then window, then unit."""
        if self.windows:
            return window_cells(self.dates, self.windows, self.units)
        return bulk_cells(self.dates, self.units, *self.day_orders)

    def on(self, day: date) -> "Request":
        """The part of the request for one date."""
        return replace(self, dates=(day,))


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did: objects by outcome, and the rows and money of all it covers."""

    created: int = 0
    same: int = 0
    replaced: int = 0
    orders: int = 0
    items: int = 0
    value_cents: int = 0
    size: int = 0


@dataclass
class Plan:
    """Which of the request's objects exist: with equal bytes, or with other bytes.

    Attributes:
        overwrite: Whether those with other bytes may be replaced.
        manifests: The manifests that were looked at, by name; None for one that is not there.
    """

    overwrite: bool
    manifests: dict[str, StoredObject | None] = field(default_factory=dict)
    same: set[str] = field(default_factory=set)
    different: set[str] = field(default_factory=set)


def publish(
    store: ObjectStore,
    request: Request,
    catalog: Catalog,
    *,
    overwrite: bool = False,
    force: bool = False,
    progress: Progress = silent,
) -> Published:
    """Write the request's objects and manifests, each window whole before the next.

    Args:
        overwrite: Replace objects that exist with other bytes.
        force: Write although data of the other kind (bulk, incremental) stands there.
        progress: Told the slices done, their number and the current one.

    Raises:
        ConflictError: Other data stands there; nothing was written.
        StoreError: The store refused.
    """
    plan = check(store, request, catalog, overwrite=overwrite, force=force)
    total = Published()
    slices = request.slices
    with store.session():
        for done, (day, window, files) in enumerate(_sliced(request, catalog)):
            progress(done, len(slices), f"{day} {window.hours if window else 'whole day'}")
            total = _add(total, _publish_slice(store, request, (day, window), files, plan))
    progress(len(slices), len(slices), "published")
    return total


def check(
    store: ObjectStore, request: Request, catalog: Catalog, *, overwrite: bool, force: bool
) -> Plan:
    """Compare a request with what exists, and write nothing.

    It takes a read a manifest and a listing a date, and the bytes only of objects that are there
    and whose checksum the store does not know.

    Raises:
        ConflictError: Other data, or a manifest that cannot be read, stands there, and may
            neither be replaced nor mixed with.
    """
    plan = Plan(overwrite)
    names = [manifest_name(day, window.tag if window else None) for day, window in request.slices]
    for name, stored in zip(names, store.read_all(names), strict=True):
        plan.manifests[name] = stored
        _manifest(name, stored.data if stored else None, overwrite=overwrite)
    for day in request.dates:
        existing = {found.name: found for found in store.list(day_prefix(day))}
        if not existing:
            continue
        if not force:
            _refuse_mix(existing, day, request)
        for _, window, files in _sliced(request.on(day), catalog):
            for new in itertools.chain(*_objects(request, (day, window), files)):
                if new.name in existing:
                    known = existing[new.name].crc32c or store.checksum(new.name)
                    equal = known == crc32c(new.data)
                    (plan.same if equal else plan.different).add(new.name)
    if plan.different and not overwrite:
        raise ConflictError(_conflict(store, plan.different))
    return plan


def _refuse_mix(existing: Iterable[str], day: date, request: Request) -> None:
    wanted, other = ("incremental", "bulk") if request.windows else ("bulk", "incremental")
    asked = set(request.units)
    for name in sorted(existing):
        parsed = parse_sales_name(name)
        if parsed is None or parsed.unit_id not in asked:
            continue
        if (parsed.window_tag is None) == bool(request.windows):
            raise MixError(
                f"Unit {parsed.unit_id} has {other} data on {day} ({name}): {wanted} data of the "
                "same day would count its sales twice. Choose another date, delete the other "
                "data, or force the mix."
            )


def _publish_slice(
    store: ObjectStore,
    request: Request,
    at: tuple[date, Window | None],
    files: Sequence[CellFiles],
    plan: Plan,
) -> Published:
    pairs = _objects(request, at, files)
    changed = [new for pair in pairs for new in pair if new.name in plan.different]
    for new in changed:
        store.replace(new)
    known = plan.same | plan.different
    groups = [[new for new in pair if new.name not in known] for pair in pairs]
    created = store.create([group for group in groups if group])
    _write_manifest(store, at, _entries(request, at, files, pairs), plan)
    return Published(
        created=created,
        same=2 * len(pairs) - created - len(changed),
        replaced=len(changed),
        orders=sum(file.orders for file in files),
        items=sum(file.items for file in files),
        value_cents=sum(file.value_cents for file in files),
        size=sum(len(new.data) for pair in pairs for new in pair),
    )


def _write_manifest(
    store: ObjectStore,
    at: tuple[date, Window | None],
    entries: Sequence[CellEntry],
    plan: Plan,
) -> None:
    day, window = at
    tag = window.tag if window else None
    name = manifest_name(day, tag)

    def add(before: bytes | None) -> bytes:
        manifest = _manifest(name, before, overwrite=plan.overwrite) or Manifest(day, tag, {})
        return manifest.merged(entries).to_bytes()

    update_from(store, name, plan.manifests[name], add)


def _manifest(name: str, data: bytes | None, *, overwrite: bool) -> Manifest | None:
    """A manifest that stands there; None without one, or when a broken one may be overwritten."""
    if data is None:
        return None
    try:
        return read_manifest(name, data)
    except InputError as error:
        if overwrite:
            return None
        raise ConflictError(f"{error} Nothing was written; overwriting replaces it.") from error


def _sliced(
    request: Request, catalog: Catalog
) -> Iterator[tuple[date, Window | None, list[CellFiles]]]:
    """The files of each slice, while cells are made in blocks that know nothing of slices."""
    files = cell_files(request.cells(), request.seed, catalog)
    for day, window in request.slices:
        yield day, window, list(itertools.islice(files, len(request.units)))


def _objects(
    request: Request, at: tuple[date, Window | None], files: Sequence[CellFiles]
) -> list[tuple[NewObject, NewObject]]:
    """Items, then orders, of each unit: whoever sees an order can find its items."""
    day, window = at
    tag = window.tag if window else None
    folders = [cell_prefix(day, unit, tag) for unit in request.units]
    return [
        (
            NewObject(folder + SALES_FILES["order_items"], file.items_csv, request.batched),
            NewObject(folder + SALES_FILES["orders"], file.orders_csv, request.batched),
        )
        for folder, file in zip(folders, files, strict=True)
    ]


def _entries(
    request: Request,
    at: tuple[date, Window | None],
    files: Sequence[CellFiles],
    pairs: Sequence[tuple[NewObject, NewObject]],
) -> list[CellEntry]:
    window = at[1]
    made_from = (
        request.seed,
        *((window.min_orders, window.max_orders) if window else request.day_orders),
    )
    return [
        CellEntry(
            unit, *made_from, file.value_cents,
            file_entry(orders, file.orders), file_entry(items, file.items),
        )
        for unit, file, (items, orders) in zip(request.units, files, pairs, strict=True)
    ]  # fmt: skip


def _add(one: Published, other: Published) -> Published:
    return Published(*(getattr(one, name) + getattr(other, name) for name in Published.__slots__))


def _conflict(store: ObjectStore, different: set[str]) -> str:
    return (
        f"{len(different)} objects exist with other content in {store.bucket!r}, "
        f"{min(different)} among them: nothing was written. They were made with another seed or "
        "another range of orders: ask for that, or overwrite them."
    )
