"""Draws the frontier over drawn decisions on the packed registry: `python -m bench.frontier frontier.png`."""

import argparse
from pathlib import Path

from pointsman.adapters.frontier_picture import draw_frontier
from pointsman.application.simulate_policy import SimulatePolicy

from bench.decisions import NOW, decide_many, packed_registry

POOLS = {"openai/*": ("openai/*",), "google/*": ("google/*",), "anthropic/*": ("anthropic/*",)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--count", type=int, default=200)
    arguments = parser.parse_args()
    registry = packed_registry(1)
    kept = decide_many(arguments.count, [registry])
    points = SimulatePolicy(kept).simulate(registry, most=arguments.count, on=NOW.date(), pools=POOLS)
    draw_frontier(points, arguments.picture)
    for point in points:
        print(f"{point.setting.label:>14}  {1000 * point.usd_each:10.4f} USD per 1,000  quality {point.quality:.3f}")


if __name__ == "__main__":
    main()
