"""Which dialects there are, by the names that catalog rows use."""

from collections.abc import Mapping

from pointsman.adapters.providers.dialects import openai_chat
from pointsman.adapters.providers.dialects.dialect import Dialect

DIALECTS: Mapping[str, Dialect] = {
    "openai_chat": openai_chat,
}
