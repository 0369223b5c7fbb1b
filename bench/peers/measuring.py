"""Rounds in which all contestants take turns. A figure is the median over the rounds.

Each connection asks several times in a row, and they begin one after another within the time of one answer: so many
requests under way at a time, not so many in one rush.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from statistics import median

from bench.peers.classifier import write_prompt
from bench.peers.contestants import Contestant
from bench.peers.cpu import spent_s
from bench.peers.load import Task
from bench.peers.ours import spent_reading_s
from bench.peers.upstream import CHUNK_EVERY_S, CHUNKS, WHOLE_AFTER_S

PROMPT_TOKENS = 128
WARM_UP = 256


@dataclass(frozen=True, slots=True)
class Case:
    stream: bool
    concurrency: int

    @property
    def requests(self) -> int:
        return max(24, 8 * self.concurrency)

    @property
    def answer_s(self) -> float:
        """What the upstream takes for one answer."""
        return CHUNKS * CHUNK_EVERY_S if self.stream else WHOLE_AFTER_S


CASES = tuple(Case(stream, concurrency) for stream, concurrency in product((False, True), (1, 16, 64)))


@dataclass(frozen=True, slots=True)
class Figures:
    """One figure a round, a request. By case and contestant's name; the classifier's within our service by case
    alone, and by itself in a process by tokens of the prompt.
    """

    cpu_ms: dict[tuple[Case, str], list[float]] = field(default_factory=dict[tuple[Case, str], list[float]])
    first_byte_ms: dict[tuple[Case, str], list[float]] = field(default_factory=dict[tuple[Case, str], list[float]])
    classifier_ms: dict[Case, list[float]] = field(default_factory=dict[Case, list[float]])
    alone_ms: dict[int, list[float]] = field(default_factory=dict[int, list[float]])


def measure(everyone: Sequence[Contestant], cases: Iterable[Case], *, rounds: int) -> Figures:
    figures, prompt = Figures(), write_prompt(PROMPT_TOKENS)
    for contestant in everyone:
        for stream in (False, True):
            _ask(contestant, Case(stream, 16), prompt, requests=WARM_UP)
    for _ in range(rounds):
        for tokens, cpu_ms in _run_classifier().items():
            figures.alone_ms.setdefault(tokens, []).append(cpu_ms)
        for case, contestant in product(cases, everyone):
            _measure_one(contestant, case, prompt, figures)
    return figures


def _measure_one(contestant: Contestant, case: Case, prompt: str, figures: Figures) -> None:
    spent, read = _spent_ms(contestant), _classifier_ms(contestant)
    first_byte_ms = _ask(contestant, case, prompt, requests=case.requests)
    which = (case, contestant.name)
    figures.cpu_ms.setdefault(which, []).append((_spent_ms(contestant) - spent) / case.requests)
    figures.first_byte_ms.setdefault(which, []).append(first_byte_ms)
    if contestant.classifier_clock:
        figures.classifier_ms.setdefault(case, []).append((_classifier_ms(contestant) - read) / case.requests)


def _spent_ms(contestant: Contestant) -> float:
    return spent_s(contestant.pid) * 1000 if contestant.pid else 0.0


def _classifier_ms(contestant: Contestant) -> float:
    return spent_reading_s(contestant.classifier_clock) * 1000 if contestant.classifier_clock else 0.0


def _ask(contestant: Contestant, case: Case, prompt: str, *, requests: int) -> float:
    """The median time to the first byte, in milliseconds."""
    messages = [{"role": "user", "content": prompt}]
    body = {"model": contestant.model, "stream": case.stream, "max_completion_tokens": 60, "messages": messages}
    task = Task(contestant.url, contestant.headers, body, case.concurrency, requests, case.answer_s)
    try:
        return median(json.loads(_run("bench.peers.load", json.dumps(asdict(task))))["first_byte_ms"])
    except subprocess.CalledProcessError as error:
        error.add_note(f"{contestant.name} failed: {case}")
        raise


def _run_classifier() -> dict[int, float]:
    return {int(tokens): cpu_ms for tokens, cpu_ms in json.loads(_run("bench.peers.classifier")).items()}


def _run(module: str, given: str = "") -> str:
    ended = subprocess.run([sys.executable, "-m", module], input=given, stdout=subprocess.PIPE, text=True, check=True)
    return ended.stdout
