import numpy as np

from training.data.benchmark_tasks import MOST_PER_BENCHMARK, read_benchmark_tasks
from training.data.prompts import OutcomePrompts


def read(*benchmarks: tuple[str, str]) -> list[tuple[str, str, str]]:
    sources, names = (np.array(column) for column in zip(*benchmarks, strict=True))
    texts = [f"prompt {number}" for number in range(len(benchmarks))]
    prompts = OutcomePrompts(names, texts, sources, names, families=names, splits=names, groups=names)
    return [(prompt.label, prompt.origin, prompt.language) for prompt in read_benchmark_tasks(prompts, seed=1)]


def test_a_benchmark_says_what_its_prompts_ask_for() -> None:
    assert read(("bfcl_2024_08", "bfcl/java"), ("zeroeval", "crux"), ("routerdc_7model", "routerdc7/cmmlu")) == [
        ("agentic_tool", "outcomes/bfcl", "en"),
        ("chat_qa", "outcomes/routerdc7/cmmlu", "zh"),
        ("code_assist", "outcomes/crux", "en"),
    ]


def test_what_must_not_be_trained_on_is_left_out() -> None:
    assert (
        read(("alpaca_eval2", "alpaca/koala"), ("open_llm_lb_v2", "oll2/ifeval"), ("routellm", "routellm/mt_bench"))
        == []
    )


def test_no_benchmark_drowns_the_others() -> None:
    assert len(read(*[("zeroeval", "gsm")] * (MOST_PER_BENCHMARK + 50))) == MOST_PER_BENCHMARK
