"""Files in the bucket that nothing requested: their names are of sales, and no manifest has them.

A folder such as `unit_999` that a person made, or a file under a name that is not of the layout. A
consumer takes them for sales, so they end in quarantine; a person can delete them, and nothing is
ever generated because of their names.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.errors import ChangedError, InputError
from core.generation.windows import FIRST_DATE
from core.messages import message
from core.operations import leftovers
from core.operations.leftovers import Settled
from core.progress import Progress, silent
from core.storage.manifest import read_manifest
from core.storage.object_names import (
    day_of,
    is_sales_file,
    is_skipped_file,
    manifest_name,
    parse_sales_name,
)
from core.storage.object_store import ObjectStore, look

if TYPE_CHECKING:
    from core.platform import Platform


def is_stray(store: ObjectStore, name: str) -> bool:
    """Whether an object's name is of sales in CSV, and no manifest names it.

    Where the manifest of its window cannot be read nothing can tell, and it is none.
    """
    if not (is_sales_file(name) or is_skipped_file(name)):
        return False
    parsed = parse_sales_name(name)
    stored = look(store, manifest_name(parsed.day, parsed.window_tag)) if parsed else None
    if stored is None or parsed is None:
        return True
    try:
        cell = read_manifest(stored.name, stored.data).cells.get(parsed.unit_id)
    except InputError:
        return False
    return cell is None or name not in (cell.orders.name, cell.order_items.name)


def delete_strays(
    platform: "Platform", generations: Mapping[str, int], progress: Progress = silent
) -> tuple[int, Settled]:
    """Delete objects that nothing requested, and what Bronze and quarantine have of them.

    Args:
        generations: That each object had when a person decided; one in another generation stays.

    Returns:
        How many objects are gone, and what was settled.

    Raises:
        InputError: A manifest names one of them; nothing is deleted.
        ChangedError: Some were written again meanwhile, and stay; the others are gone and settled.
        TransientError: It cannot be done now; the same call goes on where this one stopped.
    """
    store = platform.store
    for name in generations:
        if not is_stray(store, name):
            raise InputError(message("bucket.no_stray", name=name))
    gone, kept = [], []
    for done, (name, generation) in enumerate(generations.items()):
        progress(done, len(generations), name)
        try:
            store.delete_generation(name, generation)
            gone.append(name)
        except ChangedError:
            kept.append(name)
    days = sorted(day for day in map(day_of, generations) if day) or [FIRST_DATE]
    settled = leftovers.settle(platform, (days[0], days[-1]), progress, set(gone))
    if kept:
        raise ChangedError(message("bucket.stray_written_again", name=", ".join(kept)))
    return len(gone), settled
