"""Recordings as other days and providers would have had them, and errors in every known form: judged as any other."""

import json
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.conformance_report import judge_folder
from tests.conformance.exchanges import ABSENT, FOLDER, read_exchange
from tests.conformance.judging import judge
from tests.conformance.vary_recordings import WAYS, vary_folder

STATUSES = (400, 401, 402, 403, 404, 408, 409, 413, 422, 424, 429, 498, 500, 502, 503, 504, 520, 524, 529)
ENDPOINTS = {
    "openai": "chat.completions",
    "anthropic": "messages",
    "gemini": "generateContent",
    "bedrock": "converse",
    "cohere": "v2.chat",
    "mistral": "chat.completions",
    "openrouter": "chat.completions",
}
# The forms of section 9 of the notes on providers, and some that a proxy between us and them may give.
ERRORS: tuple[Any, ...] = (
    {"error": {"message": "No.", "type": "some", "param": None, "code": None}},
    {"type": "error", "error": {"type": "some", "message": "No."}, "request_id": "req_1"},
    {"error": {"code": 400, "message": "No.", "status": "SOME", "details": []}},
    [{"error": {"code": 400, "message": "No.", "status": "SOME"}}],
    {"message": "No."},
    {"detail": "No."},
    {"detail": [{"type": "extra_forbidden", "loc": ["body", "x"], "msg": "No.", "input": 1}]},
    {"object": "error", "message": {"detail": []}, "type": "some", "param": None, "code": "3051"},
    {"code": "Some", "error": "No."},
    {"error": {"code": 500, "message": "No.", "metadata": {"provider_name": "Some"}}, "user_id": "u"},
    {"error": None},
    {},
    [],
    None,
    "No.",
)
WAITS: tuple[dict[str, str], ...] = (
    {},
    {"retry-after": "7"},
    {"retry-after-ms": "1500"},
    {"retry-after": "soon"},
    {"retry-after-ms": "x"},
)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
def test_recordings_are_read_however_they_vary(tmp_path: Path) -> None:
    assert vary_folder(FOLDER, tmp_path, share=32) > 100
    verdicts = judge_folder(tmp_path)
    assert [f"{verdict.file}: {verdict.reason}" for verdict in verdicts if verdict.status == "failed"] == []
    assert {verdict.file.rpartition("--")[2].removesuffix(".json") for verdict in verdicts} == set(WAYS)


def test_an_error_of_any_form_is_read_by_its_status() -> None:
    waits = cycle(WAITS)
    for provider, status, body in product(ENDPOINTS, STATUSES, ERRORS):
        response: Any = {"status": status, "headers": next(waits), "body": body}
        case = {"provider": provider, "endpoint": ENDPOINTS[provider], "kind": "error", "response": response}
        verdict = judge(read_exchange(f"{provider}/error.json", json.dumps(case).encode()))
        assert verdict.status == "passed", (response, verdict.reason)
