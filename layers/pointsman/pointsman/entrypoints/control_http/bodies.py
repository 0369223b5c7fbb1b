"""The bodies that the control API takes. A body that names an unknown field is refused."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ChangeBody(_Body):
    """`change` is what `pointsman registry apply` takes. Nothing is written unless `apply` is true."""

    change: dict[str, Any]
    apply: bool = False
    reason: Annotated[str, Field(max_length=500)] = ""
    base: int | None = None
    correct_prices: bool = False


class RollbackBody(_Body):
    version: Annotated[int, Field(ge=1)]
    apply: bool = False
    reason: Annotated[str, Field(max_length=500)] = ""


class PreviewBody(_Body):
    """Tried on `last` of the newest stored decisions, at the prices of the day `on`."""

    change: dict[str, Any]
    last: Annotated[int, Field(ge=1, le=5000)] = 500
    on: date | None = None
    correct_prices: bool = False
