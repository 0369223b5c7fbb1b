from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from training.data.columns import Columns, UnusableDataError
from training.data.prompts import read_outcome_prompts, read_outcomes, read_task_prompts


def write(path: Path, **columns: list[Any]) -> Path:
    parquet: Any = pyarrow.parquet
    table: Any = pyarrow
    parquet.write_table(table.table(columns), path)
    return path


def write_prompts(folder: Path) -> None:
    """The least that a file of prompts holds."""
    write(
        folder / "prompts.parquet",
        prompt_id=["p", "q"],
        prompt=["one", "two"],
        source=["s", "s"],
        benchmark=["b", "c"],
    )


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({}, "there is no column prompt"),
        ({"prompt": ["a", None]}, "row 1 has no prompt"),
    ],
)
def test_a_needed_text_that_is_missing_is_named(tmp_path: Path, columns: dict[str, Any], message: str) -> None:
    with pytest.raises(UnusableDataError, match=message):
        Columns(write(tmp_path / "t.parquet", n=[1, 2], **columns)).texts("prompt")


def test_a_number_out_of_bounds_is_named(tmp_path: Path) -> None:
    columns = Columns(write(tmp_path / "t.parquet", score=[0.5, 7.0]))
    with pytest.raises(UnusableDataError, match="row 1 has score 7, outside 0 to 1"):
        columns.numbers("score", high=1)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableDataError, match=r"none\.parquet: there is no such file"):
        Columns(tmp_path / "none.parquet")


def test_what_may_be_missing_has_a_stand_in(tmp_path: Path) -> None:
    write_prompts(tmp_path)
    write(tmp_path / "outcomes.parquet", prompt_id=["q", "p"], source=["s", "s"], model=["m", "m"], score=[1.0, None])
    prompts = read_outcome_prompts(tmp_path)
    outcomes = read_outcomes(tmp_path, prompts)
    assert prompts.families.tolist() == ["b", "c"]
    assert prompts.groups.tolist() == ["p", "q"]
    assert prompts.splits.tolist() == ["test", "test"]
    assert outcomes.prompts.tolist() == [1]
    assert np.isnan([outcomes.cost_usd[0], outcomes.output_tokens[0]]).all()


def test_an_outcome_of_no_known_prompt_is_refused(tmp_path: Path) -> None:
    write_prompts(tmp_path)
    write(tmp_path / "outcomes.parquet", prompt_id=["z"], source=["s"], model=["m"], score=[1.0])
    with pytest.raises(UnusableDataError, match="prompt_id z is not in prompts"):
        read_outcomes(tmp_path, read_outcome_prompts(tmp_path))


def test_a_task_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl.gz"
    path.write_text("no gzip")
    with pytest.raises(UnusableDataError, match=r"tasks\.jsonl\.gz"):
        read_task_prompts(path)
