"""Load into Bronze every object of the bucket that is not there yet, in its present generation."""

import argparse
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Bar, Parser, ingested_sentence, main, now, open_platform, recorded, say

from core import jobs
from core.pipeline import ingest_pending

EXAMPLES = """\
  python scripts/ingest_pending.py
"""


def run(_: argparse.Namespace) -> int:
    """Ingest what is pending and say what that was."""
    platform = open_platform(must_exist=True)
    with recorded(jobs.ingestion()) as context, Bar() as bar:
        context.also = bar
        ingested = ingest_pending(platform, now(), progress=jobs.logged(context))
        bar.close()
        told = ingested_sentence(ingested) if ingested.objects else "Bronze: nothing is pending."
        say(told, context)
    return 0


if __name__ == "__main__":
    main(Parser(__doc__ or "", EXAMPLES), run)
