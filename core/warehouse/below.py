"""The SQL condition for names below some prefixes, which reads little of a large table.

Names that begin alike were mostly written together, so both engines skip whole blocks of rows
outside a range of names. Each folder of the bucket has one range, because one per prefix would be
hundreds for a range of dates; the prefixes decide within it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

_LISTED = {"@": "prefix", "$": "listed(prefix)"}  # how each engine names the elements of a list
_FOLDERS = 2  # `raw/csv_sales`: names of one such folder share a range


def names_below(
    column: str, prefixes: Sequence[str], mark: str
) -> tuple[str, dict[str, str | list[str]]]:
    """The condition that a name begins with one of some prefixes, and its parameters.

    Args:
        prefixes: An empty prefix, or none at all, allows every name.
        mark: What a parameter's name begins with: `@` on BigQuery, `$` in DuckDB.
    """
    ranges = _ranges(prefixes)
    if not ranges:
        return "TRUE", {}
    spans = " OR ".join(
        f"({column} >= {mark}first_{n} AND {column} < {mark}end_{n})" for n in range(len(ranges))
    )
    begins = (
        f"EXISTS (SELECT 1 FROM UNNEST({mark}prefixes) AS {_LISTED[mark]} "  # noqa: S608 - own words
        f"WHERE STARTS_WITH({column}, prefix))"
    )
    parameters: dict[str, str | list[str]] = {"prefixes": sorted(set(prefixes))}
    for n, (first, end) in enumerate(ranges):
        parameters |= {f"first_{n}": first, f"end_{n}": end}
    return f"({spans}) AND {begins}", parameters


def _ranges(prefixes: Iterable[str]) -> list[tuple[str, str]]:
    """The range of names of each folder: the least prefix, and the end of the greatest one."""
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for prefix in prefixes:
        if not prefix:
            return []
        folders["/".join(prefix.split("/")[:_FOLDERS])].append(prefix)
    return [(min(found), max(map(_after, found))) for found in folders.values()]


def _after(prefix: str) -> str:
    """The least text that is greater than every name with a prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
