"""Our endpoint as it is served, but for a clock in the classifier: an app factory for uvicorn.

The clock adds up the CPU time of the threads that read prompts, in a file that the bench reads.
"""

import os
import time
from pathlib import Path
from struct import Struct
from threading import Lock
from typing import Final

from pointsman.adapters.onnx_meta_model import OnnxMetaModel
from pointsman.domain.features import Reading
from pointsman.entrypoints import served_api
from pointsman.settings import Settings
from starlette.applications import Starlette

CLOCK_VARIABLE: Final = "BENCH_CLASSIFIER_CLOCK"
SECONDS: Final = Struct("d")


class ClockedMetaModel(OnnxMetaModel):
    """The meta-model, which tells what its own runs took."""

    def __init__(self, directory: Path, clock: Path) -> None:
        super().__init__(directory)
        self._clock, self._spent_s, self._lock = clock.open("wb"), 0.0, Lock()

    def read(self, text: str) -> Reading:
        began = time.thread_time()
        reading = super().read(text)
        self._add(time.thread_time() - began)
        return reading

    def _add(self, seconds: float) -> None:
        with self._lock:
            self._spent_s += seconds
            os.pwrite(self._clock.fileno(), SECONDS.pack(self._spent_s), 0)


def spent_reading_s(clock: Path) -> float:
    """CPU seconds of all prompts read so far; 0 before the first."""
    content = clock.read_bytes()
    return float(SECONDS.unpack(content)[0]) if content else 0.0


def create_app() -> Starlette:
    directory = Settings.from_env(os.environ).meta_model_dir
    return served_api.create_app(ClockedMetaModel(directory, Path(os.environ[CLOCK_VARIABLE])))
