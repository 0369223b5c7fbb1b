"""How this document writes JSON schemas."""

from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

TEXT: Final[Schema] = {"type": "string"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
AMOUNT: Final[Schema] = {"type": "number", "minimum": 0}
AMOUNT_OR_NULL: Final[Schema] = {"type": ["number", "null"], "minimum": 0}
ANY_OBJECT: Final[Schema] = {"type": "object"}
TEXT_OR_NULL: Final[Schema] = {"type": ["string", "null"]}
BINARY: Final[Schema] = {"type": "string", "format": "binary"}


def an_object(**required: Schema) -> Schema:
    """One that has at least these; more may be there."""
    return {"type": "object", "properties": required, "required": list(required)}


def an_array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def one_of(*values: str) -> Schema:
    return {"enum": list(values)}
