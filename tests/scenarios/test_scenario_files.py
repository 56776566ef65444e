"""A scenario's file is read strictly: an error says what came and what would be valid."""

from pathlib import Path

import pytest

from core.errors import InputError
from core.generation.catalog import load_catalog
from core.scenarios.key import answer_key
from core.scenarios.kinds import KINDS
from core.scenarios.plan import plan
from core.scenarios.scenario import LIBRARY, list_names, load_scenario, read_scenario, scenario_text
from core.settings import Settings
from core.storage.request import Request
from tests.support.spoiled import FIRST, fault, scenario_of

HEAD = 'name = "a"\nsentence = "b"\nsentence_pt = "c"\n'


def in_fault(line: str) -> str:
    return f'{HEAD}[[faults]]\nkind = "truncated"\n{line}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "The scenario a is no TOML"),
        ("name = " + "[" * 5000, "The scenario a is no TOML"),
        ('sentence = "b"', "first lines: name is missing, write lower-case letters and digits"),
        (HEAD.replace('"a"', '"b"'), "name is 'b', write a, as the file is named"),
        (HEAD.replace('"c"', '""'), "sentence_pt is '', write one line of at most 500 characters"),
        (HEAD.replace('"c"', '"c\\n"'), "sentence_pt is 'c\\n', write one line"),
        (HEAD.replace('"c"', "1"), "sentence_pt is 1, write one line"),
        (HEAD + "seed = -1", "seed is -1, write a whole number from 0 to 9223372036854775807"),
        (HEAD + "seed = true", "seed is True, write a whole number"),
        (HEAD + "dates = 1", "dates is unknown, use name, sentence, sentence_pt, seed, faults"),
        (HEAD + "faults = 1", "faults is 1, write each as a table [[faults]]"),
        (HEAD + "[[faults]]\nshare = 1", "fault 1: kind is missing, write one of object_missing, "),
        (HEAD + '[[faults]]\nkind = "fire"', "fault 1: kind is 'fire', write one of object_mis"),
        (in_fault(""), "fault 1: write either share or count"),
        (in_fault("share = 1\ncount = 1"), "fault 1: write either share or count"),
        (in_fault("share = 0"), "share is 0, write a number above 0 and at most 1"),
        (in_fault("share = 1.5"), "share is 1.5, write a number above 0 and at most 1"),
        (in_fault("share = nan"), "share is nan, write a number above 0 and at most 1"),
        (in_fault("share = true"), "share is True, write a number above 0 and at most 1"),
        (in_fault("count = 0"), "count is 0, write a whole number from 1 to"),
        (in_fault("count = 1.5"), "count is 1.5, write a whole number"),
        (in_fault("count = 1\ndays = [2, 1]"), "days is [2, 1], write the first and the last of"),
        (in_fault("count = 1\ndays = 2"), "days is 2, write the first and the last of a range"),
        (in_fault("count = 1\nunits = [0, 1]"), "units is [0, 1], write the first and the last"),
        (in_fault("count = 1\nweekdays = []"), "weekdays is [], write a list with some of monday"),
        (in_fault('count = 1\nweekdays = ["freitag"]'), "weekdays is ['freitag'], write a list"),
        (in_fault('count = 1\nwindows = ["w"]'), "windows is ['w'], write a list with some of win"),
        (in_fault("count = 1\nday = 1"), "day is unknown, use kind, share, count, days, weekdays"),
        (in_fault("count = 1\nparameters = 1"), "parameters is 1, write a table"),
        (in_fault("count = 1\nparameters = {kept = 1}"),
         "fault 1, parameters of truncated: kept is unknown, use file, keep."),
        (in_fault("count = 1\nparameters = {keep = 1}"),
         "parameters of truncated: keep is 1, write a number from 0.05 to 0.9"),
        (in_fault('count = 1\nparameters = {file = "all"}'),
         "file is 'all', write one of orders, items, both"),
        (HEAD + '[[faults]]\nkind = "wrong_unit"\ncount = 1\nparameters = {a = 1}',
         "parameters is ['a'], write nothing, for wrong_unit has no parameters"),
    ],
)  # fmt: skip
def test_an_error_says_what_came_and_what_is_valid(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_scenario(text, "a")
    assert said in caught.value.sentence


def test_a_name_is_that_of_an_object() -> None:
    with pytest.raises(InputError, match=r"name is 'A b', write lower-case letters and digits"):
        read_scenario(HEAD.replace('"a"', '"A b"'), "A b")


@pytest.mark.parametrize("kind", KINDS)
def test_a_written_fault_is_read_again_with_the_defaults_of_its_kind(kind: str) -> None:
    faults = [
        {
            "kind": kind, "count": 2, "days": [0, 3], "weekdays": ["friday", "monday"],
            "windows": ["window_1214"], "units": [1, 9],
        }
    ]  # fmt: skip
    text = scenario_text("a", ('A "b"; \\', "ç"), 7, faults)
    scenario = read_scenario(text, "a")
    (read,) = scenario.faults
    assert (scenario.sentence, scenario.sentence_pt, scenario.seed) == ('A "b"; \\', "ç", 7)
    assert (read.kind, read.count, read.share, read.position) == (kind, 2, None, 0)
    assert (read.days, read.weekdays, read.windows, read.units) == (
        (0, 3), (0, 4), ("window_1214",), (1, 9),
    )  # fmt: skip
    assert {one.name: one.default for one in KINDS[kind].parameters} == read.parameters
    assert read_scenario(scenario.text, "a") == scenario


def test_scenarios_of_the_user_join_those_of_the_project_and_replace_them(tmp_path: Path) -> None:
    mine = scenario_text("mine", ("Mine.", "Meu."), 1, [fault("empty", 0.5)])
    (tmp_path / "mine.toml").write_text(mine, encoding="utf-8")
    shipped = {path.stem for path in LIBRARY.glob("*.toml")}
    assert list_names() == sorted(shipped)
    assert list_names(tmp_path) == sorted({*shipped, "mine"})
    assert list_names(tmp_path / "missing") == list_names()
    assert load_scenario("mine", tmp_path) == load_scenario(str(tmp_path / "mine.toml"))
    other = scenario_text("a-clean-week", ("Other.", "Outro."), 1, [])
    (tmp_path / "a-clean-week.toml").write_text(other, encoding="utf-8")
    assert load_scenario("a-clean-week", tmp_path).sentence == "Other."
    with pytest.raises(InputError, match=r"No scenario is named mine: use one of .*a-clean-week"):
        load_scenario("mine")


@pytest.mark.parametrize(
    ("name", "data"), [("gone.toml", None), ("latin.toml", b"\xff"), ("large.toml", b" " * 2**21)]
)
def test_a_file_that_is_no_scenario_is_named(tmp_path: Path, name: str, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=rf"{name} is no scenario"):
        load_scenario(str(tmp_path / name))


def test_the_users_folder_is_in_the_home_unless_a_setting_names_it(tmp_path: Path) -> None:
    home = {"MRHEALTH_HOME": str(tmp_path)}
    assert Settings.from_mapping(home).scenarios_folder == tmp_path / "scenarios"
    named = Settings.from_mapping({**home, "MRHEALTH_SCENARIOS": str(tmp_path / "a")})
    assert named.scenarios_folder == tmp_path / "a"


def test_whole_days_have_no_faults() -> None:
    catalog, days = load_catalog(), Request((FIRST,), (), (1,))
    for verb in (plan, answer_key):
        with pytest.raises(InputError, match="tried"):
            verb(scenario_of(), days, catalog)
