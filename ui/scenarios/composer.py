"""Composing a scenario: fields that add a fault to its file, which may be changed, too."""

import json
import re
from collections.abc import Iterator

import streamlit as st

from core.errors import InputError
from core.generation.catalog import MAX_UNIT, load_catalog
from core.scenarios.fields import WEEKDAYS
from core.scenarios.kinds import KINDS, Kind, Parameter
from core.scenarios.scenario import MOST_BYTES, Scenario, read_scenario
from ui import texts
from ui.shell import actions, session
from ui.style import format as fmt
from ui.style.plain import plain
from ui.style.sentences import sentence
from ui.widgets.fields import Whole

TEMPLATE = """\
name = "my-scenario"
sentence = "What happens."
sentence_pt = "O que acontece."
seed = 1
"""
_NAME = re.compile(r'^name\s*=\s*"([^"\n]*)"', re.MULTILINE)
_TEXT, _KEPT, _FILE = "compose_text", "_composed", "compose_file"
_KIND, _AMOUNT, _SHARE = "compose_kind", "compose_amount", "compose_share"
_WINDOWS, _WEEKDAYS = "compose_windows", "compose_weekdays"
_COUNT = Whole("compose_count", 1, 1_000_000, 1, bound=False)
_DAYS = tuple(Whole(f"compose_day_{end}", 0, 366, None, bound=False) for end in "ab")
_UNITS = tuple(Whole(f"compose_unit_{end}", 1, MAX_UNIT, None, bound=False) for end in "ab")


def draw_composer() -> None:
    """Draw the fields of a fault, and the file that they add it to."""
    st.subheader(texts.COMPOSE_HEADING, anchor=False)
    kind = _draw_kind()
    _draw_where()
    if kind.parameters:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            for parameter in kind.parameters:
                _draw_parameter(kind, parameter)
    with st.container(horizontal=True):
        actions.button(texts.COMPOSE_ADD, add_fault, "compose_add")
        actions.button(texts.COMPOSE_RESTART, restart, "compose_restart", type="tertiary")
    _draw_file()


def read_composed() -> Scenario:
    """Return the scenario of the file; raises `InputError` where it is not valid."""
    return _read(read_text())


def _read(text: str) -> Scenario:
    named = _NAME.search(text)
    return read_scenario(text, named[1] if named else "my-scenario")


def read_text() -> str:
    """Return the file's text, also where the page does not draw it."""
    return str(st.session_state.get(_TEXT) or st.session_state.get(_KEPT, TEMPLATE))


def add_fault() -> None:
    """Add the fault in the fields to the file; raises `InputError` where that is not valid."""
    text = read_text().rstrip("\n") + "\n\n" + "\n".join(_read_fault()) + "\n"
    _read(text)
    st.session_state[_TEXT] = text


def restart() -> None:
    """Begin the file again."""
    st.session_state[_TEXT] = TEMPLATE


def take_file() -> None:
    """Take the uploaded file; an error is shown as that of a button is."""
    session.run_action(_take_file)


def _take_file() -> None:
    uploaded = st.session_state[_FILE]
    if uploaded is None:
        return
    if uploaded.size > MOST_BYTES:
        raise InputError(texts.COMPOSE_TOO_LARGE.format(most=fmt.size(MOST_BYTES)))
    try:
        st.session_state[_TEXT] = uploaded.getvalue().decode()
    except UnicodeDecodeError:
        raise InputError(texts.COMPOSE_NO_TEXT.format(name=uploaded.name)) from None


def _draw_kind() -> Kind:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(texts.COMPOSE_KIND, [*KINDS], key=_KIND, width=320)
        amount = st.segmented_control(
            texts.COMPOSE_AMOUNT, [*texts.COMPOSE_AMOUNTS], default="share", required=True,
            key=_AMOUNT, format_func=texts.COMPOSE_AMOUNTS.__getitem__,
        )  # fmt: skip
        if amount == "count":
            _COUNT.draw(texts.COMPOSE_COUNT, width=140)
        else:
            st.number_input(texts.COMPOSE_SHARE, value=5.0, step=1.0, key=_SHARE, width=140)
    st.caption(plain(KINDS[name].sentence))
    return KINDS[name]


def _draw_where() -> None:
    hours = {window.tag: window.hours for window in load_catalog().windows}
    st.pills(
        texts.COMPOSE_WINDOWS, [*hours], selection_mode="multi", key=_WINDOWS, wrap=True,
        format_func=hours.__getitem__,
    )  # fmt: skip
    st.pills(
        texts.COMPOSE_WEEKDAYS, WEEKDAYS, selection_mode="multi", key=_WEEKDAYS, wrap=True,
        format_func=lambda name: fmt.weekday(WEEKDAYS.index(name)),
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for field, label in zip(
            _DAYS, (texts.COMPOSE_DAYS_FROM, texts.COMPOSE_DAYS_TO), strict=True
        ):
            field.draw(label, help=texts.COMPOSE_DAYS_HELP, width=120)
        for field, label in zip(
            _UNITS, (texts.COMPOSE_UNITS_FROM, texts.COMPOSE_UNITS_TO), strict=True
        ):
            field.draw(label, help=texts.COMPOSE_UNITS_HELP, width=120)


def _draw_parameter(kind: Kind, parameter: Parameter) -> None:
    key = _parameter_key(kind, parameter)
    help_text = texts.COMPOSE_PARAMETER_HELP.format(
        name=parameter.name, valid=sentence(parameter.valid), usual=parameter.default
    )
    if parameter.choices:
        place = parameter.choices.index(str(parameter.default))
        st.selectbox(
            plain(parameter.name), parameter.choices, place, key=key, help=help_text, width=180
        )
    elif parameter.is_whole:
        _whole(kind, parameter).draw(plain(parameter.name), help=help_text, width=140)
    else:
        st.number_input(
            plain(parameter.name), value=float(parameter.default), key=key, help=help_text,
            width=140,
        )  # fmt: skip


def _draw_file() -> None:
    if _TEXT not in st.session_state:
        st.session_state[_TEXT] = st.session_state.get(_KEPT, TEMPLATE)
    st.session_state[_KEPT] = st.text_area(texts.COMPOSE_TEXT, key=_TEXT, height=280)
    st.file_uploader(
        texts.COMPOSE_UPLOAD, type="toml", key=_FILE, on_change=take_file, max_upload_size=1
    )
    actions.download(
        texts.COMPOSE_DOWNLOAD, read_text, str.encode, "compose_download",
        file_name="my-scenario.toml", mime="application/toml",
    )  # fmt: skip


def _read_fault() -> Iterator[str]:
    """Yield the lines of the fault in the fields."""
    kind = KINDS[st.session_state[_KIND]]
    yield "[[faults]]"
    yield f'kind = "{kind.name}"'
    if st.session_state[_AMOUNT] == "count":
        yield f"count = {_COUNT.value(texts.COMPOSE_COUNT)}"
    else:
        yield f"share = {_float(st.session_state[_SHARE] / 100)}"
    for name, key in (("windows", _WINDOWS), ("weekdays", _WEEKDAYS)):
        if st.session_state[key]:
            yield f"{name} = {json.dumps(st.session_state[key])}"
    labels = (texts.COMPOSE_DAYS_FROM, texts.COMPOSE_DAYS_TO)
    yield from _range("days", _DAYS, labels)
    labels = (texts.COMPOSE_UNITS_FROM, texts.COMPOSE_UNITS_TO)
    yield from _range("units", _UNITS, labels)
    if kind.parameters:
        yield "[faults.parameters]"
        yield from (f"{one.name} = {_value(kind, one)}" for one in kind.parameters)


def _range(key: str, fields: tuple[Whole, ...], labels: tuple[str, str]) -> Iterator[str]:
    first, last = (field.chosen(label) for field, label in zip(fields, labels, strict=True))
    if (first is None) != (last is None):
        raise InputError(texts.COMPOSE_HALF_RANGE.format(first=labels[0], last=labels[1]))
    if first is not None:
        yield f"{key} = [{first}, {last}]"


def _value(kind: Kind, parameter: Parameter) -> str:
    value = st.session_state[_parameter_key(kind, parameter)]
    if parameter.choices:
        return f'"{value}"'
    if parameter.is_whole:
        return str(_whole(kind, parameter).value(parameter.name))
    return _float(value)


def _float(value: float) -> str:
    """As TOML writes it, without the last digits of sums of tenths."""
    return repr(round(float(value), 10))


def _whole(kind: Kind, parameter: Parameter) -> Whole:
    limits = int(parameter.least), int(parameter.most)
    return Whole(_parameter_key(kind, parameter), *limits, int(parameter.default), bound=False)


def _parameter_key(kind: Kind, parameter: Parameter) -> str:
    return f"compose_{kind.name}_{parameter.name}"
