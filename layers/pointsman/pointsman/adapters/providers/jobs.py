"""Asks providers over HTTP after films that they have begun. Knows not what any dialect says."""

from collections.abc import AsyncGenerator
from urllib.parse import urljoin

from pointsman.adapters.providers.dialects.dialect import Dialect, JobDialect, JobReport
from pointsman.adapters.providers.dialects.json_reading import load_object
from pointsman.adapters.providers.dialects.table import DIALECTS, JOB_DIALECTS
from pointsman.adapters.providers.exchange import HttpAnswer, is_success
from pointsman.adapters.providers.line import ProviderLine, read_body
from pointsman.adapters.providers.provider_errors import provider_errors, read_error
from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.domain.errors import RegistryError, RequestError
from pointsman.domain.jobs import Job, JobState

# Files are handed over by other hosts of the provider.
MOST_REDIRECTS = 3
REDIRECTS = frozenset((301, 302, 303, 307, 308))


class HttpJobs:
    """The `Jobs` port over HTTP; `timeout_s` bounds each request that has more time."""

    def __init__(self, line: ProviderLine, *, timeout_s: float) -> None:
        self._line = line
        self._timeout_s = timeout_s

    async def state(self, job: Job, *, left_s: float) -> JobState:
        report = await self._ask(job, min(left_s, self._timeout_s))
        return JobState(report.status, report.progress, report.error)

    async def content(self, job: Job, *, left_s: float) -> AsyncGenerator[bytes]:
        timeout_s = min(left_s, self._timeout_s)
        report = await self._ask(job, timeout_s)
        if report.url is None:
            raise RequestError(f"There is no film: its job is {report.status}.", field="video_id")
        spec, dialect, _ = self._speak(job)
        with provider_errors(spec, dialect):
            async for piece in self._fetch(report.url, spec, dialect, timeout_s=timeout_s, redirects=MOST_REDIRECTS):
                yield piece

    async def _ask(self, job: Job, timeout_s: float) -> JobReport:
        spec, dialect, job_dialect = self._speak(job)
        message = self._line.compose_get(spec, job_dialect.path_of_job(job.upstream_id), timeout_s=timeout_s)
        with provider_errors(spec, dialect):
            async with self._line.send(spec, message, timeout_s=timeout_s, streams=lambda _: False) as answer:
                _check(answer, spec, dialect)
                return job_dialect.decode_job(load_object(answer.content, "job"))

    def _speak(self, job: Job) -> tuple[ProviderSpec, Dialect, JobDialect]:
        spec = self._line.reach(job.endpoint)
        name = spec.dialect_for("video_generation")
        if name not in JOB_DIALECTS:
            raise RegistryError(f"provider {spec.name!r} makes no films")
        return spec, DIALECTS[name], JOB_DIALECTS[name]

    async def _fetch(
        self, url: str, spec: ProviderSpec, dialect: Dialect, *, timeout_s: float, redirects: int
    ) -> AsyncGenerator[bytes]:
        message = self._line.compose_get(spec, url, timeout_s=timeout_s)
        async with self._line.send(spec, message, timeout_s=timeout_s, streams=_is_file) as answer:
            if answer.status in REDIRECTS and "location" in answer.headers and redirects:
                onward = urljoin(message.url, answer.headers["location"])
                async for piece in self._fetch(onward, spec, dialect, timeout_s=timeout_s, redirects=redirects - 1):
                    yield piece
                return
            _check(answer, spec, dialect)
            async for piece in answer.pieces():
                yield piece


def _is_file(answer: HttpAnswer) -> bool:
    return is_success(answer)


def _check(answer: HttpAnswer, spec: ProviderSpec, dialect: Dialect) -> None:
    if not is_success(answer):
        raise read_error(spec, dialect, read_body(answer), status=answer.status, headers=answer.headers)
