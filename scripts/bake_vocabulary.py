"""Bake the vocabulary of addresses into `core/generation/data`: streets.txt and districts.txt.

Names come from Faker's pt_BR provider, which changes with its releases; the generator reads the
baked files instead, so that a new Faker cannot change data that exists.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Parser, main
from faker import VERSION, Faker
from faker.providers.address.pt_BR import Provider

from core.errors import InputError, StoreError

EXAMPLES = """\
  python scripts/bake_vocabulary.py --output-dir /tmp/vocabulary
"""
DATA_FOLDER = Path(__file__).resolve().parent.parent / "core" / "generation" / "data"
SEED = 20260201
MAX_BYTES = 40  # in UTF-8; the generator's tables have this width
DISTRICT_COUNT = 200
# How many streets of each kind: a town has mostly "Rua". The other prefixes of Faker (Aeroporto,
# Favela, Viaduto, ...) are places where nobody orders dinner.
STREET_COUNTS = {"Rua": 380, "Avenida": 110, "Travessa": 50, "Alameda": 30, "Praça": 30}
# Faker's districts are those of Belo Horizonte. Left out are names with a part that says so: its
# regions, landmarks and companies, the numbered sections of its land registry, ...
LOCAL_PARTS = (
    "Aarão Reis", "Barreiro", "Belo Horizonte", "Cdi ", "Cemig", "Copasa", "Curral", "Fumec",
    "Ibirité", "Minas", "Mineirão", "Oeste", "Ouro Preto", "Pampulha", "Puc", "Savassi",
    "Seção", "Sesc", "Sposito", "Taquaril", "Venda Nova",
    # ... names that are no district's, or are spoilt in Faker's list, ...
    " - ", "Califórnia I", "Ii", "Acaba Mundo", "Buraco Quente", "Das Industrias", "Marmiteiros",
    "Morro Dos Macacos", "Outro", "Padro Lopes", "Paulo Vi", "Pindura Saia", "Sport Club", "Unidas",
    # ... and names of cities, so that an address names one city only.
    "Cachoeirinha", "Goiania", "Santa Maria", "São José", "São Paulo", "Vitoria",
)  # fmt: skip
FORBIDDEN = frozenset(";\"'\r\n\t")


def run(args: argparse.Namespace) -> int:
    """Bake both files."""
    texts = bake()
    _check(args.output_dir, texts, force=args.force)
    _write(args.output_dir, texts)
    return 0


def bake() -> dict[str, list[str]]:
    """Lines of each file by its name, the same at every call with one release of Faker."""
    faker = Faker("pt_BR")
    faker.seed_instance(SEED)
    return {"streets.txt": _streets(faker), "districts.txt": _districts(faker)}


def _streets(faker: Faker) -> list[str]:
    streets: list[str] = []
    for prefix, count in STREET_COUNTS.items():
        streets += _first(count, _street_names(faker, prefix))
    return sorted(streets)


def _street_names(faker: Faker, prefix: str) -> Iterator[str]:
    """Names for ever: half with a family name alone, half with a full name."""
    while True:
        yield f"{prefix} {faker.last_name()}"
        yield f"{prefix} {faker.first_name()} {faker.last_name()}"


def _districts(faker: Faker) -> list[str]:
    everywhere = [name for name in Provider.bairros if _is_of_any_town(name)]
    shuffled = faker.random_elements(everywhere, length=len(everywhere), unique=True)
    return sorted(_first(DISTRICT_COUNT, ["Centro", *shuffled]))  # each town has its Centro


def _is_of_any_town(name: str) -> bool:
    return not any(part in name for part in LOCAL_PARTS)


def _first(count: int, names: Iterable[str]) -> list[str]:
    """The first `count` distinct clean names."""
    chosen: dict[str, None] = {}
    for name in names:
        if len(name.encode()) <= MAX_BYTES and not FORBIDDEN.intersection(name):
            chosen[name] = None
        if len(chosen) == count:
            break
    return list(chosen)


def _check(folder: Path, texts: dict[str, list[str]], *, force: bool) -> None:
    """Refuse a folder that is not there, or whose files would be replaced without `force`."""
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder: give --output-dir one that exists.")
    existing = [name for name in texts if (folder / name).exists()]
    if existing and not force:
        raise InputError(
            f"{' and '.join(existing)} exist in {folder}, and all addresses come from them: "
            "give --force to replace them, and with them the data of every seed."
        )


def _write(folder: Path, texts: dict[str, list[str]]) -> None:
    for name, lines in texts.items():
        path = folder / name
        try:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
        print(f"{path}: {len(lines)} lines, from Faker {VERSION}")


def build_parser() -> Parser:
    """The folder, and whether files in it may be replaced."""
    parser = Parser("Bake street and district names from Faker's pt_BR vocabulary.", EXAMPLES)
    parser.add_argument(
        "--output-dir", type=Path, default=DATA_FOLDER, help="default: core/generation/data"
    )
    parser.add_argument("--force", action="store_true", help="replace files that exist")
    return parser


if __name__ == "__main__":
    main(build_parser(), run)
