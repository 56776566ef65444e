"""Generate: choose, look at what would come, then write files or upload."""

import streamlit as st

from core import jobs
from core.publish import Request
from core.runs import NewRun
from ui import boot, live, preview, runs, session, texts

boot.guard("generate")


def page() -> None:
    """The request on the left; its preview, actions and commands on the right."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        request = preview.choose()
    with right:
        if request is None:
            st.info(texts.NO_WINDOW)
            return
        preview.counts(request)
        actions(request)
        live.follow(lambda: progress(request))
    preview.commands(request)
    preview.first_rows(request)


def actions(request: Request) -> None:
    """The buttons: to the bucket and Bronze, to the output folder, and a look at what arrived."""

    def to_folder() -> NewRun:
        return jobs.generation(request, session.OUTPUT_FOLDER)

    def to_bucket() -> NewRun:
        return jobs.upload(request)

    def dry_run() -> NewRun:
        return jobs.trial(request)

    def arrived() -> NewRun:
        return jobs.verification(request, session.EVENT_WAIT_S)

    upload_help = texts.TO_BUCKET_HELP_CLOUD if session.on_cloud() else texts.TO_BUCKET_HELP
    with st.container(horizontal=True):
        st.button(texts.TO_BUCKET, type="primary", key="upload", help=upload_help,
                  on_click=session.start, args=(to_bucket,))  # fmt: skip
        st.button(texts.TO_FOLDER, key="to_folder", help=texts.TO_FOLDER_HELP,
                  on_click=session.start, args=(to_folder,))  # fmt: skip
        st.button(texts.DRY_RUN, key="dry_run", help=texts.DRY_RUN_HELP,
                  on_click=session.start, args=(dry_run,))  # fmt: skip
        preview.download(request)
        st.button(texts.VERIFY, key="verify", help=texts.VERIFY_HELP,
                  on_click=session.start, args=(arrived,))  # fmt: skip


def progress(request: Request) -> None:
    """The newest run of this page, and the windows' present states."""
    runs.latest(("generate", "upload", "verify", "try"))
    preview.windows(request)


boot.show("generate", page)
