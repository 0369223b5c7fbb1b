"""Figures for the card: the heads on data held back, beside TF-IDF baselines on the same data in the same run."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from training.arrays import Flags, Floats, Integers, Sparse
from training.data.outcome_blocks import build_blocks
from training.encoder.embeddings import prompt_text
from training.evaluation.figures import area_under_roc, brier, calibration_error
from training.evaluation.logistic_models import fit_logistic_models
from training.heads.all_heads import Heads
from training.heads.fit_heads import LEAVE_OUT, OutcomeData
from training.heads.length_head import prompt_lengths
from training.heads.quality_head import Block
from training.progress import say

WORDS = 30_000
WORD_DIMENSIONS = 256
QUALITY_WORD_PENALTY = 3e-3
FEWEST_TO_CALIBRATE = 100


def measure_heads(heads: Heads, outcomes: OutcomeData, *, rows: Flags) -> dict[str, Any]:
    """`rows` are those that the quality and length heads were fitted on; the rest is the test."""
    return {
        "quality_on_held_out_prompts": _measure_quality(heads, outcomes, rows),
        "length_on_held_out_prompts": _measure_length(heads, outcomes, rows),
    }


def _measure_quality(heads: Heads, outcomes: OutcomeData, rows: Flags) -> dict[str, Any]:
    seen = build_blocks(outcomes.prompts, outcomes.outcomes, outcomes.models, rows=rows, leave_out=LEAVE_OUT)
    unseen = build_blocks(outcomes.prompts, outcomes.outcomes, outcomes.models, rows=~rows, leave_out=LEAVE_OUT)
    features = heads.space.features(outcomes.embedded)
    known = heads.known_outcomes.of(outcomes.embedded.vectors)
    ours = [heads.quality.predict(features[test.prompts], test.models, known[test.prompts]) for test in unseen]
    say("quality: TF-IDF baseline")
    baseline = _tfidf_predictions(outcomes, seen, unseen)
    averages = [
        np.tile(np.nanmean(fit.scores, axis=0)[_columns(fit, test)], (len(test.prompts), 1))
        for fit, test in zip(seen, unseen, strict=True)
    ]
    return {
        "ours": _quality_figures(ours, unseen),
        "tfidf_logistic": _quality_figures(baseline, unseen),
        "mean_of_model": _quality_figures(averages, unseen),
    }


def _tfidf_predictions(outcomes: OutcomeData, seen: Sequence[Block], unseen: Sequence[Block]) -> list[Floats]:
    texts = [prompt_text(text) for text in outcomes.prompts.texts]
    predictions: list[Floats] = []
    for fit, test in zip(seen, unseen, strict=True):
        known, unknown = _tfidf(texts, fit.prompts, test.prompts)
        size = min(WORD_DIMENSIONS, *(number - 1 for number in known.shape))
        reduction: Any = TruncatedSVD(size, random_state=0)
        reduction.fit(known)
        scale = np.float32(np.sqrt(size))
        models = fit_logistic_models(
            reduction.transform(known).astype(np.float32) * scale, fit.scores, penalty=QUALITY_WORD_PENALTY
        )
        chances = models.predict(reduction.transform(unknown).astype(np.float32) * scale)
        predictions.append(chances[:, _columns(fit, test)])
    return predictions


def _columns(fit: Block, test: Block) -> Integers:
    """Where the test's models stand among the fitted ones: one may be missing on one side of a small source."""
    return np.searchsorted(fit.models, test.models)


def _quality_figures(predictions: Sequence[Floats], tests: Sequence[Block]) -> dict[str, float]:
    """Means over sources, so that none rules; of a few prompts a calibration error says little but their number."""
    pairs = [
        (chances[np.isfinite(test.scores)], test.scores[np.isfinite(test.scores)])
        for chances, test in zip(predictions, tests, strict=True)
    ]
    errors = np.array([calibration_error(*pair) for pair in pairs])
    is_large = np.array([len(test.prompts) >= FEWEST_TO_CALIBRATE for test in tests])
    return {
        "brier": round(float(np.mean([brier(*pair) for pair in pairs])), 4),
        "auc": round(float(np.mean([area_under_roc(*pair) for pair in pairs])), 4),
        "ece": round(float(errors.mean()), 4),
        "ece_of_larger_sources": round(float(errors[is_large].mean()), 4),
    }


def _measure_length(heads: Heads, outcomes: OutcomeData, rows: Flags) -> dict[str, float]:
    prompts, logs = prompt_lengths(outcomes.outcomes, rows=~rows, leave_out=LEAVE_OUT)
    plain = heads.space.plain(outcomes.embedded)
    quantiles = heads.length.predict(plain, heads.known_outcomes.of(outcomes.embedded.vectors))[prompts]
    return {
        "share_below_q10": round(float(np.mean(logs < quantiles[:, 0])), 4),
        "share_below_q50": round(float(np.mean(logs < quantiles[:, 1])), 4),
        "share_below_q90": round(float(np.mean(logs < quantiles[:, 2])), 4),
        "median_error_in_logs": round(float(np.median(np.abs(logs - quantiles[:, 1]))), 4),
        "median_error_of_the_mean": round(float(np.median(np.abs(logs - np.median(logs)))), 4),
    }


def _tfidf(texts: Sequence[str], seen: Integers, unseen: Integers) -> tuple[Sparse, Sparse]:
    vectorizer: Any = TfidfVectorizer
    words = vectorizer(max_features=WORDS, sublinear_tf=True, ngram_range=(1, 2), min_df=2, dtype=np.float32)
    known = words.fit_transform([texts[row] for row in seen])
    return known.tocsr(), words.transform([texts[row] for row in unseen]).tocsr()
