"""`faults.py`: from the list of scenarios to the withdrawal, and what it refuses."""

import csv
import importlib.util
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.command import answer
from core.platform import Platform
from core.storage.object_names import HELD_PREFIX, SCENARIO_PREFIX
from tests.support.everything import fault, scenario_of
from tests.support.scenes import ROOT, objects, script

DAY = ("--date", "2026-02-03", "--units", "3", "--windows", "10:00-12:00", "12:00-14:00")
Command = Callable[..., tuple[int, str, str]]
TEXT = fault("window_late", 1) + fault("object_missing", 2) + fault("decimal_comma", 3)


@pytest.fixture
def faults(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """The command in this process, with a scenario of the user's: its code, output and errors."""
    home = platform.settings.home
    (home / "scenarios").mkdir(parents=True)
    (home / "scenarios" / "mine.toml").write_text(scenario_of(TEXT, "mine").text, "utf-8")
    monkeypatch.setenv("MRHEALTH_HOME", str(home))
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT / "scripts")])
    spec = importlib.util.spec_from_file_location("faults_command", ROOT / "scripts" / "faults.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def command(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = answer(lambda: module.run(module.build_parser().parse_args(arguments)))
        return code, *capsys.readouterr()

    return command


def test_a_scenario_from_its_plan_to_its_withdrawal(faults: Command, platform: Platform) -> None:
    code, listed, _ = faults("list")
    assert code == 0
    assert {"mine", "worst-friday"} <= {line.split()[0] for line in listed.splitlines()}
    _, shown, _ = faults("show", "--scenario", "mine")
    assert shown.startswith('name = "mine"')
    assert "decimal_comma: An amount has a decimal comma.\n  Noticed by: quarantine." in shown

    _, planned, _ = faults("plan", "--scenario", "mine", *DAY)
    assert planned.split("\n")[-2].split() == ["cells", "that", "are", "hit", "3", "of", "6"]
    _, table, _ = faults("plan", "--scenario", "mine", *DAY, "--format", "csv")
    assert [row["unit"] for row in csv.DictReader(io.StringIO(table))] == ["1", "2", "3"]
    code, tried, _ = faults("apply", "--scenario", "mine", *DAY, "--dry-run")
    assert (code, objects(platform.store)) == (0, {})
    assert "nothing was written" in tried

    code, applied, _ = faults("apply", "--scenario", "mine", *DAY)
    assert code == 0
    assert applied.endswith("4 objects are held back.\n")
    _, key, _ = faults("key")
    found = list(csv.DictReader(io.StringIO(key)))
    assert {row["kind"] for row in found} == {"window_late", "object_missing", "decimal_comma"}
    _, same, _ = faults("key", "--scenario", "mine", *DAY, "--format", "json")
    assert [row["id"] for row in json.loads(same)] == [row["id"] for row in found]

    _, held, _ = faults("release", "--dry-run")
    assert [line.split()[:1] for line in held.splitlines()].count(["never"]) == 2
    assert len(objects(platform.store, HELD_PREFIX)) == 4
    _, released, _ = faults("release", "--everything")
    assert released == "4 held objects released.\n"
    _, tried, _ = faults("withdraw", "--dry-run")
    assert objects(platform.store, SCENARIO_PREFIX)
    code, _, _ = faults("withdraw", "--scenario", "mine")
    assert code == 0
    assert not objects(platform.store, SCENARIO_PREFIX)


def test_what_cannot_be_done_is_said_and_nothing_is_written(
    faults: Command, platform: Platform
) -> None:
    cases = {
        ("show", "--scenario", "none"): "No scenario is named none: use one of",
        ("apply", "--scenario", "none.toml", *DAY): "none.toml is no scenario",
        ("key", "--units", "3"): "Name the scenario of these sales",
        ("key",): "No scenario is applied",
        ("withdraw",): "No scenario is applied",
        ("withdraw", "--scenario", "mine"): "No scenario is applied",
        ("plan", "--scenario", "mine", "--windows", "10:00-11:00"): "10:00-12:00",
    }
    for arguments, said in cases.items():
        code, output, errors = faults(*arguments)
        assert (code, output) == (2, ""), arguments
        assert said in errors
    assert objects(platform.store) == {}


def test_a_file_that_is_no_scenario_is_said_after_the_list_of_the_others(
    faults: Command, platform: Platform
) -> None:
    path = platform.settings.scenarios_folder / "broken.toml"
    path.write_text("name = ", encoding="utf-8")
    code, output, errors = faults("list")
    assert code == 2
    assert "worst-friday" in output
    assert "The scenario broken is no TOML" in errors


def test_a_conflict_says_so_in_a_dry_run_and_in_earnest(
    faults: Command, platform: Platform
) -> None:
    faults("apply", "--scenario", "mine", *DAY)
    before = objects(platform.store)
    for more in ((), ("--dry-run",)):
        code, _, errors = faults("apply", "--scenario", "worst-friday", *DAY, *more)
        assert code == 2
        assert "The scenario mine is applied" in errors
    assert objects(platform.store) == before


def test_of_several_scenarios_one_is_to_be_named_by_what_names_it(faults: Command) -> None:
    faults("apply", "--scenario", "mine", *DAY)
    faults("apply", "--scenario", "a-clean-week", "--date", "2026-02-09", "--units", "1")
    code, _, errors = faults("key")
    assert code == 2
    assert "add --scenario with one of a-clean-week, mine." in errors


def test_without_a_verb_it_says_which_there_are(tmp_path: Path) -> None:
    done = script("faults.py", cwd=tmp_path)
    assert done.returncode == 2
    assert "VERB" in done.stderr
    assert "withdraw" in script("faults.py", "--help", cwd=tmp_path).stdout
