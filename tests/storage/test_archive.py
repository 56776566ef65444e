"""Archives: an entry for each file, which stays below the folder that it is unpacked in."""

import io
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.storage.zip_archive import entry_name, zipped

ORDINARY = "raw/csv_sales/2026/02/01/unit_001/window_1012/pedido.csv"


def test_an_ordinary_name_is_that_of_its_entry() -> None:
    assert entry_name(ORDINARY) == ORDINARY


@pytest.mark.parametrize(
    "name",
    [
        "raw/../../../etc/passwd", "/etc/passwd", "raw/csv_sales/./x.csv", "raw//x.csv",
        "raw\\..\\..\\x.csv", "C:/x.csv", "raw/.. /x.csv", "raw/...../x.csv", "raw/x\x00.csv",
    ],
)  # fmt: skip
def test_no_entry_leads_out_of_the_folder_that_it_is_unpacked_in(name: str, tmp_path: Path) -> None:
    entry = entry_name(name)
    for path in (PurePosixPath(entry), PureWindowsPath(entry)):
        assert not path.is_absolute()
        assert not path.drive
        assert {"..", ".", ".. "}.isdisjoint(path.parts)
    with zipfile.ZipFile(io.BytesIO(zipped([(name, b"x")]))) as archive:
        archive.extractall(tmp_path / "folder")
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [tmp_path / "folder" / entry]


@given(st.lists(st.text("./\\%:a", min_size=1, max_size=6), unique=True, max_size=8))
def test_names_that_differ_have_entries_that_differ(names: list[str]) -> None:
    assert len({entry_name(name) for name in names}) == len(names)
