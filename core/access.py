"""Decide who may see the panel: the allowed addresses, and what a sign-in must prove.

An empty list admits no one, and an address counts only if the provider says that it is verified.
"""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from core.errors import SettingsError
from core.messages import message

LONGEST = timedelta(hours=12)  # a working day; then people sign in again
# Streamlit signs its cookie by HMAC with SHA-256, whose key RFC 2104 (section 3) wants as long as
# the hash: 32 bytes. An attacker who guesses a shorter one can sign in as any person.
SECRET_CHARACTERS = 32

_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
# Headers of proxies, besides `X-Forwarded-*` (RFC 7239, RFC 9110, section 7.6.3).
_PASSED_ON = {"forwarded", "via", "x-real-ip", "x-original-host", "cf-connecting-ip"}
_HOST = re.compile(r"(\[[0-9A-Fa-f:]+\]|[0-9A-Za-z.-]+)(?::[0-9]{1,5})?")
_ENTRY = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{0,64}}@{_DOMAIN}")


class Provider(StrEnum):
    """Whether sign-in is configured: not at all, correctly, or with invalid secrets."""

    ABSENT = "absent"
    READY = "ready"
    BROKEN = "broken"


class Entry(StrEnum):
    """Whether a person may enter, or why not."""

    ALLOWED = "allowed"
    WRONG_SETTINGS = "wrong settings"
    EXPOSED = "exposed"
    PROXIED = "proxied"
    FOREIGN = "foreign"
    NO_PROVIDER = "no provider"
    BROKEN = "broken"
    NO_LIST = "no list"
    SIGNED_OUT = "signed out"
    EXPIRED = "expired"
    UNVERIFIED = "unverified"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Visit:
    """How a browser reached the server, by the headers of its request.

    Attributes:
        host: The name and port of the server.
        origin: The site of the page that sent the request; None if no page did.
        proxied: Whether a proxy forwarded the request.
    """

    host: str = "localhost"
    origin: str | None = None
    proxied: bool = False

    @classmethod
    def of(cls, headers: Iterable[tuple[str, str]]) -> "Visit":
        """The visit of a request with these headers."""
        found = {name.lower(): value for name, value in headers}
        passed_on = any(name in _PASSED_ON or name.startswith("x-forwarded") for name in found)
        return cls(found.get("host", ""), found.get("origin"), passed_on)

    def is_of(self, origins: Iterable[str]) -> bool:
        """Whether the request comes from a page of this server or of these origins, or no page."""
        if self.origin is None or self.origin in origins:
            return True
        return urlsplit(self.origin).netloc.lower() == self.host.lower() != ""

    def is_by_local_name(self) -> bool:
        """Whether the host is a name such as `localhost`, which always means this machine."""
        named = _HOST.fullmatch(self.host)
        return named is not None and is_local(named[1].lower())


@dataclass(frozen=True, slots=True)
class Access:
    """Who is allowed: addresses, and domains such as `@example.com`, in lower case.

    `forced` admits anyone who reaches a panel without sign-in, wherever it listens.
    """

    emails: tuple[str, ...] = ()
    forced: bool = False


def allowed_emails(variable: str, text: str) -> tuple[str, ...]:
    """Parse a list of entries separated by commas.

    Raises:
        SettingsError: An entry is neither an address nor a domain.
    """
    entries = tuple(entry.strip() for entry in text.split(",") if entry.strip())
    for entry in entries:
        if not entry.isascii() or not _ENTRY.fullmatch(entry.lower()):
            raise SettingsError(message("settings.emails", variable=variable, entry=entry))
    if text.strip() and not entries:
        raise SettingsError(message("settings.email", variable=variable, text=text))
    return tuple(entry.lower() for entry in entries)


def is_local(address: str | None) -> bool:
    """Whether only its own machine can reach a server at that address.

    None and the empty text mean all addresses of the machine, as for Streamlit.
    """
    try:
        return ipaddress.ip_address((address or "").strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"


def entry(
    access: Access,
    provider: Provider,
    address: str | None,
    claims: Mapping[str, object],
    now: datetime,
    visit: Visit = Visit(),
) -> Entry:
    """Decide whether a person may enter at the aware moment `now`.

    Args:
        address: Where the server listens.
        visit: How the request arrived; this decides when there is no sign-in.
        claims: The provider's claims about the person, and `is_logged_in`
            (openid.net/specs/openid-connect-core-1_0.html, sections 2 and 5.1).
    """
    if provider is Provider.BROKEN:
        return Entry.BROKEN
    if provider is Provider.ABSENT:
        if access.emails:  # sign-in was intended, and is not configured
            return Entry.NO_PROVIDER
        return Entry.ALLOWED if access.forced else _admit_local(address, visit)
    if not access.emails:
        return Entry.NO_LIST
    return _person(access, claims, now)


def _admit_local(address: str | None, visit: Visit) -> Entry:
    """Whether a request comes from a browser on this machine, which needs no sign-in.

    Another site's name may resolve to this machine (DNS rebinding), and a proxy on this machine
    forwards requests of others.
    """
    if not is_local(address):
        return Entry.EXPOSED
    if visit.proxied:
        return Entry.PROXIED
    return Entry.ALLOWED if visit.is_by_local_name() else Entry.FOREIGN


def _person(access: Access, claims: Mapping[str, object], now: datetime) -> Entry:
    if claims.get("is_logged_in") is not True:
        return Entry.SIGNED_OUT
    if not _fresh(claims.get("iat"), now):
        return Entry.EXPIRED
    if claims.get("email_verified") not in (True, "true"):  # a text from Amazon Cognito
        return Entry.UNVERIFIED
    return Entry.ALLOWED if _is_listed(access, claims.get("email")) else Entry.STRANGER


def _fresh(issued: object, now: datetime) -> bool:
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return False
    return now - LONGEST <= _moment(issued)


def _moment(seconds: float) -> datetime:
    """A moment of the claims; the earliest moment if it is not valid."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.min.replace(tzinfo=UTC)


def _is_listed(access: Access, email: object) -> bool:
    """Refuses letters outside ASCII: some change in lower case (U+212A becomes a k)."""
    if not isinstance(email, str) or not email.isascii():
        return False
    name, _, domain = email.lower().rpartition("@")
    return bool(name) and ({f"{name}@{domain}", f"@{domain}"} & set(access.emails) != set())
