"""The refresh of prices, composed. Apart from the rest, for its price list's package comes with one function alone."""

from collections.abc import Callable

from pointsman.adapters.dynamodb.held_prices import DynamoDBHeldPrices
from pointsman.adapters.dynamodb.tables import connect
from pointsman.adapters.emf_meter import count_prices
from pointsman.adapters.genai_price_list import GenaiPriceList
from pointsman.application.refresh_prices import Refreshed, RefreshPrices
from pointsman.bootstrap.registry import build_edit_registry, utc_now
from pointsman.settings import Settings


def build_refresh_prices(settings: Settings) -> RefreshPrices:
    client = connect()
    held = DynamoDBHeldPrices(client, settings.registry_table)
    return RefreshPrices(GenaiPriceList(), build_edit_registry(settings, client), held, utc_now)


def count_prices_for(settings: Settings) -> Callable[[Refreshed], None]:
    """What is told of each refresh that succeeded."""

    def count(refreshed: Refreshed) -> None:
        changed, held = len(refreshed.changed), len(refreshed.held)
        count_prices(settings.metrics_namespace, settings.service_name, changed=changed, held=held)

    return count
