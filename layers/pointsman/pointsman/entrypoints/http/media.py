"""The endpoints for media: each gives its family's words to the shared answering."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pointsman.entrypoints.http.answering import answer_request
from pointsman.entrypoints.wire.embeddings.family import EMBEDDINGS
from pointsman.entrypoints.wire.images.family import EDITS, GENERATIONS
from pointsman.entrypoints.wire.speech.family import SPEECH
from pointsman.entrypoints.wire.transcriptions.family import TRANSCRIPTIONS

routes = APIRouter()


@routes.post("/embeddings")
async def create_embeddings(request: Request) -> Response:
    return await answer_request(request, EMBEDDINGS)


@routes.post("/images/generations")
async def create_image(request: Request) -> Response:
    return await answer_request(request, GENERATIONS)


@routes.post("/images/edits")
async def edit_image(request: Request) -> Response:
    return await answer_request(request, EDITS)


@routes.post("/audio/speech")
async def create_speech(request: Request) -> Response:
    return await answer_request(request, SPEECH)


@routes.post("/audio/transcriptions")
async def create_transcription(request: Request) -> Response:
    return await answer_request(request, TRANSCRIPTIONS)
