"""A table of findings that cannot be read."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "grade.no_file": "The table {name} cannot be read: {reason}.",
    "grade.too_large": "The table {name} is too large: write at most {most:bytes}.",
    "grade.not_utf8": "{name} is not UTF-8 in line {line:d}: save the table as UTF-8.",
    "grade.fields": "{name} has {count:# field|# fields} in line {line:d}, and {right} columns: "
    "write as many fields, and quote a field that contains the delimiter.",
    "grade.no_csv": "{name} cannot be read as CSV from line {line:d} on ({reason}).",
    "grade.no_json": "{name} cannot be read as JSON ({reason}).",
    "grade.no_list": "{name} is JSON, but no list: write a list of objects with object, line, id "
    "and kind.",
    "grade.no_entry": "Entry {line:d} of {name} is no JSON object: write one with object, line, id "
    "and kind.",
    "grade.no_column": "{name} has no column {missing} in line {line:d}: write the columns object, "
    "line, id and kind; line and id may be missing.",
    "grade.column_twice": "{name} has the column {column} more than once in line {line:d}.",
    "grade.no_line": "{name} has {value} as the line of a fault in line {line:d}: write a whole "
    "number from 1, where the header is line 1, or nothing.",
    "grade.no_kind": "{name} has the kind {value} in line {line:d}: use one of {kinds}.",
    "grade.about_nothing": "{name} has neither object nor id in line {line:d}: write at least one.",
}
