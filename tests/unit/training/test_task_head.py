import numpy as np

from training.data.material import TEMPLATES
from training.data.prompts import TaskPrompt, thin_out
from training.evaluation.figures import calibration_error, forgive, macro_f1
from training.heads.softmax_regression import fit_softmax, log_softmax
from training.heads.source_folds import ALWAYS_TRAINED_ON, source_folds
from training.heads.task_head import find_sharpness, prompt_weights, soft_targets


def prompt(source: str) -> TaskPrompt:
    return TaskPrompt("text", "chat_qa", ("chat_qa",), source, "en", (), "MIT", source)


def test_separable_labels_are_learned() -> None:
    random = np.random.default_rng(0)
    targets = np.repeat(np.arange(3), 50)
    features = (np.eye(3)[targets] * 3 + random.normal(size=(150, 3))).astype(np.float32)
    fit = fit_softmax(features, np.eye(3, dtype=np.float32)[targets], weights=np.ones(150), penalty=1e-3, iterations=50)
    assert np.mean((features @ fit.weights + fit.offsets).argmax(axis=1) == targets) > 0.9


def test_log_probabilities_sum_to_one() -> None:
    logits = np.array([[1000.0, 0.0, -1000.0], [0.1, 0.2, 0.3]], dtype=np.float32)
    assert np.allclose(np.exp(log_softmax(logits)).sum(axis=1), 1)


def test_every_label_weighs_the_same_however_common() -> None:
    targets = np.array([0] * 90 + [1] * 10)
    weights = prompt_weights(np.array(["s"] * 100), targets)
    assert np.isclose(weights[targets == 0].sum(), weights[targets == 1].sum())


def test_a_source_is_never_on_both_sides() -> None:
    prompts = [prompt(name) for name in "aabbbcddddeef"]
    folds = source_folds(prompts, folds=3)
    for name in set("abcdef"):
        assert len({fold for fold, own in zip(folds, prompts, strict=True) if own.source == name}) == 1


def test_sources_of_the_same_texts_are_left_out_together() -> None:
    names = ["outcomes/routellm/gsm8k", "openai/grade-school-math", "google-research/url-nlp:mgsm", "x", "y"]
    folds = source_folds([prompt(name) for name in names], folds=3)
    assert len(set(folds[:3].tolist())) == 1


def test_templates_are_never_judged_by() -> None:
    assert source_folds([prompt(TEMPLATES), prompt("x")]).tolist() == [ALWAYS_TRAINED_ON, 0]


def test_most_of_the_target_is_on_the_label_and_some_on_what_is_right_too() -> None:
    one = TaskPrompt("text", "a", ("a", "b"), "s", "en", (), "MIT", "s")
    row = soft_targets([one], ("a", "b", "c"))[0]
    assert row[0] > row[1] > row[2] > 0
    assert np.isclose(row.sum(), 1)


def test_thinning_keeps_every_kind_and_the_order() -> None:
    prompts = [prompt(name) for name in "aaaabbbc"]
    kept = thin_out(prompts, seed=1, most=2)
    assert [own.source for own in kept] == ["a", "a", "b", "b", "c"]
    assert thin_out(prompts, seed=1, most=9) == prompts


def test_sharpness_tames_an_overconfident_head() -> None:
    targets = np.array([0] * 7 + [1] * 3)
    log_odds = np.tile([5.0, -5.0], (10, 1)).astype(np.float32)
    assert find_sharpness(log_odds, targets) < 0.5


def test_an_acceptable_label_is_forgiven() -> None:
    predicted, targets = np.array([1, 2, 0]), np.array([0, 2, 1])
    forgiven = forgive(predicted, targets, [{0, 1}, {2}, {1}])
    assert forgiven.tolist() == [0, 2, 0]
    assert macro_f1(forgiven, targets) > macro_f1(predicted, targets)


def test_honest_chances_have_no_calibration_error() -> None:
    chances = np.array([0.5] * 10)
    assert calibration_error(chances, np.array([1.0, 0.0] * 5)) == 0
    assert calibration_error(chances, np.ones(10)) == 0.5
