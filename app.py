"""The panel: `streamlit run app.py`. It boots the session and declares the pages."""

import streamlit as st
from starlette.middleware import Middleware

from ui.shell import background, boot, doorway

# What Streamlit serves.
app = st.App(__file__, middleware=[Middleware(doorway.Doorway)], lifespan=background.run)

if __name__ == "__main__":  # what it runs for each session
    boot.run()
