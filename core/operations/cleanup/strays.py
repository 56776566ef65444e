"""Strays: files in the bucket with a name of sales that no publication wrote.

For example a folder `unit_999` that a person made, or a name that is not of the layout. Consumers
take them for sales and quarantine them. A person can delete them; the platform never generates
anything because of their names.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.bronze.reference_data import usual_units
from core.errors import ChangedError, InputError
from core.generation.catalog import load_catalog
from core.generation.windows import is_covered
from core.messages import message
from core.operations.cleanup import leftovers
from core.operations.cleanup.leftovers import Settled
from core.progress import Progress, silent
from core.storage.announcement import is_announced
from core.storage.manifest import read_manifest
from core.storage.object_names import (
    SalesName,
    is_sales_file,
    is_skipped_file,
    manifest_name,
    parse_sales_name,
)
from core.storage.object_store import ObjectStore, look

if TYPE_CHECKING:
    from core.platform import Platform


def is_stray(store: ObjectStore, name: str) -> bool:
    """Whether an object has a name of sales in CSV, and no publication wrote it.

    False where that is unknown: its window's manifest cannot be read, or it is missing and a
    publication for one of the chain's units may have written the object.
    """
    if not (is_sales_file(name) or is_skipped_file(name)):
        return False
    parsed = parse_sales_name(name)
    if parsed is None:
        return True
    # The announcements first: a publication that ends after this look has written its manifest.
    if is_announced(store, parsed):
        return False
    stored = look(store, manifest_name(parsed.day, parsed.window_tag))
    if stored is None:
        return not _is_possible(store, parsed)
    try:
        cell = read_manifest(stored.name, stored.data).cells.get(parsed.unit_id)
    except InputError:
        return False
    return cell is None or name not in (cell.orders.name, cell.order_items.name)


def delete_strays(
    platform: "Platform", generations: Mapping[str, int], progress: Progress = silent
) -> tuple[int, Settled]:
    """Delete strays, and what Bronze and quarantine have of them; how many, and what was settled.

    Objects that are no longer in these `generations` stay.

    Raises:
        InputError: One of them is no stray; nothing is deleted.
        ChangedError: Some were written again or published meanwhile, and stay; the others are gone
            and settled.
        TransientError: It cannot be done now; the same call continues where this one stopped.
    """
    for name in generations:
        if not is_stray(platform.store, name):
            raise InputError(message("bucket.no_stray", name=name))
    gone, kept = dict[str, int](), list[str]()
    for done, (name, generation) in enumerate(generations.items()):
        progress(done, len(generations), name)
        if _try_to_delete(platform.store, name, generation):
            gone[name] = generation
        else:
            kept.append(name)
    settled = leftovers.settle_deleted(platform, gone, progress)
    if kept:
        raise ChangedError(message("bucket.stray_written_again", name=", ".join(kept)))
    return len(gone), settled


def _try_to_delete(store: ObjectStore, name: str, generation: int) -> bool:
    """Delete an object if it is still a stray in that generation; whether it is gone."""
    if not is_stray(store, name):
        return False
    try:
        store.delete_generation(name, generation)
    except ChangedError:
        return False
    return True


def _is_possible(store: ObjectStore, name: SalesName) -> bool:
    """Whether a publication for one of the chain's units can have written an object."""
    windows = {None, *(window.tag for window in load_catalog().windows)}
    is_of_layout = is_covered(name.day) and name.window_tag in windows
    return is_of_layout and name.unit_id in usual_units(store)
