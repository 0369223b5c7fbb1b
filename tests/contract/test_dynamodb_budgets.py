"""Budgets on an embedded emulator: several processes spend one, and together never more than it holds."""

import asyncio
import multiprocessing
import os
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pointsman.adapters.dynamodb.boto_tables import BotoTables
from pointsman.adapters.dynamodb.budgets import REMEMBERED_S, DynamoDBBudgetBook
from pointsman.adapters.dynamodb.tables import connect, create_table
from pointsman.application.ports import BudgetBook
from pointsman.domain.budget import slices_of
from pointsman.domain.preferences import Caller

from tests.fakes import InMemoryBudgetBook

pytestmark = pytest.mark.system
NOW = datetime(2026, 11, 27, tzinfo=UTC)
SPENDER = Caller("me", budget_usd=Decimal("1"), budget_period="day")
PROCESSES, RESERVED = 3, Decimal("0.02")


def open_book(table: str, client: Any = None) -> DynamoDBBudgetBook:
    tables = BotoTables(client or connect(total_attempts=1))
    return DynamoDBBudgetBook(tables, table, on_blind=pytest.fail, now=lambda: NOW)


async def spend_all(book: BudgetBook, caller: Caller, name: str) -> Decimal:
    """Send requests, four at once, until no more is left; what they cost is at most what was reserved."""
    draw, spent = random.Random(name), Decimal(0)

    async def send(request_id: str) -> Decimal | None:
        if not await book.reserve(request_id, caller, RESERVED):
            return None
        await asyncio.sleep(0.01)
        cost = RESERVED * draw.randint(1, 1000) / 1000
        await book.settle(request_id, cost)
        return cost

    number, refused = 0, False
    while not refused:
        costs = await asyncio.gather(*(send(f"{name}-{number + place}") for place in range(4)))
        number, refused = number + 4, None in costs
        spent += sum((cost for cost in costs if cost is not None), Decimal(0))
    return spent


def spend_in_a_process(env: Mapping[str, str], table: str, name: str, told: Any) -> None:
    os.environ.update(env)
    told.put(asyncio.run(spend_all(open_book(table), SPENDER, name)))


def test_processes_together_spend_no_more_than_the_budget_and_nearly_all_of_it_of_the_spend(
    client: Any, emulator_env: Mapping[str, str], table: str
) -> None:
    spawn = multiprocessing.get_context("spawn")
    told = spawn.Queue()
    crowd = [
        spawn.Process(target=spend_in_a_process, args=(emulator_env, table, f"p{number}", told))
        for number in range(PROCESSES)
    ]
    for process in crowd:
        process.start()
    spent = sum((told.get(timeout=120) for _ in crowd), Decimal(0))
    for process in crowd:
        process.join()
    assert SPENDER.budget_usd is not None
    # At the end, what is left is less than what the requests of all processes at once had reserved.
    assert SPENDER.budget_usd - 4 * PROCESSES * RESERVED < spent <= SPENDER.budget_usd
    assert asyncio.run(open_book(table, client).spent_usd(SPENDER)) == spent


def test_the_fake_counts_budgets_as_the_spend(client: Any, table: str) -> None:
    async def use(book: BudgetBook) -> list[Any]:
        steps: list[Any] = [await book.budget("r1", Caller("free")), await book.budget("r1", SPENDER)]
        steps += [await book.reserve(name, SPENDER, Decimal(usd)) for name, usd in [("r1", "0.6"), ("r2", "0.5")]]
        steps.append(await book.reserve("r3", SPENDER, Decimal("1.5")))
        await book.settle("r1", Decimal("0.25"))
        await book.settle("r1", Decimal("0.25"))
        await book.settle("never reserved", Decimal(9))
        steps += [
            await book.reserve("r2", SPENDER, Decimal("0.5")),
            await book.reserve("free", Caller("free"), Decimal(9)),
        ]
        return [*steps, await book.budget("r4", SPENDER), await book.spent_usd(SPENDER)]

    assert asyncio.run(use(InMemoryBudgetBook())) == asyncio.run(use(open_book(table, client)))


def test_each_period_begins_anew_in_the_spend(client: Any, table: str) -> None:
    now = NOW
    book = DynamoDBBudgetBook(BotoTables(client), table, on_blind=pytest.fail, now=lambda: now)
    assert asyncio.run(book.reserve("r1", SPENDER, Decimal(1)))
    assert not asyncio.run(book.reserve("r2", SPENDER, Decimal("0.1")))
    now = NOW.replace(day=28)
    assert asyncio.run(book.reserve("r2", SPENDER, Decimal("0.1")))
    # What was reserved yesterday is settled there.
    asyncio.run(book.settle("r1", Decimal("0.3")))
    assert asyncio.run(book.spent_usd(SPENDER)) == Decimal("0.1")
    now = NOW
    assert asyncio.run(book.spent_usd(SPENDER)) == Decimal("0.3")


def test_a_large_budget_is_counted_in_slices_which_hold_it_together_in_the_spend(client: Any, table: str) -> None:
    rich = Caller("rich", budget_usd=Decimal(20_000), budget_period="day")
    slices = slices_of(Decimal(20_000), "day")
    book = open_book(table, client)

    async def reserve_all() -> int:
        return sum([await book.reserve(f"r{number}", rich, Decimal(1000)) for number in range(60)])

    accepted = asyncio.run(reserve_all())
    assert slices == 5
    assert client.scan(TableName=table, Select="COUNT")["Count"] == slices
    assert asyncio.run(book.spent_usd(rich)) == 1000 * accepted <= 20_000
    assert accepted >= 20 - slices


def test_in_an_outage_requests_go_on_and_their_cost_is_written_afterwards_to_the_spend(client: Any, table: str) -> None:
    told: list[str] = []
    now = NOW
    book = DynamoDBBudgetBook(BotoTables(client), table, on_blind=told.append, now=lambda: now)

    async def ask(request_id: str, cost: str) -> bool:
        budget = await book.budget(request_id, SPENDER)
        assert budget is not None
        is_let_in = budget.left_usd >= RESERVED and await book.reserve(request_id, SPENDER, RESERVED)
        if is_let_in:
            await book.settle(request_id, Decimal(cost))
        return is_let_in

    assert asyncio.run(ask("r1", "0.01"))
    client.delete_table(TableName=table)
    now = NOW.replace(second=REMEMBERED_S + 1)
    assert [asyncio.run(ask(f"r{number}", "0.4")) for number in range(2, 6)] == [True, True, True, False]
    assert told
    create_table(client, table, "spend")
    now = NOW.replace(second=3 * REMEMBERED_S)
    asyncio.run(book.reserve("r9", SPENDER, RESERVED))
    asyncio.run(book.settle("r9", RESERVED))
    assert asyncio.run(book.spent_usd(SPENDER)) == Decimal("1.2") + RESERVED
