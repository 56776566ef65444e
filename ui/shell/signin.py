"""Sign-in by OpenID Connect, if configured, and its refusals; `core.access` has the rules."""

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
_WANTED_S = 600  # time to sign in and still be led to the page
_WANTED_LONGEST = 2_000  # characters; a browser keeps 4,096 bytes of a cookie (RFC 6265, 6.1)
_PROVIDER_KEYS = ("client_id", "client_secret", "server_metadata_url")
_LED = "_led"

Page = tuple[str, dict[str, list[str]]]  # a page's name and the parameters of its address


def entry(allowed: Access, now: datetime) -> Entry:
    """Decide whether this session may enter, and if not, why."""
    visit = Visit.of(_headers())
    if not visit.is_of(_origins()):
        return Entry.FOREIGN
    found = access.entry(allowed, _provider(), _address(), st.user.to_dict(), now, visit)
    if found is Entry.EXPOSED:
        _log_exposed(_address() or "0.0.0.0")  # noqa: S104 - logged, not bound
    return found


def find_refusal(allowed: Access, visit: Visit, now: datetime) -> Entry | None:
    """Return why the server refuses a request of any viewer; None if it does not."""
    if not visit.is_of(_origins()):
        return Entry.FOREIGN
    found = access.entry(allowed, _provider(), _address(), {}, now, visit)
    return found if found in (Entry.PROXIED, Entry.FOREIGN) else None


def email() -> str:
    """Return the address of the signed-in person; empty if none is."""
    claims = st.user.to_dict()
    return str(claims.get("email", "")) if claims.get("is_logged_in") is True else ""


def show_person() -> None:
    """Show who is signed in, and the button to sign out."""
    if email():
        # Plain text: Markdown would make an address a link, and it may hold other Markdown.
        st.text(str.format(texts.SIGNIN_WHO, email=email()), width="content")
        _sign_out()


def refuse(why: Entry, reason: str, wanted: Page) -> None:
    """Say why the panel shows nothing, and what to do.

    Args:
        reason: Why the settings are not valid, if they are not.
        wanted: The page to show after the sign-in.
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
    """Return once the page requested before the sign-in, which itself leads to the first page."""
    cookie = st.context.cookies.get(_WANTED_COOKIE) if email() else None
    if not cookie or st.session_state.get(_LED):
        return None
    st.session_state[_LED] = True
    name, _, parameters = unquote(str(cookie)).partition("?")
    return (name, parse_qs(parameters)) if name in names else None


def forget_wanted() -> None:
    """Have the browser forget the requested page once it is shown."""
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
    """Return the configured providers; None for the one in `[auth]` itself."""
    sections: list[tuple[str | None, object]] = [(None, auth), *auth.items()]
    return [
        name for name, section in sections
        if isinstance(section, Mapping) and all(section.get(key) for key in _PROVIDER_KEYS)
    ]  # fmt: skip


def _headers() -> list[tuple[str, str]]:
    """Return the session's headers; without a server those of a local browser."""
    return list(st.context.headers.items()) or [("Host", "localhost")]


def _origins() -> list[str]:
    """Return the other sites whose pages may use this server; usually none."""
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
    """Encode a page in characters that are safe in a script and a cookie."""
    name, parameters = wanted
    packed = quote(f"{name}?{urlencode(parameters, doseq=True)}", safe="")
    return packed if len(packed) <= _WANTED_LONGEST else ""


def _note(packed: str) -> str:
    """Return the script that has the browser keep the page, or forget it."""
    seconds = _WANTED_S if packed else 0
    return (
        f"<script>document.cookie = '{_WANTED_COOKIE}={packed}; path=/; max-age={seconds}; "
        "samesite=lax'</script>"
    )
