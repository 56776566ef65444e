"""Who may see the panel: the rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import LONGEST, Access, Entry, Provider, Visit, allowed_emails, entry, is_local
from core.errors import SettingsError
from core.settings import Settings

NOW = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
LIST = Access(("ana@example.com", "@trusted.org"))
LOCAL = "127.0.0.1"


def claims(email: object = "ana@example.com", **others: object) -> dict[str, object]:
    """What a provider says of somebody who signed in an hour ago."""
    issued = int((NOW - timedelta(hours=1)).timestamp())
    usual = {"is_logged_in": True, "email": email, "email_verified": True, "iat": issued}
    return {**usual, **others}


def signed_in(**others: object) -> Entry:
    return entry(LIST, Provider.READY, LOCAL, claims(**others), NOW)


@pytest.mark.parametrize(
    "email", ["ana@example.com", "ANA@Example.COM", "anybody@trusted.org", "a.b+c@TRUSTED.org"]
)
def test_listed_addresses_and_domains_may_enter(email: str) -> None:
    assert signed_in(email=email) is Entry.ALLOWED


@pytest.mark.parametrize(
    "email",
    [
        "eve@example.com", "ana@example.com.evil.org", "ana@sub.example.com", "x@sub.trusted.org",
        "x@nottrusted.org", "x@trusted.org@evil.org", "@trusted.org", "trusted.org", "", None, 1,
        "ana@example.com\n", " ana@example.com", "x@trusted.org\u200b", "ana@examp\u217ce.com",
        "\u212aim@trusted.org", ["ana@example.com"],
    ],
)  # fmt: skip
def test_nobody_else_may(email: object) -> None:
    assert signed_in(email=email) is Entry.STRANGER


@given(st.text(), st.text())
def test_no_address_enters_but_by_its_own_domain(name: str, domain: str) -> None:
    inside = signed_in(email=f"{name}@{domain}") is Entry.ALLOWED
    assert inside <= (f"@{domain.lower()}" == "@trusted.org" or domain.lower() == "example.com")


@pytest.mark.parametrize("verified", [False, None, 0, "false", "", "no", 2])
def test_an_address_counts_only_where_it_was_verified(verified: object) -> None:
    assert signed_in(email_verified=verified) is Entry.UNVERIFIED
    without = {key: value for key, value in claims().items() if key != "email_verified"}
    assert entry(LIST, Provider.READY, LOCAL, without, NOW) is Entry.UNVERIFIED


@pytest.mark.parametrize("said", [False, None, "true", 1, "yes"])
def test_who_is_not_signed_in_is_asked_to(said: object) -> None:
    assert signed_in(is_logged_in=said) is Entry.SIGNED_OUT
    assert entry(LIST, Provider.READY, LOCAL, {}, NOW) is Entry.SIGNED_OUT


def test_a_sign_in_ends_with_the_working_day() -> None:
    begun = NOW - LONGEST
    assert signed_in(iat=begun.timestamp()) is Entry.ALLOWED
    assert signed_in(iat=int(begun.timestamp()) - 1) is Entry.EXPIRED


@pytest.mark.parametrize("issued", [None, "now", True, float("nan"), float("-inf"), -(10**30)])
def test_a_sign_in_without_a_time_has_ended(issued: object) -> None:
    assert signed_in(iat=issued) is Entry.EXPIRED


def test_without_a_list_nobody_enters() -> None:
    for forced in (False, True):
        access = Access((), forced)
        assert entry(access, Provider.READY, LOCAL, claims(), NOW) is Entry.NO_LIST


def test_a_list_without_a_sign_in_lets_nobody_in() -> None:
    for forced in (False, True):
        access = Access(LIST.emails, forced)
        assert entry(access, Provider.ABSENT, LOCAL, claims(), NOW) is Entry.NO_PROVIDER


def test_what_cannot_be_read_lets_nobody_in() -> None:
    for access in (LIST, Access(), Access((), forced=True)):
        assert entry(access, Provider.BROKEN, LOCAL, claims(), NOW) is Entry.BROKEN


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_on_its_own_machine_the_panel_is_open(address: str) -> None:
    assert is_local(address)
    assert entry(Access(), Provider.ABSENT, address, {}, NOW) is Entry.ALLOWED


@pytest.mark.parametrize(
    "address",
    [
        None, "", "0.0.0.0", "::", "10.0.0.1", "192.168.1.5", "fe80::1", "2001:db8::1",  # noqa: S104
        "example.com", "localhost.evil.org", "LOCALHOST.", "127.0.0.1.evil.org", "unix:///x",
    ],
)  # fmt: skip
def test_elsewhere_it_is_closed_unless_forced(address: str | None) -> None:
    assert entry(Access(), Provider.ABSENT, address, {}, NOW) is Entry.EXPOSED
    assert entry(Access(), Provider.ABSENT, address, claims(), NOW) is Entry.EXPOSED
    assert entry(Access((), forced=True), Provider.ABSENT, address, {}, NOW) is Entry.ALLOWED


def test_the_settings_say_who_may_enter() -> None:
    assert Settings.from_mapping({}).access == Access()
    text = " Ana@Example.com, @trusted.org ,"
    values = {"MRHEALTH_ALLOWED_EMAILS": text, "MRHEALTH_OPEN": "1"}
    assert Settings.from_mapping(values).access == Access(LIST.emails, forced=True)
    assert not Settings.from_mapping({"MRHEALTH_OPEN": "0"}).access.forced


@pytest.mark.parametrize(
    "text",
    [
        "ana", "@", "*", "@*", "*@example.com@", "ana@", "@example", "a b@example.com", ",", " , ",
        "ana@example.com;eve@example.com", "ana@example.com eve@example.com", "@.com",
        "\u212aim@example.com", "ana@exam\u217cle.com", "Ana <ana@example.com>",
    ],
)  # fmt: skip
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^MRHEALTH_ALLOWED_EMAILS (has|is) .*: use .*\.$"):
        Settings.from_mapping({"MRHEALTH_ALLOWED_EMAILS": text})


@given(st.text())
def test_a_list_is_made_of_addresses_or_refused(text: str) -> None:
    try:
        found = allowed_emails("X", text)
    except SettingsError:
        return
    assert all("@" in each and each.isascii() and each == each.lower() for each in found)
    assert bool(found) == bool(text.strip())


@pytest.mark.parametrize("value", ["yes", "true", "2", " "])
def test_to_force_is_said_by_one_word(value: str) -> None:
    with pytest.raises(SettingsError, match=r"^MRHEALTH_OPEN is .*: use 1, or leave it out\.$"):
        Settings.from_mapping({"MRHEALTH_OPEN": value})


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Host": "localhost:8501"}, Entry.ALLOWED),
        ({"host": "127.0.0.1"}, Entry.ALLOWED),
        ({"Host": "evil.example"}, Entry.FOREIGN),
        ({}, Entry.FOREIGN),
        ({"Host": "[::1"}, Entry.FOREIGN),
        ({"Host": "localhost", "X-Forwarded-Proto": "https"}, Entry.PROXIED),
    ],
)  # fmt: skip
def test_without_sign_in_a_request_has_to_come_from_this_machine(
    headers: dict[str, str], why: Entry
) -> None:
    visit = Visit.of(headers.items())
    assert entry(Access(), Provider.ABSENT, LOCAL, {}, NOW, visit) is why
    assert entry(Access(forced=True), Provider.ABSENT, LOCAL, {}, NOW, visit) is Entry.ALLOWED
    assert entry(LIST, Provider.READY, LOCAL, claims(), NOW, visit) is Entry.ALLOWED


def test_a_page_is_of_this_server_by_name_and_port() -> None:
    def is_own(origin: str | None, host: str = "localhost:8501") -> bool:
        return Visit(host, origin).is_of(["https://trusted.org"])

    assert is_own(None)
    assert is_own("http://LOCALHOST:8501")
    assert is_own("https://trusted.org")
    assert not is_own("http://localhost:8502")
    assert not is_own("http://localhost")
    assert not is_own("null")
    assert not is_own("null", "")
