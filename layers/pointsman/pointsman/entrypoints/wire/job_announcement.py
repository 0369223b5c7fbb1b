"""What a chat says of a job that it has started."""

from pointsman.domain.media_request import seconds_in
from pointsman.domain.media_use import USUAL_VIDEO_S
from pointsman.domain.reply import JobStarted
from pointsman.domain.request import ChatRequest
from pointsman.entrypoints.wire.telling import Telling
from pointsman.entrypoints.wire.videos.family import USUAL_SIZE


def announce_job(telling: Telling, started: JobStarted, request: ChatRequest) -> str:
    seconds = seconds_in(request.last_user_message.text) or USUAL_VIDEO_S
    job = telling.job(started.job_id, seconds=seconds, size=USUAL_SIZE)
    ticket = telling.write_ticket(job)
    return (
        f"{job.model} has begun to make this video, which takes some minutes.\n\n"
        f"Job: {ticket}\nStatus: GET /v1/videos/{ticket}\nVideo, once completed: GET /v1/videos/{ticket}/content"
    )
