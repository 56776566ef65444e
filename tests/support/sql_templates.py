"""The SQL of the product as its files have it, and whether BigQuery was given it.

A template is a text of a module that has words of SQL, or a file of `core/sql`. It was met by a
statement that has its pieces in their order: what is between them depends on settings, tables and
dates.
"""

import ast
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.warehouse.bigquery.client import EXPIRING
from core.warehouse.dialect import render as dialect
from core.warehouse.dialect.render import Engine

ROOT = Path(__file__).parent.parent.parent
FOLDERS = (
    "core", "ui", "pages", "scripts", "dags", "beam", "cloud_function", "cloud_functions",
    "local_airflow",
)  # fmt: skip
_WORDS = re.compile(
    r"\b(SELECT|INSERT(?=\s)|MERGE(?=\s)|DELETE FROM|UPDATE|CREATE|ALTER TABLE|DROP TABLE|TRUNCATE"
    r"|GRANT|WHERE|FROM|BEGIN TRANSACTION|UNNEST)\b|OPTIONS \(|COUNT\("
)
# What a statement fills in: a table's name, a list of columns, anything else, and a table that may
# have become a sub-select.
_OPEN = re.compile(
    r"(`\{[^{}]*\}`)|(\(\{(?:columns|values)\}\))|(\{[^{}]*\}|\b(?:bronze|silver|gold)\.\w+)"
)
_FILLED = (r"[\w./-]+", r"\([^()]*\)", r".*?")
_COMMENT = re.compile(r"--[^\n]*")


@dataclass(frozen=True, slots=True)
class Template:
    """SQL in a file: its path from the project's folder, its line, and its text."""

    path: str
    line: int
    text: str

    def is_met(self, scripts: Iterable[str]) -> bool:
        """Whether a script in its plain form has it; a statement, where it is no script itself."""
        alone = ";" not in self.text
        given = (each for s in scripts for each in (s.split(";") if alone else [s]))
        pieces = _pieces(self.text)
        whole = re.compile("".join(pieces), re.DOTALL)
        fixed = [re.sub(r"\\(.)", r"\1", piece) for piece in pieces if piece not in _FILLED]
        return any(whole.search(each) for each in given if _has(each, fixed))

    def __str__(self) -> str:
        """Where it is, and how it begins."""
        return f"{self.path}:{self.line}: {' '.join(self.text.split())[:60]}"


@functools.cache
def templates() -> list[Template]:
    """All SQL of the product."""
    modules = [ROOT / "app.py", *(p for f in FOLDERS for p in sorted((ROOT / f).rglob("*.py")))]
    found = [each for path in modules for each in _in_module(path)]
    for path in sorted((ROOT / "core" / "sql").rglob("*.sql")):
        text = path.read_text("utf-8").rstrip().rstrip(";")
        found.append(Template(_from_root(path), 1, text))
    return found


def plain(sql: str) -> str:
    """A text of SQL without blanks, comments and backticks."""
    return re.sub(r"[\s`]", "", _bare(sql))


class Given:
    """What the product gave to BigQuery, in the product's own words as well as in BigQuery's.

    Statements over `bronze`, `silver` and `gold` are rendered for BigQuery, which changes words;
    `met` finds them by what became of them.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._rendered: dict[str, str] = {}
        render = dialect.render

        def noted(sql: str, prefix: str, engine: Engine, *renamed: dict[str, str]) -> str:
            made = render(sql, prefix, engine, *renamed)
            self._rendered[plain(made)] = plain(sql)
            return made

        monkeypatch.setattr(dialect, "render", noted)

    def met(self, accepted: Iterable[str]) -> list[str]:
        """The statements that Google's analyser accepted, and those that they were made from."""
        scripts = [plain(script).replace(plain(EXPIRING), "") for script in accepted]
        together = "\0".join(scripts)
        sources = [own for made, own in self._rendered.items() if made in together]
        return [*map(plain, accepted), *sources]


def _pieces(text: str) -> list[str]:
    """The patterns of a template's pieces, and of what is between them."""
    bare, pieces, place = _bare(text), [], 0
    for found in _OPEN.finditer(bare):
        pieces += [
            re.escape(plain(bare[place : found.start()])),
            _FILLED[(found.lastindex or 1) - 1],
        ]
        place = found.end()
    return [*pieces, re.escape(plain(bare[place:]))]


def _in_module(path: Path) -> Iterator[Template]:
    tree = ast.parse(path.read_text("utf-8"))
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):  # a docstring
            left_out.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        text = None if id(node) in left_out else _text(node)
        if text and _WORDS.search(text):
            yield Template(_from_root(path), getattr(node, "lineno", 0), text)


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        parts = (p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)
        return "".join(map(str, parts))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _has(statement: str, pieces: Sequence[str]) -> bool:
    place = 0
    for piece in pieces:
        found = statement.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def _bare(sql: str) -> str:
    return _COMMENT.sub("", sql)


def _from_root(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
