"""Users, tests and functions run the same releases of what they share."""

import itertools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PINNED = ("requirements.txt", "requirements-dev.txt", "cloud_function/requirements.txt")
_PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)( ; [^\\]*)?", re.MULTILINE)


def pins(file: str) -> dict[tuple[str, str], str]:
    """The release of each package of a compiled file, by its name and marker."""
    found = _PIN.findall((ROOT / file).read_text(encoding="utf-8"))
    return {(name, marker.strip(" \\")): release for name, release, marker in found}


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(PINNED, 2)))
def test_what_two_files_share_is_the_same_release(one: str, other: str) -> None:
    first, second = pins(one), pins(other)
    shared = first.keys() & second.keys()
    assert len(shared) > 10
    assert {key: first[key] for key in shared} == {key: second[key] for key in shared}


def test_what_users_install_the_tests_run_with() -> None:
    names = {name for name, _ in pins("requirements.txt")}
    assert names <= {name for name, _ in pins("requirements-dev.txt")}
