"""Sign-in by OpenID Connect where it is configured, and the door that others stand before.

The rules are those of `core.access`; here they are asked of Streamlit, and told.
"""

import functools
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode

import streamlit as st

from core import access
from core.access import Access, Entry, Provider, Visit
from ui import texts

_LOGGER = logging.getLogger(__name__)
_WANTED_COOKIE = "panel_wanted"
_WANTED_S = 600  # how long somebody may take to sign in and still be led to the page
_WANTED_LONGEST = 2_000  # characters; a browser keeps 4,096 bytes of a cookie (RFC 6265, 6.1)
_PROVIDER_KEYS = ("client_id", "client_secret", "server_metadata_url")
_LED = "_led"

Page = tuple[str, dict[str, list[str]]]  # a page's name and the parameters of its address


def entry(allowed: Access, now: datetime) -> Entry:
    """Whether this session may see anything, and if not, why."""
    visit = Visit.of(_headers())
    if not visit.is_of(_origins()):
        return Entry.FOREIGN
    found = access.entry(allowed, _provider(), _address(), st.user.to_dict(), now, visit)
    if found is Entry.EXPOSED:
        _log_exposed(_address() or "0.0.0.0")  # noqa: S104 - told, not bound
    return found


def find_refusal(allowed: Access, visit: Visit, now: datetime) -> Entry | None:
    """Why a request is not answered at all, whoever sent it; None where it is."""
    if not visit.is_of(_origins()):
        return Entry.FOREIGN
    found = access.entry(allowed, _provider(), _address(), {}, now, visit)
    return found if found in (Entry.PROXIED, Entry.FOREIGN) else None


def email() -> str:
    """The address of whoever is signed in; empty where nobody is."""
    claims = st.user.to_dict()
    return str(claims.get("email", "")) if claims.get("is_logged_in") is True else ""


def show_person() -> None:
    """Who is signed in, with a way out."""
    if email():
        # Plain text: as Markdown an address is a link, and may hold more than an address.
        st.text(str.format(texts.SIGNIN_WHO, email=email()), width="content")
        _sign_out()


def refuse(why: Entry, reason: str, wanted: Page) -> None:
    """Say why nothing is shown, and what can be done.

    Args:
        reason: What is wrong with the settings, where they are not valid.
        wanted: Where to lead whoever signs in now.
    """
    st.title(texts.SIGNIN_TITLE, anchor=False)
    sentence = texts.SIGNIN_REFUSALS[why].format(
        reason=reason, email=email() or texts.SIGNIN_NO_EMAIL,
        address=_address() or texts.SIGNIN_EVERYWHERE,
    )  # fmt: skip
    if why in (Entry.SIGNED_OUT, Entry.EXPIRED):
        st.info(sentence)
        _sign_in()
        st.html(_note(_packed(wanted)), unsafe_allow_javascript=True)
    else:
        st.error(sentence)
        if why in (Entry.UNVERIFIED, Entry.STRANGER):
            _sign_out()


def remembered(names: tuple[str, ...]) -> Page | None:
    """The page that was wanted before the sign-in, which leads to the first page; told once."""
    cookie = st.context.cookies.get(_WANTED_COOKIE) if email() else None
    if not cookie or st.session_state.get(_LED):
        return None
    st.session_state[_LED] = True
    name, _, parameters = unquote(str(cookie)).partition("?")
    return (name, parse_qs(parameters)) if name in names else None


def forget_wanted() -> None:
    """Have the browser forget the page that was wanted, once it is shown."""
    if st.session_state.get(_LED):
        st.html(_note(""), unsafe_allow_javascript=True)


def _provider() -> Provider:
    if not st.secrets.load_if_toml_exists():
        files = map(Path, st.get_option("secrets.files"))
        return Provider.BROKEN if any(file.exists() for file in files) else Provider.ABSENT
    if "auth" not in st.secrets:
        return Provider.ABSENT
    auth = st.secrets["auth"]
    ready = isinstance(auth, Mapping) and _strong(auth) and bool(_names(auth))
    return Provider.READY if ready else Provider.BROKEN


def _strong(auth: Mapping[str, object]) -> bool:
    secret = auth.get("cookie_secret")
    long_enough = isinstance(secret, str) and len(secret) >= access.SECRET_CHARACTERS
    return long_enough and bool(auth.get("redirect_uri"))


def _names(auth: Mapping[str, object]) -> list[str | None]:
    """The configured providers; None for the one that stands in `[auth]` itself."""
    sections: list[tuple[str | None, object]] = [(None, auth), *auth.items()]
    return [
        name for name, section in sections
        if isinstance(section, Mapping) and all(section.get(key) for key in _PROVIDER_KEYS)
    ]  # fmt: skip


def _headers() -> list[tuple[str, str]]:
    """The headers that the session came with; where no server is, those of a local browser."""
    return list(st.context.headers.items()) or [("Host", "localhost")]


def _origins() -> list[str]:
    """Sites other than this server whose pages may use it, which nobody has to allow."""
    allowed: list[str] = st.get_option("server.corsAllowedOrigins")
    return allowed


def _address() -> str | None:
    address: str | None = st.get_option("server.address")
    return address


@functools.cache
def _log_exposed(address: str) -> None:
    _LOGGER.error(
        "The panel listens on %s without sign-in and shows nothing: configure sign-in "
        "(docs/panel.md), start it on 127.0.0.1, or set MRHEALTH_OPEN=1.",
        address,
    )


def _sign_in() -> None:
    for name in _names(st.secrets["auth"]):
        label = texts.SIGNIN_WITH_PROVIDER.format(provider=name) if name else texts.SIGNIN_WITH
        if st.button(label, type="primary", key=f"sign_in_{name or ''}"):
            st.login(name)


def _sign_out() -> None:
    st.button(texts.SIGNIN_OUT, key="sign_out", type="tertiary", on_click=st.logout)


def _packed(wanted: Page) -> str:
    """A page in characters that mean nothing to a script or a cookie."""
    name, parameters = wanted
    packed = quote(f"{name}?{urlencode(parameters, doseq=True)}", safe="")
    return packed if len(packed) <= _WANTED_LONGEST else ""


def _note(packed: str) -> str:
    """The script that has the browser keep the page, or forget it."""
    seconds = _WANTED_S if packed else 0
    return (
        f"<script>document.cookie = '{_WANTED_COOKIE}={packed}; path=/; max-age={seconds}; "
        "samesite=lax'</script>"
    )
