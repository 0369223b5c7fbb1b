"""What Bedrock is sent is of the form that AWS's own service model has, down to its lengths and patterns."""

from collections.abc import Sequence
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from tests.conformance.committed_fixtures import Fixture, committed_fixtures, perform

FIXTURES: Sequence[Fixture] = tuple(fixture for fixture in committed_fixtures() if fixture.row == "bedrock")


@pytest.fixture(scope="module")
def shape() -> Any:
    loader: Any = Loader()
    service: Any = ServiceModel(loader.load_service_model("bedrock-runtime", "service-2"))
    return service.shape_for("ConverseRequest")


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)
def test_a_request_to_bedrock_is_of_its_service_model(fixture: Fixture, shape: Any) -> None:
    sent, _ = perform(fixture)
    validator: Any = ParamValidator()
    report: Any = validator.validate({"modelId": fixture.model, **sent["body"]}, shape)
    assert not report.has_errors(), report.generate_report()


def test_the_service_model_would_find_a_fault(shape: Any) -> None:
    validator: Any = ParamValidator()
    odd: Any = validator.validate({"modelId": "m", "messages": [{"role": "user", "content": [{"txt": "a"}]}]}, shape)
    assert odd.has_errors()
