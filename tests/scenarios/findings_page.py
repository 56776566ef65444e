"""What docs/faults.md says of this pipeline's findings; `python -m tests.scenarios.findings_page`.

The command lets a small scenario of each kind through the pipeline, which takes some seconds, and
writes the table between the two comments of the page.
"""

import re
from collections.abc import Mapping
from tempfile import TemporaryDirectory

from core.platform import Platform
from core.scenarios.kinds import KINDS, Kind
from core.settings import Settings
from tests.support.exam import PAPERS, hear_layers, sit_exam
from tests.support.scenes import ROOT

PAGE = ROOT / "docs" / "faults.md"
_BEGIN, _END = "<!-- findings -->\n", "<!-- /findings -->"
_HEAD = "| Kind | Noticed by | What it says |\n|---|---|---|\n"
_ID = re.compile(r"\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_FOLDERS = re.compile(r"\braw/csv_sales/\S+/(\w+/\w+\.csv)")


def describe_row(kind: Kind, said: Mapping[str, str]) -> str:
    """The row of a kind: its first layer, and the sentence of it, with shorter names."""
    layer = kind.notices[0]
    sentence = kind.reason or said[layer]
    shorter = _FOLDERS.sub(r"\1", _ID.sub(r"\1…", sentence))
    return f"| `{kind.name}` | {layer} | {shorter} |\n"


def _hear(kind: Kind) -> Mapping[str, str]:
    with TemporaryDirectory() as folder:
        platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": folder}))
        paper = PAPERS[kind.name]
        sit_exam(platform, paper.scenario, paper.request)
        return hear_layers(platform, paper.request, silver="silver" in kind.notices)


if __name__ == "__main__":
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    rows = "".join(describe_row(kind, _hear(kind)) for kind in KINDS.values())
    tail = rest.partition(_END)[2]
    PAGE.write_text(f"{head}{_BEGIN}{_HEAD}{rows}{_END}{tail}", encoding="utf-8")
