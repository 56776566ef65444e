"""Which tests run when, by rule: where a test is, what it uses, and its markers.

- `-m quick`, the everyday set: tests of most wings that need no emulator and no other process, and
  neither drive the panel's pages nor repeat at length what others show.
- no `-m`, the README's test command: all but the nightly ones.
- `-m nightly`: what takes minutes and repeats at length what a shorter test shows, and the emulated
  cloud's side of wings beyond the data path, but for the first test of each of their modules.
"""

from collections.abc import Iterator

import pytest

# Wings whose tests are quick but for those that the rule takes out. The others' tests start
# servers, browsers and command lines, or build whole layers again and again.
QUICK_WINGS = frozenset({
    "bronze", "gcp", "generation", "insight", "project", "reconcile", "scenarios", "scheduler",
    "storage", "ui", "warehouse",
})  # fmt: skip
# Modules of the other wings that need neither.
QUICK_MODULES = frozenset({"test_runs.py", "test_staleness.py"})
# What drives the panel's pages takes half a second a test; of these one module opens each page.
PANEL_DRIVER, EACH_PAGE = "opened", "test_panel.py"
# Wings that reach the cloud through those of the data path, whose tests run on both sides always.
CLOUD_AT_NIGHT = frozenset({"insight", "operations", "reconcile"})
# A fixture that starts the emulators, or that asks for them.
EMULATORS = frozenset({"emulated", "gateway", "cloud_settings"})


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


def is_quick(item: pytest.Item) -> bool:
    """Whether a test belongs to the everyday set."""
    slow = any(item.get_closest_marker(name) for name in ("nightly", "processes", "thorough"))
    left_out = slow or _is_emulated(item) or _drives_the_panel(item)
    wanted = item.path.parent.name in QUICK_WINGS or item.path.name in QUICK_MODULES
    return wanted and not left_out


def _of_the_night(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """The cloud's side of wings beyond the data path, without the first test of each module."""
    firsts: dict[str, str] = {}
    for item in items:
        if item.path.parent.name in CLOUD_AT_NIGHT and _is_on_cloud(item):
            function = item.nodeid.split("[")[0]
            if firsts.setdefault(item.path.name, function) != function:
                yield item


def _drives_the_panel(item: pytest.Item) -> bool:
    module = getattr(item, "module", None)
    return hasattr(module, PANEL_DRIVER) and item.path.name != EACH_PAGE


def _is_emulated(item: pytest.Item) -> bool:
    return _is_on_cloud(item) or not EMULATORS.isdisjoint(getattr(item, "fixturenames", ()))


def _is_on_cloud(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    return call is not None and call.params.get("side") == "cloud"
