"""The BigQuery emulator, which parses and translates each statement once: `python THIS start ...`.

bqemulator parses a statement for each of some thirty questions and rewrites, which is most of its
time, and tests send the same statements again and again. This file runs in the emulator's
environment; its release is pinned, and a name that it lacks keeps the server from starting.
"""

import functools
import threading
from types import ModuleType
from typing import Any

import sqlglot
from bqemulator.catalog import ddl_sync
from bqemulator.cli import main
from bqemulator.jobs import executor
from bqemulator.scripting import interpreter
from bqemulator.sql import table_rewriter
from bqemulator.sql.translator import SQLTranslator
from sqlglot.dialects.dialect import Dialect

_MOST = 8192  # statements that are remembered of each kind

# What these give depends on their texts alone, and nobody changes it.
_OF_TEXTS: tuple[tuple[ModuleType, str], ...] = (
    (ddl_sync, "_detect_catalog_drop"), (ddl_sync, "_detect_create_schema"),
    (ddl_sync, "_detect_plain_create_table"), (ddl_sync, "_detect_plain_create_view"),
    (interpreter, "_is_row_producing"),
)  # fmt: skip


def _remember_trees() -> None:
    """Parse each text once; every caller gets a copy, which it may change.

    A generator of SQL parses some twenty templates when it is made, for each statement one, and
    changes none of them: all generators share theirs.
    """
    parse = functools.lru_cache(_MOST)(sqlglot.parse_one)
    make = Dialect.generator
    making = threading.local()

    def parse_one(sql: str, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - sqlglot's own
        tree = parse(sql, *args, **options)
        return tree if getattr(making, "generator", False) else tree.copy()

    def generator(self: Dialect, **options: Any) -> Any:  # noqa: ANN401 - sqlglot's own
        making.generator = True
        try:
            return make(self, **options)
        finally:
            making.generator = False

    sqlglot.parse_one = parse_one
    Dialect.generator = generator  # type: ignore[method-assign]


def _remember_translations() -> None:
    translate = SQLTranslator.translate
    known: dict[str, Any] = {}

    def remembered(
        self: SQLTranslator, sql: str, *, schema: object = None, caller: object = None
    ) -> Any:  # noqa: ANN401 - the emulator's own result
        key = repr((sql, schema, caller))
        if key not in known:
            if len(known) >= _MOST:
                known.clear()
            known[key] = translate(self, sql, schema=schema, caller=caller)
        return known[key]

    SQLTranslator.translate = remembered
    rewrite = functools.lru_cache(_MOST)(table_rewriter.rewrite_table_refs)
    for module in (executor, interpreter):
        module.rewrite_table_refs = rewrite


def _remember() -> None:
    _remember_trees()
    _remember_translations()
    for module, name in _OF_TEXTS:
        setattr(module, name, functools.lru_cache(_MOST)(getattr(module, name)))


if __name__ == "__main__":
    _remember()
    main()
