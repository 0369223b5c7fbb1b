"""What all bodies share: how unknown fields are met, and the kinds of number."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

# Neither 0 nor "no" is taken for false, neither true nor "1" for 1.
Flag = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Positive = Annotated[int, Field(gt=0, strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Probability = Annotated[Number, Field(ge=0, le=1)]
Temperature = Annotated[Number, Field(ge=0, le=2)]
Penalty = Annotated[Number, Field(ge=-2, le=2)]
# OpenRouter's clients write prices as text.
AMOUNT = {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\d+(\.\d+)?$"}]}
Money = Annotated[Decimal, Field(ge=0), WithJsonSchema(AMOUNT)]
Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
FunctionName = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]


class WireModel(BaseModel):
    """Keeps fields it does not know, so that they can be reported and not lost."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)


class StrictModel(BaseModel):
    """Our own fields: an unknown one is a typing error."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
