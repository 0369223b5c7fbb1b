"""What an answer of a model of the outcome data cost, where its source does not say.

List prices of 2024 in US dollars per million tokens for closed models; open ones by their size, as hosts priced
them then. Only their proportions matter to the figures.
"""

import re

# First match holds: pattern, input, output.
LIST_PRICES: tuple[tuple[str, float, float], ...] = (
    (r"gpt-4o-mini", 0.15, 0.60),
    (r"gpt-4o", 2.5, 10.0),
    (r"gpt-4-(1106|0125|turbo)", 10.0, 30.0),
    (r"gpt-4", 30.0, 60.0),
    (r"gpt-3", 0.5, 1.5),
    (r"o1-mini|o3-mini|o4-mini", 1.1, 4.4),
    (r"o1", 15.0, 60.0),
    (r"gpt-5", 5.0, 30.0),
    (r"claude.*opus", 15.0, 75.0),
    (r"claude.*sonnet", 3.0, 15.0),
    (r"claude-3-5-haiku", 0.8, 4.0),
    (r"claude.*haiku", 0.25, 1.25),
    (r"claude.*instant", 0.8, 2.4),
    (r"claude", 8.0, 24.0),
    (r"gemini.*flash", 0.075, 0.30),
    (r"gemini", 1.25, 5.0),
    (r"mistral-large", 2.0, 6.0),
    (r"deepseek", 0.14, 0.28),
    (r"yi-large", 3.0, 3.0),
    (r"reka-core", 2.0, 6.0),
    (r"command-r-plus", 2.5, 10.0),
    (r"grok", 2.0, 10.0),
    (r"jamba.*large", 2.0, 8.0),
)
BASE_USD, USD_PER_BILLION = 0.05, 0.01
UNKNOWN_BILLIONS = 20.0
USUAL_OUTPUT_TOKENS = 250.0
_SIZE = re.compile(r"(?:(\d+)x)?(\d+(?:\.\d+)?)b\b")


def usd_per_mtok(model: str) -> tuple[float, float]:
    """Input and output price of a model by its name."""
    name = model.lower()
    for pattern, input_usd, output_usd in LIST_PRICES:
        if re.search(pattern, name):
            return input_usd, output_usd
    price = BASE_USD + USD_PER_BILLION * _billions(name)
    return price, price


def _billions(name: str) -> float:
    found = _SIZE.search(name)
    return int(found[1] or 1) * float(found[2]) if found else UNKNOWN_BILLIONS
