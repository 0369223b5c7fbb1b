"""What the meta-model reads in the prompts of a pool; rows that hold numbers already need no reading."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pointsman.application.ports import MetaModel
from pointsman.domain.classifier_text import classifier_text
from pointsman.domain.errors import RequestError
from pointsman.domain.item_response import Item
from pointsman.domain.onboarding import PoolPrompt, PoolRow
from pointsman.domain.request import Message, TextPart


@dataclass(frozen=True, slots=True)
class PoolReader:
    """`open_meta_model` is called at the first text, since loading takes time; `dimensions` is its vector's size."""

    meta_model_sha256: str
    dimensions: int
    open_meta_model: Callable[[], MetaModel]

    def read(self, rows: Iterable[PoolRow]) -> list[PoolPrompt]:
        """RequestError names the row whose numbers are another meta-model's."""
        return [_to_prompt(row) for row in self.read_numbers(rows)]

    def read_numbers(self, rows: Iterable[PoolRow]) -> list[PoolRow]:
        """The same rows with numbers in the place of texts."""
        return [self._read_text(row) if row.text else self._check(row) for row in rows]

    def _read_text(self, row: PoolRow) -> PoolRow:
        text = classifier_text([Message("user", (TextPart(row.text),))])
        reading = self.open_meta_model().read(text)
        return PoolRow(
            prompt_id=row.prompt_id,
            meta_model_sha256=self.meta_model_sha256,
            discrimination_milli=reading.discrimination_milli,
            difficulty_milli=reading.difficulty_milli,
        )

    def _check(self, row: PoolRow) -> PoolRow:
        if row.meta_model_sha256 != self.meta_model_sha256:
            field = f"{row.prompt_id}: meta_model_sha256"
            raise RequestError(f"{field}: is another meta-model's: read the texts again", field=field)
        if len(row.discrimination_milli) != self.dimensions:
            field = f"{row.prompt_id}: a_milli"
            raise RequestError(f"{field}: must have {self.dimensions} numbers for this meta-model", field=field)
        return row


def find_prompt(pool: Iterable[PoolPrompt], prompt_id: str) -> PoolPrompt:
    """RequestError where the pool has no such prompt."""
    found = next((prompt for prompt in pool if prompt.prompt_id == prompt_id), None)
    if found is None:
        raise RequestError(f"PROMPT_ID: the pool has no prompt {prompt_id!r}", field="PROMPT_ID")
    return found


def _to_prompt(row: PoolRow) -> PoolPrompt:
    weights = tuple(value / 1000 for value in row.discrimination_milli)
    return PoolPrompt(row.prompt_id, Item(weights, row.difficulty_milli / 1000))
