"""An operator's tools, composed: what the command line does to one deployment's tables."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pointsman.adapters.audit_lines import read_audit_lines
from pointsman.adapters.dynamodb.audit import put_document
from pointsman.adapters.dynamodb.key_store import DynamoDBKeyStore
from pointsman.adapters.dynamodb.tables import connect_patiently, create_table
from pointsman.adapters.items_file import ITEMS_FILE
from pointsman.adapters.registry_yaml import read_registry_folder
from pointsman.adapters.seed_registry import SEED_FILE, format_seed_registry
from pointsman.adapters.sqs_audit_queue import SqsAuditQueue
from pointsman.application.fit_abilities import fit_abilities
from pointsman.application.seed_registry import SeedRegistry
from pointsman.bootstrap.registry import load_items_once, open_registry_store
from pointsman.bootstrap.router import open_secrets, read_pepper
from pointsman.domain.ability import AbilityItems
from pointsman.settings import Settings, SettingsError


@dataclass(frozen=True, slots=True)
class Operator:
    """`connect` opens DynamoDB, where a command needs it."""

    settings: Settings
    connect: Callable[[], Any]

    def create_tables(self) -> Mapping[str, bool]:
        """Name of each table -> whether it was created now."""
        names = {
            self.settings.registry_table: "registry",
            self.settings.audit_table: "audit",
            self.settings.keys_table: "keys",
            self.settings.limits_table: "limits",
            self.settings.sessions_table: "sessions",
            self.settings.spend_table: "spend",
            self.settings.live_table: "live",
        }
        client = self.connect()
        return {name: create_table(client, name, kind) for name, kind in names.items()}

    def seed(self, folder: Path, *, only_if_needed: bool) -> int | None:
        """The version written; None where nothing was to do."""
        store = open_registry_store(self.settings, self.connect(), reason=f"seeded from {folder.name}")
        seeding, registry = SeedRegistry(store, self._items()), read_registry_folder(folder)
        return seeding.seed_if_needed(registry) if only_if_needed else seeding.seed(registry)

    def pack(self, folder: Path, *, write: bool) -> bool:
        """Whether the packed seed is what the folder gives now; it is written where wished."""
        registry = read_registry_folder(folder)
        text = format_seed_registry(replace(registry, cards=fit_abilities(registry.cards, self._items())))
        is_current = SEED_FILE.exists() and SEED_FILE.read_text(encoding="utf-8") == text
        if write and not is_current:
            SEED_FILE.write_text(text, encoding="utf-8")
        return is_current

    def keys(self) -> DynamoDBKeyStore:
        return DynamoDBKeyStore(self.connect(), self.settings.keys_table)

    def pepper(self) -> bytes:
        return read_pepper(self.settings, open_secrets(self.settings))

    def replay_audit(self, log: Path | None) -> tuple[int, int]:
        """How many records were written, and how many the table had already.

        Without a log those of the fallback queue; SettingsError where no queue is set.
        """
        if log is None:
            return self._write_records(self._queue().take())
        with log.open(encoding="utf-8") as lines:
            return self._write_records(read_audit_lines(lines))

    def _write_records(self, records: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
        client, table = self.connect(), self.settings.audit_table
        written = [put_document(client, table, record) for record in records]
        return sum(written), len(written) - sum(written)

    def _queue(self) -> SqsAuditQueue:
        if not self.settings.audit_fallback_queue:
            raise SettingsError("POINTSMAN_AUDIT_FALLBACK_QUEUE is not set: there is no queue to read")
        return SqsAuditQueue(self.settings.audit_fallback_queue)

    def _items(self) -> AbilityItems:
        return load_items_once(self.settings.meta_model_dir / ITEMS_FILE)


def build_operator(settings: Settings) -> Operator:
    return Operator(settings, connect_patiently)
