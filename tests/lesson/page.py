"""The generated parts of docs/faults.md; `python -m tests.lesson.page` writes them into it.

Each part is between two comments of the page, `<!-- begin NAME -->` and `<!-- end -->`.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from core.scenarios.kinds import KINDS, Kind
from core.scenarios.scenario import list_names, load_scenario
from tests.lesson.examples import describe_example
from tests.support.scenes import ROOT

PAGE = ROOT / "docs" / "faults.md"
_PART = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_ORIGINS = {
    "transport": "Spoiled or lost on its way: the manifest has the facts of the right file.",
    "source": "Made by the restaurant's system: the manifest describes the faulty file.",
}


def content(page: str) -> str:
    """The page with its generated parts as the code has them."""
    return _PART.sub(lambda found: found[1] + PARTS[found[2]]() + "\n" + found[3], page)


def _table() -> str:
    """Each kind: what it hits, who made it, and who should notice."""
    lines = ["| Kind | Hits | Made by | Noticed by |", "|---|---|---|---|"]
    lines += [
        f"| [`{kind.name}`](#{kind.name}) | {kind.target} | {kind.origin} | {_notices(kind)} |"
        for kind in KINDS.values()
    ]
    return "\n".join(lines)


def _kinds() -> str:
    return "\n".join(line for kind in KINDS.values() for line in _kind(kind))


def _kind(kind: Kind) -> Iterator[str]:
    yield f"### {kind.name}\n"
    yield f"{kind.sentence} {_ORIGINS[kind.origin]} Noticed by: {_notices(kind)}."
    if kind.reason:
        yield f"{kind.reason}"
    if kind.parameters:
        yield "\n| Parameter | Valid | Default |\n|---|---|---|"
        yield from (f"| `{one.name}` | {one.valid} | `{one.default}` |" for one in kind.parameters)
    yield f"\n```diff\n{describe_example(kind)}\n```\n"


def _notices(kind: Kind) -> str:
    return ", ".join(kind.notices)


def _library() -> str:
    lines = ["| Scenario | What happens | Kinds |", "|---|---|---|"]
    for one in map(load_scenario, list_names()):
        names = dict.fromkeys(fault.kind for fault in one.faults)
        kinds = ", ".join(f"`{name}`" for name in names) if names else "none"
        kinds = kinds if names.keys() != KINDS.keys() else "every kind"
        lines.append(f"| `{one.name}` | {one.sentence} | {kinds} |")
    return "\n".join(lines)


PARTS: Mapping[str, Callable[[], str]] = {"table": _table, "kinds": _kinds, "library": _library}


if __name__ == "__main__":
    PAGE.write_text(content(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
