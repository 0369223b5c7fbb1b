"""Rounds in which all contestants take turns. A figure is the median over the rounds."""

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

PROMPT_TOKENS = 128
WARM_UP = 64


@dataclass(frozen=True, slots=True)
class Case:
    stream: bool
    concurrency: int

    @property
    def requests(self) -> int:
        return max(16, 2 * self.concurrency)


CASES = tuple(Case(stream, concurrency) for stream, concurrency in product((False, True), (1, 16, 64)))


@dataclass(frozen=True, slots=True)
class Figures:
    """One figure a round. By case and contestant's name; the classifier's by tokens of the prompt."""

    cpu_ms: dict[tuple[Case, str], list[float]] = field(default_factory=dict[tuple[Case, str], list[float]])
    first_byte_ms: dict[tuple[Case, str], list[float]] = field(default_factory=dict[tuple[Case, str], list[float]])
    classifier_ms: dict[int, list[float]] = field(default_factory=dict[int, list[float]])


def measure(everyone: Sequence[Contestant], cases: Iterable[Case], *, rounds: int) -> Figures:
    figures, prompt = Figures(), write_prompt(PROMPT_TOKENS)
    for contestant in everyone:
        for stream in (False, True):
            _ask(contestant, Case(stream, 16), prompt, requests=WARM_UP)
    for _ in range(rounds):
        for tokens, cpu_ms in _run_classifier().items():
            figures.classifier_ms.setdefault(tokens, []).append(cpu_ms)
        for case, contestant in product(cases, everyone):
            before = spent_s(contestant.pid) if contestant.pid else 0.0
            first_byte_ms = _ask(contestant, case, prompt, requests=case.requests)
            after = spent_s(contestant.pid) if contestant.pid else 0.0
            which = (case, contestant.name)
            figures.cpu_ms.setdefault(which, []).append((after - before) * 1000 / case.requests)
            figures.first_byte_ms.setdefault(which, []).append(first_byte_ms)
    return figures


def _ask(contestant: Contestant, case: Case, prompt: str, *, requests: int) -> float:
    """The median time to the first byte, in milliseconds."""
    messages = [{"role": "user", "content": prompt}]
    body = {"model": contestant.model, "stream": case.stream, "max_completion_tokens": 60, "messages": messages}
    task = Task(contestant.url, contestant.headers, body, case.concurrency, requests)
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
