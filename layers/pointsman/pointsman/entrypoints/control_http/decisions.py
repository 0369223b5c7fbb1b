"""Stored decisions, derived again or decided under other policies."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from pointsman.application.replay_decisions import ReplayDecisions
from pointsman.application.simulate_policy import SimulatePolicy
from pointsman.entrypoints.control_http.arrival import Desk
from pointsman.entrypoints.registry_documents import frontier_document, replay_document

routes = APIRouter()

Last = Annotated[int, Query(ge=1, le=5000)]


@routes.post("/decisions/replay")
def replay_decisions(desk: Desk, last: Last = 500) -> dict[str, Any]:
    return replay_document(ReplayDecisions(desk.trail, desk.read_version).replay(last))


@routes.post("/decisions/simulate")
def simulate_policies(desk: Desk, last: Last = 100) -> dict[str, Any]:
    today = desk.editor.now().date()
    points = SimulatePolicy(desk.trail).simulate(desk.editor.newest(), most=last, on=today, pools={})
    return {"points": [frontier_document(point) for point in points]}
