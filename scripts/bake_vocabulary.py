"""Bake the vocabulary of addresses into `core/data`: streets.txt and districts.txt.

Names come from Faker's pt_BR provider, which changes with its releases; the generator reads the
baked files instead, so that a new Faker cannot change data that exists.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker import Faker

DATA_FOLDER = Path(__file__).resolve().parent.parent / "core" / "data"
SEED = 20260201
MAX_BYTES = 40  # in UTF-8; the generator's tables have this width
DISTRICT_COUNT = 200
# How many streets of each kind: a town has mostly "Rua". The other prefixes of Faker (Aeroporto,
# Favela, Viaduto, ...) are places where nobody orders dinner.
STREET_COUNTS = {"Rua": 380, "Avenida": 110, "Travessa": 50, "Alameda": 30, "Praça": 30}
# Faker's districts are those of Belo Horizonte. These words are of that city alone: its regions
# and landmarks, its companies, and the numbered sections of its land registry.
LOCAL_WORDS = frozenset(
    "Barreiro Belo Cemig Copasa Fumec Horizonte Ibirité Minas Mineirão Minaslandia Ouro Pampulha "
    "Puc Savassi Seção Taquaril".split()
)  # fmt: skip
NOT_A_DISTRICT = frozenset({"Outro", "Unidas", "Das Industrias I", "Novo Das Industrias"})
FORBIDDEN = frozenset(";\"'\r\n\t")


def main(arguments: list[str] | None = None) -> int:
    """Bake both files; returns the exit code."""
    options = _parser().parse_args(arguments)
    texts = bake()
    refusal = _refusal(options.output_dir, texts, force=options.force)
    if refusal:
        print(refusal, file=sys.stderr)
        return 2
    return _write(options.output_dir, texts)


def bake() -> dict[str, list[str]]:
    """Lines of each file by its name, the same at every call with one release of Faker."""
    from faker import Faker

    faker = Faker("pt_BR")
    faker.seed_instance(SEED)
    return {"streets.txt": _streets(faker), "districts.txt": _districts(faker)}


def _streets(faker: "Faker") -> list[str]:
    streets: list[str] = []
    for prefix, count in STREET_COUNTS.items():
        streets += _first(count, _street_names(faker, prefix))
    return sorted(streets)


def _street_names(faker: "Faker", prefix: str) -> Iterator[str]:
    """Names for ever: half with a family name alone, half with a full name."""
    while True:
        yield f"{prefix} {faker.last_name()}"
        yield f"{prefix} {faker.first_name()} {faker.last_name()}"


def _districts(faker: "Faker") -> list[str]:
    from faker.providers.address.pt_BR import Provider

    everywhere = [name for name in Provider.bairros if _is_of_any_town(name)]
    shuffled = faker.random_elements(everywhere, length=len(everywhere), unique=True)
    return sorted(_first(DISTRICT_COUNT, shuffled))


def _is_of_any_town(name: str) -> bool:
    return name not in NOT_A_DISTRICT and not LOCAL_WORDS.intersection(name.split())


def _first(count: int, names: Iterable[str]) -> list[str]:
    """The first `count` distinct clean names."""
    chosen: dict[str, None] = {}
    for name in names:
        if len(name.encode()) <= MAX_BYTES and not FORBIDDEN.intersection(name):
            chosen[name] = None
        if len(chosen) == count:
            break
    return list(chosen)


def _refusal(folder: Path, texts: dict[str, list[str]], *, force: bool) -> str:
    """Why nothing may be written there; empty when it may."""
    if not folder.is_dir():
        return f"{folder} is not a folder: give --output-dir one that exists."
    existing = [name for name in texts if (folder / name).exists()]
    if existing and not force:
        return (
            f"{' and '.join(existing)} exist in {folder}, and all addresses come from them: "
            "give --force to replace them, and with them the data of every seed."
        )
    return ""


def _write(folder: Path, texts: dict[str, list[str]]) -> int:
    from faker import VERSION

    for name, lines in texts.items():
        path = folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        print(f"{path}: {len(lines)} lines, from Faker {VERSION}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Bake street and district names from Faker's pt_BR vocabulary.",
        epilog="example: python scripts/bake_vocabulary.py --output-dir /tmp/vocabulary",
    )
    parser.add_argument("--output-dir", type=Path, default=DATA_FOLDER, help="default: core/data")
    parser.add_argument("--force", action="store_true", help="replace files that exist")
    return parser


if __name__ == "__main__":
    sys.exit(main())
