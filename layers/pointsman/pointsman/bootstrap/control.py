"""The control plane, composed: an operator's keys and what they may change."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pointsman.adapters.dynamodb.boto_tables import BotoTables
from pointsman.adapters.dynamodb.tables import connect
from pointsman.application.ports import ApiKeys
from pointsman.bootstrap.registry import RegistryDesk, build_registry_desk
from pointsman.bootstrap.router import open_keys, open_secrets
from pointsman.settings import Settings


@dataclass(frozen=True, slots=True)
class Control:
    """`desk_of` opens the registry's desk for an operator, named by the id of the key."""

    keys: ApiKeys
    desk_of: Callable[[str], RegistryDesk]


def build_control(settings: Settings) -> Control:
    client = connect()

    @cache
    def desk_of(author: str) -> RegistryDesk:
        return build_registry_desk(settings, client, author=author)

    return Control(open_keys(settings, BotoTables(client), open_secrets(settings)), desk_of)
