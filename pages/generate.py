"""Generate: choose, preview, then write files or upload."""

import streamlit as st

from core.operations import jobs
from core.storage.publish import Request
from ui import generate, texts
from ui.shell import actions, boot, error_boundary, live, run_views, session

boot.guard("generate")


def page() -> None:
    """Draw the request on the left; its preview, actions and commands on the right."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        generate.draw_fields()
    request: Request | None = None
    with right, error_boundary.show_errors("request"):
        request = generate.read_request()
        generate.show_counts(request)
        draw_buttons(request)
        live.follow(lambda: show_progress(request))
    if request is not None:
        generate.show_commands(request)
        generate.show_first_rows(request)


def draw_buttons(request: Request) -> None:
    """Draw the buttons that upload, write files, try out, download and verify."""
    upload_help = texts.TO_BUCKET_HELP_CLOUD if session.is_on_cloud() else texts.TO_BUCKET_HELP
    with st.container(horizontal=True):
        actions.button(texts.TO_BUCKET, upload, "upload", type="primary", help=upload_help)
        actions.button(texts.TO_FOLDER, to_folder, "to_folder", help=texts.TO_FOLDER_HELP)
        actions.button(texts.DRY_RUN, try_out, "dry_run", help=texts.DRY_RUN_HELP)
        generate.draw_download(request)
        actions.button(texts.VERIFY, verify, "verify", help=texts.VERIFY_HELP)


def upload() -> None:
    """Upload the request to the bucket."""
    session.submit(jobs.upload(generate.read_request()))


def to_folder() -> None:
    """Write the request's files to the output folder."""
    session.submit(jobs.generation(generate.read_request(), session.OUTPUT_FOLDER))


def try_out() -> None:
    """Start a dry run of the request's upload."""
    session.submit(jobs.trial(generate.read_request()))


def verify() -> None:
    """Compare with the request what arrived."""
    session.submit(jobs.verification(generate.read_request(), session.EVENT_WAIT_S))


def show_progress(request: Request) -> None:
    """Show the newest run of this page, and the present states of the windows."""
    shown = jobs.upload(request).parameters
    like = {name: shown[name] for name in ("dates", "windows", "units", "seed")}
    run_views.draw_latest(("generate", "upload", "verify", "try"), like, generate.use_seed)
    generate.show_windows(request)


boot.show("generate", page)
