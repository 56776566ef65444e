"""Generations of files: their modification times, within the limits of file systems.

A generation distinguishes states of a file. It is no order: a clock may be wrong, and a copied file
may keep its former time. File systems keep times in steps of a nanosecond, 100 ns (NTFS), 10 ms
(exFAT), 1 s (ext3, HFS+, many network shares) or 2 s (FAT), and up to a last year (2038, 2446).
"""

import os

# The ledger's range, in whole seconds, so that `Warehouse.uncertain` includes these times.
LAST_NS = (2**63 // 10**9 - 1) * 10**9
FIRST_NS = -LAST_NS
_STEPS_NS = (1, 100, 1_000, 1_000_000, 10_000_000, 1_000_000_000, 2_000_000_000, 4_000_000_000)


def generation_of(state: os.stat_result) -> int:
    """The generation of a file, limited to the ledger's range."""
    return min(max(_time_of(state), FIRST_NS), LAST_NS)


def _time_of(state: os.stat_result) -> int:
    return state.st_mtime_ns


def make_newer(path: str, before: int) -> bool:
    """Give a file a later time than a generation; return whether it has another one now.

    If the file system keeps no later time, the file gets the present time.
    """
    for step in (0, *_STEPS_NS):
        if step:
            _set_time(path, before + step)
        if generation_of(os.stat(path)) > before:  # noqa: PTH116 - see `core.storage.object_store.local`
            return True
    os.utime(path)
    return generation_of(os.stat(path)) != before  # noqa: PTH116


def _set_time(path: str, nanoseconds: int) -> None:
    try:
        os.utime(path, ns=(nanoseconds, nanoseconds))
    except (OSError, OverflowError):
        return  # the file system does not keep this time
