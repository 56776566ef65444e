"""Sign-in, and its refusals."""

from core.access import Entry

SIGNIN_TITLE = "MR. Health"
SIGNIN_WITH = "Sign in"
SIGNIN_WITH_PROVIDER = "Sign in with {provider}"
SIGNIN_OUT = "Sign out"
SIGNIN_WHO = "Signed in as {email}"
SIGNIN_REFUSALS = {
    Entry.WRONG_SETTINGS: (
        "The panel shows nothing until this setting is valid: {reason}. The server's log says what "
        "is wrong with it."
    ),
    Entry.EXPOSED: (
        "This panel listens on {address} without sign-in, so everybody who reaches that address "
        "could see and change all data; it shows nothing until you configure sign-in "
        "(`[auth]` in `.streamlit/secrets.toml` with `MRHEALTH_ALLOWED_EMAILS`), start it on "
        "127.0.0.1, or force it with `MRHEALTH_OPEN=1`: docs/panel.md says how."
    ),
    Entry.PROXIED: (
        "This request came through a proxy, so others may reach the panel, not this machine's own "
        "browser alone; it shows nothing until you configure sign-in (`[auth]` in "
        "`.streamlit/secrets.toml` with `MRHEALTH_ALLOWED_EMAILS`), or force it with "
        "`MRHEALTH_OPEN=1` where the proxy has asked people already: docs/panel.md says how."
    ),
    Entry.FOREIGN: (
        "This request came by another name than this machine's own, or from a page of another "
        "site, so the panel shows nothing: open http://127.0.0.1 with the panel's port, or see "
        "docs/panel.md."
    ),
    Entry.NO_PROVIDER: (
        "`MRHEALTH_ALLOWED_EMAILS` says who may sign in, and there is nothing to sign in with: add "
        "`[auth]` to `.streamlit/secrets.toml` (docs/panel.md), or unset it, and start the panel "
        "again."
    ),
    Entry.BROKEN: (
        "Sign-in is not configured as it must be, so nobody is let in: `.streamlit/secrets.toml` "
        "has to be readable, and its `[auth]` needs a `redirect_uri`, a random `cookie_secret` of "
        "at least 32 characters and a provider; docs/panel.md has an example."
    ),
    Entry.NO_LIST: (
        "Sign-in is configured, but nobody is allowed in: set `MRHEALTH_ALLOWED_EMAILS` to "
        "addresses such as ana@example.com or domains such as @example.com, and start the panel "
        "again."
    ),
    Entry.SIGNED_OUT: "Sign in to see the panel.",
    Entry.EXPIRED: "Your sign-in is more than 12 hours old: sign in again.",
    Entry.UNVERIFIED: (
        "The sign-in provider does not say that the address {email} is verified, so it cannot be "
        "let in: verify it there, then sign in again."
    ),
    Entry.STRANGER: (
        "{email} is not among those who may see this panel: sign out and use another address, or "
        "ask whoever runs it to add yours to `MRHEALTH_ALLOWED_EMAILS`."
    ),
}
SIGNIN_EVERYWHERE = "all of this machine's addresses"
SIGNIN_NO_EMAIL = "(none)"
