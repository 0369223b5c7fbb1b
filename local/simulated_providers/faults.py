"""Faults that a simulated provider was told to show. Knows no wire format."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter

from local.simulated_providers.exchange import Refusal

Kind = Literal["status", "reset", "slow", "truncate", "error_in_stream"]


@dataclass(frozen=True, slots=True)
class Fault:
    """`match` is a model, a provider, `provider/model` or `*`; `after_chunks` counts chunks of a stream."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    kind: Kind
    match: str = "*"
    status: int = 503
    times: int = 1
    after_chunks: int = 0
    delay_ms: float = 0.0
    retry_after_s: float | None = None

    @property
    def refusal(self) -> Refusal:
        return Refusal(self.status, f"Simulated fault {self.status}.", retry_after_s=self.retry_after_s)


_FAULT = TypeAdapter(Fault)


def read_fault(body: Any) -> Fault:
    """Raises ValueError naming what is wrong with `body`."""
    return _FAULT.validate_python(body)


class FaultTable:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()

    def take(self, *, provider: str, model: str) -> Fault | None:
        """The first fault that fits, used up once."""
        names = {"*", model, provider, f"{provider}/{model}"}
        for place, fault in enumerate(self._faults):
            if fault.match in names:
                left = replace(fault, times=fault.times - 1)
                self._faults[place : place + 1] = [left] if left.times > 0 else []
                return fault
        return None
