"""The panel: `streamlit run app.py`. It boots the session and declares the pages."""

from ui import boot

boot.run()
