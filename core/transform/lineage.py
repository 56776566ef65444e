"""Which table is built from which, read from the SQL."""

import functools
from typing import NamedTuple

from core.transform.rebuild import LAYERS, build_order, dataset_of, statements

# In the order in which data flows.
STAGES = ("bronze", *LAYERS)


class Node(NamedTuple):
    """A table such as `silver.orders`, its stage (of `STAGES`), and the tables it is built from."""

    table: str
    stage: str
    reads: tuple[str, ...]


@functools.cache
def lineage() -> tuple[Node, ...]:
    """Every table of Bronze, Silver and Gold, each after those that it reads."""
    from core.warehouse.dialect.render import tables_read

    made = [
        Node(f"{dataset_of(layer)}.{name}", layer, tuple(sorted(tables_read(sql))))
        for layer in LAYERS
        for name, sql in ((name, statements(layer)[name]) for name in build_order(layer))
    ]
    read = {table for node in made for table in node.reads}
    sources = sorted(read - {node.table for node in made})
    return (*(Node(table, "bronze", ()) for table in sources), *made)
