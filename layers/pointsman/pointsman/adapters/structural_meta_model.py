"""Stands in where the meta-model's files cannot be loaded. Knows nothing of any prompt, and says so."""

from collections.abc import Mapping

from pointsman.domain.features import Reading

# Of unknown length, the middle of what chat models write: 50, 300 and 1,500 tokens, as thousandths of natural logs.
USUAL_LOG_LENGTH = (3_912, 5_704, 7_313)


class StructuralMetaModel:
    """Implements MetaModel: every prompt is out of distribution, so that the safe default serves."""

    sha256 = ""
    labels: tuple[str, ...] = ()
    is_degraded = True
    media_thresholds_milli: Mapping[str, int] = {}

    def read(self, text: str) -> Reading:  # noqa: ARG002 - the port's signature
        return Reading((), (), 0, USUAL_LOG_LENGTH, ood_milli=1000)
