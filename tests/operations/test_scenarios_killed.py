"""A verb that was killed between any two of its changes is repeated, and ends the same."""

import itertools
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core import pipeline
from core.generation.catalog import load_catalog
from core.operations import scenarios
from core.operations.scenarios import Record
from core.platform import Platform
from core.settings import Settings
from core.storage.object_names import ANNOUNCEMENT_PREFIX
from core.storage.request import Request
from tests.operations.test_scenarios import same
from tests.support.dying import Death, dying
from tests.support.everything import fault, scenario_of
from tests.support.scenes import DAY, NOW, objects

LATER = NOW + timedelta(days=1)
LUNCH = Request((DAY,), load_catalog().windows[1:2], (1, 2))
RECORD = Record(
    scenario_of(
        fault("window_late", 1) + fault("copied_under_other_name", 2) + fault("decimal_comma", 2)
    ),
    LUNCH,
)
Verb = Callable[[Platform], object]


def _apply(platform: Platform) -> object:
    return scenarios.apply(platform, RECORD, NOW)


def _replace(platform: Platform) -> object:
    return scenarios.apply(platform, RECORD, NOW, overwrite=True)


def _release(platform: Platform) -> object:
    return scenarios.release(platform, NOW, moment=LATER)


def _withdraw(platform: Platform) -> object:
    record = scenarios.get_record(platform.store, RECORD.name, platform.catalog)
    return scenarios.withdraw(platform, record, NOW) if record else None


def _upload(platform: Platform) -> object:
    return pipeline.upload(platform, LUNCH, NOW)


def _platform_at(home: Path) -> Platform:
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))


CASES: dict[str, tuple[list[Verb], Verb]] = {
    "apply": ([], _apply),
    "apply over clean data": ([_upload], _replace),
    "release": ([_apply], _release),
    "withdraw": ([_apply, _release], _withdraw),
}


@pytest.mark.parametrize("case", CASES)
def test_killed_after_any_change_and_repeated_it_ends_the_same(case: str, tmp_path: Path) -> None:
    before, verb = CASES[case]
    prepared = _platform_at(tmp_path / "prepared")
    prepared.settings.home.mkdir()
    for step in before:
        step(prepared)

    def copied(name: str) -> Platform:
        shutil.copytree(prepared.settings.home, tmp_path / name)  # with the times of the files
        return _platform_at(tmp_path / name)

    undisturbed = copied("undisturbed")
    verb(undisturbed)
    for changes in itertools.count(1):
        platform = copied(str(changes))
        try:
            verb(dying(platform, changes))
        except Death:
            verb(platform)
            same(platform, undisturbed)
            assert not objects(platform.store, ANNOUNCEMENT_PREFIX)
        else:
            break
    assert changes > 3
