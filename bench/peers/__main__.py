"""Measures all contestants in turn, round after round, and prints the tables.

CPU is that of a contestant's own processes: not the load generator's, the upstream's or, for us, the DynamoDB
emulator's. Ours decides over the whole registry, with keys and limits from the tables and an audit record for each
request; the others only pass on, "bare" in a few lines of Python over ours' own server and client. What the classifier
takes is counted where it runs, as CPU time of its threads within the service: more than by itself in a process, whose
caches are warm.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.peers.contestants import contestants
from bench.peers.measuring import CASES, measure
from bench.peers.tables import print_tables

ROUNDS = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--form", choices=("whole", "streamed"), help="of the answers; both where none is named")
    parser.add_argument(
        "--at", type=int, choices=sorted({case.concurrency for case in CASES}), help="requests at a time"
    )
    told = parser.parse_args()
    cases = [
        case
        for case in CASES
        if told.form in (None, "streamed" if case.stream else "whole") and told.at in (None, case.concurrency)
    ]
    with tempfile.TemporaryDirectory() as folder, contestants(Path(folder)) as everyone:
        print_tables(measure(everyone, cases, rounds=ROUNDS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
