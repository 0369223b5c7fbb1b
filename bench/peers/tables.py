"""What was measured, as tables of medians and ratios, and the bars that it is held against."""

from statistics import median

from bench.peers.measuring import PROMPT_TOKENS, Case, Figures

OURS, PEERS = "Pointsman", ("Portkey", "LiteLLM", "bare")
NAMES = ("direct", OURS, *PEERS)
LONGEST_FIRST_BYTE_MS = 10.0


def print_tables(figures: Figures) -> None:
    shares = {tokens: median(rounds) for tokens, rounds in sorted(figures.classifier_ms.items())}
    cases = sorted({case for case, _ in figures.cpu_ms}, key=lambda case: (case.stream, case.concurrency))
    print("\nThe classifier's own run, CPU-ms: " + ", ".join(f"{ms:.2f} at {n} tokens" for n, ms in shares.items()))
    classifier_ms = shares[PROMPT_TOKENS]
    _print_cpu(figures, cases, classifier_ms)
    _print_first_byte(figures, cases, classifier_ms)


def _print_cpu(figures: Figures, cases: list[Case], classifier_ms: float) -> None:
    titles = ("ours", "without classifier", "Portkey", "LiteLLM", "bare Python", "without/Portkey", "ours/LiteLLM")
    _print_row("CPU-ms a request", *titles)
    for case in cases:
        ours, portkey, litellm, bare = (median(figures.cpu_ms[case, name]) for name in (OURS, *PEERS))
        ratios = ((ours - classifier_ms) / portkey, ours / litellm)
        _print_row(_name(case), *(f"{n:.2f}" for n in (ours, ours - classifier_ms, portkey, litellm, bare, *ratios)))
    print("Bars: without/Portkey below 1, ours/LiteLLM at most 0.5")


def _print_first_byte(figures: Figures, cases: list[Case], classifier_ms: float) -> None:
    _print_row(
        "ms to the first byte",
        "direct",
        "ours over it",
        "without classifier",
        "Portkey's",
        "LiteLLM's",
        "bare Python's",
    )
    for case in cases:
        direct, *others = (median(figures.first_byte_ms[case, name]) for name in NAMES)
        ours, *peers = (other - direct for other in others)
        _print_row(_name(case), *(f"{n:.1f}" for n in (direct, ours, ours - classifier_ms, *peers)))
    print(f"Bar: without the classifier at most {LONGEST_FIRST_BYTE_MS:.0f} ms over direct")


def _name(case: Case) -> str:
    return f"{'streamed' if case.stream else 'whole'}, {case.concurrency} at a time"


def _print_row(name: str, *cells: str) -> None:
    print(f"{name:24}" + "".join(f"{cell:>20}" for cell in cells))
