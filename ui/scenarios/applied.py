"""What is applied to the bucket: what is held back, and the buttons that take it away."""

from collections.abc import Sequence

import streamlit as st

from core.operations import jobs
from core.operations.scenarios import Record
from core.storage.object_names import HeldName
from ui import texts
from ui.queries import scenario_queries
from ui.scenarios import choice, key_table, records
from ui.shell import actions, dialogs, run_views, session
from ui.style import format as fmt
from ui.style.plain import plain

KINDS = ("scenario", "release", "withdraw")


def show_applied() -> None:
    """Show the newest run, the chosen record with its buttons and file, and its key."""
    run_views.draw_latest(KINDS)
    record = records.choose_record()
    if record is None:
        return
    st.markdown(f"**{plain(choice.sentence_of(record.scenario))}**")
    _draw_buttons(scenario_queries.held(session.settings()))
    with st.expander(texts.SCENARIO_FILE):
        st.code(record.scenario.text, language="toml")
    key_table.show_key(record.scenario, record.request, of_record=True)


def release_due() -> None:
    """Release the held objects whose moment has come."""
    session.submit(jobs.releasing())


def release_all() -> None:
    """Release all held objects."""
    session.submit(jobs.releasing(everything=True))


def ask_withdraw() -> None:
    """Ask whether to withdraw the chosen scenario."""
    dialogs.ask(_confirm, records.read_chosen())


def withdraw() -> None:
    """Withdraw the scenario that the dialog names."""
    session.submit(jobs.withdrawal(dialogs.read_subject()))


def _draw_buttons(held: Sequence[HeldName]) -> None:
    """Say what is held back, and draw the buttons that release it and take all away."""
    now = session.now()
    due = sum(one.moment is not None and one.moment <= now for one in held)
    count = fmt.number(len(held))
    st.caption(
        texts.APPLIED_HELD.format(count=count, due=fmt.number(due))
        if held
        else texts.APPLIED_HELD_NONE
    )
    with st.container(horizontal=True):
        if held:
            actions.button(texts.RELEASE, release_due, "release", help=texts.RELEASE_HELP)
            actions.button(
                texts.RELEASE_ALL, release_all, "release_all", help=texts.RELEASE_ALL_HELP
            )
        actions.button(texts.WITHDRAW, ask_withdraw, "withdraw", help=texts.WITHDRAW_HELP)


def _confirm(record: Record) -> None:
    def body() -> None:
        st.write(plain(records.describe_record(record)))
        st.write(texts.WITHDRAW_BODY)

    title = texts.WITHDRAW_TITLE.format(name=record.scenario.name)
    dialogs.show(title, body, texts.WITHDRAW_CONFIRM, withdraw, "withdraw")
