"""Load into Bronze every object of the bucket that is not there yet; exit 1 if some were left."""

import argparse
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import Bar, Parser, describe_ingested, main, now, open_platform, record_run, say

from core.messages import message
from core.operations import jobs
from core.pipeline import ingest_pending

EXAMPLES = """\
  python scripts/ingest_pending.py
"""


def run(_: argparse.Namespace) -> int:
    """Ingest what is pending, and say what that was and what could not be read."""
    platform = open_platform(must_exist=True)
    with record_run(jobs.ingestion()) as context, Bar() as bar:
        context.also = bar
        ingested = ingest_pending(platform, now(), progress=jobs.log_steps(context))
        bar.close()
        nothing = message("script.nothing_loaded" if ingested.left else "script.nothing_pending")
        say(describe_ingested(ingested) if ingested.objects else nothing, context)
        for entry in ingested.left:
            say(message("script.left", name=entry.name, reason=entry.reason), context)
    return 1 if ingested.left else 0


if __name__ == "__main__":
    main(Parser(__doc__ or "", EXAMPLES), run)
