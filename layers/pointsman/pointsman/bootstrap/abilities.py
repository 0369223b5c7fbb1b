"""Calibrating and onboarding, composed: one deployment's registry beside the meta-model whose abilities it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property

from pointsman.adapters.dynamodb.audit_trail import DynamoDBAuditTrail
from pointsman.adapters.dynamodb.tables import connect_patiently
from pointsman.adapters.items_file import ITEMS_FILE, load_items
from pointsman.adapters.onnx_meta_model import OnnxMetaModel
from pointsman.application.calibrate_registry import CalibrateRegistry
from pointsman.application.onboard_model import OnboardModel
from pointsman.application.ports import AuditTrail, MetaModel, RegistryStore
from pointsman.application.read_prompt_pool import PoolReader
from pointsman.bootstrap.registry import open_registry_store
from pointsman.domain.ability import AbilityItems
from pointsman.domain.errors import MetaModelError
from pointsman.domain.feedback import Graded, read_graded
from pointsman.settings import Settings


@dataclass(frozen=True)
class AbilityDesk:
    """What the commands on abilities work with; tests put fakes here."""

    open_store: Callable[[], RegistryStore]
    items: AbilityItems
    open_meta_model: Callable[[], MetaModel]
    today: Callable[[], date]
    open_trail: Callable[[], AuditTrail]

    def feedback(self) -> list[Graded]:
        """What callers graded, of all that is still in the audit."""
        return [graded for record in self.open_trail().graded() if (graded := read_graded(record)) is not None]

    @cached_property
    def store(self) -> RegistryStore:
        return self.open_store()

    @cached_property
    def calibration(self) -> CalibrateRegistry:
        return CalibrateRegistry(self.items)

    @cached_property
    def onboarding(self) -> OnboardModel:
        return OnboardModel(self.store, self.items)

    @cached_property
    def reader(self) -> PoolReader:
        dimensions = len(next(iter(self.items.priors.values())).mean)
        return PoolReader(self.items.meta_model_sha256, dimensions, self.open_meta_model)


def build_ability_desk(settings: Settings) -> AbilityDesk:
    """MetaModelError where the folder's numbers for abilities cannot be read."""
    items = load_items(settings.meta_model_dir / ITEMS_FILE)

    @cache
    def open_meta_model() -> MetaModel:
        meta_model = OnnxMetaModel(settings.meta_model_dir)
        if meta_model.sha256 != items.meta_model_sha256:
            raise MetaModelError(f"the meta-model's {ITEMS_FILE} belongs to another meta-model than lies beside it")
        return meta_model

    def open_store() -> RegistryStore:
        return open_registry_store(settings, connect_patiently(), reason="abilities from evidence")

    def open_trail() -> AuditTrail:
        return DynamoDBAuditTrail(connect_patiently(), settings.audit_table)

    return AbilityDesk(open_store, items, open_meta_model, lambda: datetime.now(UTC).date(), open_trail)
