"""Films of Google and xAI, pictures of Black Forest Labs, embeddings of Google and Cohere.

What runs for a while is known by its id alone, which says when it began: nothing is kept.
"""

import base64
import binascii
import json
from typing import Any

from starlette.responses import JSONResponse, Response

from local.simulated_providers import tokens
from local.simulated_providers.media import files
from local.simulated_providers.media.call import MediaCall, MediaRoute, refuse
from local.simulated_providers.media.openai import DIMENSIONS, vector

# On a clock that runs as fast as the simulated models.
FILMING_S, DRAWING_S = 20.0, 3.0


def _write_id(call: MediaCall, seconds: int) -> str:
    told = json.dumps([round(call.now_s, 3), call.seed()[:16], seconds])
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _read_id(text: str) -> tuple[float, str, int]:
    began, seed, seconds = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return began, seed, seconds


def _progress(call: MediaCall, job: str, takes_s: float) -> int:
    return min(100, round(100 * (call.now_s - _read_id(job)[0]) / takes_s))


def _file_url(call: MediaCall, job: str, ending: str) -> str:
    head, _, _ = call.url.partition(f"/{call.provider}/")
    return f"{head}/{call.provider}/files/{job}.{ending}"


def fetch_file(call: MediaCall) -> Response:
    job, _, ending = call.target.partition(".")
    try:
        _, seed, seconds = _read_id(job)
    except (binascii.Error, ValueError):
        return refuse(404, "There is no such file.")
    if ending == "mp4":
        return Response(files.mp4(seed, seconds=seconds), media_type="video/mp4")
    return Response(files.png(seed, width=1_024, height=768), media_type="image/png")


def order_film(call: MediaCall) -> Response:
    return JSONResponse({"request_id": _write_id(call, int(call.body.get("duration") or 8))})


def tell_film(call: MediaCall) -> Response:
    done = _progress(call, call.target, FILMING_S)
    if done < 100:
        return JSONResponse({"status": "pending", "progress": done}, status_code=202)
    video = {"url": _file_url(call, call.target, "mp4"), "duration": _read_id(call.target)[2]}
    return JSONResponse({"status": "done", "video": {**video, "respect_moderation": True}, "progress": 100})


def order_film_of_google(call: MediaCall) -> Response:
    settings: Any = call.body.get("parameters") or {}
    job = _write_id(call, int(settings.get("durationSeconds") or 8))
    return JSONResponse({"name": f"models/{call.model}/operations/{job}"})


def tell_film_of_google(call: MediaCall) -> Response:
    model, _, job = call.target.partition("/operations/")
    name = f"models/{model}/operations/{job}"
    if _progress(call, job, FILMING_S) < 100:
        return JSONResponse({"name": name})
    samples = [{"video": {"uri": _file_url(call, job, "mp4")}}]
    answer = {"generateVideoResponse": {"generatedSamples": samples}}
    return JSONResponse({"name": name, "done": True, "response": answer})


def order_picture(call: MediaCall) -> Response:
    job = _write_id(call, 0)
    head, _, _ = call.url.rpartition("/")
    return JSONResponse({"id": job, "polling_url": f"{head}/get_result?id={job}"})


def tell_picture(call: MediaCall) -> Response:
    job = call.target
    if _progress(call, job, DRAWING_S) < 100:
        return JSONResponse({"id": job, "status": "Pending", "result": None})
    return JSONResponse({"id": job, "status": "Ready", "result": {"sample": _file_url(call, job, "png")}})


def embed_at_google(call: MediaCall) -> Response:
    requests: Any = call.body.get("requests") or ()
    texts = ["".join(part["text"] for part in item["content"]["parts"]) for item in requests]
    sizes = [int(item.get("outputDimensionality") or DIMENSIONS) for item in requests]
    vectors = [{"values": vector(text, size)} for text, size in zip(texts, sizes, strict=True)]
    usage = {"promptTokenCount": sum(tokens.count(text) for text in texts)}
    return JSONResponse({"embeddings": vectors, "usageMetadata": usage})


def embed_at_cohere(call: MediaCall) -> Response:
    texts: Any = call.body.get("texts") or ()
    size = int(call.body.get("output_dimension") or DIMENSIONS)
    billed = {"input_tokens": sum(tokens.count(text) for text in texts)}
    vectors = {"float": [vector(text, size) for text in texts]}
    return JSONResponse({"id": "simulated", "embeddings": vectors, "texts": texts, "meta": {"billed_units": billed}})


ROUTES = (
    MediaRoute("GET", "files/{target}", fetch_file, is_free=True),
    MediaRoute("POST", "videos/generations", order_film),
    MediaRoute("GET", "videos/{target}", tell_film),
    MediaRoute("POST", "models/{target}:predictLongRunning", order_film_of_google),
    MediaRoute("GET", "models/{target:path}", tell_film_of_google),
    MediaRoute("POST", "models/{target}:batchEmbedContents", embed_at_google),
    MediaRoute("POST", "v2/embed", embed_at_cohere),
    MediaRoute("GET", "get_result", tell_picture),
    MediaRoute("POST", "flux-{target}", order_picture),
)
