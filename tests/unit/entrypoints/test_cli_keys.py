"""`pointsman keys`: what an operator may ask for, and how it is refused."""

from decimal import Decimal

import pytest
import typer
from pointsman.entrypoints.cli.keys import read_dollars
from pointsman.entrypoints.cli.program import main
from typer.testing import CliRunner


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "ten", ""])
def test_a_budget_is_an_amount_above_0(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="above 0"):
        read_dollars(text)
    assert read_dollars("12.50") == Decimal("12.50")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--role", "king"], "--role"),
        (["--objective", "cheap"], "--objective"),
        (["--requests-per-minute", "0"], "--requests-per-minute"),
        (["--budget-usd", "ten"], "--budget-usd"),
        (["--budget-period", "year"], "--budget-period"),
    ],
)
def test_a_wrong_option_is_named_before_anything_is_made(options: list[str], named: str) -> None:
    ended = CliRunner().invoke(main, ["keys", "create", "team", *options], env={"NO_COLOR": "1", "COLUMNS": "200"})
    assert ended.exit_code == 2
    assert named in ended.output
