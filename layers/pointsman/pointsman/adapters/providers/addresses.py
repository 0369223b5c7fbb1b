"""Where a provider is reached: addresses whose gaps are filled by the endpoint, the row and the operator."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from urllib.parse import quote

from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.domain.model_card import Endpoint

GAP = re.compile(r"\{(\w+)\}")
REGION = "region"


class MissingSettingError(Exception):
    """What an address needs is set nowhere; the text names it."""


def at_endpoint(spec: ProviderSpec, endpoint: Endpoint, lookup: Callable[[str], str | None]) -> ProviderSpec:
    """The row as one endpoint uses it: region, base URL and path without gaps. Raises MissingSettingError.

    `lookup` knows the operator's settings, which stand where secrets do.
    """
    region = endpoint.region or spec.region

    def fill(gap: re.Match[str]) -> str:
        value = region if gap[1] == REGION else lookup(gap[1])
        if not value:
            raise MissingSettingError(gap[1])
        return value

    url = (spec.regional_base_url if endpoint.region else None) or spec.base_url
    path = spec.path and spec.path.replace("{model}", quote(endpoint.upstream_model, safe=""))
    return replace(spec, region=region, base_url=GAP.sub(fill, url), regional_base_url=None, path=path)


def has_settings(spec: ProviderSpec, lookup: Callable[[str], str | None]) -> bool:
    """Whether all is set that the row's base URL needs."""
    return all(map(lookup, _settings_in(spec.base_url)))


@cache
def _settings_in(url: str) -> tuple[str, ...]:
    return tuple(name for name in GAP.findall(url) if name != REGION)


def fill_all(url: str, filling: str) -> str:
    """The URL with the same text in every gap."""
    return GAP.sub(filling, url)
