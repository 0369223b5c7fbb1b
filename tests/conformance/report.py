"""Prints what became of the recorded traffic, as a Markdown table.

python -m tests.conformance.report
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from tests.conformance.judging import Verdict, judge
from tests.conformance.recorded_traffic import ABSENT, FOLDER, recordings

COLUMNS = ("recordings", "whole", "streamed", "with tool calls", "provider errors", "known limits", "failures")


def count(verdicts: Iterable[Verdict]) -> Mapping[str, Counter[str]]:
    """By provider, and under "all" together."""
    counts: dict[str, Counter[str]] = {}
    total = Counter[str]()
    for verdict in verdicts:
        counted = Counter(_columns_of(verdict))
        counts.setdefault(verdict.recording.provider, Counter()).update(counted)
        total.update(counted)
    return {**dict(sorted(counts.items())), "all": total}


def _columns_of(verdict: Verdict) -> Iterable[str]:
    yield "recordings"
    if verdict.faults:
        yield "failures"
    elif verdict.limit:
        yield "known limits"
    elif verdict.reply:
        yield "streamed" if verdict.recording.streamed else "whole"
        if any(choice.tool_calls for choice in verdict.reply.choices):
            yield "with tool calls"
    else:
        yield "provider errors"


def print_table(counts: Mapping[str, Counter[str]]) -> None:
    print("| provider |", " | ".join(COLUMNS), "|")
    print("| --- |" + " ---: |" * len(COLUMNS))
    for provider, counted in counts.items():
        print(f"| {provider} |", " | ".join(str(counted[column]) for column in COLUMNS), "|")


def main() -> None:
    if not FOLDER.is_dir():
        raise SystemExit(ABSENT)
    print_table(count(judge(recording) for recording in recordings()))


if __name__ == "__main__":
    main()
