"""Bake the vocabulary of addresses into `core/generation/data`: streets.txt and districts.txt.

Names come from Faker's pt_BR provider, which changes with its releases; the generator reads the
baked files instead, so that a new Faker cannot change data that exists.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _bake import baking_parser, write_baked
from _cli import main
from faker import VERSION, Faker
from faker.providers.address.pt_BR import Provider

EXAMPLES = """\
  python scripts/bake_vocabulary.py --output-dir /tmp/vocabulary
"""
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
    write_baked(
        args.output_dir, bake(), f"Faker {VERSION}", "all addresses come from them",
        force=args.force,
    )  # fmt: skip
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


if __name__ == "__main__":
    main(
        baking_parser("Bake street and district names from Faker's pt_BR vocabulary.", EXAMPLES),
        run,
    )
