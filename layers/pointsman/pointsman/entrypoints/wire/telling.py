"""An answer on its way to one caller, and what that caller wants to be told with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pointsman.application.incoming import Answer
from pointsman.domain.documents.ledger import ledger_document
from pointsman.domain.jobs import Job
from pointsman.domain.ledger import AuditRecord, Subject
from pointsman.entrypoints.wire.job_ticket import write_ticket
from pointsman.entrypoints.wire.metadata import encode_metadata
from pointsman.entrypoints.wire.shortfalls import shortfalls_document


@dataclass(frozen=True, slots=True)
class Telling:
    """`digest` signs what the caller will bring back.

    `tells_ledger` adds our `routing` key to what is sent, which else holds only what the answer lacks, if anything;
    `tells_metadata` adds OpenRouter's `openrouter_metadata`.
    """

    answer: Answer
    digest: Callable[[bytes], str]
    hides_reasoning: bool = False
    tells_ledger: bool = False
    tells_metadata: bool = False

    @property
    def subject(self) -> Subject:
        return self.answer.subject

    @property
    def model(self) -> str:
        return self.answer.opened.prediction.candidate.id

    @property
    def provider(self) -> str:
        return self.answer.opened.prediction.candidate.endpoint.provider

    def job(self, upstream_id: str, *, seconds: int, size: str) -> Job:
        """What the provider has begun to make for this answer."""
        return Job(
            key_id=self.subject.key_id,
            record_id=self.subject.id,
            model=self.model,
            endpoint=self.answer.opened.prediction.candidate.endpoint,
            upstream_id=upstream_id,
            created_at=self.subject.created_at,
            seconds=seconds,
            size=size,
        )

    def write_ticket(self, job: Job) -> str:
        return write_ticket(job, self.digest)

    def extras(self, record: AuditRecord) -> Mapping[str, Any]:
        """What the caller opted into or must know, told from the finished record."""
        metadata = {"openrouter_metadata": encode_metadata(self.answer, record)} if self.tells_metadata else {}
        routing = ledger_document(record) if self.tells_ledger else shortfalls_document(record)
        return metadata | ({"routing": routing} if routing else {})
