"""Gives commands to gcloud's own parser: `gcloud_parser.py SDK` with a JSON list of them on stdin.

Run in a process of its own, without credentials. Prints gcloud's exit code of each as JSON, on the
last line, for some commands need no sign-in and print: 2 for a command that it does not
understand, 1 where it only then finds that nobody is signed in.
"""

import json
import sys
from pathlib import Path


def main() -> None:
    """Read, try, print."""
    library = Path(sys.argv[1], "lib")
    sys.path[:0] = [str(library), str(library / "third_party")]
    from googlecloudsdk import gcloud_main  # type: ignore[import-not-found]

    gcloud = gcloud_main.CreateCLI([])
    codes: list[object] = []
    for command in json.load(sys.stdin):
        try:
            gcloud.Execute(command)
            codes.append(0)
        except SystemExit as end:
            codes.append(end.code)
    sys.stdout.write(f"\n{json.dumps(codes)}")


if __name__ == "__main__":
    main()
