"""A table of findings that cannot be read."""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "grade.not_utf8": "{name} is not UTF-8 in line {line}: save the table as UTF-8.",
    "grade.fields": "{name} has {count:# field|# fields} in line {line}, and {right} columns: "
    "write as many fields, and quote a field that contains the delimiter.",
    "grade.no_csv": "{name} cannot be read as CSV from line {line} on ({reason}).",
    "grade.no_json": "{name} cannot be read as JSON ({reason}).",
    "grade.no_list": "{name} is JSON, but no list: write a list of objects with object, line, id "
    "and kind.",
    "grade.no_entry": "Entry {line} of {name} is no JSON object: write one with object, line, id "
    "and kind.",
    "grade.no_column": "{name} has no column {missing} in line {line}: write the columns object, "
    "line, id and kind; line and id may be missing.",
    "grade.column_twice": "{name} has the column {column} more than once in line {line}.",
    "grade.no_line": "{name} has {value} as the line of a fault in line {line}: write a whole "
    "number from 1, where the header is line 1, or nothing.",
    "grade.no_kind": "{name} has the kind {value} in line {line}: use one of {kinds}.",
    "grade.about_nothing": "{name} has neither object nor id in line {line}: write at least one.",
}
