"""Both themes can be read: contrasts of WCAG 2.2, computed from the colours of config.toml.

Text needs 4.5:1 to what is behind it (success criterion 1.4.3), marks of charts and edges of
controls 3:1 (1.4.11); https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio has the formulas.
"""

import re
import tomllib
from typing import Any, get_args

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.scenes import ROOT
from ui.style import theme
from ui.style.theme import Colour

THEMES: dict[str, Any] = tomllib.loads(theme.CONFIG.read_text(encoding="utf-8"))["theme"]
TEXT, MARK = 4.5, 3.0
GROUNDS = ("backgroundColor", "secondaryBackgroundColor")
STYLED = "import streamlit\nfrom ui.style import theme\nstreamlit.html(theme.style_sheet())"
CAPTION = 0.6  # how much of the text's colour Streamlit gives a caption

both = pytest.mark.parametrize("name", ["light", "dark"])
each_colour = pytest.mark.parametrize("colour", get_args(Colour))


def channels(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]


def mixed(above: str, below: str, share: float) -> str:
    """A colour that lets some of what is below it through."""
    pairs = zip(channels(above), channels(below), strict=True)
    return "#" + "".join(f"{round(255 * (a * share + b * (1 - share))):02X}" for a, b in pairs)


def luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_is_that_of_the_standard() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # known to just fail
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)  # known to just pass
    assert mixed("#FFFFFF", "#000000", 0.6) == "#999999"


@both
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_links_and_captions_can_be_read(name: str, ground: str) -> None:
    colours = THEMES[name]
    behind = colours[ground]
    assert contrast(colours["textColor"], behind) >= TEXT
    assert contrast(colours["linkColor"], behind) >= TEXT
    assert contrast(colours["primaryColor"], behind) >= TEXT
    assert contrast(mixed(colours["textColor"], behind, CAPTION), behind) >= TEXT


@both
@each_colour
def test_badges_and_messages_can_be_read(name: str, colour: str) -> None:
    colours = THEMES[name]
    assert contrast(colours[f"{colour}TextColor"], colours[f"{colour}BackgroundColor"]) >= TEXT
    for ground in GROUNDS:
        assert contrast(colours[f"{colour}TextColor"], colours[ground]) >= TEXT


@both
@each_colour
def test_marks_stand_out_from_the_page_and_from_their_own_fill(name: str, colour: str) -> None:
    colours = THEMES[name]
    mark = colours[f"{colour}Color"]
    assert contrast(mark, colours["backgroundColor"]) >= MARK
    assert contrast(mark, colours[f"{colour}BackgroundColor"]) >= MARK


@both
def test_series_stand_out_from_the_page_and_differ(name: str) -> None:
    colours = THEMES[name]
    series = colours["chartCategoricalColors"]
    assert len(set(series)) == len(series) >= 6
    for colour in series:
        assert contrast(colour, colours["backgroundColor"]) >= MARK


@both
def test_the_text_on_a_primary_button_can_be_read(name: str) -> None:
    app = AppTest.from_string(
        "import streamlit as st\nfrom ui.style import theme\nst.html(theme.style_sheet())"
    )
    app.context["theme"] = name
    app.run()
    style = app.get("html")[0].proto.body
    colour = style.partition("color: ")[2][:7]
    assert contrast(colour, THEMES[name]["primaryColor"]) >= TEXT
    red = style.partition("background: ")[2][:7]  # of what overwrites, removes or ends something
    assert red == THEMES[name]["redColor"]
    assert contrast(colour, red) >= TEXT


@both
def test_a_tertiary_button_under_the_pointer_keeps_the_colour_of_texts(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "_theme", lambda: name)
    rule = theme.style_sheet().partition("button[kind='tertiary']:is(:hover")[2].partition("}")[0]
    assert rule.endswith(f"{{ color: {THEMES[name]['textColor']}; ")


@both
def test_charts_have_the_colours_of_the_theme(name: str) -> None:
    app = AppTest.from_string(
        "import streamlit as st\nfrom ui.style import theme\nst.text(repr(theme.palette()))"
    )
    app.context["theme"] = name
    shown = app.run().text[0].value
    for colour in (*THEMES[name]["chartCategoricalColors"], THEMES[name]["textColor"]):
        assert repr(colour) in shown


def test_no_colour_stands_outside_of_the_theme() -> None:
    """Charts and styles name colours; the values stand in one place."""
    found = {
        path.name: re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8"))
        for path in [*(ROOT / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    }
    assert {name for name, colours in found.items() if colours} <= {"theme.py"}


@both
def test_text_in_a_heat_map_can_be_read_in_every_cell(name: str) -> None:
    colours = theme._palettes()[name]
    for step in range(101):
        cell = mixed(colours.series[0], colours.soft["green"], step / 100)
        ink = theme.ink_between(colours.soft["green"], colours.series[0], step / 100)
        assert contrast(ink, cell) >= TEXT
