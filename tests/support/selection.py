"""Which tests run when, by rule: where a test is, what it uses, and its markers.

- `-m quick`, the everyday set: tests of most wings that need no emulator and no other process, and
  neither drive the panel's pages nor repeat at length what others show.
- no `-m`, the README's test command: all but the nightly ones.
- `-m nightly`: what takes minutes and repeats at length what a shorter test shows. By rule these
  are browser tests that are no `journey`, further cases of a test on the emulated cloud or in wings
  whose cases are costly, and the emulated cloud's side of wings beyond the data path but for the
  first test of each of their modules.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

# Wings whose tests are quick but for those that the rule takes out. The others' tests start
# servers, browsers and command lines, or build whole layers again and again.
QUICK_WINGS = frozenset({
    "bronze", "gcp", "generation", "insight", "project", "reconcile", "scenarios", "scheduler",
    "storage", "ui", "warehouse",
})  # fmt: skip
# Modules of the other wings that need neither.
QUICK_MODULES = frozenset({"test_runs.py", "test_staleness.py"})
# What the source says of a module all whose tests are thorough.
ALL_THOROUGH = "\npytestmark = pytest.mark.thorough\n"
# What drives the panel's pages takes half a second a test; of these one module opens each page.
PANEL_DRIVER, EACH_PAGE = "opened", "test_panel.py"
# Wings that reach the cloud through those of the data path, whose tests run on both sides always.
CLOUD_AT_NIGHT = frozenset({"alerts", "insight", "operations", "reconcile", "ui"})
# A fixture that starts the emulators, or that asks for them.
EMULATORS = frozenset({"emulated", "gateway", "cloud_settings"})
# Wings whose tests, but for the everyday ones, start a process, draw a page or fill a disk for each
# case: by day the first case is enough.
FIRST_CASES = frozenset({"local_cloud", "operations", "scripts", "storage", "ui"})
# Each case of these modules is a failure of another kind.
ALL_CASES = frozenset({"test_faults.py", "test_parquet_cloud.py"})
# Wings whose `thorough` tests measure what samples of generated data or whole months look like.
THOROUGH_AT_NIGHT = frozenset({"generation", "insight"})


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the everyday tests, and leave out the nightly ones unless `-m` names them."""
    for item in _of_the_night(items):
        item.add_marker("nightly")
    for item in items:
        if is_quick(item):
            item.add_marker("quick")
    if "nightly" in (config.option.markexpr or ""):
        return
    left_out = [item for item in items if item.get_closest_marker("nightly")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def has_no_quick_test(path: Path) -> bool:
    """Whether no test of a file below `tests` can be quick, so that it need not be imported."""
    if path.parent.name not in QUICK_WINGS and path.name not in QUICK_MODULES:
        return True
    return ALL_THOROUGH in path.read_text(encoding="utf-8")


def is_quick(item: pytest.Item) -> bool:
    """Whether a test belongs to the everyday set."""
    slow = any(item.get_closest_marker(name) for name in ("nightly", "processes", "thorough"))
    left_out = slow or _is_emulated(item) or _drives_the_panel(item)
    wanted = item.path.parent.name in QUICK_WINGS or item.path.name in QUICK_MODULES
    return wanted and not left_out


def _of_the_night(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """What the rule, and no marker, leaves to the night."""
    firsts: dict[str, str] = {}
    met: set[str] = set()
    for item in items:
        wing, test = item.path.parent.name, item.nodeid.split("[")[0]
        on_side = f"{test} on the cloud" if _is_on_cloud(item) else test
        repeats = _is_thorough_at_night(item)
        if wing == "browser":
            repeats = item.get_closest_marker("journey") is None
        if item.get_closest_marker("cloud_at_night"):
            repeats |= _is_emulated(item)
        if wing in CLOUD_AT_NIGHT and _is_emulated(item):
            repeats |= firsts.setdefault(item.path.name, test) != test
        if _counts_by_its_first_case(item):
            repeats |= on_side in met
            met.add(on_side)
        if repeats:
            yield item


def _is_thorough_at_night(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("thorough") is not None
    return marked and item.path.parent.name in THOROUGH_AT_NIGHT


def _counts_by_its_first_case(item: pytest.Item) -> bool:
    of_wing = item.path.parent.name in FIRST_CASES and not is_quick(item)
    return (of_wing or _is_on_cloud(item)) and item.path.name not in ALL_CASES


def _drives_the_panel(item: pytest.Item) -> bool:
    module = getattr(item, "module", None)
    return hasattr(module, PANEL_DRIVER) and item.path.name != EACH_PAGE


def _is_emulated(item: pytest.Item) -> bool:
    return _is_on_cloud(item) or not EMULATORS.isdisjoint(getattr(item, "fixturenames", ()))


def _is_on_cloud(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    return call is not None and call.params.get("side") == "cloud"
