"""The colours of charts: those of `.streamlit/config.toml`, in the viewer's theme."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import streamlit as st

from core.reconcile.compare import Verdict

CONFIG = Path(__file__).parent.parent.parent / ".streamlit" / "config.toml"
_ON_LIGHT = "#06281B"
_EQUAL_CONTRAST = 0.1791  # the relative luminance to which black and white have the same contrast
_CARDS = ".st-key-window_cards" * 2  # twice, to outweigh Streamlit's rule
_POINTED = "button[kind='tertiary']:is(:hover, :active, :focus, [aria-expanded='true'])"
# Buttons that replace, delete or write again, by the beginning of their keys.
_DESTRUCTIVE = tuple(
    f"[class*='st-key-{key}'] button[kind='secondary']"
    for key in ("overwrite_", "delete", "rewrite", "withdraw")
)

Colour: TypeAlias = Literal["green", "gray", "blue", "violet", "orange", "yellow", "red"]

_OF_VERDICT: Mapping[Verdict, Colour] = {
    Verdict.IN_BRONZE: "green",
    Verdict.NOT_DUE: "gray",
    Verdict.UPLOADED: "blue",
    Verdict.GENERATED: "violet",
    Verdict.MISSING: "orange",
    Verdict.QUARANTINED: "yellow",
    Verdict.MISMATCH: "red",
    Verdict.DUPLICATED: "red",
    Verdict.MIXED: "red",
}


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as `#RRGGBB`; `series` are for data, `by_name` those that badges have too."""

    series: tuple[str, ...]
    by_name: dict[str, str]
    soft: dict[str, str]
    text: str
    grid: str


def style_sheet() -> str:
    """Return the styles that the theme's options cannot express.

    Buttons that overwrite, delete or end something are red. In the dark theme, text on primary
    buttons is dark: Streamlit's white has less contrast than 4.5:1; so has its green on a tertiary
    button under the pointer, which keeps the text's colour. Empty hover marks under a
    figure are hidden: screen readers announce them as an unnamed image (WCAG 2.2, 1.1.1).
    """
    colour = "#FFFFFF" if _theme() == "light" else _ON_LIGHT
    red = palette().by_name["red"]
    return (
        f"<style>[data-testid='stBaseButton-primary'] p {{ color: {colour}; }} "
        "[data-testid='stMetricChart'] g[role='graphics-symbol']:empty { display: none; } "
        # Cards of a row are as high as the highest of them, in each row.
        f"{_CARDS} {{ align-items: stretch; }} {_CARDS} > * {{ height: auto; }} "
        f"{_CARDS} > * > * {{ height: 100%; }} "
        f"{_POINTED} {{ color: {palette().text}; }} "
        "[class*='_confirm'] [data-testid='stBaseButton-primary'] "
        f"{{ background: {red}; border-color: {red}; }} "
        f"{', '.join(_DESTRUCTIVE)} {{ color: {red}; border-color: {red}; }}</style>"
    )


def palette() -> Palette:
    """Return the colours of the viewer's theme."""
    return _palettes()[_theme()]


def _theme() -> str:
    return st.context.theme.type or "light"


@functools.cache
def _palettes() -> Mapping[str, Palette]:
    # `st.get_option` knows the file only if the server was started in the project's folder.
    themes = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    return {name: _palette(themes[name]) for name in ("light", "dark")}


def _palette(options: Mapping[str, Any]) -> Palette:
    names = get_args(Colour)
    return Palette(
        series=tuple(options["chartCategoricalColors"]),
        by_name={colour: options[f"{colour}Color"] for colour in names},
        soft={colour: options[f"{colour}BackgroundColor"] for colour in names},
        text=options["textColor"],
        grid=options["borderColor"],
    )


def badge_colour(verdict: Verdict) -> Colour:
    """Return the name of a verdict's colour."""
    return _OF_VERDICT[verdict]


def ink_between(weakest: str, strongest: str, share: float) -> str:
    """Return black or white for text on a colour that is this share of the way between two.

    Of the two it is the one with more contrast, which is 4.58:1 at least (WCAG 2.2, 1.4.3).
    """
    pairs = zip(_channels(weakest), _channels(strongest), strict=True)
    mixed = [low + share * (high - low) for low, high in pairs]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in mixed
    )
    is_light = 0.2126 * red + 0.7152 * green + 0.0722 * blue > _EQUAL_CONTRAST
    return "#000000" if is_light else "#FFFFFF"


def _channels(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
