"""Prompts of benchmarks as task prompts: where the benchmark says what is asked for, they are real sources for free."""

import re
from collections import defaultdict
from collections.abc import Iterator
from random import Random

from training.data.examples import given_with
from training.data.prompts import OutcomePrompts, TaskPrompt

# First match on "source benchmark" holds; what matches none is mixed, or must not be trained on.
TASKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"alpaca_eval2|trustedrouter|misguided|open_llm|mt_bench|winogrande|commongen|logicgrid", ()),
    (r"bfcl/", ("agentic_tool",)),
    (r"zeroeval crux", ("code_assist",)),
    (r"mbpp|human_?eval|javascript", ("code_generation",)),
    (r"gsm|math", ("math_reasoning",)),
    (r"mmlu_pro/", ("chat_qa", "math_reasoning")),
    (r"mmlu|arc|ceval|gpqa|openbook_qa|commonsense_qa|natural_qa|trivia_qa", ("chat_qa",)),
)
MOST_PER_BENCHMARK = 300


def read_benchmark_tasks(prompts: OutcomePrompts, *, seed: int) -> list[TaskPrompt]:
    """At most MOST_PER_BENCHMARK of each, drawn at random."""
    rows_of: defaultdict[str, list[int]] = defaultdict(list)
    for row, (source, benchmark) in enumerate(zip(prompts.sources, prompts.benchmarks, strict=True)):
        rows_of[f"{source} {str(benchmark).split('_', 1)[0] if 'bfcl/' in benchmark else benchmark}"].append(row)
    random = Random(seed)
    return [prompt for name, rows in sorted(rows_of.items()) for prompt in _draw(name, rows, prompts, random)]


def _draw(name: str, rows: list[int], prompts: OutcomePrompts, random: Random) -> Iterator[TaskPrompt]:
    labels = next((labels for pattern, labels in TASKS if re.search(pattern, name)), ())
    if not labels:
        return
    for row in sorted(random.sample(rows, min(MOST_PER_BENCHMARK, len(rows)))):
        yield TaskPrompt(
            text=prompts.texts[row],
            label=labels[0],
            labels_ok=labels,
            source=f"outcomes/{name.split()[0]}",
            language="zh" if re.search(r"cmmlu|ceval", name) else "en",
            modality_in=given_with(labels[0]),
            licence="see the outcome data",
            origin=f"outcomes/{_family(name)}",
        )


def _family(name: str) -> str:
    """mmlu_pro's subjects are one data set, as are bfcl's categories."""
    return re.sub(r"(mmlu_pro|bfcl)/.*", r"\1", name.split()[1])
