"""Storage: the bucket by date, unit and window, down to the lines of a file."""

import streamlit as st

from ui import texts
from ui.shell import boot, error_boundary, live, run_views, session
from ui.storage import object_view, other_views, sales_files
from ui.widgets import deletion

boot.guard("storage")


def page() -> None:
    """Draw one view of the bucket at a time, because each listing costs on Google Cloud."""
    view = sales_files.choose_view()
    if session.is_on_cloud():
        st.caption(texts.STORAGE_LISTED)
    with error_boundary.show_errors("work"):
        live.follow(show_work)
    with error_boundary.show_errors("view"):
        if view == "reference":
            other_views.show_reference()
        elif view == "sizes":
            other_views.show_sizes()
        else:
            show_day(view)
    if view != "reference":
        show_object()


def show_work() -> None:
    """Show the newest deletion or settlement."""
    run_views.draw_latest(deletion.KINDS)


def show_day(view: str) -> None:
    """Show the sales files, manifests or quarantine of the business date."""
    day = sales_files.choose_day()
    if view == "objects":
        sales_files.show_files(day)
    elif view == "manifests":
        other_views.show_manifests(day)
    else:
        other_views.show_quarantine(day)


def show_object() -> None:
    """Show the object that is selected or that the address names."""
    with error_boundary.show_errors("object"):
        name = object_view.choose_object()
        if name:
            object_view.show_object(name)


boot.show("storage", page)
