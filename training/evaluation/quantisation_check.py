"""What eight bits cost: the same routers on embeddings of the shipped encoder and of the same encoder in float32.

python -m training.evaluation.quantisation_check [--data DIR] [--source NAME ...]
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from training.arrays import Floats
from training.data.known_outcomes import Answered, read_answered
from training.data.routing_data import RoutingTable, routing_tables
from training.encoder.embeddings import Embedded, embed_texts
from training.encoder.export_onnx import export_floats
from training.encoder.make_encoder import Encoder, make_encoder
from training.evaluation.routing_figures import route_by_prediction, routing_figures
from training.evaluation.routing_report import cross_validated
from training.places import CACHE, DATA, SEED

SOURCES = ("routerbench_subset", "zeroeval", "llmrouter_ulab")


@dataclass(frozen=True, slots=True)
class Compared:
    """AIQ in per cent; `flips` is the share of prompts whose best predicted model differs."""

    source: str
    aiq_floats: float
    aiq_int8: float
    flips: float
    cosine: float


def main() -> None:
    parser = argparse.ArgumentParser(description="AIQ in cross-validation with int8 and with float32 embeddings.")
    parser.add_argument("--data", type=Path, default=DATA / "router")
    parser.add_argument("--source", nargs="+", default=SOURCES)
    arguments = parser.parse_args()
    print(f"{'source':20}{'float32':>9}{'int8':>8}{'lost':>7}{'other choice':>14}{'cosine':>8}")
    for row in compare(read_answered(arguments.data), arguments.source):
        print(
            f"{row.source:20}{row.aiq_floats:9.2f}{row.aiq_int8:8.2f}{row.aiq_floats - row.aiq_int8:+7.2f}"
            f"{row.flips:14.3f}{row.cosine:8.4f}"
        )


def compare(answered: Answered, sources: Sequence[str]) -> Iterator[Compared]:
    int8 = make_encoder(CACHE / "encoder")
    floats = make_encoder(CACHE / "encoder-float32", export=export_floats)
    for table in routing_tables(answered.prompts, answered.outcomes):
        if table.source in sources and not table.shortcoming:
            texts = [answered.prompts.texts[int(row)] for row in table.prompts]
            yield _compare(_renumbered(table), _embed(texts, floats), _embed(texts, int8))


def _compare(table: RoutingTable, floats: Embedded, int8: Embedded) -> Compared:
    exact, rounded = (cross_validated("ours", table, embedded, seed=SEED) for embedded in (floats, int8))
    return Compared(
        source=table.source,
        aiq_floats=_aiq(exact, table),
        aiq_int8=_aiq(rounded, table),
        flips=float((exact.argmax(axis=1) != rounded.argmax(axis=1)).mean()),
        cosine=float((floats.vectors * int8.vectors).sum(axis=1).mean()),
    )


def _aiq(predicted: Floats, table: RoutingTable) -> float:
    routed = route_by_prediction(predicted, table.scores, table.cost_usd, table.cost_usd.mean(axis=0))
    return 100 * routing_figures(routed.frontier(), table.scores, table.cost_usd)["aiq_linear"]


def _renumbered(table: RoutingTable) -> RoutingTable:
    """Prompts by their place in the table: only these are embedded."""
    return replace(table, prompts=np.arange(len(table.prompts)))


def _embed(texts: Sequence[str], encoder: Encoder) -> Embedded:
    return embed_texts(texts, encoder=encoder.graph, tokenizer=encoder.tokenizer, cache=CACHE)


if __name__ == "__main__":
    main()
