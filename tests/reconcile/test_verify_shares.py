"""Observed shares are those of the objects, scored against those of the plan."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from core.generation.catalog import Catalog, Window, load_catalog
from core.generation.cells import bulk_cells, window_cells
from core.generation.contents.baskets import size_chances
from core.generation.contents.channels import online_chances
from core.generation.contents.menus import menu_keys, menu_weights
from core.generation.orders import DEFAULT_SEED, generate
from core.generation.rhythm.level import levels
from core.reconcile.distributions import Share
from core.reconcile.verify import Verification, verify
from core.storage.object_names import SalesName, sales_name
from core.storage.object_store import LocalStore, NewObject
from core.storage.publish import Request, publish
from tests.support.samples import days

pytestmark = pytest.mark.thorough

DAY, BULK_DAY = date(2026, 2, 1), date(2026, 3, 1)
UNITS = tuple(range(1, 51))


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Verification:
    """50 units for a month: 30,000 orders, with a day of bulk data."""
    catalog = load_catalog()
    store = LocalStore(tmp_path_factory.mktemp("month"))
    publish(store, Request(tuple(days(DAY, 28)), catalog.windows, UNITS), catalog)
    publish(store, Request((BULK_DAY,), (), UNITS), catalog)
    return verify(store, catalog)


def _of(shares: Sequence[Share], subject: str) -> dict[str, Share]:
    return {share.value: share for share in shares if share.subject == subject}


def _mean(window: Window, catalog: Catalog) -> float:
    """The expected orders of a cell of the month in a window."""
    level = levels(window_cells(days(DAY, 28), [window], UNITS), DEFAULT_SEED, catalog).mean()
    return window.min_orders + (window.max_orders - window.min_orders) * float(level) / 1000


@pytest.mark.nightly  # as the shares of `generation`: samples of a month
def test_every_claimed_share_is_in_the_report(month: Verification, catalog: Catalog) -> None:
    assert month.differences == ()
    flat = {
        subject: {value: round(share.expected, 6) for value, share in found.items()}
        for subject in ("status", "quantity", "note", "customers")
        if (found := _of(month.shares, subject))
    }
    assert flat == {
        "status": {"Finalizado": 85, "Pendente": 10, "Cancelado": 5},
        "quantity": {"1": 65, "2": 25, "3": 10},
        "note": {"filled": 30, "empty": 70},
        "customers": {"regular": 50, "occasional": 35, "rare": 15},
    }
    volumes = {value: share.expected for value, share in _of(month.shares, "orders a cell").items()}
    whole = levels(bulk_cells([BULK_DAY], UNITS, 10, 50), DEFAULT_SEED, catalog)
    assert volumes == {
        **{window.tag: pytest.approx(_mean(window, catalog)) for window in catalog.windows},
        "whole day": pytest.approx(10 + 40 * float(whole.mean()) / 1000),
    }
    families = _of(month.shares, "product family")
    assert set(families) == {product.family for product in catalog.products}
    assert sum(share.expected for share in families.values()) == pytest.approx(100)


def test_shares_that_move_are_expected_by_the_chances_of_the_very_orders(
    month: Verification, catalog: Catalog
) -> None:
    chances, sizes = [], []
    for cells in (
        window_cells(days(DAY, 28), catalog.windows, UNITS),
        bulk_cells([BULK_DAY], UNITS, 10, 50),
    ):
        cell = generate(cells, DEFAULT_SEED, catalog)[0].cell
        chance = online_chances(cells, DEFAULT_SEED, catalog)[cell] / 1000
        of_kind = size_chances(cells.hour[cell].astype(int), catalog)
        chances.append(chance)
        sizes.append((of_kind[:, 0].T * (1 - chance) + of_kind[:, 1].T * chance).T)
    chance = np.concatenate(chances)
    online = _of(month.shares, "order type")["Loja Online"]
    assert online.expected == pytest.approx(100 * chance.mean())
    assert online.expected < 59.5  # of a summer month
    deviation = 100 * math.sqrt((chance * (1 - chance)).sum()) / len(chance)
    assert online.z == pytest.approx((online.observed - online.expected) / deviation)
    of_sizes = [share.expected for share in _of(month.shares, "items an order").values()]
    assert of_sizes == pytest.approx(np.concatenate(sizes).mean(axis=0))


def test_what_is_generated_is_as_expected(month: Verification) -> None:
    # Beyond 5 standard deviations: six in ten million for each of some 35 figures.
    assert len(month.shares) >= 34
    assert {share for share in month.shares if abs(share.z) > 5} == set()


def test_shares_of_a_subject_are_all_of_it(month: Verification) -> None:
    for subject in {share.subject for share in month.shares} - {"orders a cell"}:
        found = _of(month.shares, subject)
        assert sum(share.observed for share in found.values()) == pytest.approx(100)
    cells = _of(month.shares, "orders a cell").values()
    orders = sum(round(share.observed * share.count) for share in cells)
    assert 27_000 < orders < 31_000
    assert {share.count for share in _of(month.shares, "status").values()} == {orders}


def test_shares_are_those_of_the_objects_not_of_the_plan(store: LocalStore) -> None:
    catalog = load_catalog()
    publish(store, Request((DAY,), (), (1,), day_orders=(400, 400)), catalog)
    name = sales_name(SalesName("orders", DAY, 1, None))
    data = store.read(name).data.replace(b";Pendente\n", b";Finalizado\n")
    store.replace(NewObject(name, data.replace(b";Cancelado\n", b";Finalizado\n")))
    done = verify(store, catalog)
    status = _of(done.shares, "status")
    assert [share.observed for share in status.values()] == [100, 0, 0]
    # 400 of 400 where 340 are expected, with a deviation of sqrt(400 * 0.85 * 0.15) = 7.14.
    assert status["Finalizado"].z == pytest.approx(60 / math.sqrt(51))
    assert status["Cancelado"].z == pytest.approx(-20 / math.sqrt(19))
    assert _of(done.shares, "orders a cell")["whole day"].z == 0


def test_families_are_scored_by_the_menu_of_their_window(store: LocalStore) -> None:
    catalog = load_catalog()
    dinner = catalog.windows[4]
    publish(store, Request((DAY,), (dinner,), tuple(range(1, 201))), catalog)
    cells = window_cells([DAY], [dinner], range(1, 201))
    assert len(set(menu_keys(cells, catalog))) == 1
    menu = menu_weights(int(menu_keys(cells, catalog)[0]), catalog)
    weights = dict.fromkeys(catalog.appetite, 0)
    for product, weight in zip(catalog.products, menu, strict=True):
        weights[product.family] += weight
    families = _of(verify(store, catalog).shares, "product family")
    assert set(families) == set(weights)
    for family, share in families.items():
        chance = weights[family] / sum(weights.values())
        assert share.expected == pytest.approx(100 * chance, abs=0.05)  # whole slots
        chance = share.expected / 100
        deviation = 100 * math.sqrt(chance * (1 - chance) / share.count)  # of a binomial share
        assert share.z == pytest.approx((share.observed - share.expected) / deviation)


def test_a_number_of_orders_that_cannot_be_has_an_infinite_score(store: LocalStore) -> None:
    catalog = load_catalog()
    publish(store, Request((DAY,), (), (1,), day_orders=(4, 4)), catalog)
    name = sales_name(SalesName("orders", DAY, 1, None))
    store.replace(NewObject(name, b"".join(store.read(name).data.splitlines(keepends=True)[:-1])))
    assert _of(verify(store, catalog).shares, "orders a cell")["whole day"].z == -math.inf


def test_empty_files_have_no_shares(store: LocalStore) -> None:
    catalog = load_catalog()
    publish(store, Request((DAY,), (), (1, 2), day_orders=(0, 0)), catalog)
    done = verify(store, catalog)
    assert done.differences == ()
    assert [(share.subject, share.observed, share.z) for share in done.shares] == [
        ("orders a cell", 0, 0)
    ]
