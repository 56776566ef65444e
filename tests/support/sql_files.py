"""The statements of `core/sql`, in the order in which they can be analysed and run."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from core.transform.rebuild import LAYERS, SQL_FOLDER, build_order
from core.warehouse.dialect.render import Engine, render

GOLDEN = Path(__file__).parent.parent / "golden" / "sql"
PREFIX = "case_ficticio"
ENGINES: tuple[Engine, ...] = ("bigquery", "duckdb")


class Statement(NamedTuple):
    """A file of `core/sql`: its folder there, its stem and its text."""

    folder: str
    name: str
    sql: str


def tables() -> Iterator[Statement]:
    """Bronze, then each layer's tables, each after those that it reads."""
    for path in sorted((SQL_FOLDER / "bronze").glob("*.sql")):
        yield Statement("bronze", path.stem, path.read_text("utf-8"))
    for layer in LAYERS:
        for name in build_order(layer):
            yield _read(layer, name)


def checks() -> Iterator[Statement]:
    """Each layer's checks."""
    for layer in LAYERS:
        for path in sorted((SQL_FOLDER / "checks" / layer).glob("*.sql")):
            yield _read(f"checks/{layer}", path.stem)


def golden_file(statement: Statement, engine: Engine) -> Path:
    """Where the rendered statement is kept."""
    return GOLDEN / engine / statement.folder / f"{statement.name}.sql"


def write_golden() -> None:
    """Keep the statements as they are rendered now: `python -m tests.support.sql_files`."""
    for statement in [*tables(), *checks()]:
        for engine in ENGINES:
            path = golden_file(statement, engine)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(render(statement.sql, PREFIX, engine) + "\n", "utf-8")


def _read(folder: str, name: str) -> Statement:
    return Statement(folder, name, (SQL_FOLDER / folder / f"{name}.sql").read_text("utf-8"))


if __name__ == "__main__":
    write_golden()
