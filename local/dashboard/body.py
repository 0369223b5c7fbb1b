"""The widgets of the template's dashboard, with what the template would put into it on this machine."""

import json
from pathlib import Path
from typing import Any

from local.sam_template import load_template, resources

STACK = "local"
NAMESPACE = f"Pointsman/{STACK}"
# Of a day, in US dollars: what some dozens of requests can be seen against.
BUDGET_USD = "0.2"


def dashboard_widgets(template: Path) -> list[dict[str, Any]]:
    (dashboard,) = resources(load_template(template), "AWS::CloudWatch::Dashboard").values()
    body = str(dashboard["DashboardBody"]["Fn::Sub"])
    return json.loads(body.replace("${AWS::StackName}", STACK).replace("${BudgetUsdPerDay}", BUDGET_USD))["widgets"]
