"""What a scenario makes of each cell of a request: the objects to publish, and their faults.

Faults are made in stages: which rows a cell has, then faults in rows, in columns, and on the way to
the bucket; within a stage in the scenario's order. So each finds the file in the form that it
expects, and the manifest has the facts of the file as the restaurant sent it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from core.generation.catalog import Catalog
from core.generation.csv_files import CellFiles
from core.generation.windows import WindowOfDay
from core.scenarios.faults.columns import COLUMN_KINDS, change_columns
from core.scenarios.faults.contents import choose_rows
from core.scenarios.faults.draft import KIND_OF_FILE, Draft, Mark, start_draft
from core.scenarios.faults.parcel import Parcel
from core.scenarios.faults.prices import drift_prices
from core.scenarios.faults.rows import ROW_KINDS, change_rows, value_of
from core.scenarios.faults.transport import TRANSPORT_KINDS, receive_copies, transport
from core.scenarios.faults.world import World
from core.scenarios.key_entry import KeyEntry
from core.scenarios.kinds import ITEMS, ORDERS
from core.scenarios.plan import check_request
from core.scenarios.scenario import Scenario
from core.storage.delivery import Delivery, Held, clean_delivery
from core.storage.manifest import CellEntry, file_entry
from core.storage.object_names import SALES_FILES, cell_prefix
from core.storage.object_store import NewObject
from core.storage.request import Request

_LATENESS = ("window_late", "objects_out_of_order")  # noticed before the objects come


class Spoiled(NamedTuple):
    """What is published of a cell, and the faults in it."""

    delivery: Delivery
    entries: list[KeyEntry]


class ScenarioSpoiler:
    """The spoiler of a scenario for one request; each cell is spoiled alone, in any order.

    Raises:
        InputError: The request has no windows.
    """

    def __init__(self, scenario: Scenario, request: Request, catalog: Catalog) -> None:
        check_request(scenario, request)
        self._scenario, self._world = scenario, World(scenario, request, catalog)

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self._scenario.name

    def spoil(self, at: WindowOfDay, unit: int, files: CellFiles) -> Delivery:
        """What is published of a cell of the request, from its clean files."""
        return self.spoiled(at, unit, files).delivery

    def spoiled(self, at: WindowOfDay, unit: int, files: CellFiles) -> Spoiled:
        """The same with the faults, which is how the answer key knows them."""
        if self._world.is_clean(at, unit):
            clean = clean_delivery(at, unit, self._world.request.seed, files)
            named = clean.entry._replace(scenario=self.name) if clean.entry else None
            return Spoiled(clean._replace(entry=named), [])
        silent = self._world.silent(at, unit)
        if silent:
            folder = cell_prefix(at.day, unit, None)
            mark = Mark(silent, ORDERS, None, "", str(files.orders), "0", folder)
            return Spoiled(Delivery((), None), [self._entry(mark, at, "", None)])
        draft = start_draft(at, unit, files)
        self._make_rows(draft)
        value_cents = sum(map(value_of, draft.orders.rows))
        changed = set[str]()
        for fault in self._scenario.faults:
            if fault.kind in COLUMN_KINDS and self._world.rows_hit(fault, at, unit):
                change_columns(draft, fault, changed)
        parcels = {file: _parcel(draft, file, changed) for file in (ITEMS, ORDERS)}
        entry = self._manifest_entry(draft, parcels, value_cents)
        self._send(draft, parcels)
        return Spoiled(_delivery(parcels, entry), self._entries(draft, parcels))

    def _make_rows(self, draft: Draft) -> None:
        choose_rows(draft, self._world)
        for fault in self._scenario.faults:
            if not self._world.rows_hit(fault, draft.at, draft.unit):
                continue
            if fault.kind in ROW_KINDS:
                change_rows(draft, fault, self._world)
            elif fault.kind == "price_drift":
                drift_prices(draft, fault, self._world)
        draft.count_orders()

    def _send(self, draft: Draft, parcels: Mapping[str, Parcel]) -> None:
        for fault in self._scenario.faults:
            if fault.kind == "copied_into_other_window":
                receive_copies(draft, fault, parcels, self._world)
            if fault.kind in TRANSPORT_KINDS and self._world.rows_hit(fault, draft.at, draft.unit):
                transport(draft, fault, parcels, self._world)

    def _manifest_entry(
        self, draft: Draft, parcels: Mapping[str, Parcel], value_cents: int
    ) -> CellEntry:
        """What the manifest says: the files as they were sent."""
        (window,) = draft.at.windows
        files = {
            file: file_entry(NewObject(parcel.name, parcel.data), len(parcel.rows))
            for file, parcel in parcels.items()
        }
        return CellEntry(
            draft.unit, self._world.request.seed, window.min_orders, window.max_orders,
            value_cents, files[ORDERS], files[ITEMS], self.name,
        )  # fmt: skip

    def _entries(self, draft: Draft, parcels: Mapping[str, Parcel]) -> list[KeyEntry]:
        """The key's entries, without those of rows and files that did not arrive."""
        made = list[KeyEntry]()
        for mark in draft.marks:
            parcel = parcels[mark.file]
            if parcel.lost and not mark.name and mark.fault.kind != "object_missing":
                continue
            line = mark.line or (parcel.line_of(mark.row) if mark.row else 0)
            if line is not None:
                id_ = draft.sheet(mark.file).id_of(mark.row) if mark.row else ""
                made.append(self._entry(mark._replace(line=line), draft.at, id_, parcel))
        return made

    def _entry(self, mark: Mark, at: WindowOfDay, id_: str, parcel: Parcel | None) -> KeyEntry:
        appears = self._world.starts(at)
        name = mark.name
        if parcel and not name:
            name = parcel.name
            if parcel.due and mark.fault.kind not in _LATENESS:
                appears = parcel.due
        kind = mark.fault.about
        return KeyEntry(
            kind.name, name, mark.line, id_, mark.column, mark.was, mark.now, appears,
            kind.notices[0], mark.fault.position,
        )  # fmt: skip


def _parcel(draft: Draft, file: str, changed: set[str]) -> Parcel:
    """A file as it is sent; one with changed columns cannot be read already."""
    sheet = draft.sheet(file)
    name = cell_prefix(draft.at.day, draft.unit, draft.at.tag) + SALES_FILES[KIND_OF_FILE[file]]
    return Parcel(file, name, sheet.to_bytes(), [*sheet.rows], damaged=file in changed)


def _delivery(parcels: Mapping[str, Parcel], entry: CellEntry) -> Delivery:
    """Items, then orders, then copies."""
    sent = parcels.values()
    here = [parcel for parcel in sent if not parcel.held]
    objects = [NewObject(parcel.name, parcel.data) for parcel in here]
    copies = [copy for parcel in sent for copy in parcel.copies]
    return Delivery(
        (*objects, *copies),
        entry,
        tuple(Held(NewObject(one.name, one.data), one.due) for one in sent if one.held),
        tuple(parcel.name for parcel in here if parcel.again),
    )
