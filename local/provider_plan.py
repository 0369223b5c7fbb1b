"""Which providers are simulated, and where. The provider catalog says what there is; knows no process."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pointsman.adapters.providers.addresses import fill_all
from pointsman.adapters.providers.spec import ProviderSpec


@dataclass(frozen=True, slots=True)
class ProviderPlan:
    """`urls` gives the base URL of each simulated provider; `keyless` are those of them that ask for no key."""

    real: tuple[str, ...]
    keyless: tuple[str, ...]
    urls: Mapping[str, str]


def plan_providers(catalog: Mapping[str, ProviderSpec], env: Mapping[str, str], *, port: int) -> ProviderPlan:
    """`port` is where simulated providers answer: each under its own path."""
    real = tuple(name for name, spec in catalog.items() if _is_real(spec, env))
    simulated = [spec for name, spec in catalog.items() if name not in real]
    return ProviderPlan(
        real=real,
        keyless=tuple(spec.name for spec in simulated if spec.needs_no_key),
        urls={spec.name: _simulated_url(spec, port) for spec in simulated},
    )


def _is_real(spec: ProviderSpec, env: Mapping[str, str]) -> bool:
    if spec.secret is not None and env.get(spec.secret):
        return True
    return spec.needs_no_key and _listens(spec.base_url)


def _listens(url: str) -> bool:
    """Whether something answers at a provider that needs no key and so may run on this machine."""
    address = urlsplit(url)
    try:
        with socket.create_connection((address.hostname or "", address.port or 80), timeout=0.2):
            return True
    except OSError:
        return False


def _simulated_url(spec: ProviderSpec, port: int) -> str:
    return f"http://127.0.0.1:{port}/{spec.name}{urlsplit(fill_all(spec.base_url, 'simulated')).path}"
