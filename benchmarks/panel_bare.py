"""The least that Streamlit can show: two pages, each with a choice and one Plotly chart.

It is what the panel is measured against: `streamlit run benchmarks/panel_bare.py`.
"""

from collections.abc import Callable

import plotly.graph_objects as go
import streamlit as st


def page(name: str) -> Callable[[], None]:
    """A page of that name."""

    def draw() -> None:
        st.title(name)
        rows = st.segmented_control("Rows", ["Few", "Many"], default="Few", key="rows")
        st.subheader(f"{rows} of a bare page")
        st.plotly_chart(go.Figure(go.Bar(x=[1, 2, 3], y=[1, 3, 2])), key="chart")

    return draw


PAGES = ["One", "Two"]
st.set_page_config(layout="wide")
st.navigation(
    [st.Page(page(name), title=name, url_path=name.lower()) for name in PAGES], position="top"
).run()
