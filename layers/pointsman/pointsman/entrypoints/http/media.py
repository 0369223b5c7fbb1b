"""The endpoints for media: each gives its family's words to the shared answering."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pointsman.entrypoints.http.answering import answer_request
from pointsman.entrypoints.wire.embeddings.family import EMBEDDINGS
from pointsman.entrypoints.wire.images.family import EDITS, GENERATIONS
from pointsman.entrypoints.wire.speech.family import SPEECH
from pointsman.entrypoints.wire.transcriptions.family import TRANSCRIPTIONS


async def create_embeddings(request: Request) -> Response:
    return await answer_request(request, EMBEDDINGS)


async def create_image(request: Request) -> Response:
    return await answer_request(request, GENERATIONS)


async def edit_image(request: Request) -> Response:
    return await answer_request(request, EDITS)


async def create_speech(request: Request) -> Response:
    return await answer_request(request, SPEECH)


async def create_transcription(request: Request) -> Response:
    return await answer_request(request, TRANSCRIPTIONS)


ROUTES: Final = (
    Route("/embeddings", create_embeddings, methods=["POST"]),
    Route("/images/generations", create_image, methods=["POST"]),
    Route("/images/edits", edit_image, methods=["POST"]),
    Route("/audio/speech", create_speech, methods=["POST"]),
    Route("/audio/transcriptions", create_transcription, methods=["POST"]),
)
