"""GoogleSQL as far as the gateway has to understand it: words, statements, changed tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local_cloud.gateway.journal import Change

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+|--[^\n]*|\#[^\n]*|/\*.*?\*/)
  | (?P<text>(?:[rR]?[bB]?|[bB][rR])(?:
        '''(?:\\.|[^\\])*?''' | \"\"\"(?:\\.|[^\\])*?\"\"\"
      | '(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" ))
  | (?P<name>`[^`]*`)
  | (?P<system>@@[\w.]+)
  | (?P<parameter>@\w+)
  | (?P<word>\w+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PATH = r"((?:`[^`]+`|\w+)(?:\s*\.\s*(?:`[^`]+`|[\w-]+))*)"
_DDL = re.compile(
    r"^(?:CREATE(?: OR REPLACE)?(?: TEMP| TEMPORARY)?|ALTER|DROP) TABLE"
    r"(?: IF NOT EXISTS| IF EXISTS)? " + _PATH, re.IGNORECASE,
)  # fmt: skip
_DML = re.compile(
    r"^(?:INSERT(?: INTO)?|MERGE(?: INTO)?|UPDATE|DELETE(?: FROM)?|TRUNCATE TABLE) " + _PATH,
    re.IGNORECASE,
)

_QUARTER = re.compile(r"FORMAT_DATE\('([^'%]*(?:%[^Q'][^'%]*)*)%Q([^']*)', ([\w.]+)\)")


def tokens(sql: str) -> Iterator[tuple[str, str]]:
    """Kinds and texts of a script's tokens; together they are the script."""
    for found in _TOKEN.finditer(sql):
        yield str(found.lastgroup), found[0]


def statements(sql: str) -> list[str]:
    """The statements of a script, with one blank in the place of each gap and comment."""
    parts = [""]
    for kind, text in tokens(sql):
        if text == ";":
            parts.append("")
        else:
            parts[-1] += " " if kind == "blank" else text
    stripped = (re.sub(r" +", " ", part).strip() for part in parts)
    return [part for part in stripped if part]


def changes(sql: str) -> tuple[Change, ...]:
    """The tables that a script changes, one entry for each statement."""
    found = []
    for statement in statements(sql):
        for kind, pattern in (("ddl", _DDL), ("dml", _DML)):
            match = pattern.match(statement)
            if match:
                found.append(Change(kind, _table(match[1])))
    return tuple(found)


def with_quarters(sql: str) -> str:
    """A script whose `FORMAT_DATE` of a column has no `%Q`, which the emulator does not know."""
    return _QUARTER.sub(_quarter, sql)


def _quarter(found: "re.Match[str]") -> str:
    """The texts before and after %Q; the emulator makes something of an empty format."""
    before, after, day = found.groups()
    parts = [
        f"FORMAT_DATE('{before}', {day})" if before else "",
        f"CAST(EXTRACT(QUARTER FROM {day}) AS STRING)",
        f"FORMAT_DATE('{after}', {day})" if after else "",
    ]
    return f"CONCAT({', '.join(filter(None, parts))})"


def with_literals(sql: str, parameters: Sequence[Mapping[str, Any]]) -> str | None:
    """A script with its named parameters written out; None where the emulator can take it itself.

    The emulator loses parameters in scripts of several statements.
    """
    if not parameters or len(statements(sql)) < 2:
        return None
    values = {
        f"@{parameter['name'].lower()}": literal(
            parameter["parameterType"], parameter.get("parameterValue", {})
        )
        for parameter in parameters
    }
    return "".join(
        values.get(text.lower(), text) if kind == "parameter" else text
        for kind, text in tokens(sql)
    )


def literal(kind: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    """A parameter of the REST API as a GoogleSQL expression."""
    name = kind["type"]
    if name == "ARRAY":
        inner = kind["arrayType"]
        items = (literal(inner, item) for item in value.get("arrayValues") or ())
        return f"ARRAY<{type_of(inner)}>[{', '.join(items)}]"
    if name in {"STRUCT", "RECORD"}:
        given = value.get("structValues", {})
        fields = (literal(f["type"], given.get(f["name"], {})) for f in kind["structTypes"])
        return f"{type_of(kind)}({', '.join(fields)})"
    text = value.get("value")
    if text is None:
        return f"CAST(NULL AS {name})"
    written = quoted(str(text))
    simple = {"INT64": f"({text})", "STRING": written, "BYTES": f"FROM_BASE64({written})"}
    return simple.get(name, f"CAST({written} AS {name})")


def type_of(kind: Mapping[str, Any]) -> str:
    """A type of the REST API in GoogleSQL."""
    if kind["type"] == "ARRAY":
        return f"ARRAY<{type_of(kind['arrayType'])}>"
    if kind["type"] in {"STRUCT", "RECORD"}:
        fields = (f"{f.get('name', '')} {type_of(f['type'])}" for f in kind["structTypes"])
        return f"STRUCT<{', '.join(fields)}>"
    return str(kind["type"])


def quoted(text: str) -> str:
    """A text as a GoogleSQL string literal."""
    escapes = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\0": "\\0"}
    return "'" + "".join(escapes.get(character, character) for character in text) + "'"


def _table(path: str) -> str:
    """`dataset.table` of a table's path, with or without its project."""
    parts = re.sub(r"[`\s]", "", path).split(".")
    return ".".join(parts[-2:])
