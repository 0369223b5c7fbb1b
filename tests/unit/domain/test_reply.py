"""An answer's events fold into the whole answer, whatever their rhythm."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pointsman.domain.reply import (
    Finished,
    ReasoningDelta,
    RefusalDelta,
    ReplyStarted,
    TextDelta,
    ToolCallDelta,
    Usage,
    UsageReported,
    assemble,
)
from pointsman.domain.request import ToolCall


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 2), st.text(max_size=5)), min_size=1))
def test_pieces_of_choices_are_joined_in_their_order(pieces: list[tuple[int, str]]) -> None:
    reply = assemble(TextDelta(text, choice) for choice, text in pieces)
    numbers = sorted({choice for choice, _ in pieces})
    expected = ["".join(text for choice, text in pieces if choice == number) for number in numbers]
    assert [choice.text for choice in reply.choices] == expected


def test_interleaved_tool_calls_are_told_apart_by_their_index() -> None:
    reply = assemble(
        [
            ToolCallDelta(1, "b", "second"),
            ToolCallDelta(0, "a", "first", '{"x"'),
            ToolCallDelta(1, arguments="{}"),
            ToolCallDelta(0, arguments=": 1}"),
            Finished("tool_calls", "tool_use"),
        ]
    )
    (choice,) = reply.choices
    assert choice.tool_calls == (ToolCall("a", "first", '{"x": 1}'), ToolCall("b", "second", "{}"))
    assert (choice.finish_reason, choice.native_finish_reason) == ("tool_calls", "tool_use")


def test_thought_refusal_and_text_are_kept_apart() -> None:
    (choice,) = assemble([ReasoningDelta("hm"), TextDelta("no"), RefusalDelta("sorry"), Finished("stop")]).choices
    assert (choice.reasoning, choice.text, choice.refusal) == ("hm", "no", "sorry")


def test_the_last_report_of_usage_holds() -> None:
    reports = [UsageReported(Usage({"input": 5, "output": tokens})) for tokens in (1, 7)]
    assert assemble(reports).usage.completion_tokens == 7


def test_an_answer_that_never_finished_ends_in_error() -> None:
    reply = assemble([ReplyStarted("up-1", "model-x"), TextDelta("Once")])
    assert (reply.upstream_id, reply.upstream_model) == ("up-1", "model-x")
    assert reply.choices[0].finish_reason == "error"


def test_an_answer_of_nothing_has_one_empty_choice() -> None:
    (choice,) = assemble([]).choices
    assert (choice.text, choice.finish_reason) == ("", "error")
