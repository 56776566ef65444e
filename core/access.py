"""Who may see the panel: the addresses that are allowed, and what is asked of a sign-in.

Whatever is not said is refused: no list lets nobody in, and an address counts only where the
provider says that it was verified.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from core.errors import SettingsError

LONGEST = timedelta(hours=12)  # a working day; then the provider is asked again
# Streamlit signs its cookie by HMAC with SHA-256, whose key RFC 2104 (section 3) wants as long as
# the hash: 32 bytes. A shorter text can be guessed, and who guesses it signs in as anybody.
SECRET_CHARACTERS = 32

_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
_ENTRY = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{0,64}}@{_DOMAIN}")


class Provider(StrEnum):
    """Whether people can sign in: not at all, with these secrets, or not with these."""

    ABSENT = "absent"
    READY = "ready"
    BROKEN = "broken"


class Entry(StrEnum):
    """Whether somebody may enter, else why not."""

    ALLOWED = "allowed"
    WRONG_SETTINGS = "wrong settings"
    EXPOSED = "exposed"
    NO_PROVIDER = "no provider"
    BROKEN = "broken"
    NO_LIST = "no list"
    SIGNED_OUT = "signed out"
    EXPIRED = "expired"
    UNVERIFIED = "unverified"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Access:
    """Who is allowed.

    Attributes:
        emails: Addresses such as `ana@example.com`, and domains such as `@example.com`, lower case.
        forced: Everybody who reaches the panel may use it, wherever it listens.
    """

    emails: tuple[str, ...] = ()
    forced: bool = False


def allowed_emails(variable: str, text: str) -> tuple[str, ...]:
    """The entries of a list that commas part.

    Raises:
        SettingsError: One is neither an address nor a domain.
    """
    entries = tuple(entry.strip() for entry in text.split(",") if entry.strip())
    for entry in entries:
        if not entry.isascii() or not _ENTRY.fullmatch(entry.lower()):
            raise SettingsError(
                f"{variable} has {entry!r}: use addresses such as ana@example.com and domains "
                "such as @example.com, with commas between them."
            )
    if text.strip() and not entries:
        raise SettingsError(f"{variable} is {text!r}: use an address such as ana@example.com.")
    return tuple(entry.lower() for entry in entries)


def is_local(address: str | None) -> bool:
    """Whether a server at that address is reached from its own machine alone.

    None and the empty text are all addresses of the machine, as for Streamlit.
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
) -> Entry:
    """Whether somebody may enter.

    Args:
        address: Where the server listens.
        claims: What the provider says of who is signed in, with `is_logged_in` beside it
            (openid.net/specs/openid-connect-core-1_0.html, sections 2 and 5.1).
        now: An aware moment.
    """
    if provider is Provider.BROKEN:
        return Entry.BROKEN
    if provider is Provider.ABSENT:
        if access.emails:  # somebody meant sign-in, and it is not there
            return Entry.NO_PROVIDER
        return Entry.ALLOWED if access.forced or is_local(address) else Entry.EXPOSED
    if not access.emails:
        return Entry.NO_LIST
    return _person(access, claims, now)


def _person(access: Access, claims: Mapping[str, object], now: datetime) -> Entry:
    if claims.get("is_logged_in") is not True:
        return Entry.SIGNED_OUT
    if not _fresh(claims.get("iat"), now):
        return Entry.EXPIRED
    if claims.get("email_verified") not in (True, "true"):  # a text from Amazon Cognito
        return Entry.UNVERIFIED
    return Entry.ALLOWED if _listed(access, claims.get("email")) else Entry.STRANGER


def _fresh(issued: object, now: datetime) -> bool:
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return False
    return now - LONGEST <= _moment(issued)


def _moment(seconds: float) -> datetime:
    """A moment of the claims; the beginning of time where it cannot be one."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.min.replace(tzinfo=UTC)


def _listed(access: Access, email: object) -> bool:
    """Letters outside ASCII are refused: some become others in lower case (U+212A is a k)."""
    if not isinstance(email, str) or not email.isascii():
        return False
    name, _, domain = email.lower().rpartition("@")
    return bool(name) and ({f"{name}@{domain}", f"@{domain}"} & set(access.emails) != set())
