"""The error boundary of a page: errors become sentences, never tracebacks."""

import contextlib
import logging
from collections.abc import Iterator

import streamlit as st

from core.errors import PlatformError, TransientError
from ui import texts
from ui.shell import session
from ui.style import format as fmt
from ui.style.plain import plain

_LOGGER = logging.getLogger(__name__)


@contextlib.contextmanager
def show_errors(key: str) -> Iterator[None]:
    """Show the errors of the block as sentences; `key` is unique on the page."""
    try:
        yield
    except TransientError as error:
        st.warning(plain(error))
        st.button(texts.TRY_AGAIN, key=f"again_{key}")
    except PlatformError as error:
        st.error(plain(error))
    except Exception:  # the page's last boundary: people read sentences
        _LOGGER.exception("A page failed unexpectedly")
        st.error(texts.UNEXPECTED.format(time=fmt.clock(session.now())))
