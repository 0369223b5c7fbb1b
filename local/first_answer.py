"""Asks the freshly started endpoint one question and tells what it decided, in a few lines."""

import json
import urllib.error
import urllib.request
from typing import Any, cast

from pointsman.domain.json_types import JsonObject
from rich.markup import escape

from local.ports import open_directly

QUESTION = "In one sentence: what does a pointsman on a railway do?"
_TIMEOUT_S = 120
_REPLY_CHARS = 160


def tell_first_answer(url: str, *, key: str) -> str:
    """The answer and its decision; where there is none, what the endpoint said instead."""
    try:
        return _describe(_ask(url, key))
    except urllib.error.HTTPError as error:
        return escape(f"The first question was refused ({error.code}): {error.read().decode(errors='replace')}")
    except OSError as error:
        return escape(f"The first question got no answer: {error}")


def tell_health(url: str) -> str:
    """What the endpoint works with, and a warning where that is less than it should be."""
    with open_directly(f"{url}/healthz", timeout_s=_TIMEOUT_S) as reply:
        health = cast(JsonObject, json.load(reply))
    if health["status"] != "ok":
        return "[yellow]No meta-model is loaded: the safe default model serves every request.[/yellow]"
    sha256 = health["meta_model_sha256"][:12]
    return f"{health['models']} models in registry version {health['registry_version']}, meta-model {sha256}"


def curl_line(url: str, *, key: str) -> str:
    body = json.dumps(_body("Hello!"))
    return f"curl {url}/v1/chat/completions -H 'Authorization: Bearer {key}' -d '{body}'"


def _body(question: str) -> JsonObject:
    """An empty `routing` asks for the decision beside the answer."""
    return {"model": "auto", "messages": [{"role": "user", "content": question}], "routing": {}}


def _ask(url: str, key: str) -> JsonObject:
    body = _body(QUESTION)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/v1/chat/completions", json.dumps(body).encode(), headers)
    with open_directly(request, timeout_s=_TIMEOUT_S) as reply:
        return cast(JsonObject, json.load(reply))


def _describe(reply: JsonObject) -> str:
    ledger = cast(JsonObject, reply["routing"])
    chosen = ledger["candidates"][0]
    rows = {
        "asked": QUESTION,
        "answered by": _served(ledger),
        "why": f"{chosen['why']} (objective {ledger['objective']['name']}, task {ledger['task']})",
        "quality": f"{chosen['quality']} predicted, {_range(chosen['quality_interval'])} likely",
        "chosen from": _funnel(ledger["funnel"]),
        "cost": f"${ledger['cost_usd']} (predicted ${chosen['cost_usd']['p50']}{_saving(ledger)})",
        "latency": f"{ledger['total_ms']} ms (predicted {chosen['latency_ms']['p50']} ms)",
        "reply": _shorten(str(reply["choices"][0]["message"]["content"])),
    }
    return "\n".join(f"  [bold]{name:>11}[/bold]  {escape(text)}" for name, text in rows.items())


def _served(ledger: JsonObject) -> str:
    fallback = "" if ledger["served"] == ledger["chosen"] else f", after {ledger['chosen']} had failed"
    return f"{ledger['served']} at {ledger['provider']}{fallback}"


def _range(bounds: list[float]) -> str:
    return f"{bounds[0]} to {bounds[1]}"


def _funnel(steps: list[dict[str, Any]]) -> str:
    """The steps that left fewer candidates than they found."""
    losses = [f", {step['after']} after {step['step']}" for step in steps if step["after"] < step["before"]]
    return f"{steps[0]['before']} models{''.join(losses)}"


def _saving(ledger: JsonObject) -> str:
    reference: dict[str, str] | None = ledger["reference"]
    if reference is None or not reference["saved_usd"]:
        return ""
    return f"; {reference['model']} would have cost ${reference['saved_usd']} more"


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _REPLY_CHARS else f"{line[:_REPLY_CHARS]}..."
