"""What an answer's times tell of a model's speed."""

from pointsman.domain.model_card import Speed
from pointsman.domain.pace import LEAST_TOKENS, pace_of_stream, pace_of_whole

SPEED = Speed(ttft_ms=400, tokens_per_s=100, source="test")


def test_a_stream_tells_both() -> None:
    pace = pace_of_stream(350, 2_000, tokens=100)
    assert (pace.ttft_ms, pace.tpot_us) == (350, 20_000)


def test_a_few_tokens_or_all_of_them_at_once_do_not_tell_how_fast_they_come() -> None:
    assert pace_of_stream(350, 50, tokens=LEAST_TOKENS - 1).tpot_us is None
    assert pace_of_stream(350, 0, tokens=100).tpot_us is None
    assert pace_of_whole(350, tokens=1, speed=SPEED).tpot_us is None


def test_a_whole_answer_is_split_as_the_card_splits_it() -> None:
    # By its card 400 ms and 100 tokens of 10 ms each: it took twice as long.
    pace = pace_of_whole(2_800, tokens=100, speed=SPEED)
    assert (pace.ttft_ms, pace.tpot_us) == (800, 20_000)
