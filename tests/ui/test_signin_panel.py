"""A session that may not enter the panel sees and does nothing, whichever way it comes."""

import logging
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit import config
from streamlit.testing.v1 import AppTest

from core.access import Entry
from core.operations.runs import RunFilter, RunHistory
from ui.shell import answer_cache, boot, signin
from ui.style.plain import Text
from ui.texts import en

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parent.parent.parent
LOCAL = "127.0.0.1"
AUTH = {
    "redirect_uri": "http://localhost:8501/oauth2callback", "cookie_secret": "s" * 32,
    "client_id": "panel", "client_secret": "x", "server_metadata_url": "http://localhost/x",
}  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MRHEALTH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def everywhere() -> Iterator[None]:
    """A server that listens on all addresses, which is what no address means."""
    config.set_option("server.address", None)
    signin._log_exposed.cache_clear()
    yield
    config.set_option("server.address", LOCAL)


def panel(user: dict[str, Any] | None = None, auth: dict[str, Any] | None = None) -> AppTest:
    answer_cache.forget()
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    if auth is not None:
        app.secrets["auth"] = auth
    if user is not None:
        app.user = user
    return app


def person(email: str = "ana@example.com", **others: object) -> dict[str, Any]:
    """What a provider says of somebody who has signed in just now."""
    issued = int(datetime.now(UTC).timestamp())
    usual = {"is_logged_in": True, "email": email, "email_verified": True, "iat": issued}
    return {**usual, **others}


def closed(app: AppTest) -> bool:
    """Whether nothing of the platform is shown: no page's title, figure, table or button."""
    keys = {button.key.partition("_")[0] for button in app.button if button.key}
    return (
        [title.value for title in app.title] == [en.SIGNIN_TITLE]
        and not app.exception
        and not (app.metric or app.dataframe or app.caption or app.date_input)
        and keys <= {"sign", "language"}
    )


def test_without_configuration_the_panel_on_this_machine_is_open() -> None:
    app = panel().run()
    assert [title.value for title in app.title] == [en.TITLES["overview"]]
    assert "sign_out" not in [button.key for button in app.button]


@pytest.mark.parametrize("page", boot.PAGES)
def test_who_is_not_signed_in_sees_no_page(
    page: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MRHEALTH_ALLOWED_EMAILS", "ana@example.com")
    app = panel({"is_logged_in": False}, AUTH).run()
    assert closed(app)
    assert app.info[0].value == en.SIGNIN_REFUSALS[Entry.SIGNED_OUT]
    app.switch_page(f"pages/{page}.py").run()
    assert closed(app)
    assert not home.exists()


@pytest.mark.parametrize("page", boot.PAGES)
def test_each_page_asks_before_anything_else(page: str) -> None:
    """A page that Streamlit ran alone must not come further than its guard."""
    code = (ROOT / "pages" / f"{page}.py").read_text(encoding="utf-8")
    statements = [line for line in code.splitlines() if line.startswith("boot.")]
    assert statements[0] == f'boot.guard("{page}")'
    assert code.index("boot.guard(") < min(
        code.index(word) for word in ("\ndef ", "boot.show(") if word in code
    )


@pytest.mark.parametrize(
    ("user", "why"),
    [
        (person("eve@example.com"), Entry.STRANGER),
        (person(email_verified=False), Entry.UNVERIFIED),
        (person() | {"iat": 0}, Entry.EXPIRED),
    ],
)
def test_who_may_not_enter_is_told_why(
    user: dict[str, Any], why: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MRHEALTH_ALLOWED_EMAILS", "ana@example.com")
    app = panel(user, AUTH).run()
    assert closed(app)
    (told,) = [element.value for element in (*app.info, *app.error)]
    assert told == Text(en.SIGNIN_REFUSALS[why]).format(email=user["email"])
    expected = "sign_in_" if why is Entry.EXPIRED else "sign_out"
    assert expected in [button.key for button in app.button]


def test_who_is_allowed_sees_the_pages_and_who_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MRHEALTH_ALLOWED_EMAILS", "@example.com")
    app = panel(person(), AUTH).run()
    assert [title.value for title in app.title] == [en.TITLES["overview"]]
    assert [text.value for text in app.text] == ["Signed in as ana@example.com"]
    app.button(key="sign_out").click().run()
    assert closed(app)


def test_a_run_is_noted_with_who_started_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MRHEALTH_ALLOWED_EMAILS", "@example.com")
    app = panel(person(), AUTH).run()
    app.switch_page("pages/rebuild.py").run()
    app.button(key="rebuild_all").click().run()
    history = RunHistory(home / "runs.sqlite", lambda: datetime.now(UTC))
    assert [run.who for run in history.list_recent(5)] == ["panel ana@example.com"]
    assert len(history.search(RunFilter(who=("panel",)), 5)) == 1
    assert not history.search(RunFilter(who=("script", "pan", "panel ana@example.com")), 5)


@pytest.mark.parametrize(
    "user", [{"is_logged_in": False}, person("eve@example.com"), person() | {"iat": 0}, {}]
)
def test_a_button_that_is_still_shown_does_nothing_for_one_who_may_not(
    user: dict[str, Any], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A button's action comes before the page that would refuse."""
    monkeypatch.setenv("MRHEALTH_ALLOWED_EMAILS", "ana@example.com")
    app = panel(person(), AUTH).run()
    app.switch_page("pages/rebuild.py").run()
    app.user = user
    app.button(key="rebuild_all").click().run()
    assert closed(app)
    history = RunHistory(home / "runs.sqlite", lambda: datetime.now(UTC))
    assert not history.list_recent(5)


@pytest.mark.parametrize(
    "change",
    [
        {"cookie_secret": "s" * 31}, {"cookie_secret": None}, {"redirect_uri": ""},
        {"client_id": ""}, {"client_secret": ""}, {"server_metadata_url": ""},
    ],
)  # fmt: skip
def test_a_sign_in_that_is_half_configured_lets_nobody_in(
    change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MRHEALTH_ALLOWED_EMAILS", "ana@example.com")
    app = panel(person(), {**AUTH, **change}).run()
    assert closed(app)
    assert app.error[0].value == en.SIGNIN_REFUSALS[Entry.BROKEN]


def test_secrets_that_cannot_be_read_let_nobody_in(tmp_path: Path) -> None:
    broken = tmp_path / "secrets.toml"
    broken.write_text("[auth\n", encoding="utf-8")
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(broken.read_text(encoding="utf-8"))
    before = config.get_option("secrets.files")
    config.set_option("secrets.files", [str(broken)])
    try:
        app = panel().run()
    finally:
        config.set_option("secrets.files", before)
    assert closed(app)
    assert app.error[0].value == en.SIGNIN_REFUSALS[Entry.BROKEN]


def test_each_named_provider_has_its_button(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MRHEALTH_ALLOWED_EMAILS", "ana@example.com")
    shared = {key: AUTH[key] for key in ("redirect_uri", "cookie_secret")}
    named = {key: AUTH[key] for key in ("client_id", "client_secret", "server_metadata_url")}
    app = panel({"is_logged_in": False}, {**shared, "google": named, "okta": named}).run()
    labels = [button.label for button in app.button if (button.key or "").startswith("sign_in")]
    assert labels == ["Sign in with google", "Sign in with okta"]


@pytest.mark.usefixtures("everywhere")
def test_beyond_this_machine_nothing_is_shown_without_sign_in(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        app = panel().run()
        assert closed(app)
        (error,) = app.error
        for word in ("all of this machine's addresses", "`[auth]`", "`MRHEALTH_OPEN=1`"):
            assert word in error.value
    logged = [record for record in caplog.records if record.name == "ui.shell.signin"]
    assert [record.levelno for record in logged] == [logging.ERROR]
    assert not home.exists()


@pytest.mark.usefixtures("everywhere")
def test_beyond_this_machine_the_panel_can_be_forced_or_signed_in_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MRHEALTH_ALLOWED_EMAILS", "ana@example.com")
    assert panel(person(), AUTH).run().title[0].value == en.TITLES["overview"]
    monkeypatch.delenv("MRHEALTH_ALLOWED_EMAILS")
    monkeypatch.setenv("MRHEALTH_OPEN", "1")
    assert panel().run().title[0].value == en.TITLES["overview"]


@given(
    st.sampled_from(boot.PAGES),
    st.dictionaries(st.text(min_size=1), st.lists(st.text(min_size=1), min_size=1, max_size=3)),
)
def test_a_page_to_be_led_to_is_written_harmlessly(
    name: str, parameters: dict[str, list[str]]
) -> None:
    """Parameters are anybody's text: none of it may end the script or the cookie."""
    packed = signin._packed((name, parameters))
    assert set(packed) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%")
    assert len(packed) <= 2_000


LIVE = """
import streamlit as st
from ui.shell import live

st.session_state["runs"] = st.session_state.get("runs", 0) + 1
if st.session_state["runs"] == 1:
    live._watched(lambda: st.text("inside"), live._stamp())
else:
    st.text("at the door")
"""


@pytest.mark.parametrize(
    ("user", "where"),
    [
        (person(), "inside"), (person() | {"iat": 0}, "at the door"),
        ({"is_logged_in": False}, "at the door"),
    ],
)  # fmt: skip
def test_the_live_part_of_a_page_ends_with_the_sign_in(
    user: dict[str, Any], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is drawn again and again without the page around it, which asked at first."""
    monkeypatch.setenv("MRHEALTH_ALLOWED_EMAILS", "ana@example.com")
    app = AppTest.from_string(LIVE, default_timeout=30)
    app.secrets["auth"] = AUTH
    app.user = user
    app.run()
    assert [text.value for text in app.text] == [where]


DOWNLOAD = """
import streamlit as st
from core.errors import PlatformError
from ui.shell import actions, session

presses = actions.Presses()
actions._hand_over(presses, session.home_text)
try:
    st.text(presses.file(str.encode).decode())
except PlatformError as error:
    st.text(str(error))
"""


@pytest.mark.parametrize(
    ("user", "given"),
    [
        (person(), "home"), (person() | {"iat": 0}, "The press of the button was refused."),
        ({"is_logged_in": False}, "The press of the button was refused."),
    ],
)  # fmt: skip
def test_a_file_is_made_for_nobody_whose_sign_in_is_over(
    user: dict[str, Any], given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MRHEALTH_ALLOWED_EMAILS", "ana@example.com")
    app = AppTest.from_string(DOWNLOAD, default_timeout=30)
    app.secrets["auth"] = AUTH
    app.user = user
    app.run()
    assert [text.value for text in app.text] == [given]


def test_a_wrong_setting_is_named_at_the_door_and_told_in_the_log_without_its_secrets(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MRHEALTH_AIRFLOW_URL", "https://panel:s3cret@airflow.example.com?key=k3y")
    boot._log_wrong.cache_clear()
    app = panel().run()
    assert closed(app)
    (said,) = app.error
    assert "MRHEALTH\\_AIRFLOW" not in said.value
    assert "MRHEALTH_AIRFLOW_URL" in said.value
    assert "airflow.example.com" not in said.value
    (logged,) = [record.getMessage() for record in caplog.records if record.name == "ui.shell.boot"]
    assert "https://***@airflow.example.com?***" in logged
    assert "s3cret" not in logged + said.value
    assert "k3y" not in logged
