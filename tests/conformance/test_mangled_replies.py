"""Answers with something wrong in them: whatever it is, it stays the provider's failure and no crash of ours."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.table import DIALECTS

from tests.conformance.committed_fixtures import Fixture, committed_fixtures
from tests.conformance.replaying import CATALOG
from tests.unit.providers.dialect_calls import decode_stream

FIXTURES: Sequence[Fixture] = tuple(fixture for fixture in committed_fixtures() if "base64" not in fixture.reply)
VALUES: list[Any] = [None, True, -1, 2.5, float("inf"), 10**400, "", "odd", [], [7], [None], {}, {"a": 1}, [{}], [[]]]
WRONG = st.sampled_from(VALUES)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to everything inside a JSON value."""
    if path:
        yield path
    items = cast(dict[Any, Any], value).items() if isinstance(value, dict) else ()
    steps = enumerate(cast(list[Any], value)) if isinstance(value, list) else items
    for step, inner in steps:
        yield from places(inner, (*path, step))


def mangle(value: Any, path: tuple[Any, ...], wrong: Any) -> Any:
    mangled = json.loads(json.dumps(value))
    here = mangled
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = wrong
    return mangled


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: f"{fixture.row}/{fixture.name}")
@settings(max_examples=20, deadline=None)
@given(choices=st.data())
def test_a_mangled_reply_is_read_or_refused(fixture: Fixture, choices: st.DataObject) -> None:
    dialect = DIALECTS[CATALOG[fixture.row].dialect_for(fixture.card.get("kind", "chat"), fixture.mode)]
    lines = [line for line in fixture.reply.get("lines", ()) if line.startswith("data: {")]
    names, payloads = zip(*fixture.reply.get("events", ()), strict=True) if "events" in fixture.reply else ((), ())
    bodies = [json.loads(line.removeprefix("data: ")) for line in lines] or list(payloads) or [fixture.reply["body"]]
    path = choices.draw(st.sampled_from(list(places(bodies))))
    mangled = mangle(bodies, path, choices.draw(WRONG))
    try:
        if names:
            decode_stream(dialect, zip(names, mangled, strict=True))
        elif lines:
            decode_stream(dialect, mangled)
        elif isinstance(mangled[0], dict):
            list(dialect.decode(cast(dict[str, Any], mangled[0])))
    except (MalformedReplyError, InStreamError):
        pass
    dialect.decode_error(mangled[0])
