"""Values from addresses, files and names are shown as they are, whatever Markdown they contain."""

import ast
from pathlib import Path

import pytest

from tests.support.panel_markdown import raw
from ui import texts
from ui.style.plain import Text, in_chart, plain

ROOT = Path(__file__).parent.parent.parent
PANEL = sorted([*ROOT.glob("pages/*.py"), *ROOT.glob("ui/**/*.py")])


@pytest.mark.parametrize("path", PANEL, ids=lambda path: path.name)
def test_each_text_of_the_panel_takes_the_meaning_from_its_values(path: Path) -> None:
    found = list(raw(ast.parse(path.read_text(encoding="utf-8"))))
    assert found == [], "use ui.style.plain.plain, or a text's own format"


@pytest.mark.parametrize(
    "line",
    [
        "st.error(run.error)", "st.markdown(f'**{name}**')", "st.metric(texts.ROWS, name)",
        "st.button(texts.GO, help=reason)", "st.caption(' · '.join(names))", "say(str(error))",
        "text = found.title\n    st.info(text)", "st.table(frame)",
    ],
)  # fmt: skip
def test_a_value_that_is_shown_as_markdown_is_found(line: str) -> None:
    assert list(raw(ast.parse(f"def page(run, name, names, error):\n    {line}"))) != []


@pytest.mark.parametrize(
    "line",
    [
        "st.error(texts.FAILED.format(error=run.error))",
        "st.markdown(f'**{plain(name)}**')",
        "text = texts.A if name else plain(name)\n    st.info(text)",
    ],
)
def test_a_value_that_is_made_plain_is_let_pass(line: str) -> None:
    assert list(raw(ast.parse(f"def page(run, name):\n    {line}"))) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("![x](http://evil.example/u.png)", "`![x](http://evil.example/u.png)`"),
        ("[Your session ended](//evil)", r"\[Your session ended\](//evil)"),
        (":smile: :material/home: :red[x]", "`:smile:` `:material\u2060/home:` `:red[x]`"),
        ("$x^2$ <img src=x> &lt;", r"\$x^2\$ \<img src=x\> \&lt;"),
        ("see www.evil.example or a@evil.example", "see `www.evil.example` or `a@evil.example`"),
        ("`a`://`b``c", "``` `a`://`b``c ```"),
        ("# a\n\n* b\n---", r"\# a  \* b ---"),
        ("1. a", r"1\. a"),
        ("- a", r"\- a"),
        ("_a_ ~b~ |c| \\", r"\_a\_ \~b\~ \|c\| \\"),
        ("a -> b -- c", "a `->` b `--` c"),
    ],
)
def test_what_markdown_would_read_is_shown_as_it_is(value: str, shown: str) -> None:
    assert plain(value) == shown
    assert plain(plain(value)) == shown


@pytest.mark.parametrize(
    "value",
    [
        "raw/csv_sales/2026/02/01/unit_001/window_1012/pedido.csv", "R$\u202f12\u202f345.60",
        "60 orders and 188 items: 80 files written in the bucket.", "13:05:09", "2026-02-01",
        "10:00-12:00, 3 units (seed 5)", "docs/panel.md says how; --overwrite replaces it",
    ],
)  # fmt: skip
def test_ordinary_values_stay_as_they_are(value: str) -> None:
    assert plain(value) == value


def test_the_panels_own_texts_keep_their_meaning_and_their_values_lose_it() -> None:
    assert isinstance(texts.SEED, Text)
    assert Text("**{name}**: {count}").format(name="*x*", count=3) == r"**\*x\***: 3"
    assert Text("{name!r}").format(name="*x*") == r"'\*x\*'"
    assert Text("{inner}").format(inner=Text("**bold**")) == "**bold**"
    assert plain(ValueError(Text("`x`"))) == "`x`"
    assert plain(ValueError("`x`")) == r"\`x\`"
    assert isinstance(texts.TABLES["orders"], Text)


def test_a_name_in_a_chart_is_no_tag() -> None:
    assert in_chart('<a href="http://evil">x</a> & y') == (
        '&lt;a href="http://evil"&gt;x&lt;/a&gt; &amp; y'
    )
