"""Writing the files of the catalog that are taken once from a package."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from _cli import Parser

from core.errors import InputError, StoreError
from core.generation.catalog import DATA_FOLDER


def baking_parser(description: str, examples: str) -> Parser:
    """The folder, and whether files in it may be replaced."""
    parser = Parser(description, examples)
    parser.add_argument(
        "--output-dir", type=Path, default=DATA_FOLDER, help="default: core/generation/data"
    )
    parser.add_argument("--force", action="store_true", help="replace files that exist")
    return parser


def write_baked(
    folder: Path, texts: Mapping[str, Sequence[str]], source: str, effect: str, *, force: bool
) -> None:
    """Write the lines of each file by its name, and print what was written.

    Args:
        source: The package and its release, such as `Faker 40.1`.
        effect: What comes from these files, such as `all addresses come from them`.
        force: Whether files that exist are replaced.

    Raises:
        InputError: The folder does not exist, or files would be replaced without `force`.
        StoreError: A file cannot be written.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder: give --output-dir one that exists.")
    existing = [name for name in texts if (folder / name).exists()]
    if existing and not force:
        raise InputError(
            f"{' and '.join(existing)} exist in {folder}, and {effect}: "
            "give --force to replace them, and with them the data of every seed."
        )
    for name, lines in texts.items():
        path = folder / name
        try:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
        print(f"{path}: {len(lines)} lines, from {source}")
