"""Generate: choose, look at what would come, then write files or upload."""

import streamlit as st

from core import jobs
from core.publish import Request
from ui import actions, boot, boundary, live, preview, runs, session, texts

boot.guard("generate")


def page() -> None:
    """The request on the left; its preview, actions and commands on the right."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        preview.draw_fields()
    request: Request | None = None
    with right, boundary.told("request"):
        request = preview.read_request()
        preview.counts(request)
        buttons(request)
        live.follow(lambda: progress(request))
    if request is not None:
        preview.commands(request)
        preview.first_rows(request)


def buttons(request: Request) -> None:
    """The buttons: to the bucket and Bronze, to the output folder, and a look at what arrived."""
    upload_help = texts.TO_BUCKET_HELP_CLOUD if session.on_cloud() else texts.TO_BUCKET_HELP
    with st.container(horizontal=True):
        actions.button(texts.TO_BUCKET, upload, "upload", type="primary", help=upload_help)
        actions.button(texts.TO_FOLDER, to_folder, "to_folder", help=texts.TO_FOLDER_HELP)
        actions.button(texts.DRY_RUN, try_out, "dry_run", help=texts.DRY_RUN_HELP)
        preview.download(request)
        actions.button(texts.VERIFY, verify, "verify", help=texts.VERIFY_HELP)


def upload() -> None:
    """Upload the request to the bucket."""
    session.start(jobs.upload(preview.read_request()))


def to_folder() -> None:
    """Write the request's files to the output folder."""
    session.start(jobs.generation(preview.read_request(), session.OUTPUT_FOLDER))


def try_out() -> None:
    """Say what an upload of the request would do."""
    session.start(jobs.trial(preview.read_request()))


def verify() -> None:
    """Compare what arrived with the request."""
    session.start(jobs.verification(preview.read_request(), session.EVENT_WAIT_S))


def progress(request: Request) -> None:
    """The newest run of this page, and the windows' present states."""
    shown = jobs.upload(request).parameters
    like = {name: shown[name] for name in ("dates", "windows", "units", "seed")}
    runs.latest(("generate", "upload", "verify", "try"), like, preview.use_seed)
    preview.windows(request)


boot.show("generate", page)
