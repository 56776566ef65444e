"""Rebuild Gold's aggregations from its facts, all or nothing."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves it out

from _cli import main
from _rebuild import build_parser, make_rebuild

if __name__ == "__main__":
    main(build_parser(__doc__ or "", "build_aggregations.py"), make_rebuild("aggregations"))
