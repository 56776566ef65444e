"""Grade a table of findings against the key of a scenario: precision and recall of each kind.

A finding names an entry of the key if their kinds are equal, and their ids, or their objects and
lines. An entry without id and line is about its whole object: there the objects must be equal, and
a finding that names a row names it only if it names no entry about a row. An object that is late is
missing until it comes, so a finding of `object_missing` names it, too.

An entry is found if a finding names it, however many do. A finding that names no entry is invented;
equal findings count once. So neither order nor duplicates change a grade.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from core.scenarios.findings_table import FaultFinding

if TYPE_CHECKING:
    from core.scenarios.key_entry import KeyEntry

ALL = "all"  # the kind of the totals
_Name: TypeAlias = tuple[str, str, str | int]  # kind, object, and id, line or 0
_MISSING, _LATE = "object_missing", ("window_late", "objects_out_of_order")
_SHOWN = 20  # missed and invented faults that a text lists


class KindGrade(NamedTuple):
    """How many faults of a kind were planted and found, and how many findings are invented."""

    kind: str
    planted: int
    found: int
    invented: int

    @property
    def missed(self) -> int:
        """Planted faults that no finding names."""
        return self.planted - self.found

    @property
    def precision(self) -> float | None:
        """The share of what was reported that is right; None if nothing was reported."""
        return _share(self.found, self.found + self.invented)

    @property
    def recall(self) -> float | None:
        """The share of the planted faults that was found; None if none was planted."""
        return _share(self.found, self.planted)


class Grade(NamedTuple):
    """The grade of each kind that was planted or reported, by name, and in all.

    `missed` has the entries that no finding names, `invented` the findings that name no entry.
    """

    kinds: tuple[KindGrade, ...]
    total: KindGrade
    missed: "tuple[KeyEntry, ...]"
    invented: tuple[FaultFinding, ...]


def grade_findings(entries: "Iterable[KeyEntry]", findings: Iterable[FaultFinding]) -> Grade:
    """Compare findings with the key."""
    planted = {_identity(entry): entry for entry in entries}
    by_name = defaultdict[_Name, set[FaultFinding]](set)
    for identity in planted:
        for name in _row_names(identity) or _object_names(identity):
            by_name[name].add(identity)
    found, invented = set[FaultFinding](), set[FaultFinding]()
    for finding in findings:
        rows = [by_name[name] for name in _row_names(finding) if name in by_name]
        named = set().union(*rows) or by_name.get(_object_name(finding), set())
        found |= named
        if not named:
            invented.add(finding)
    missed = [entry for identity, entry in sorted(planted.items()) if identity not in found]
    counts = [Counter(one.kind for one in group) for group in (planted, found, invented)]
    kinds = [
        KindGrade(kind, *(count[kind] for count in counts)) for kind in sorted(set().union(*counts))
    ]
    total = KindGrade(ALL, *(count.total() for count in counts))
    return Grade(tuple(kinds), total, tuple(missed), tuple(sorted(invented)))


def describe_grade(grade: Grade) -> str:
    """A grade as a table in text, with the first missed and invented faults."""
    titles = ("kind", "planted", "found", "missed", "invented", "precision", "recall")
    rows = [titles, *(_row(kind) for kind in (*grade.kinds, grade.total))]
    width = max(len(row[0]) for row in rows) + 2
    table = [f"{row[0]:<{width}}" + "".join(f"{cell:>11}" for cell in row[1:]) for row in rows]
    missed = [_describe(entry.object, entry.line, entry.id, entry.kind) for entry in grade.missed]
    invented = [_describe(*finding) for finding in grade.invented]
    return "\n".join([*table, *_listed("missed", missed), *_listed("invented", invented)])


def grade_json(grade: Grade) -> str:
    """A grade as JSON; a precision or recall of nothing is null."""
    content = {
        "total": _numbers(grade.total),
        "kinds": [_numbers(kind) for kind in grade.kinds],
        "missed": [_identity(entry)._asdict() for entry in grade.missed],
        "invented": [finding._asdict() for finding in grade.invented],
    }
    return json.dumps(content, indent=1)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _identity(entry: "KeyEntry") -> FaultFinding:
    """What distinguishes an entry, in the form of the finding that names exactly it."""
    return FaultFinding(entry.object, entry.line, entry.id, entry.kind)


def _row_names(finding: FaultFinding) -> list[_Name]:
    names: list[_Name] = []
    if finding.id:
        names.append((finding.kind, "", finding.id))
    if finding.line:
        names.append((finding.kind, finding.object, finding.line))
    return names


def _object_names(planted: FaultFinding) -> list[_Name]:
    also = [planted._replace(kind=_MISSING)] if planted.kind in _LATE else []
    return [_object_name(one) for one in (planted, *also)]


def _object_name(finding: FaultFinding) -> _Name:
    return finding.kind, finding.object.rstrip("/"), 0


def _row(kind: KindGrade) -> tuple[str, ...]:
    counts = map(str, (kind.planted, kind.found, kind.missed, kind.invented))
    shares = ("-" if one is None else f"{one:.3f}" for one in (kind.precision, kind.recall))
    return (kind.kind, *counts, *shares)


def _numbers(kind: KindGrade) -> dict[str, Any]:
    return {
        **kind._asdict(), "missed": kind.missed,
        "precision": kind.precision, "recall": kind.recall,
    }  # fmt: skip


def _listed(title: str, lines: Sequence[str]) -> list[str]:
    more = [f"  and {len(lines) - _SHOWN:,} more"] if len(lines) > _SHOWN else []
    return [f"\n{title}:", *(f"  {line}" for line in lines[:_SHOWN]), *more] if lines else []


def _describe(name: str, line: int, row_id: str, kind: str) -> str:
    parts = [kind, name, f"line {line}" if line else "", row_id]
    return "  ".join(part for part in parts if part)
