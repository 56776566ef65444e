"""Storage: the bucket by date, unit and window, down to the lines of a file."""

import streamlit as st

from ui import (
    boot,
    boundary,
    deletion,
    live,
    objects,
    runs,
    session,
    storage,
    storage_views,
    texts,
)

boot.guard("storage")


def page() -> None:
    """One view of the bucket at a time, so that no more is listed than somebody looks at."""
    view = storage.view()
    if session.on_cloud():
        st.caption(texts.STORAGE_LISTED)
    with boundary.told("work"):
        live.follow(work)
    with boundary.told("view"):
        if view == "reference":
            storage_views.reference()
        elif view == "sizes":
            storage_views.sizes()
        else:
            of_a_day(view)
    if view != "reference":
        one_object()


def work() -> None:
    """The newest deletion or settlement."""
    runs.latest(deletion.KINDS)


def of_a_day(view: str) -> None:
    """Sales files, manifests or quarantine of the business date."""
    day = storage.day()
    if view == "objects":
        storage.sales(day)
    elif view == "manifests":
        storage_views.manifests(day)
    else:
        storage_views.quarantine(day)


def one_object() -> None:
    """The object that was selected or that the address names; the rest stands without it."""
    with boundary.told("object"):
        name = objects.choose()
        if name:
            objects.look(name)


boot.show("storage", page)
