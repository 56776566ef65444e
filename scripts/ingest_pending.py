"""Load into Bronze every object of the bucket that is not there yet, in its present generation."""

import argparse

from _cli import Bar, Parser, ingested_sentence, main, now, open_platform

from core.pipeline import ingest_pending

EXAMPLES = """\
  python scripts/ingest_pending.py
"""


def run(_: argparse.Namespace) -> int:
    """Ingest what is pending and say what that was."""
    with Bar() as bar:
        ingested = ingest_pending(open_platform(), now(), progress=bar)
    print(ingested_sentence(ingested) if ingested.objects else "Bronze: nothing is pending.")
    return 0


if __name__ == "__main__":
    main(Parser(__doc__ or "", EXAMPLES), run)
