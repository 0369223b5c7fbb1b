"""Called once in a while: refreshes the registry's prices."""

import logging
import os
from collections.abc import Callable

from pointsman.application.refresh_prices import Refreshed, RefreshPrices
from pointsman.bootstrap.prices import build_refresh_prices, count_prices_for
from pointsman.settings import Settings

logger = logging.getLogger("pointsman")
Handler = Callable[[object, object], None]


def create_handler() -> Handler:
    settings = Settings.from_env(os.environ)
    return handle_with(build_refresh_prices(settings), count_prices_for(settings))


def handle_with(prices: RefreshPrices, count: Callable[[Refreshed], None]) -> Handler:
    """A failure is raised, so that Lambda tries again, and counts as no refresh: an alarm watches for that."""

    def handler(_event: object, _context: object) -> None:
        refreshed = prices.refresh()
        for model in refreshed.held:
            logger.warning("the price of %s changed too much, it is held: pointsman prices confirm %s", model, model)
        count(refreshed)

    return handler
