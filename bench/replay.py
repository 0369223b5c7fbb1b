"""Makes many decisions and derives each again from its record alone: `python -m bench.replay --count 10000`."""

import argparse
import json
import time

from pointsman.application.replay_decisions import ReplayDecisions

from bench.decisions import KeptDocuments, decide_many, differing_registries

VERSIONS = 4


def through_text(kept: KeptDocuments) -> KeptDocuments:
    """As the table gives records back."""
    return KeptDocuments([json.loads(json.dumps(document)) for document in kept.documents])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    count: int = parser.parse_args().count
    registries, began = list(differing_registries(VERSIONS)), time.process_time()
    kept, decided_s = decide_many(count, registries), time.process_time() - began
    by_number, began = {registry.version: registry for registry in registries}, time.process_time()
    replay = ReplayDecisions(through_text(kept), by_number.get).replay(count)
    replayed_s = time.process_time() - began
    bytes_each = sum(len(json.dumps(document)) for document in kept.documents) // len(kept.documents)
    print(f"{replay.equal} of {replay.total} decisions come out the same, over {VERSIONS} versions of the registry")
    print(f"CPU each: {decided_s / count * 1e3:.2f} ms to decide, {replayed_s / count * 1e3:.2f} ms to derive again")
    print(f"a record takes {bytes_each} bytes")
    for name, fields in list(replay.different.items())[:10]:
        print(f"  {name}: {', '.join(fields)}")


if __name__ == "__main__":
    main()
