"""POST /generation/feedback: a caller's grade of an answer it got."""

from typing import Annotated, Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pointsman.application.take_feedback import TakeFeedback
from pointsman.entrypoints.http.arrival import read_body, receive
from pointsman.entrypoints.wire.parsing import parse_body
from pointsman.entrypoints.wire.wire_model import Probability, StrictModel


class FeedbackBody(StrictModel):
    """OpenRouter's fields and the grade, 0 for a useless answer and 1 for a perfect one. There is no `comment`: what
    people write may hold what was asked, which is kept nowhere."""

    generation_id: Annotated[str, Field(min_length=1, max_length=200)]
    score: Probability
    category: Annotated[str, Field(max_length=100)] | None = None


async def give_feedback(request: Request) -> Response:
    """One grade for each answer, by the key that got it."""
    arrival = await receive(request)
    body = parse_body(await read_body(request), FeedbackBody)
    taking = TakeFeedback(arrival.router.outside.audit, arrival.router.now)
    await taking.take(
        arrival.caller.key_id, body.generation_id, score_milli=round(1000 * body.score), category=body.category
    )
    return JSONResponse({"data": {"success": True}}, headers=dict(arrival.headers))


ROUTES: Final = (Route("/generation/feedback", give_feedback, methods=["POST"]),)
