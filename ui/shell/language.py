"""The viewer's language: chosen in the panel or by the address, else that of the browser."""

import functools
import importlib
from collections.abc import Mapping
from types import ModuleType
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

# By the code in the page's address: the language's name in that language, and its texts.
LANGUAGES: Final = {"en": "English", "pt-BR": "Português"}
_MODULES: Final = {"en": "ui.texts.en", "pt-BR": "ui.texts.pt"}
_DEFAULT: Final = "en"
PARAMETER: Final = "lang"
_CHOSEN, _CURRENT = "_language", "_language_now"


def current() -> str:
    """Return the viewer's language, a key of `LANGUAGES`; English outside a page."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return _DEFAULT
    return str(st.session_state.get(_CURRENT, _DEFAULT))


def load_texts(code: str | None = None) -> ModuleType:
    """Return the texts of a language, by default the viewer's."""
    return _texts(code or current())


def load_templates() -> Mapping[str, str]:
    """Return the templates of `core`'s sentences in the viewer's language; none in English."""
    return _templates(current())


@functools.cache
def _templates(code: str) -> Mapping[str, str]:
    if code == _DEFAULT:
        return {}
    found: Mapping[str, str] = importlib.import_module(f"{_MODULES[code]}.messages").SENTENCES
    return found


@functools.cache  # called a thousand times per page
def _texts(code: str) -> ModuleType:
    return importlib.import_module(_MODULES[code])


def settle() -> None:
    """Decide the language before anything is drawn: the address's, the session's or the browser's.

    The choice goes into the address again, because Streamlit drops its parameters between pages.
    """
    asked = find_closest(st.query_params.get(PARAMETER))
    if asked:
        st.session_state[_CHOSEN] = asked
    chosen = st.session_state.get(_CHOSEN)
    if chosen and st.query_params.get(PARAMETER) != chosen:
        st.query_params[PARAMETER] = chosen
    st.session_state[_CURRENT] = chosen or find_closest(st.context.locale) or _DEFAULT


def choose(code: str) -> None:
    """Show the panel in a language from now on; for a button's `on_click`."""
    st.session_state[_CHOSEN] = code
    st.query_params[PARAMETER] = code


def parameters() -> dict[str, list[str]]:
    """Return the address's parameter of the chosen language, if one was chosen."""
    chosen = st.session_state.get(_CHOSEN)
    return {PARAMETER: [chosen]} if chosen else {}


def document_script() -> str:
    """Return the script that sets the page's language, also for the numbers in tables.

    Streamlit's document always declares English, and its tables follow the browser's language.
    """
    code = current()
    return (
        f"<script>document.documentElement.lang = '{code}';"
        "Object.defineProperty(navigator, 'languages', "
        f"{{get: () => ['{code}'], configurable: true}})</script>"
    )


def find_closest(tag: str | None) -> str | None:
    """Return the language closest to a tag such as `pt`, `pt-PT` or `en-GB`, if any."""
    wanted = (tag or "").lower().partition("-")[0]
    return next((code for code in LANGUAGES if code.partition("-")[0] == wanted), None)
