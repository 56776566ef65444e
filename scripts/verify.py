"""Generate published data anew and compare it; exit 1 where manifest or objects differ."""

import argparse
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Bar, Parser, main, open_platform

from core.errors import InputError
from core.generation.catalog import load_catalog
from core.generation.windows import FIRST_DATE, LAST_DATE
from core.reconcile.distributions import Share
from core.reconcile.verify import Verification, verify
from core.storage.object_store import LocalStore
from core.storage.object_store.local import output_store

EXAMPLES = """\
  # Everything in the configured bucket
  python scripts/verify.py

  # A range of dates
  python scripts/verify.py --from 2026-02-01 --to 2026-02-28

  # Files of an output folder
  python scripts/verify.py --output-dir output
"""


def build_parser() -> Parser:
    """Flags for the range and the place."""
    parser = Parser(__doc__ or "", EXAMPLES)
    parser.add_dates(f"{FIRST_DATE}", f"{LAST_DATE}")
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "--bucket", action="store_true", help="look in the configured bucket (the default)"
    )
    place.add_argument("--output-dir", metavar="DIR", help="look in this output folder")
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the comparison, each difference, and observed against expected shares."""
    first = args.date or args.first or FIRST_DATE
    last = args.date or args.last or LAST_DATE
    in_bucket = args.output_dir is None
    store = open_platform(must_exist=True).store if in_bucket else _output(args.output_dir)
    with Bar() as bar:
        verification = verify(store, load_catalog(), (first, last), bar)
    _print_shares(verification.shares)
    for difference in verification.differences:
        print(f"DIFFERENT {difference.name}: {difference.detail}")
    print(_sentence(verification))
    return 1 if verification.differences else 0


def _output(folder: str) -> LocalStore:
    store = output_store(folder)
    if not store.root.is_dir():
        raise InputError(f"{store.root} is not a folder: name one that sales were generated into.")
    return store


def _sentence(verification: Verification) -> str:
    if not verification.manifests and not verification.differences:
        return "Nothing was compared: no manifest and no sales are there for these dates."
    compared = (
        f"{verification.objects:,} objects ({verification.size:,} bytes) of "
        f"{verification.cells:,} cells in {verification.manifests:,} manifests were compared with "
        "what is generated anew"
    )
    count = len(verification.differences)
    verdict = f"{count:,} difference{'s' if count > 1 else ''}" if count else "all are equal"
    return f"{compared}: {verdict}."


def _print_shares(shares: tuple[Share, ...]) -> None:
    print(f"{'what':<18}{'value':<16}{'observed':>11}{'expected':>11}{'of':>11}{'z':>8}")
    for share in shares:
        unit = " " if share.mean else "%"
        print(
            f"{share.subject:<18}{share.value:<16}{share.observed:>10.3f}{unit}"
            f"{share.expected:>10.3f}{unit}{share.count:>11,}{share.z:>+8.2f}"
        )
    if shares:
        print()


if __name__ == "__main__":
    main(build_parser(), run)
