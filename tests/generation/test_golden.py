"""The bytes of data that exists do not change: some hundred cells against `golden/cells.json`."""

import json

from tests.support.make_golden import FILE, hashes

GOLDEN: dict[str, str] = json.loads(FILE.read_text())

ADVICE = """\
Data that exists would change: {count} of {total} golden cells have other bytes, {first} among them.
Files in buckets, their manifests and every rerun rely on these bytes. Undo what moved them (a
weight, a line of core/generation/data, the order of draws; a new subject takes a key domain of its
own, a new
product a later on_menu_from). Only when nobody has data yet: python -m tests.support.make_golden
--replace.
"""


def test_cells_have_the_bytes_they_always_had() -> None:
    now = hashes()
    changed = [name for name, value in GOLDEN.items() if now.get(name) != value]
    assert not changed, ADVICE.format(count=len(changed), total=len(GOLDEN), first=changed[0])


def test_the_golden_file_covers_what_can_differ() -> None:
    parts = [name.split("/") for name in GOLDEN]
    seeds, dates, times, units = (set(column) for column in zip(*parts, strict=True))
    assert len(GOLDEN) >= 300
    assert len(set(GOLDEN.values())) == len(GOLDEN)
    assert len(seeds) == 5
    assert {"2010-01-01", "2099-12-31"} <= dates
    assert sum(time.startswith("window_") for time in times) == 7
    assert any(time.startswith("day_") for time in times)
    assert {"unit_001", "unit_051", "unit_99999", "unit_1048575"} <= units
