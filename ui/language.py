"""The viewer's language: chosen in the panel, else that of the browser."""

import importlib
from types import ModuleType
from typing import Final

import streamlit as st

# By the code that stands in the page's address: the language's own name, and its texts.
LANGUAGES: Final = {"en": "English", "pt-BR": "Português"}
_MODULES: Final = {"en": "ui.texts.en", "pt-BR": "ui.texts.pt"}
_CHOSEN = "_language"


def current() -> str:
    """The code of the language, one of `LANGUAGES`."""
    chosen = st.session_state.get(_CHOSEN) if st.runtime.exists() else None
    return str(chosen) if chosen in LANGUAGES else "en"


def module() -> ModuleType:
    """The texts of the language."""
    return importlib.import_module(_MODULES[current()])
