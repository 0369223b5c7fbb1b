"""Reads a recorded request, has the dialect write it again, and finds what is not as it was."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.table import DIALECTS
from pointsman.adapters.providers.spec import DialectName, ProviderSpec
from pointsman.domain.errors import RequestError

from tests.conformance.exchanges import Exchange
from tests.conformance.replaying import CATALOG
from tests.conformance.requests import (
    anthropic_messages,
    bedrock_converse,
    cohere_chat,
    gemini_generate_content,
    openai_chat,
    openai_responses,
)
from tests.conformance.requests.comparing import Difference, find_differences, in_one_spelling
from tests.conformance.requests.taking import NoEquivalentError, ReadRequest, name_left_over, without

# By dialect; one without a reader has its answers judged alone.
READERS: Mapping[str, Callable[[Any, ProviderSpec], ReadRequest]] = {
    "openai_chat": openai_chat.read,
    "openai_responses": openai_responses.read,
    "anthropic_messages": anthropic_messages.read,
    "bedrock_converse": bedrock_converse.read,
    "cohere_chat": cohere_chat.read,
    "gemini_generate_content": gemini_generate_content.read,
}
ALLOWED: Any = tomllib.loads((Path(__file__).parent / "allowed_differences.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class RequestVerdict:
    """`outcome` says in a few words how it went; `detail` what was not read, or differs as is declared."""

    outcome: str
    detail: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def judge_request(exchange: Exchange, row: str, *, mode: str | None = None) -> RequestVerdict:
    spec = CATALOG[row]
    dialect = spec.dialect_for("chat", mode)
    if exchange.request_body is None:
        return RequestVerdict("not recorded")
    if dialect not in READERS:
        return RequestVerdict("not read")
    if exchange.is_error:
        return RequestVerdict("not compared: the provider refused it")
    try:
        read = READERS[dialect](exchange.request_body, spec)
    except NoEquivalentError as error:
        return RequestVerdict("without equivalent", (str(error),))
    except Exception as error:  # noqa: BLE001 - a stranger's file may hold anything
        return RequestVerdict("without equivalent", (f"of no known form ({type(error).__name__}: {error})",))
    return _write_again(exchange, spec, read, dialect)


def _write_again(exchange: Exchange, spec: ProviderSpec, read: ReadRequest, dialect: DialectName) -> RequestVerdict:
    try:
        sent = DIALECTS[dialect].encode(Call(read.request, read.card, spec, read.model)).body
    except RequestError as error:
        return RequestVerdict("without equivalent", (str(error),))
    except Exception as error:  # noqa: BLE001 - a crash is a finding
        return RequestVerdict("crashed", faults=(f"writing its request crashed ({type(error).__name__}: {error})",))
    try:
        return _compare(exchange, spec, read, sent, dialect)
    except Exception as error:  # noqa: BLE001 - a stranger's file may hold anything
        return RequestVerdict("without equivalent", (f"of no known form ({type(error).__name__}: {error})",))


def _compare(
    exchange: Exchange, spec: ProviderSpec, read: ReadRequest, sent: Any, dialect: DialectName
) -> RequestVerdict:
    left_over = sorted(set(name_left_over(read.left_over)))
    recorded = without(_as_read(exchange.request_body, dialect), read.left_over)
    spelled = (in_one_spelling(body, dialect) for body in (recorded, sent))
    differences = list(find_differences(*spelled))
    faults = [str(each) for each in differences if not _is_allowed(each, spec, dialect)]
    detail = sorted({str(each) for each in differences if _is_allowed(each, spec, dialect)})
    outcome = "the same" if not (left_over or detail) else "the same but for what is declared"
    notes = (*(f"no place for {name}" for name in left_over), *detail)
    return RequestVerdict(outcome, notes, tuple(f"its request differs: {fault}" for fault in sorted(set(faults))))


def _as_read(body: Any, dialect: str) -> Any:
    return gemini_generate_content.in_camel_case(body) if dialect == "gemini_generate_content" else body


def _is_allowed(difference: Difference, spec: ProviderSpec, dialect: str) -> bool:
    return any(
        fnmatchcase(difference.path, rule["path"]) and difference.change == rule["change"]
        for name in (dialect, spec.name)
        for rule in ALLOWED.get(name, ())
    )
