"""What was spent, composed: for the function that counts it and for whoever asks."""

from typing import Any

from pointsman.adapters.dynamodb.spend import DynamoDBSpendBook
from pointsman.adapters.dynamodb.tables import connect
from pointsman.application.ports import SpendBook
from pointsman.settings import Settings


def build_spend_book(settings: Settings, client: Any = None) -> SpendBook:
    return DynamoDBSpendBook(client or connect(), settings.spend_table)
