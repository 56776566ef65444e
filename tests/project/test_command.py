"""How a command line ends, whatever its standard streams, encoding, folder and search path are."""

import ast
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import InputError, SettingsError
from core.operations.workers import Workers
from core.settings import Settings, folder_path
from tests.support.scenes import ROOT, script

SCRIPTS = sorted((ROOT / "scripts").glob("[a-z]*.py"))
COMMANDS = [
    *SCRIPTS,
    *(ROOT / name / "__main__.py" for name in
      ("benchmarks", "cloud_function/deploy", "core/scheduler", "local_airflow", "local_cloud")),
    ROOT / "beam" / "pipeline.py", ROOT / "cloud_function" / "staging.py",
]  # fmt: skip
FULL = b"No space left on device; the work itself is done.\n"
START = """
import sys
from pathlib import Path
from core.command import run_command
from core.errors import TransientError
def work():
    {}
    return 0
run_command(work)
"""


def ended(work: str, streams: str = "", **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """A process that does some work and ends as a command line does."""
    return subprocess.run(
        ["bash", "-c", f'set -o pipefail; "$0" -c "$1" {streams}', sys.executable,
         START.format(work)],
        cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("streams", "code", "output", "complaint"),
    [
        ("", 0, b"done\n", b"note\n"),
        ("<&-", 0, b"done\n", b"note\n"),
        (">&-", 0, b"", b"note\n"),
        ("2>&-", 0, b"done\n", b""),
        ("<&- >&- 2>&-", 0, b"", b""),
        ("> /dev/full", 74, b"", b"note\nerror: Cannot write the output: " + FULL),
        ("2> /dev/full", 0, b"done\n", b""),
        ("| true", 0, b"", b"note\n"),
    ],
)  # fmt: skip
def test_a_stream_that_takes_nothing_stops_no_work(
    streams: str, code: int, output: bytes, complaint: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    work = (
        f"file = open({str(file)!r}, 'w'); print('done', flush=True); sys.stderr.write('note\\n')\n"
        "    file.write(repr((sys.stdin.isatty(), sys.stdin.read()))); file.close()"
    )
    done = ended(work, streams)
    assert (done.returncode, done.stdout, done.stderr) == (code, output, complaint)
    assert file.read_text() == "(False, '')"  # and nothing that went to a closed stream


def test_a_difference_that_was_found_stays_the_answer_where_the_output_is_lost() -> None:
    assert ended("print('x' * 100_000); return 1", "> /dev/full").returncode == 1


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", rb"S\xe3o Paulo \u2192 \udcff"),
        ("cp1251", rb"S\xe3o Paulo \u2192 \udcff"),
        ("utf-8", "São Paulo → ".encode() + rb"\udcff"),
    ],
)
def test_a_character_that_the_encoding_lacks_is_escaped(encoding: str, shown: bytes) -> None:
    work = r"for to in (sys.stdout, sys.stderr): to.write('S\xe3o Paulo \u2192 \udcff')"
    done = ended(work, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stdout, done.stderr) == (0, shown, shown)


def test_a_fault_of_the_program_has_its_own_code_and_its_traceback_a_file(tmp_path: Path) -> None:
    done = ended("print('before'); {}['a\\nb']", TMPDIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (70, b"before\n")
    found = re.fullmatch(
        r"error: This is a fault of the program, not of the request \(KeyError: 'a\\nb'\): "
        r"report it with the details in (\S+)\.\n",
        done.stderr.decode(),
    )
    assert found, done.stderr
    (file,) = tmp_path.iterdir()
    assert str(file) == found[1]
    assert re.search(r"in work\n(?:.*\n){0,2}KeyError", file.read_text())


@pytest.mark.parametrize(
    ("work", "code", "complaint"),
    [
        ("raise TransientError('Wait.')", 75, "error: Wait.\n"),
        ("raise KeyboardInterrupt", 130, "error: interrupted; the same command goes on where"),
        ("sys.exit(3)", 3, ""),
        ("sys.exit()", 0, ""),
    ],
)
def test_every_end_has_its_code(work: str, code: int, complaint: str) -> None:
    done = ended(work)
    assert done.returncode == code
    assert done.stderr.decode().startswith(complaint)


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_line_ends_in_this_way(path: Path) -> None:
    last = ast.parse(path.read_text(encoding="utf-8")).body[-1]
    assert isinstance(last, ast.If)
    (statement,) = last.body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert ast.unparse(statement.value.func) == ("main" if path in SCRIPTS else "run_command")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_script_finds_its_neighbours_without_python_s_search_path(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8")).body
    own = [i for i, node in enumerate(tree) if isinstance(node, ast.ImportFrom)
           and (node.module or "").startswith("_")]  # fmt: skip
    assert "sys.path.append(str(Path(__file__).resolve().parent))" in map(
        ast.unparse, tree[: own[0]]
    )


def test_no_script_hides_a_module_of_the_standard_library() -> None:
    """What the scripts import before `_cli` does without `calendar`, and `_cli` puts them last."""
    before = {
        ast.unparse(node)
        for path in SCRIPTS
        for node in itertools.takewhile(is_not_of_scripts, ast.parse(path.read_text()).body)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    folder = str(ROOT / "scripts")
    program = [
        "import sys", f"sys.path.insert(0, {folder!r})", *sorted(before),
        "assert 'calendar' not in sys.modules", "import _cli, calendar, email.utils, http.client",
        f"print(calendar.monthrange(2026, 2), sys.path[-1], sys.path.count({folder!r}))",
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(program)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"(6, 28) {folder} 1\n"


def is_not_of_scripts(node: ast.stmt) -> bool:
    return not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("_"))


def test_a_script_runs_without_python_s_search_path(tmp_path: Path) -> None:
    done = script("usage.py", "--prices", cwd=tmp_path, env={"PYTHONSAFEPATH": "1"})
    assert (done.returncode, done.stderr) == (0, "")


def test_a_working_directory_that_was_deleted_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SettingsError, match="working directory was deleted, so 'data' leads"):
        Settings.from_mapping({})
    assert Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path)}).home == tmp_path
    assert folder_path("/x") == Path("/x")
    with Workers(2) as workers, pytest.raises(InputError, match="use --workers 1"):
        next(workers.map(abs, [1]))
    command = [sys.executable, str(ROOT / "scripts" / "schedule.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: The working directory was deleted")


def test_a_command_names_a_home_that_does_not_exist_yet(tmp_path: Path) -> None:
    absent = f"the home {tmp_path / 'data'} does not exist yet (it is MRHEALTH_HOME, or else data/"
    looked = script("schedule.py", cwd=tmp_path)
    assert looked.returncode == 0
    assert looked.stderr.startswith(f"note: {absent}")
    assert looked.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["ingest_pending.py", "build_silver_layer.py", "verify.py"])
def test_without_a_home_there_is_nothing_to_work_on(name: str, tmp_path: Path) -> None:
    done = script(name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        f"error: There is nothing to work on: the home {tmp_path / 'data'} does not exist yet"
    )
    assert list(tmp_path.iterdir()) == []
