"""Task figures for the card: on sources that the head never saw, beside TF-IDF in the same folds; on the hard set."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from training.arrays import Flags, Floats, Integers, Names, Sparse
from training.data.prompts import TaskPrompt
from training.encoder.embeddings import Embedded, prompt_text
from training.evaluation.figures import area_under_roc, forgive, macro_f1
from training.evaluation.task_report import coarse_accuracy, settle
from training.heads.familiarity import fit_familiarity
from training.heads.features import find_landmarks
from training.heads.fit_heads import PROMPT_LANDMARKS
from training.heads.softmax_regression import fit_softmax, log_softmax
from training.heads.source_folds import source_folds
from training.heads.task_data import TaskData
from training.heads.task_head import TaskHead, prompt_weights
from training.progress import show_progress

WORDS = 30_000
WORD_PENALTY = 1e-4
DIGITS = 4
# In place of an altered copy's fold.
COPY = -2
# Of a language with fewer prompts the share says little.
FEWEST_PROMPTS = 30


def measure_unseen_sources(log_odds: Floats, tasks: TaskData) -> dict[str, Any]:
    """`log_odds` as cross_source_log_odds gives them. Judged by are prompts as they were written, no altered copies."""
    judged = np.flatnonzero(np.isfinite(log_odds[:, 0]) & tasks.as_written())
    ours, baseline = (_figures(odds, tasks, judged) for odds in (log_odds, _tfidf_log_odds(tasks)))
    return {"ours": ours, "tfidf_logistic": baseline}


def measure_hard_set(head: TaskHead, prompts: Sequence[TaskPrompt], embedded: Embedded) -> dict[str, float]:
    """Share of acceptable labels, over all and by kind of difficulty; of coarse routes with attachments known."""
    log_odds = head.log_odds(head.space.features(embedded))
    predicted: Integers = log_odds.argmax(axis=1)
    chosen = [head.labels[int(label)] for label in predicted]
    hits: Flags = np.array([label in prompt.labels_ok for label, prompt in zip(chosen, prompts, strict=True)])
    kinds: Names = np.array([prompt.source for prompt in prompts])
    by_kind = {str(kind): float(hits[kinds == kind].mean()) for kind in np.unique(kinds)}
    shares = {"all": float(hits.mean()), **by_kind, "coarse_with_attachments": _coarse(log_odds, prompts, head.labels)}
    return {name: round(share, DIGITS) for name, share in shares.items()}


def measure_strangeness(tasks: TaskData, *, seed: int) -> float:
    """Area under the ROC curve of the out-of-distribution score: families left out against prompts of known ones.

    No altered copies: the one half's copies would make the other half's prompts known.
    """
    random, folds = np.random.default_rng(seed), np.where(tasks.as_written(), source_folds(tasks.prompts), COPY)
    areas: list[float] = []
    for fold in range(max(folds) + 1):
        rows = random.permutation(np.flatnonzero((folds != fold) & (folds != COPY)))
        seen, known = rows[: len(rows) // 2], rows[len(rows) // 2 :]
        vectors = tasks.embedded.vectors
        landmarks = find_landmarks(vectors[seen], count=PROMPT_LANDMARKS, seed=seed)
        familiarity = fit_familiarity(vectors[seen], landmarks)
        strange = np.flatnonzero(folds == fold)
        scores = 1 - familiarity.of(vectors[np.concatenate([known, strange])])
        areas.append(area_under_roc(scores, np.repeat([0.0, 1.0], [len(known), len(strange)])))
    return round(float(np.mean(areas)), DIGITS)


def _figures(log_odds: Floats, tasks: TaskData, rows: Integers) -> dict[str, Any]:
    targets, predicted = tasks.targets()[rows], log_odds[rows].argmax(axis=1)
    acceptable = tasks.acceptable()
    lenient = forgive(predicted, targets, [acceptable[int(row)] for row in rows])
    languages: Names = np.array([tasks.prompts[int(row)].language for row in rows])
    return {
        "macro_f1_strict": round(macro_f1(predicted, targets), DIGITS),
        "macro_f1_lenient": round(macro_f1(lenient, targets), DIGITS),
        "coarse_with_attachments": round(
            _coarse(log_odds[rows], [tasks.prompts[int(row)] for row in rows], tasks.labels), DIGITS
        ),
        "by_language": {
            str(language): round(float((lenient == targets)[languages == language].mean()), DIGITS)
            for language, count in zip(*np.unique(languages, return_counts=True), strict=True)
            if count >= FEWEST_PROMPTS
        },
    }


def _coarse(log_odds: Floats, prompts: Sequence[TaskPrompt], labels: tuple[str, ...]) -> float:
    milli = [[int(value) for value in row] for row in np.rint(np.exp(log_softmax(log_odds.astype(np.float32))) * 1000)]
    targets = np.array([labels.index(prompt.label) for prompt in prompts])
    acceptable = [{labels.index(label) for label in prompt.labels_ok if label in labels} for prompt in prompts]
    return coarse_accuracy(labels, forgive(settle(milli, labels, prompts), targets, acceptable), targets)


def _tfidf_log_odds(tasks: TaskData) -> Floats:
    texts = [prompt_text(prompt.text) for prompt in tasks.prompts]
    targets, folds = tasks.targets(), source_folds(tasks.prompts)
    origins: Names = np.array([prompt.origin for prompt in tasks.prompts])
    wanted = np.eye(len(tasks.labels), dtype=np.float32)[targets]
    log_odds = np.zeros_like(wanted)
    for fold in show_progress(range(max(folds) + 1), "tasks: TF-IDF baseline"):
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        known, unknown = _tfidf(texts, seen, unseen)
        weights = prompt_weights(origins[seen], targets[seen])
        fit = fit_softmax(known, wanted[seen], weights=weights, penalty=WORD_PENALTY, iterations=40)
        log_odds[unseen] = log_softmax(unknown @ fit.weights + fit.offsets)
    return log_odds


def _tfidf(texts: Sequence[str], seen: Integers, unseen: Integers) -> tuple[Sparse, Sparse]:
    vectorizer: Any = TfidfVectorizer
    words = vectorizer(max_features=WORDS, sublinear_tf=True, ngram_range=(1, 2), min_df=2, dtype=np.float32)
    known = words.fit_transform([texts[row] for row in seen])
    return known.tocsr(), words.transform([texts[row] for row in unseen]).tocsr()
