"""Every case of the matrix, on each side that it is about; docs/reliability.md shows them."""

import pytest

from core.platform import Platform
from tests.cloud_function.test_function_calls import client
from tests.faults import page
from tests.faults.cases import CASES, Case
from tests.faults.generator import environment_of
from tests.faults.scene import Scene, impatient

ON_A_SIDE = [(case, side) for case in CASES for side in case.sides]


@pytest.mark.parametrize(
    ("case", "side"),
    ON_A_SIDE,
    ids=[f"{case.group}: {case.what} [{side}]" for case, side in ON_A_SIDE],
    indirect=["side"],
)
def test_what_goes_wrong_is_mended(
    case: Case,
    side: str,
    platform: Platform,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gateway = None if side == "folder" else request.getfixturevalue("gateway")
    platform = impatient(platform) if gateway else platform
    for name, value in environment_of(platform).items():
        monkeypatch.setenv(name, value)
    case.happens(Scene(platform, gateway, client("generate_data", "http")))


def test_the_page_shows_the_matrix_as_it_is() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.content(), (
        "the matrix has changed: `python -m tests.faults.page`"
    )
