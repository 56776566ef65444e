"""The panel in the viewer's language: that of the browser, or the one that was chosen."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import pipeline
from core.platform import Platform
from core.reconcile.compare import Verdict
from core.settings import Settings
from core.storage.publish import Request
from tests.support.scenes import DAY
from ui.shell import answer_cache, boot, language
from ui.texts import en, pt

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MRHEALTH_HOME", str(tmp_path / "home"))
    return Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(tmp_path / "home")}))


def opened(locale: str | None = None, **parameters: str) -> AppTest:
    """The panel's first page in a browser of that language."""
    answer_cache.forget()
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    if locale:
        app.context["locale"] = locale
    app.query_params.update(parameters)
    app.run()
    assert not app.exception
    return app


def gone_to(app: AppTest, page: str, **parameters: str) -> AppTest:
    """Another page; the address keeps nothing but what the page's own link says."""
    app.switch_page(f"pages/{page}.py")
    app.query_params.clear()
    app.query_params.update(parameters)
    app.run()
    assert not app.exception
    return app


def asked(app: AppTest, parameter: str) -> str:
    """A parameter of the address; a test's own are texts, those of a page lists of one."""
    value = app.query_params[parameter]
    return value if isinstance(value, str) else str(value[0])


def title(app: AppTest) -> str:
    return str(app.title[0].value)


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("pt-BR", pt), ("pt", pt), ("PT-pt", pt), ("en-US", en), ("en", en), ("de-DE", en),
        ("ptx", en), ("", en), (None, en),
    ],
)  # fmt: skip
def test_the_browsers_language_is_the_panels(locale: str | None, shown: object) -> None:
    app = opened(locale)
    assert title(app) == getattr(shown, "TITLES")["overview"]  # noqa: B009 - one of two modules
    assert "lang" not in app.query_params


def test_the_address_comes_before_the_browser() -> None:
    assert title(opened("en-US", lang="pt-BR")) == pt.TITLES["overview"]
    assert title(opened("pt-BR", lang="en")) == en.TITLES["overview"]


@pytest.mark.parametrize("wrong", ["fr", "", "pt_BR'>", "<script>"])
def test_a_language_that_nobody_knows_is_the_browsers(wrong: str) -> None:
    app = opened("pt-BR", lang=wrong)
    assert title(app) == pt.TITLES["overview"]
    scripts = [html.proto.body for html in app.get("html") if "script" in html.proto.body]
    assert len(scripts) == 1
    assert "document.documentElement.lang = 'pt-BR'" in scripts[0]


def test_the_switch_shows_the_other_language_and_stands_in_the_address() -> None:
    app = opened("en-US")
    app.button(key="language_pt-BR").click().run()
    assert title(app) == pt.TITLES["overview"]
    assert asked(app, "lang") == "pt-BR"
    gone_to(app, "bronze")
    assert title(app) == pt.TITLES["bronze"]
    assert asked(app, "lang") == "pt-BR"
    app.button(key="language_en").click().run()
    assert title(app) == en.TITLES["bronze"]
    assert asked(app, "lang") == "en"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("filled") / "home"
    platform = Platform.of(Settings.from_mapping({"MRHEALTH_HOME": str(home)}))
    request = Request((DAY,), platform.catalog.windows[:2], (1, 2))
    pipeline.upload(platform, request, datetime.now(UTC))
    pipeline.rebuild(platform)
    return home


@pytest.mark.parametrize("page", boot.PAGES)
def test_each_page_is_there_in_portuguese(
    page: str, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MRHEALTH_HOME", str(filled))
    app = opened(lang="pt-BR", day=DAY.isoformat())
    if page != "overview":
        gone_to(app, page, lang="pt-BR", day=DAY.isoformat())
    assert title(app) == pt.TITLES[page]
    assert not app.error
    said = [str(element.value) for kind in (app.caption, app.subheader, app.info, app.markdown)
            for element in kind]  # fmt: skip
    english = {text for text in vars(en).values() if isinstance(text, str) and " " in text}
    assert english.isdisjoint(said)


def test_states_and_windows_are_in_portuguese(platform: Platform) -> None:
    request = Request((DAY,), platform.catalog.windows[:1], (1, 2))
    pipeline.upload(platform, request, datetime.now(UTC))
    app = opened("pt-BR", day=DAY.isoformat(), sim_units="2")
    shown = [str(element.value) for element in (*app.markdown, *app.caption)]
    assert any(f"✓ {pt.VERDICTS[Verdict.IN_BRONZE]}" in text for text in shown)
    assert "Abertura da manhã" in shown
    assert not any("Morning" in text or "in Bronze" in text for text in shown)


MOMENTS = """
from datetime import UTC, datetime, timedelta
import streamlit as st
from ui.shell import language
from ui.style import relative_time

language.settle()
now = datetime(2026, 2, 1, tzinfo=UTC)
for minutes in (0, 5, 120, 1440, 9 * 1440):
    length = timedelta(minutes=minutes)
    st.text(relative_time.age(now - length, now))
    st.text(relative_time.until(now + length, now))
"""


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-US", ["just now", "now", "5 min ago", "in 5 min", "2 h ago", "in 2 h", "1 day ago",
                   "in 1 day", "9 days ago", "in 9 days"]),
        ("pt-BR", ["agora mesmo", "agora", "há 5 min", "em 5 min", "há 2 h", "em 2 h", "há 1 dia",
                   "em 1 dia", "há 9 dias", "em 9 dias"]),
    ],
)  # fmt: skip
def test_moments_are_told_in_the_viewers_language(locale: str, said: list[str]) -> None:
    app = AppTest.from_string(MOMENTS)
    app.context["locale"] = locale
    assert [text.value for text in app.run().text] == said


def test_outside_of_a_page_the_texts_are_english() -> None:
    assert language.current() == "en"
    assert language.load_texts() is en
