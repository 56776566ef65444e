"""How a session boots, and how each page ensures that it did.

Before `app.py` has run in the server, Streamlit itself serves a deep link's page, unconfigured. So
a page of a new session stores its address and switches to `app.py`, which switches back.
"""

import functools
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.access import Entry
from core.errors import SettingsError
from core.settings import variables_in
from ui import texts
from ui.shell import bell, dialogs, embedded_schedule, error_boundary, language, session, signin
from ui.style import theme
from ui.style.plain import plain

PAGES = (
    "overview", "generate", "bronze", "rebuild", "schedule", "storage", "runs", "scenarios",
    "usage", "diagnostics",
)  # fmt: skip
ICON = Path(__file__).parent.parent / "assets" / "icon.svg"

_LOGGER = logging.getLogger(__name__)
_BOOTED = "_booted"
_WANTED = "_wanted"
_PAGE = "_page"
_ARRIVED = "_arrived"


def run() -> None:
    """Boot the session, then run the requested page, or say why the viewer has no access."""
    language.settle()
    st.set_page_config(page_title=texts.APP, page_icon=ICON, layout="wide")
    st.logo(ICON, size="large")
    entry, reason = _entry()
    pages = _pages()
    inside = entry is Entry.ALLOWED
    named = _at_its_name(pages[PAGES[0]])
    page = st.navigation([*pages.values(), named], position="top" if inside else "hidden")
    st.session_state[_BOOTED] = inside
    if inside:
        embedded_schedule.restart_calls()
        st.set_page_config(page_title=f"{page.title} · {texts.APP}")
        _lead(pages)
        page.run()
        signin.forget_wanted()
    else:
        st.html(theme.style_sheet())
        asked = (page.url_path or PAGES[0], _parameters())
        name, parameters = st.session_state.setdefault(_WANTED, asked)
        signin.refuse(entry, reason, (name, {**parameters, **language.parameters()}))
        _switch_language()
    st.html(language.document_script(), unsafe_allow_javascript=True)


def _pages() -> dict[str, StreamlitPage]:
    """Return each page by its name; the first one is at the root."""
    first, *rest = PAGES
    return {
        # The root has no name; this one must differ from that of `_at_its_name`.
        first: st.Page(
            f"pages/{first}.py", title=texts.TITLES[first], url_path="first", default=True
        ),
        **{
            name: st.Page(f"pages/{name}.py", title=texts.TITLES[name], url_path=name)
            for name in rest
        },
    }


def _at_its_name(first: StreamlitPage) -> StreamlitPage:
    """Return the page at the first page's name in the address, which leads to the root."""

    def lead() -> None:
        st.switch_page(first, query_params=_parameters())

    return st.Page(lead, title=texts.TITLES[PAGES[0]], url_path=PAGES[0], visibility="hidden")


def _entry() -> tuple[Entry, str]:
    """Decide whether the session may enter; invalid settings are a reason against it."""
    try:
        return signin.entry(session.settings().access, session.now()), ""
    except SettingsError as error:
        _log_wrong(str(error))
        return Entry.WRONG_SETTINGS, ", ".join(variables_in(str(error)))


@functools.cache  # once, not for each viewer
def _log_wrong(sentence: str) -> None:
    _LOGGER.error("The panel shows nothing: %s", sentence)


def _lead(pages: Mapping[str, StreamlitPage]) -> None:
    """Switch to the page that the viewer requested before the session booted or signed in."""
    wanted = st.session_state.pop(_WANTED, None) or signin.remembered(PAGES)
    if wanted:
        name, parameters = wanted
        st.switch_page(pages[name], query_params=parameters)


def has_arrived() -> bool:
    """Whether the viewer has just opened this page."""
    return bool(st.session_state.get(_ARRIVED))


def come_again(parameters: Mapping[str, str]) -> NoReturn:
    """Run the present page again with more parameters in its address."""
    st.switch_page(
        f"pages/{st.session_state[_PAGE]}.py", query_params={**_parameters(), **parameters}
    )


def guard(name: str) -> None:
    """The first call of a page: leave it if the session has not booted or may not enter."""
    language.settle()
    if not st.session_state.get(_BOOTED) or not session.is_permitted():
        st.session_state[_WANTED] = (name, _parameters())
        st.switch_page("app.py")


def _parameters() -> dict[str, list[str]]:
    """Return the parameters in the page's address, each with all of its values."""
    return {key: st.query_params.get_all(key) for key in st.query_params}


def show(name: str, body: Callable[[], None]) -> None:
    """Draw a page: its title, the place that it changes, and its body."""
    st.session_state[_ARRIVED] = st.session_state.get(_PAGE) != name
    st.session_state[_PAGE] = name
    st.html(theme.style_sheet())
    with error_boundary.show_errors("page"):
        with st.container(horizontal=True, vertical_alignment="center", key="page_header"):
            st.title(texts.TITLES[name], anchor=False, width="content")
            _badge()
            bell.draw()
            _switch_language()
            signin.show_person()
        st.caption(texts.SUBTITLES[name])
        notice = session.take_notice()
        if notice:
            st.warning(plain(notice))
        dialogs.open_waiting()
        body()


def _switch_language() -> None:
    """Draw a button for each other language, named in that language."""
    for code, name in language.LANGUAGES.items():
        if code != language.current():
            st.button(
                plain(name), key=f"language_{code}", type="tertiary", on_click=language.choose,
                args=(code,), help=plain(language.load_texts(code).SWITCH_HELP),
            )  # fmt: skip


def _badge() -> None:
    """Show what the page changes: a folder, or a project with its bucket and datasets."""
    settings = session.settings()
    cloud = settings.cloud
    if cloud is None:
        st.badge(
            texts.LOCAL.format(folder=session.home_text()), color="green", help=texts.LOCAL_HELP
        )
        return
    place = texts.CLOUD.format(
        project=cloud.project, bucket=cloud.bucket, prefix=settings.dataset_prefix
    )
    st.badge(
        texts.EMULATED.format(place=place) if cloud.storage_host else place,
        color="violet" if cloud.storage_host else "blue",
        help=texts.CLOUD_HELP.format(place=place, folder=session.home_text()),
    )
