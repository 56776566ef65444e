"""The viewer's language: chosen in the panel or by the address, else that of the browser."""

import functools
import importlib
from collections.abc import Mapping
from types import ModuleType
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

# By the code that stands in the page's address: the language's own name, and its texts.
LANGUAGES: Final = {"en": "English", "pt-BR": "Português"}
_MODULES: Final = {"en": "ui.texts.en", "pt-BR": "ui.texts.pt"}
_DEFAULT: Final = "en"
PARAMETER: Final = "lang"
_CHOSEN, _CURRENT = "_language", "_language_now"


def current() -> str:
    """The code of the language, one of `LANGUAGES`; English where nobody is looking."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return _DEFAULT
    return str(st.session_state.get(_CURRENT, _DEFAULT))


def load_texts(code: str | None = None) -> ModuleType:
    """The texts of a language, by default of the viewer's."""
    return _texts(code or current())


def load_templates() -> Mapping[str, str]:
    """Those of the platform's sentences in the viewer's language; none where `core` has them."""
    return _templates(current())


@functools.cache
def _templates(code: str) -> Mapping[str, str]:
    if code == _DEFAULT:
        return {}
    found: Mapping[str, str] = importlib.import_module(f"{_MODULES[code]}.messages").SENTENCES
    return found


@functools.cache  # a page asks a thousand times
def _texts(code: str) -> ModuleType:
    return importlib.import_module(_MODULES[code])


def settle() -> None:
    """Decide the language of this run; the first thing that a run does.

    What the address says comes first, so that a link shows everybody the same; then what was chosen
    in this session; then the browser's language. Streamlit drops the address's parameters from page
    to page, so a choice is written there again.
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
    """What the address says of the language, where one was chosen."""
    chosen = st.session_state.get(_CHOSEN)
    return {PARAMETER: [chosen]} if chosen else {}


def document_script() -> str:
    """What tells the browser, and so a screen reader, the language of the page.

    Streamlit's own document says English, whatever is on it, and its tables format numbers in the
    browser's language, whatever that of the page is.
    """
    code = current()
    return (
        f"<script>document.documentElement.lang = '{code}';"
        "Object.defineProperty(navigator, 'languages', "
        f"{{get: () => ['{code}'], configurable: true}})</script>"
    )


def find_closest(tag: str | None) -> str | None:
    """The code of the language that a tag such as `pt`, `pt-PT` or `en-GB` comes closest to."""
    wanted = (tag or "").lower().partition("-")[0]
    return next((code for code in LANGUAGES if code.partition("-")[0] == wanted), None)
