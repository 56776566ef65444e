"""What the platform says to people is a code with values, in each language of the panel."""

import ast
import copy
import functools
import json
import pickle
import string
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import errors
from core.errors import CheckError, InputError
from core.messages import (
    TEMPLATES,
    Message,
    join_sentences,
    list_parts,
    message,
    pack_messages,
    unpack_messages,
)
from core.operations.runs.stored import pack_sentence, unpack_sentence
from core.transform.layers import LAYERS, statements
from ui.shell import language
from ui.style.plain import plain
from ui.style.sentences import sentence
from ui.texts.pt.messages import CHECKS
from ui.texts.pt.messages import TEMPLATES as PT

ROOT = Path(__file__).parent.parent.parent
SAYING = sorted(
    file
    for folder in ("core", "scripts", "cloud_function", "dags", "beam", "ui")
    for file in (ROOT / folder).rglob("*.py")
    if file.parent.name != "messages" or file.name == "__init__.py"
)


@functools.cache
def trees() -> dict[Path, ast.Module]:
    """The modules that make messages, parsed."""
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in SAYING}


@pytest.fixture
def portuguese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "current", lambda: "pt-BR")


def placeholders(template: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@functools.cache
def every_call() -> list[tuple[Path, str, ast.Call]]:
    """Each call with arguments: its file, the last part of the name that it calls, and its node."""
    return [
        (file, _last_name(node.func), node)
        for file, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args
    ]


def _last_name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Each call that makes a message, and where it is."""
    for file, name, call in every_call():
        if name == "message" and isinstance(call.func, ast.Name):
            yield f"{file.relative_to(ROOT)}:{call.lineno}", call


def codes_of(call: ast.Call) -> list[str]:
    """The codes that a call names; none where it takes them from a variable."""
    code = call.args[0]
    parts = (code.body, code.orelse) if isinstance(code, ast.IfExp) else (code,)
    return [str(part.value) for part in parts if isinstance(part, ast.Constant)]


def test_every_message_has_its_template_in_portuguese_with_the_same_values() -> None:
    assert TEMPLATES.keys() == PT.keys()
    assert {
        code: placeholders(text) ^ placeholders(PT[code])
        for code, text in TEMPLATES.items()
        if placeholders(text) != placeholders(PT[code])
    } == {}


def test_numbers_that_identify_are_never_grouped_in_portuguese() -> None:
    names = {"run", "unit", "line", "process", "generation"}
    forms = {
        (code, name): form
        for code, text in PT.items()
        for _, name, form, _ in string.Formatter().parse(text)
        if name in names
    }
    assert len(forms) > 15
    assert {place for place, form in forms.items() if form != "d"} == set()


def test_every_data_check_has_its_sentence_in_portuguese() -> None:
    assert CHECKS.keys() == {
        name for layer in LAYERS for name in statements(f"checks/{layer}")
    }  # fmt: skip


def test_every_code_exists_and_gets_the_values_of_its_template() -> None:
    wrong = [
        (place, code)
        for place, call in calls()
        for code in codes_of(call)
        if code not in TEMPLATES
        or placeholders(TEMPLATES[code]) != {keyword.arg for keyword in call.keywords}
    ]
    assert wrong == []
    assert sum(1 for _ in calls()) > 50


def test_every_code_is_used() -> None:
    texts, beginnings = set(), set()
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
    made = tuple(text for text in beginnings if text.endswith("."))
    assert [code for code in TEMPLATES if code not in texts and not code.startswith(made)] == []


def test_a_message_is_its_sentence_in_english() -> None:
    said = message("title.upload", what="2026-02-01")
    assert said == "Upload 2026-02-01"
    assert str(InputError(said)) == json.loads(json.dumps(said)) == f"{said}" == said
    assert (said.code, said.values) == ("title.upload", {"what": "2026-02-01"})


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 rows loaded into Bronze"), (1, "1 row loaded into Bronze"),
        (1234, "1234 rows loaded into Bronze"),
    ],
)  # fmt: skip
def test_a_sentence_of_the_platform_agrees_with_its_number(count: int, said: str) -> None:
    assert message("done.loaded", rows=count) == said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (message("done.loaded", rows=1), "1 linha carregada na Bronze"),
        (message("words.dates", first=date(2026, 2, 1), last=date(2026, 2, 28)),
         "01/02/2026 a 28/02/2026"),
        (message("title.rebuild", layers=[message("layer.silver"), message("layer.aggregations")]),
         "Reconstruir Silver, Agregações"),
        (message("words.seed", seed=12345), "semente 12345"),
        (message("run.claimed", run=12345, title="a", claim="b"),
         "A execução 12345 (a) trabalha em b: espere até que termine."),
        (message("diagnose.room", free=78_276_512_153, home="a", taken=1_234),
         "Livres: 72,9\u202fGiB; a ocupa 1,2\u202fKiB."),
        (message("diagnose.zone", name="a", offsets=[
            message("diagnose.zone_offset", month=date(2018, 12, 31), offset="-0200")]),
         "a é conhecida com o horário de verão até 2019: 12/2018 -0200."),
        (message("diagnose.file_damaged", file="a",
                 faults=list_parts([message("layer.aggregations")])),
         "a está danificado: Agregações."),
        (join_sentences(
            message("result.nothing_loaded"), "", message("script.left", name="a", reason="b")),
         "Nada foi carregado. ficou: a: b"),
        (join_sentences("", message("result.nothing_loaded")), "Nada foi carregado."),
        (message("script.left", name="a", reason=InputError(message("title.ingest"))),
         "ficou: a: Ingerir o que está pendente"),
        (message("script.left", name="a", reason=OSError("disk full")), "ficou: a: disk full"),
        (Message("Silver has all.", "check.states_key_unique"), CHECKS["states_key_unique"]),
        (Message("Said by a later version.", "of.later"), "Said by a later version."),
        ("A sentence of an older version.", "A sentence of an older version."),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("portuguese")
def test_a_message_is_said_in_the_viewers_language(said: str, shown: str) -> None:
    assert sentence(said) == shown
    assert plain(said) == plain(shown)
    assert plain(InputError(said)) == plain(shown)


@pytest.mark.usefixtures("portuguese")
def test_values_of_a_message_lose_their_meaning_as_markdown_in_each_language() -> None:
    said = message("title.generate", what="a", folder="[x](http://evil.example)")
    assert plain(said) == "Gerar a em `[x](http://evil.example)`"


NAMES = st.text(st.characters(exclude_categories=()))  # with surrogates, as names of files have
VALUES = st.recursive(
    NAMES | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.builds(Message, NAMES, NAMES, st.dictionaries(NAMES, inner, max_size=3))
    ),
    max_leaves=8,
)


def parts(value: object) -> object:
    """A value with the code and values of each message in it, which equality does not look at."""
    if isinstance(value, Message):
        return (str(value), value.code, parts(value.values))
    if isinstance(value, Mapping):
        return {key: parts(one) for key, one in value.items()}
    return [parts(one) for one in value] if isinstance(value, list) else value


@given(NAMES, NAMES, st.dictionaries(NAMES, VALUES, max_size=4))
def test_a_message_survives_storing_copying_and_other_processes(
    text: str, code: str, values: dict[str, object]
) -> None:
    said = Message(text, code, values)  # type: ignore[arg-type]  # values of all kinds
    kept = unpack_messages(json.loads(json.dumps(pack_messages({"windows": [{"error": said}]}))))
    assert parts(unpack_sentence(pack_sentence(said))) == parts(said)
    assert parts(kept["windows"][0]["error"]) == parts(said)
    assert parts(copy.deepcopy(said)) == parts(said)
    assert parts(pickle.loads(pickle.dumps(CheckError(said))).sentence) == parts(said)  # noqa: S301


@given(NAMES)
def test_a_plain_sentence_is_kept_as_it_is(text: str) -> None:
    assert pack_sentence(text) == text == unpack_sentence(text)


ERRORS = {
    name for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.PlatformError)
}  # fmt: skip


def test_every_error_of_the_platform_has_a_code() -> None:
    """A sentence that is written where it is raised would stay English in every language."""
    plain_ones = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file, name, call in every_call()
        if file.is_relative_to(ROOT / "core")
        and name in ERRORS
        and isinstance(call.args[0], ast.JoinedStr | ast.Constant)
    ]
    assert plain_ones == []
