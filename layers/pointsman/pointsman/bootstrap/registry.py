"""The use cases that change the registry, composed: what the command line, the control API and functions share."""

import getpass
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pointsman.adapters.dynamodb.audit_trail import DynamoDBAuditTrail
from pointsman.adapters.dynamodb.held_prices import DynamoDBHeldPrices
from pointsman.adapters.dynamodb.registry_rows import DynamoDBRegistryRows
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.adapters.dynamodb.tables import connect
from pointsman.adapters.emf_meter import count_edits
from pointsman.adapters.items_file import ITEMS_FILE, load_items
from pointsman.adapters.seed_registry import read_seed_registry
from pointsman.application.adopt_edits import AdoptEdits
from pointsman.application.edit_registry import EditRegistry
from pointsman.application.fit_abilities import fit_card
from pointsman.application.ports import AuditTrail, HeldPrices, RegistryStore
from pointsman.application.signed_registry import SignedRegistryStore
from pointsman.domain.model_card import ModelCard
from pointsman.domain.registry import Registry
from pointsman.settings import Settings

load_items_once = cache(load_items)


def open_registry_store(settings: Settings, client: Any, *, reason: str) -> RegistryStore:
    """For commands of whoever is logged in on this machine."""
    versions = DynamoDBRegistryVersions(client, settings.registry_table)
    return SignedRegistryStore(versions, getpass.getuser(), reason, utc_now)


def build_edit_registry(settings: Settings, client: Any) -> EditRegistry:
    """The meta-model's items are read only when a card's evidence changes."""
    items_file: Path = settings.meta_model_dir / ITEMS_FILE

    def fit(card: ModelCard) -> ModelCard:
        return fit_card(card, load_items_once(items_file))

    return EditRegistry(DynamoDBRegistryVersions(client, settings.registry_table), fit, utc_now)


def count_edits_for(settings: Settings) -> Callable[[int, int], None]:
    """What is told how many rows were adopted and rejected."""

    def count(adopted: int, rejected: int) -> None:
        count_edits(settings.metrics_namespace, settings.service_name, adopted=adopted, rejected=rejected)

    return count


def build_adopt_edits(settings: Settings, client: Any = None) -> AdoptEdits:
    client, table = client or connect(), settings.registry_table
    return AdoptEdits(DynamoDBRegistryVersions(client, table), DynamoDBRegistryRows(client, table), utc_now)


@dataclass(frozen=True, slots=True)
class RegistryDesk:
    """What commands and routes that change the registry work with; tests put fakes here."""

    editor: EditRegistry
    adopter: AdoptEdits
    trail: AuditTrail
    author: str
    held_prices: HeldPrices

    def read_version(self, number: int) -> Registry | None:
        """Version 0 is the one that was packed with this release."""
        return self.editor.store.read(number) if number else read_seed_registry()


def build_registry_desk(settings: Settings, client: Any, *, author: str | None = None) -> RegistryDesk:
    """`author` is whoever is logged in on this machine, where nobody else is named."""
    name = getpass.getuser() if author is None else author
    trail = DynamoDBAuditTrail(client, settings.audit_table)
    held = DynamoDBHeldPrices(client, settings.registry_table)
    return RegistryDesk(build_edit_registry(settings, client), build_adopt_edits(settings, client), trail, name, held)


def utc_now() -> datetime:
    return datetime.now(UTC)
