"""What is delivered of a cell: the clean pair of files, or what a spoiler makes of it.

Generation makes clean files only. A spoiler comes between them and the bucket: it may change,
withhold, repeat or add objects, and says what the manifest says of them. Objects that come later
are held below `HELD_PREFIX` until they are released.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol

from core.generation.csv_files import CellFiles
from core.generation.windows import WindowOfDay
from core.storage.manifest import CellEntry, Manifest, file_entry
from core.storage.object_names import (
    HELD_PREFIX,
    SALES_FILES,
    HeldName,
    cell_prefix,
    day_prefix,
    held_name,
    manifest_name,
    parse_held_name,
    parse_sales_name,
)
from core.storage.object_store import NewObject, ObjectInfo, ObjectStore, StoredObject
from core.storage.object_store.checksums import crc32c


class Held(NamedTuple):
    """An object that comes at an aware moment; None: only when everything is released."""

    new: NewObject
    moment: datetime | None

    @property
    def copy(self) -> NewObject:
        """The object under the name where it is held."""
        return NewObject(held_name(self.new.name, self.moment), self.new.data, self.new.batched)


class Delivery(NamedTuple):
    """What is delivered of a cell.

    Attributes:
        objects: Written now, those of a folder in this order; each in one delivery of a request.
        entry: What the manifest says; None: it does not name the unit.
        held: Written when their moments have come.
        again: Names in `objects` that are written a second time, with the same bytes.
    """

    objects: tuple[NewObject, ...]
    entry: CellEntry | None
    held: tuple[Held, ...] = ()
    again: tuple[str, ...] = ()

    @property
    def finals(self) -> list[NewObject]:
        """Everything that is written at some time, under its name."""
        return [*self.objects, *(held.new for held in self.held)]

    @property
    def written(self) -> list[NewObject]:
        """Everything that is written now, with the copies of held objects."""
        return [*self.objects, *(held.copy for held in self.held)]


class Spoiler(Protocol):
    """Makes the faults of a scenario, as a pure function of its arguments."""

    @property
    def name(self) -> str:
        """The scenario, which the entries of the manifest name."""

    def spoil(self, at: WindowOfDay, unit: int, files: CellFiles) -> Delivery:
        """What is delivered instead of the clean files of a unit's window."""


class CellOfWindow(NamedTuple):
    """A unit in a window of a date."""

    at: WindowOfDay
    unit: int

    @property
    def finals(self) -> set[str]:
        """The names of its two objects."""
        folder = cell_prefix(self.at.day, self.unit, self.at.tag)
        return {folder + file for file in SALES_FILES.values()}


@dataclass(frozen=True, slots=True)
class Published:
    """The result of a publication: objects by outcome, and rows and money of all of them."""

    created: int = 0
    same: int = 0
    replaced: int = 0
    orders: int = 0
    items: int = 0
    value_cents: int = 0
    size: int = 0


@dataclass
class ExistingObjects:
    """A request's existing objects by name, with the same or different bytes, and its manifests.

    Attributes:
        stored: Each window's manifest as it was read, by name; `manifests` has those that exist.
        withheld: Names of objects that a spoiler does not deliver, or only later.
        unwanted: Those of them that exist.
        held: Names of the copies of objects that come later.
        complete: The cells that a spoiler has delivered before, by the manifests.
    """

    overwrite: bool
    stored: dict[str, StoredObject | None] = field(default_factory=dict)
    manifests: dict[str, Manifest] = field(default_factory=dict)
    generations: dict[str, int] = field(default_factory=dict)
    same: set[str] = field(default_factory=set)
    different: set[str] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)
    unwanted: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    complete: set[CellOfWindow] = field(default_factory=set)

    def entry_of(self, day: date, window_tag: str | None, unit: int) -> CellEntry | None:
        """What the manifest of a window says of a unit."""
        manifest = self.manifests.get(manifest_name(day, window_tag))
        return manifest.cells.get(unit) if manifest else None

    def scenario_of(self, name: str) -> str:
        """The scenario under which a sales object was published; empty without one."""
        parsed = parse_sales_name(name)
        entry = self.entry_of(parsed.day, parsed.window_tag, parsed.unit_id) if parsed else None
        return entry.scenario if entry else ""


def clean_delivery(at: WindowOfDay, unit: int, seed: int, files: CellFiles) -> Delivery:
    """The delivery of a window's files without faults: items, then orders."""
    (window,) = at.windows
    folder = cell_prefix(at.day, unit, at.tag)
    items = NewObject(folder + SALES_FILES["order_items"], files.items_csv)
    orders = NewObject(folder + SALES_FILES["orders"], files.orders_csv)
    entry = CellEntry(
        unit, seed, window.min_orders, window.max_orders, files.value_cents,
        file_entry(orders, files.orders), file_entry(items, files.items),
    )  # fmt: skip
    return Delivery((items, orders), entry)


def deliveries(
    spoiler: Spoiler, at: WindowOfDay, block: Iterable[tuple[int, CellFiles]], *, batched: bool
) -> Iterator[tuple[CellOfWindow, Delivery]]:
    """What a spoiler makes of the files of a window's units; `batched` as for a `NewObject`."""
    for unit, files in block:
        made = spoiler.spoil(at, unit, files)
        objects = tuple(new._replace(batched=batched) for new in made.objects)
        yield CellOfWindow(at, unit), made._replace(objects=objects)


def list_held(store: ObjectStore) -> dict[str, HeldName]:
    """The held objects by the name of their copy, with their name and moment."""
    parsed = {info.name: parse_held_name(info.name) for info in store.list(HELD_PREFIX)}
    return {name: held for name, held in parsed.items() if held}


def finder(
    store: ObjectStore, day: date, existing: Mapping[str, ObjectInfo]
) -> Callable[[str], ObjectInfo | None]:
    """Find objects among the listed ones of a date and the held ones, others in the store."""
    listed = (day_prefix(day), HELD_PREFIX)

    def find(name: str) -> ObjectInfo | None:
        return existing.get(name) if name.startswith(listed) else store.find(name)

    return find


def compare_delivery(
    store: ObjectStore,
    cell: CellOfWindow,
    delivery: Delivery,
    find: Callable[[str], ObjectInfo | None],
    plan: ExistingObjects,
) -> None:
    """Add to `plan` what exists of a cell's delivery, and what has to go."""
    known = plan.entry_of(cell.at.day, cell.at.tag, cell.unit)
    if known and known == delivery.entry:
        plan.complete.add(cell)
    elif known and delivery.entry is None:
        plan.different.add(manifest_name(cell.at.day, cell.at.tag))
    written = [*delivery.objects]
    awaited = cell.finals - {new.name for new in delivery.objects}
    for held in delivery.held:
        found = find(held.new.name)
        if found and known in (None, delivery.entry) and _is_equal(store, found, held.new):
            plan.same.add(held.copy.name)  # it was released
            awaited.discard(held.new.name)
        else:
            awaited.add(held.new.name)
            written.append(held.copy)
            plan.held.add(held.copy.name)
    for new in written:
        there = find(new.name)
        if there:
            compare_object(store, new, there, plan)
    plan.withheld |= awaited
    plan.unwanted |= {name for name in awaited if find(name)}


def compare_object(
    store: ObjectStore, new: NewObject, found: ObjectInfo, plan: ExistingObjects
) -> None:
    """Add an object that exists to `plan`, with equal or with other bytes."""
    (plan.same if _is_equal(store, found, new) else plan.different).add(new.name)
    plan.generations[new.name] = found.generation


def write_deliveries(
    store: ObjectStore, block: Sequence[tuple[CellOfWindow, Delivery]], plan: ExistingObjects
) -> Published:
    """Write the deliveries of some cells of a window, as far as they do not exist."""
    finals = {name for cell, delivery in block for name in cell.finals}
    finals |= {new.name for _, delivery in block for new in delivery.finals}
    store.delete(*sorted(finals & plan.unwanted))
    written = [new for _, delivery in block for new in delivery.written]
    known = plan.same | plan.different
    missing = (new for new in written if new.name not in known)
    created = store.create(_by_folder(missing))
    replaced = [new for new in written if new.name in plan.different]
    repeated = [
        new
        for cell, delivery in block
        for new in delivery.objects
        if cell not in plan.complete and new.name in delivery.again
    ]
    for new in [*replaced, *repeated]:
        store.replace(new)
    entries = [delivery.entry for _, delivery in block if delivery.entry]
    return Published(
        created=created,
        same=len(written) - created - len(replaced),
        replaced=len(replaced),
        orders=sum(entry.orders.rows for entry in entries),
        items=sum(entry.order_items.rows for entry in entries),
        value_cents=sum(entry.value_cents for entry in entries),
        size=sum(len(new.data) for new in written),
    )


def _is_equal(store: ObjectStore, found: ObjectInfo, new: NewObject) -> bool:
    return (found.crc32c or store.checksum(found.name)) == crc32c(new.data)


def _by_folder(objects: Iterable[NewObject]) -> Iterator[list[NewObject]]:
    """Objects in their order, in groups of one folder each."""
    for _, group in itertools.groupby(objects, lambda new: new.name.rpartition("/")[0]):
        yield list(group)
