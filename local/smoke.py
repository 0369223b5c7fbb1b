"""`make smoke URL=... KEY=...`: asks a running endpoint for what only a real deployment can show, and says what it saw.

URL is the endpoint's base, with the stage and without /v1. Against `make run` the same questions are asked; what Lambda
alone can show is then said to be so. Costs a few cents where providers are real.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import httpx

from local.picture import PICTURE

STORY: Final = "Write a story of 300 words about a pointsman at a railway junction in the mountains."
TOO_LARGE: Final = 5 * 1024 * 1024 + 1
AT_ONCE = 12
PATIENCE_S = 20.0


class SmokeError(AssertionError):
    """The endpoint did not answer as it should; the text says how."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    client: httpx.Client

    def body(self, **changes: Any) -> dict[str, Any]:
        return {"model": "auto", "messages": [{"role": "user", "content": STORY}], **changes}

    def health(self) -> dict[str, Any]:
        return _good(self.client.get("/healthz")).json()

    def audited(self, generation: str) -> dict[str, Any]:
        """The request's audit record, once it is there."""
        until = time.monotonic() + PATIENCE_S
        while (answer := self.client.get("/v1/generation", params={"id": generation})).status_code == 404:
            _demand(time.monotonic() < until, f"{generation} has no audit record after {PATIENCE_S:.0f} s")
            time.sleep(0.5)
        return _good(answer).json()["data"]


def is_healthy(endpoint: Endpoint) -> str:
    """The meta-model was loaded: on arm64 this is what shows that onnxruntime can be imported there."""
    health = endpoint.health()
    _demand(health["status"] == "ok", f"it is {health['status']}: the meta-model is not loaded")
    return f"{health['models']} models, onnxruntime runs on {health['process']['machine']}"


def refuses_strangers(endpoint: Endpoint) -> str:
    answer = endpoint.client.get("/v1/models", headers={"authorization": "Bearer pm-not-a-key"})
    _demand(answer.status_code == 401, f"a wrong key is answered by {answer.status_code}")
    return "401"


def refuses_what_is_too_large(endpoint: Endpoint) -> str:
    body = endpoint.body(messages=[{"role": "user", "content": "x" * TOO_LARGE}])
    status = endpoint.client.post("/v1/chat/completions", json=body).status_code
    _demand(status == 413, f"a body above 5 MB is answered by {status}")
    return "413"


def takes_a_form_byte_by_byte(endpoint: Endpoint) -> str:
    """Read as text a picture is broken. This one is refused for what it would cost, so that it costs nothing."""
    wish = {"model": "auto", "prompt": "Make it green.", "routing": json.dumps({"max_cost_usd": 1e-9})}
    answer = endpoint.client.post("/v1/images/edits", data=wish, files={"image[]": PICTURE})
    _demand(answer.status_code != 400, f"a form with a picture is answered by 400: {answer.text[:200]}")
    return f"{len(PICTURE[1])} bytes of a picture arrived, {answer.status_code}"


def streams_word_by_word(endpoint: Endpoint) -> str:
    """A buffered answer comes in one piece at its end; a streamed one is spread over the time that it takes.

    Of which most may go by before it begins, where a model is quick.
    """
    began, arrivals = time.monotonic(), list[float]()
    with endpoint.client.stream("POST", "/v1/chat/completions", json=endpoint.body(stream=True)) as answer:
        _demand(answer.status_code == 200, f"the stream begins with {answer.status_code}")
        arrivals.extend(time.monotonic() - began for _ in answer.iter_raw())
    _demand(len(arrivals) >= 5, f"the stream came in {len(arrivals)} pieces")
    spread = (arrivals[-1] - arrivals[0]) / arrivals[-1]
    _demand(spread > 0.1, f"{spread:.0%} of its time lie between the first and the last piece: it is buffered")
    longest = max(later - earlier for earlier, later in pairwise(arrivals))
    return f"{len(arrivals)} pieces from {arrivals[0]:.2f} to {arrivals[-1]:.2f} s, longest gap {longest:.2f} s"


def keeps_the_account_of_a_stream(endpoint: Endpoint) -> str:
    """What is done around the last byte is done: the process is not frozen before its record is kept."""
    with endpoint.client.stream("POST", "/v1/chat/completions", json=endpoint.body(stream=True)) as answer:
        generation, text = answer.headers["x-generation-id"], "".join(answer.iter_text())
    _demand(text.rstrip().endswith("data: [DONE]"), "the stream does not end in [DONE]")
    record = endpoint.audited(generation)
    _demand(not record["cancelled"], "a stream that was read to its end is recorded as cancelled")
    return f"{record['tokens_completion']} tokens, {record['total_cost']:.6f} USD"


def notices_that_a_client_left(endpoint: Endpoint) -> str:
    """Where Lambda does not tell of the departure, the answer is generated to its end, and recorded so."""
    with endpoint.client.stream("POST", "/v1/chat/completions", json=endpoint.body(stream=True)) as answer:
        generation = answer.headers["x-generation-id"]
        next(answer.iter_raw())
    record = endpoint.audited(generation)
    _demand(record["cancelled"], "the client left at the first piece, and the answer went on to its end")
    return f"cancelled after {record['tokens_completion']} tokens"


def restores_from_a_snapshot(endpoint: Endpoint) -> str:
    """Copies of one snapshot that shared their randomness would give the same ids."""
    body = endpoint.body(max_completion_tokens=5)

    def answer(_number: int) -> str:
        return _good(endpoint.client.post("/v1/chat/completions", json=body)).headers["x-generation-id"]

    def describe_process(_number: int) -> dict[str, Any]:
        return endpoint.health()["process"]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        ids = set(pool.map(answer, range(AT_ONCE)))
        processes = list(pool.map(describe_process, range(AT_ONCE)))
    _demand(len(ids) == AT_ONCE, f"{AT_ONCE} requests at once have {len(ids)} ids")
    if all(process["initialization"] != "snap-start" for process in processes):
        return f"{AT_ONCE} requests at once have as many ids; no snapshot here ({processes[0]['initialization']})"
    _demand(all(process["renewed"] for process in processes), "a restored process was not renewed")
    return f"{AT_ONCE} requests at once have as many ids; every process that was asked had been renewed"


def tells_its_own_time(endpoint: Endpoint) -> str:
    answer = _good(endpoint.client.post("/v1/chat/completions", json=endpoint.body(max_completion_tokens=5)))
    return answer.headers["x-pointsman-overhead-ms"]


CHECKS: Final[tuple[Callable[[Endpoint], str], ...]] = (
    is_healthy,
    refuses_strangers,
    refuses_what_is_too_large,
    takes_a_form_byte_by_byte,
    streams_word_by_word,
    keeps_the_account_of_a_stream,
    notices_that_a_client_left,
    restores_from_a_snapshot,
    tells_its_own_time,
)


def smoke(url: str, key: str) -> Iterator[tuple[str, bool, str]]:
    """Each check's name, whether it holds, and what was seen."""
    headers = {"authorization": f"Bearer {key}"}
    with httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=120) as client:
        for check in CHECKS:
            name = check.__name__.replace("_", " ")
            try:
                yield name, True, check(Endpoint(client))
            except (SmokeError, httpx.HTTPError, json.JSONDecodeError, KeyError) as error:
                yield name, False, f"{type(error).__name__}: {error}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("key")
    given = parser.parse_args()
    failed = 0
    for name, holds, seen in smoke(given.url, given.key):
        failed += not holds
        print(f"{'ok  ' if holds else 'FAIL'}  {name}: {seen}")
    return 1 if failed else 0


def _good(answer: httpx.Response) -> httpx.Response:
    _demand(answer.is_success, f"{answer.request.url.path} is answered by {answer.status_code}: {answer.text[:200]}")
    return answer


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SmokeError(otherwise)


if __name__ == "__main__":
    sys.exit(main())
