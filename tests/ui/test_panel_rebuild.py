"""Rebuild: tables and checks of a rebuild, and a look into Gold."""

from core import pipeline
from core.operations.runs import RunHistory
from core.platform import Platform
from tests.support.panel_pages import everything, history, opened, platform, pressed, uploaded
from tests.support.scenes import embedded

__all__ = ["history", "platform"]  # fixtures


def test_a_rebuild_shows_its_tables_and_checks(platform: Platform, history: RunHistory) -> None:
    uploaded(platform)
    app = opened("rebuild")
    assert "not built" in everything(app)
    run = pressed(app, "rebuild_all", history)
    app.run()
    assert app.success[0].value == f"**{run.title}** · {run.result}"
    tables, checks = (frame.value for frame in app.dataframe[:2])
    names = ("silver.orders", "gold.fact_sales", "gold.agg_daily_sales")
    assert {f"case_ficticio_{name}" for name in names} <= set(tables["Table"])
    assert set(checks["Failing rows"]) == {0}
    assert everything(app).count("up to date") == 3
    uploaded(platform, units=3)
    assert everything(opened("rebuild")).count("behind") == 3


def test_gold_is_looked_into_by_day_state_product_and_table(platform: Platform) -> None:
    uploaded(platform, units=30)
    pipeline.rebuild(platform)
    app = opened("rebuild", gold_table="dim_unit")
    shown = {next(iter(frame.value.columns)): frame.value for frame in app.dataframe}
    revenue = {
        name: round(shown[name]["Revenue (R$)"].sum(), 2) for name in ("Day", "State", "Product")
    }
    assert revenue["Day"] == revenue["State"] > revenue["Product"] > 0  # the best of them, no fees
    assert len(shown["unit_key"]) == 30
    lineage = shown["Table"]
    made_from = dict(zip(lineage["Table"], lineage["Made from"], strict=True))
    assert made_from["case_ficticio_gold.dim_product"] == "case_ficticio_silver.products"
    uploaded(platform, windows=1, units=31)
    assert "2 objects came to Bronze since it was built" in everything(opened("rebuild"))


def test_a_failed_check_shows_its_rows(platform: Platform, history: RunHistory) -> None:
    uploaded(platform, windows=1)
    with embedded(platform).writing() as connection:
        connection.execute("UPDATE case_ficticio_bronze.orders SET vlr_pedido = vlr_pedido + 1")
    app = opened("rebuild")
    pressed(app, "rebuild_silver", history)
    app.run()
    assert "Silver stayed as it was" in app.error[0].value
    assert "docs/bronze.md" in app.error[0].value
    checks = app.dataframe[1].value
    assert checks["Failing rows"].iloc[0] > 0
    assert app.expander[1].label.startswith("Failing rows of: The value of each order")
    shown = everything(app)
    assert "**Silver**: not published, for 1 check fails" in shown
    assert "last rebuild failed" in shown
    assert "all business days rebuilt" not in shown

    failing = app.dataframe[2].value
    assert set(failing["Unit"]) <= {"001", "002"}
    assert set(failing["Window"]) == {"2026-02-01 10:00-12:00"}
    again = next(button for button in app.button if (button.key or "").startswith("again_"))
    assert "Ingest unit 00" in again.label
    reloaded = pressed(app, str(again.key), history)
    assert reloaded.kind == "reload"
    assert not reloaded.error


def test_a_rebuild_of_what_has_not_changed_says_so(platform: Platform, history: RunHistory) -> None:
    uploaded(platform, windows=1)
    app = opened("rebuild")
    pressed(app, "rebuild_all", history)
    assert "no business day was rebuilt" not in everything(app.run())
    pressed(app, "rebuild_all", history)
    assert "so no business day was rebuilt" in everything(app.run())
