"""The panel: `streamlit run app.py`. It boots the session and declares the pages."""

import streamlit as st
from starlette.middleware import Middleware

from ui.shell import boot, doorway

app = st.App(__file__, middleware=[Middleware(doorway.Doorway)])  # what Streamlit serves

if __name__ == "__main__":  # what it runs for each session
    boot.run()
