"""The documentation says what is true: tables match the code, links lead on, commands run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.generation.catalog import load_catalog
from core.settings import SETTINGS
from tests.project.test_architecture import ORDER

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
HAS_ITS_OWN_TEST = "streamlit run"  # tests/browser starts the panel


def blocks(language: str) -> list[str]:
    """The code blocks of the README in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands(language: str, continuation: str) -> list[str]:
    """The README's commands in a language, one string each, without comments."""
    text = "\n".join(blocks(language)).replace(f"{continuation}\n", " ")
    lines = [re.sub(r"\s+", " ", line.partition("#")[0]).strip() for line in text.splitlines()]
    return [line for line in lines if line]


def table_rows(heading: str) -> list[list[str]]:
    """The cells of the README's table whose header row begins so."""
    table = README[README.index(heading) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of a script in a folder of its own."""
    _, script, *arguments = command.split()
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("MRHEALTH", "GCP", "GCS"))
    }
    return subprocess.run(
        [sys.executable, str(ROOT / script), *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_the_settings_table_is_the_one_of_the_code() -> None:
    documented = [[name.strip("`"), default.strip("`"), text] for name, default, text in
                  table_rows("| Variable |")]  # fmt: skip
    assert documented == [[row.variable, row.default, row.help] for row in SETTINGS]


def test_the_windows_table_is_the_catalog() -> None:
    documented = table_rows("| Window (BRT) |")
    expected = [
        [
            f"{window.hours} {window.name}",
            f"{window.min_orders}-{window.max_orders}",
            f"{50 * window.min_orders}-{50 * window.max_orders}",
        ]
        for window in load_catalog().windows
    ]
    assert documented[:-1] == expected


def test_the_flags_table_names_every_flag(tmp_path: Path) -> None:
    shown = run("python scripts/generate_incremental_sales.py --help", tmp_path).stdout
    documented = {row[0].strip("`") for row in table_rows("| Flag |")}
    assert documented == set(
        re.findall(r"(?<!\S)(--[a-z-]+)(?= )", shown.split("examples:")[0])
    ) - {"--help"}


def test_the_architecture_page_lists_the_wings_in_their_order() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page[page.index("| Wing or file |") :].split("\n\n")[0].splitlines()[2:]
    assert tuple(row.split("`")[1].rstrip("/") for row in table) == ORDER


def test_powershell_forms_are_the_same_commands() -> None:
    bash = commands("bash", "\\")
    powershell = commands("powershell", "`")
    assert powershell
    assert set(powershell) <= set(bash)


def test_the_gate_runs_the_test_command_of_the_readme() -> None:
    (command,) = [line for line in commands("bash", "\\") if "pytest" in line]
    install, test = command.split(" && ")
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert install in gate
    assert test in gate


def test_every_command_line_is_documented() -> None:
    text = "".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    scripts = [path.name for path in (ROOT / "scripts").glob("[a-z]*.py")]
    assert scripts
    assert [script for script in scripts if f"scripts/{script}" not in text] == []


@pytest.mark.processes
def test_every_command_of_the_readme_runs(tmp_path: Path) -> None:
    tried = [line for line in commands("bash", "\\") if line.startswith("python scripts/")]
    assert len(tried) >= 9
    for command in tried:
        done = run(command, tmp_path)
        # 1 is an answer, too: February has gaps, and the reconciliation says so.
        assert done.returncode in ((0, 1) if "reconcile" in command else (0,)), done.stderr
        assert done.stdout


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_nothing_mentions_what_lies_outside_the_project() -> None:
    outside = "../" + "shared"
    folders = ("core", "ui", "pages", "scripts", "tests", "benchmarks", "docs", ".ci")
    files = [*ROOT.glob("*.*"), *(path for name in folders for path in (ROOT / name).rglob("*"))]
    texts = [path for path in files if path.suffix in {".py", ".md", ".toml", ".sql", ""}]
    texts = [path for path in texts if path.is_file()]
    assert texts
    assert [
        path.name for path in texts if outside in path.read_text(encoding="utf-8", errors="replace")
    ] == []
