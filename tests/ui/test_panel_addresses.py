"""What an address says of a page: the same in every language, and found again when it is opened."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import pipeline
from core.platform import Platform
from core.storage.publish import Request
from tests.support.panel_pages import opened, platform

__all__ = ["platform"]  # fixtures

ROOT = Path(__file__).parent.parent.parent
DAY = "2026-02-01"
BRONZE = {"day": DAY, "days": "7", "look": DAY}
# Page, parameters of the place, the widget, what it holds, what the address says for it.
CHOICES = [
    ("bronze", BRONZE, "rows", "order_items", "order_items"),
    ("bronze", {**BRONZE, "look_unit": "002"}, "look_table", "order_items", "order_items"),
    ("bronze", BRONZE, "look_window", "window_1214", "12:00-14:00"),
    ("bronze", BRONZE, "look_window", "", "day"),
    ("storage", {"day": DAY}, "window", "window_1214", "12:00-14:00"),
    ("storage", {"day": DAY}, "window", "", "day"),
    ("storage", {"day": DAY, "view": "manifests"}, "window", "", "day"),
    ("storage", {"day": DAY, "view": "manifests"}, "window", "window_1214", "12:00-14:00"),
]


@pytest.fixture
def sales(platform: Platform) -> None:
    """A day with two windows of two units, and a third unit's bulk data."""
    windows = platform.catalog.windows[:2]
    day = datetime.fromisoformat(DAY).date()
    for chosen, units in ((windows, (1, 2)), ((), (3,))):
        pipeline.upload(platform, Request((day,), chosen, units), datetime.now(UTC))


def said(app: AppTest, key: str) -> list[str]:
    """What the address says; a page's own value is a list, that of a test a text."""
    value = app.query_params.get(key, [])
    return [value] if isinstance(value, str) else list(value)


@pytest.mark.usefixtures("sales")
@pytest.mark.parametrize("lang", ["en", "pt-BR"])
@pytest.mark.parametrize(("page", "place", "key", "holds", "name"), CHOICES)
def test_an_address_means_the_same_in_every_language(
    lang: str, page: str, place: dict[str, str], key: str, holds: str, name: str
) -> None:
    app = opened(page, lang=lang, **place, **{key: name})
    assert app.session_state[key] == holds
    assert said(app, key) in ([name], [])  # the usual choice stands in no address
    assert not app.error


@pytest.mark.usefixtures("sales")
def test_a_choice_writes_its_name_into_the_address() -> None:
    app = opened("storage", day=DAY)
    app.selectbox(key="window").set_value("").run()
    assert said(app, "window") == ["day"]
    app.selectbox(key="window").set_value(None).run()
    assert said(app, "window") == []
    app.selectbox(key="unit").set_value(2).run()
    assert said(app, "unit") == ["002"]


@pytest.mark.usefixtures("sales")
def test_a_name_that_the_page_does_not_know_chooses_the_usual() -> None:
    app = opened("bronze", **BRONZE, rows="Itens", look_window="Dia inteiro")
    assert app.session_state["rows"] == "orders"
    assert said(app, "rows") == []
    assert not app.error


def _bound_calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted([*ROOT.glob("ui/**/*.py"), *ROOT.glob("pages/*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                named = {word.arg: word.value for word in node.keywords}
                if "bind" in named and "format_func" in named:
                    yield f"{path.name}:{node.lineno}", node


def test_no_widget_writes_a_translated_label_into_the_address() -> None:
    """Streamlit's own binding writes what `format_func` gives: it may not come from the texts."""
    for place, call in _bound_calls():
        shown = next(word.value for word in call.keywords if word.arg == "format_func")
        used = {node.id for node in ast.walk(shown) if isinstance(node, ast.Name)}
        assert not used & {"texts", "hours_of", "unit_of"}, place
