"""The panel's texts: each language says the same, once, and is asked for whenever it is shown."""

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest

from core.generation.catalog import load_catalog
from core.operations.runs import RunState
from core.reconcile.compare import Verdict
from core.transform.rebuild import LAYERS
from ui.shell import boot, language
from ui.style import format as fmt

ROOT = Path(__file__).parent.parent.parent
FOLDERS = {"en": ROOT / "ui" / "texts" / "en", "pt-BR": ROOT / "ui" / "texts" / "pt"}
SHOWN = sorted(
    [
        *(path for path in (ROOT / "ui").rglob("*.py") if "texts" not in path.parts),
        *(ROOT / "pages").glob("*.py"),
        ROOT / "app.py",
    ]
)

# Its English names are the catalog's.
OF_ONE_LANGUAGE = {"WINDOW_NAMES"}
# Of several words, and the same in both languages.
THE_SAME = {"MR. Health"}


def texts_of(module: ModuleType) -> dict[str, object]:
    """The texts of a language by their names."""
    return {name: value for name, value in vars(module).items() if name.isupper()}


EN, PT = texts_of(language.load_texts("en")), texts_of(language.load_texts("pt-BR"))


def differences(one: object, other: object, place: str) -> Iterator[str]:
    """Where two texts differ in type, keys, number or placeholders."""
    if type(one) is not type(other):
        yield f"{place}: {type(one).__name__} and {type(other).__name__}"
    elif isinstance(one, str) and isinstance(other, str):
        if placeholders(one) != placeholders(other):
            yield f"{place}: {placeholders(one)} and {placeholders(other)}"
    elif isinstance(one, Mapping) and isinstance(other, Mapping):
        if list(one) != list(other):
            yield f"{place}: keys {list(one)} and {list(other)}"
        for key in one.keys() & other.keys():
            yield from differences(one[key], other[key], f"{place}[{key!r}]")
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        if len(one) != len(other):
            yield f"{place}: {len(one)} and {len(other)} of them"
        for number, pair in enumerate(zip(one, other, strict=False)):
            yield from differences(*pair, f"{place}[{number}]")


def placeholders(text: str) -> list[str]:
    """The names in braces, with their formats; the order is the language's own.

    Words that agree with a number are as often in a text as its language needs them.
    """
    parts = [part for part in string.Formatter().parse(text) if part[1] is not None]
    agreeing = {name for _, name, form, _ in parts if "|" in (form or "")}
    plain = [f"{name}:{form}" for _, name, form, _ in parts if name not in agreeing]
    return sorted([*map(str, agreeing), *plain])


def sentences(value: object) -> Iterator[str]:
    """Every text within a text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from sentences(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from sentences(part)


def test_the_languages_have_the_same_names() -> None:
    assert EN.keys() == PT.keys()


@pytest.mark.parametrize("name", sorted((EN.keys() & PT.keys()) - OF_ONE_LANGUAGE))
def test_a_text_has_the_same_form_in_each_language(name: str) -> None:
    assert list(differences(EN[name], PT[name], name)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{count} of {total}", "{count} de {totel}"), ("{when:%H}", "{when:%M}"), ("a", ("a",)),
        (("a", "b"), ("a",)), ({"a": "x"}, {"b": "x"}), ({"a": "{x}"}, {"a": "x"}),
        ({"a": ("{x}",)}, {"a": ("{y}",)}), ("{count}", "{count} {count}"),
    ],
)  # fmt: skip
def test_a_difference_is_seen(one: object, other: object) -> None:
    assert list(differences(one, other, "x"))
    assert not list(differences(one, one, "x"))


@pytest.mark.parametrize("code", FOLDERS)
def test_no_name_is_given_twice_in_a_language(code: str) -> None:
    """The modules of a language become one: the later would take the place of the earlier."""
    given = Counter(
        target.id
        for file in FOLDERS[code].glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id.isupper()
        for target in [node]
    )
    assert [name for name, times in given.items() if times > 1] == []
    assert given.keys() == texts_of(language.load_texts(code)).keys()


def test_nothing_is_left_in_english() -> None:
    both = set(sentences(EN)) & set(sentences(PT))
    assert {text for text in both if words(text) > 1} - THE_SAME == set()


def words(text: str) -> int:
    """How many words a text has, without its placeholders and without what is in `code`."""
    said = "".join(part for part, *_ in string.Formatter().parse(text))
    return len(re.findall(r"[^\W\d_]{2,}", re.sub(r"`[^`]*`", "", said)))


def test_words_are_counted_without_placeholders() -> None:
    assert [words(text) for text in ("{a} of {b}: none", "**{title}** {state}", "`a b`")] == [
        2,
        0,
        0,
    ]


def test_a_page_or_button_that_a_sentence_names_is_named_as_it_is_shown() -> None:
    """What is bold in a sentence, and stands somewhere by itself, is looked for by the reader."""
    pairs = [
        pair for name in EN.keys() - OF_ONE_LANGUAGE
        for pair in zip(sentences(EN[name]), sentences(PT[name]), strict=True)
    ]  # fmt: skip
    shown = {one.removesuffix("…"): other.removesuffix("…") for one, other in pairs}
    wrong = {
        (word, other) for one, other in pairs
        for word in bold(one) if word in shown and shown[word] not in bold(other)
    }  # fmt: skip
    assert wrong == set()
    assert sum(word in shown for one, _ in pairs for word in bold(one)) > 5


def bold(text: str) -> list[str]:
    """What is in bold in a text, without placeholders."""
    return re.findall(r"\*\*([^*{}]+)\*\*", text)


@pytest.mark.parametrize("texts", [EN, PT], ids=["en", "pt-BR"])
def test_whatever_has_a_name_in_the_platform_has_one_for_people(texts: dict[str, object]) -> None:
    def keys(name: str) -> set[object]:
        found = texts[name]
        assert isinstance(found, Mapping)
        assert all(found.values())
        return set(found)

    assert keys("VERDICTS") == keys("SIGNS") == set(Verdict)
    assert keys("RUN_STATES") == {state.value for state in RunState}
    assert keys("LAYER_NAMES") == {"bronze", *LAYERS}
    assert keys("TITLES") == keys("SUBTITLES") == set(boot.PAGES)


def test_every_window_of_the_catalog_has_its_name_in_portuguese() -> None:
    names = PT["WINDOW_NAMES"]
    assert isinstance(names, Mapping)
    assert list(names) == [window.tag for window in load_catalog().windows]


def at_import(tree: ast.Module) -> Iterator[ast.expr]:
    """What a module computes when it is imported, which is before anybody looks."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            defaults = (*node.args.defaults, *node.args.kw_defaults)
            waiting += [default for default in defaults if default]
            waiting += getattr(node, "decorator_list", [])
            continue
        if isinstance(node, ast.expr):
            yield node
        waiting += ast.iter_child_nodes(node)


def kept(tree: ast.Module) -> Iterator[ast.expr]:
    """What is computed once for all viewers: the bodies of functions whose answers are kept."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and any(
            "cache" in ast.unparse(decorator) or ast.unparse(decorator).startswith("kept")
            for decorator in node.decorator_list
        ):
            yield from (part for part in ast.walk(node) if isinstance(part, ast.expr))


def texts_in(expressions: Iterator[ast.expr]) -> list[str]:
    """Texts named among expressions."""
    return [
        f"{ast.unparse(node)} in line {node.lineno}"
        for node in expressions
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("texts", "ui.texts")
    ]


@pytest.mark.parametrize("file", SHOWN, ids=lambda file: file.name)
def test_a_text_is_asked_for_when_it_is_shown(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert texts_in(at_import(tree)) == []
    assert texts_in(kept(tree)) == []
    from_texts = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    assert [node.module for node in from_texts if (node.module or "").startswith("ui.texts")] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("A = texts.A", 1), ("def f(a=texts.A): ...", 1), ("def f(*, a=[texts.A]): ...", 1),
        ("@show(texts.A)\ndef f(): ...", 1), ("class C:\n    a = texts.A", 1),
        ("f = lambda a=texts.A: a", 1), ("f = lambda: texts.A", 0),
        ("def f():\n    return texts.A", 0), ("class C:\n    def f(self): return texts.A", 0),
    ],
)  # fmt: skip
def test_a_text_that_is_asked_for_too_early_is_seen(code: str, found: int) -> None:
    assert len(texts_in(at_import(ast.parse(code)))) == found


def test_a_text_that_is_kept_for_all_is_seen() -> None:
    code = "@st.cache_data(ttl=1)\ndef f():\n    return texts.A\n@kept(1, 2)\ndef g():\n    texts.B"
    assert len(texts_in(kept(ast.parse(code)))) == 2


@pytest.mark.parametrize("code", language.LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2, 12_345])
def test_a_sentence_agrees_with_its_number(code: str, count: int) -> None:
    """None says `1 windows`: what follows a number in a text is chosen by it."""
    texts = language.load_texts(code)
    number = fmt.number(count)
    said = texts.SCHEDULE_MISSED.format(count=number)
    one = {"en": "1 window was missed", "pt-BR": "1 janela foi perdida"}[code]
    many = {"en": f"{number} windows were missed", "pt-BR": f"{number} janelas foram perdidas"}[
        code
    ]
    assert said.startswith(one if count == 1 else many)
    assert "#" not in said


@pytest.mark.parametrize("texts", [EN, PT], ids=["en", "pt-BR"])
def test_no_number_stands_before_a_noun_of_many_alone(texts: dict[str, object]) -> None:
    counted = re.compile(
        r"\{(count|units|objects|windows|orders|items|days|files|rows|total)\} "
        r"(?!of |de |are |já |com )\w{3,}s\b"
    )
    always_many = {
        "BACKFILL_LONG", "DIAG_SUMMARY", "USAGE_GUIDE_PLAN", "USAGE_GUIDE_WHY", "RUN_LOG_WHOLE",
        "USAGE_LOOK_COST",
    }  # fmt: skip
    found = {
        name: text
        for name in texts.keys() - always_many
        for text in sentences(texts[name])
        if counted.search(text)
    }
    assert found == {}


def test_a_dry_run_has_one_name() -> None:
    said = "\n".join(sentences(PT)).lower()
    assert not re.search(r"dry run|ensaio|simular envio", said)
    assert "testar sem gravar" in said
