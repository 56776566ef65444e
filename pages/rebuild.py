"""Rebuild: Silver, Gold and aggregations anew, their checks, and a look into Gold."""

import functools
from collections.abc import Callable

import streamlit as st

from core import jobs
from core.runs import NewRun
from core.transform import LAYERS
from ui import boot, gold, layers, live, runs, session, texts

boot.guard("rebuild")


def page() -> None:
    """The buttons on top; what follows them is drawn anew while something runs."""
    with st.container(horizontal=True):
        st.button(texts.REBUILD_ALL, type="primary", key="rebuild_all", help=texts.REBUILD_HELP,
                  on_click=session.start, args=(_rebuild(LAYERS),))  # fmt: skip
        for layer in LAYERS:
            st.button(
                texts.REBUILD_ONE.format(layer=texts.LAYER_NAMES[layer]), key=f"rebuild_{layer}",
                on_click=session.start, args=(_rebuild((layer,)),),
            )  # fmt: skip
    live.follow(built)


def built() -> None:
    """What is stale, the newest rebuild with its tables and checks, and Gold's daily sales."""
    layers.states()
    layers.cost()
    run = runs.latest(("rebuild", "simulate"))
    layers.report(run)
    gold.look()
    gold.lineage()


def _rebuild(names: tuple[str, ...]) -> Callable[[], NewRun]:
    return functools.partial(jobs.rebuild, names)


boot.show("rebuild", page)
