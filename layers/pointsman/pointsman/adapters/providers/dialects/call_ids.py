"""Ids of tool calls for providers that take only some: the same id gets the same stand-in wherever it stands."""

import hashlib
import re


def fit_call_id(call_id: str, form: re.Pattern[str], *, length: int) -> str:
    """The id itself where the provider takes it, else a stand-in of so many letters and digits."""
    # Made of the id alone, so that calls and their results stay paired over all turns and attempts.
    return call_id if form.fullmatch(call_id) else hashlib.sha256(call_id.encode()).hexdigest()[:length]
