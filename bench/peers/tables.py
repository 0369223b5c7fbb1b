"""What was measured, as tables of medians and ratios, and the bars that it is held against."""

from statistics import median

from bench.peers.measuring import Case, Figures

OURS, PEERS = "Pointsman", ("Portkey", "LiteLLM", "bare")
NAMES = ("direct", OURS, *PEERS)
LONGEST_FIRST_BYTE_MS = 10.0


def print_tables(figures: Figures) -> None:
    alone = {tokens: median(rounds) for tokens, rounds in sorted(figures.alone_ms.items())}
    cases = sorted(figures.classifier_ms, key=lambda case: (case.stream, case.concurrency))
    print("\nThe classifier by itself, CPU-ms: " + ", ".join(f"{ms:.2f} at {n} tokens" for n, ms in alone.items()))
    _print_cpu(figures, cases)
    _print_first_byte(figures, cases)


def _print_cpu(figures: Figures, cases: list[Case]) -> None:
    titles = ("ours", "its classifier", "the rest", "Portkey", "LiteLLM", "bare Python", "rest/Portkey", "ours/LiteLLM")
    _print_row("CPU-ms a request", *titles)
    for case in cases:
        ours, portkey, litellm, bare = (median(figures.cpu_ms[case, name]) for name in (OURS, *PEERS))
        classifier = median(figures.classifier_ms[case])
        rest = ours - classifier
        row = (ours, classifier, rest, portkey, litellm, bare, rest / portkey, ours / litellm)
        _print_row(_name(case), *(f"{n:.2f}" for n in row))
    print("Bars: rest/Portkey below 1, ours/LiteLLM at most 0.5")


def _print_first_byte(figures: Figures, cases: list[Case]) -> None:
    titles = ("direct", "ours over it", "but the classifier", "Portkey's", "LiteLLM's", "bare Python's")
    _print_row("ms to the first byte", *titles)
    for case in cases:
        direct, *others = (median(figures.first_byte_ms[case, name]) for name in NAMES)
        ours, *peers = (other - direct for other in others)
        rest = ours - median(figures.classifier_ms[case])
        _print_row(_name(case), *(f"{n:.1f}" for n in (direct, ours, rest, *peers)))
    print(f"Bar: but for the classifier at most {LONGEST_FIRST_BYTE_MS:.0f} ms over direct")


def _name(case: Case) -> str:
    return f"{'streamed' if case.stream else 'whole'}, {case.concurrency} at a time"


def _print_row(name: str, *cells: str) -> None:
    print(f"{name:24}" + "".join(f"{cell:>19}" for cell in cells))
