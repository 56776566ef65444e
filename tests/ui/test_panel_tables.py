"""Tables of the panel: a page of rows, whose numbers the browser formats."""

import re
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ui import texts
from ui.widgets.table_columns import columns_of

ROOT = Path(__file__).parent.parent.parent


def many_objects() -> None:
    """The objects of a window of 30,000 units, as Bronze shows them."""
    from datetime import date

    from core.reconcile.compare import ObjectVerdict, Verdict
    from core.warehouse.base import SALES_TABLES
    from ui.bronze import status_map

    day, tag = date(2026, 2, 1), "window_1214"
    lines = [
        ObjectVerdict(day, tag, unit, table, 5, 5, 0, Verdict.IN_BRONZE, "")
        for unit in range(1, 30_001)
        for table in SALES_TABLES
    ]
    status_map.show_objects(status_map.Selection(day, tag, None, lines))


def test_objects_of_any_number_of_units_are_shown_a_page_at_a_time() -> None:
    app = AppTest.from_function(many_objects, default_timeout=30).run()
    assert not app.exception
    (frame,) = app.dataframe
    assert list(frame.value["Unit"]) == [unit for unit in range(1, 101) for _ in range(2)]
    assert app.caption[0].value == "1 to 200 of 60,000: 200 a page."
    last = AppTest.from_function(many_objects, default_timeout=30)
    last.query_params["objects_page"] = "300"
    assert list(last.run().dataframe[0].value["Unit"])[-1] == 30_000


def test_the_browser_formats_numbers_and_dates_so_that_a_download_has_them_plain() -> None:
    day = date(2026, 2, 1)
    table = pd.DataFrame({
        "n": [12345], "x": [1.5], "text": ["12345"], "day": [day],
        "at": [datetime(2026, 2, 1, 13, 5)], texts.DETAIL: [""],  # noqa: DTZ001 - as tables take it
    })  # fmt: skip
    formats = {
        name: (column["type_config"].get("format"), column["type_config"].get("step"))
        for name, column in columns_of(table).items()
        if column.get("type_config")
    }
    assert formats == {
        "n": ("localized", 1), "x": ("localized", 0.01), "day": ("YYYY-MM-DD", None),
        "at": ("YYYY-MM-DD HH:mm", None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "form"),
    [
        ("year", "plain"), ("unit_key", "plain"), ("product_id", "plain"), ("quarter", "localized"),
        ("total_orders", "localized"), ("active_units", "localized"),
        (texts.UNIT, "plain"), (texts.UNIT_COLUMNS[0], "plain"), (texts.OBJECT_LINE, "plain"),
        (texts.RUN_COLUMNS[0], "plain"), (texts.SCHEDULE_ATTEMPT_COLUMNS[-1], "plain"),
        (texts.UNITS, "localized"), (texts.ORDERS, "localized"),
    ],
)  # fmt: skip
def test_quantities_are_grouped_and_identifiers_are_not(column: str, form: str) -> None:
    found = columns_of(pd.DataFrame({column: [12345]}))[column]
    assert found["type_config"]["format"] == form


def test_no_table_goes_through_the_styler() -> None:
    """It draws each cell on the server, and refuses more than 262,144 of them."""
    for path in [*ROOT.glob("ui/**/*.py"), *ROOT.glob("pages/*.py")]:
        assert not re.search(
            r"(?<!\bui)\.style\.(format|apply|map)|Styler", path.read_text(encoding="utf-8")
        ), path.name
