"""The provider catalog: rows are data, and wrong rows do not load."""

from pathlib import Path

import pytest
from pointsman.adapters.providers.addresses import MissingSettingError, at_endpoint, has_settings
from pointsman.adapters.providers.spec import load_catalog, load_spec, with_base_urls
from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import Endpoint

CATALOG = load_catalog()
NOTHING = dict[str, str]()
ROW = 'display_name = "Mine"\ndialect = "openai_chat"\nbase_url = "http://gpu.example/v1"\nauth = "none"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_self_hosted_provider_is_a_row_alone(tmp_path: Path) -> None:
    write(tmp_path, ROW)
    assert load_catalog(tmp_path)["mine"].base_url == "http://gpu.example/v1"


def test_an_operator_s_row_goes_before_the_one_that_comes_along_and_a_folder_may_be_absent(tmp_path: Path) -> None:
    (tmp_path / "openai.toml").write_text(ROW, encoding="utf-8")
    assert load_catalog(tmp_path)["openai"].base_url == "http://gpu.example/v1"
    assert load_catalog(tmp_path / "nowhere") == CATALOG


def test_addresses_are_filled_by_endpoint_row_and_operator() -> None:
    settings = {"GOOGLE_CLOUD_PROJECT": "p", "AZURE_OPENAI_RESOURCE": "r"}.get
    vertex, azure = CATALOG["vertex"], CATALOG["azure_deployments"]
    assert "/projects/p/locations/global/" in at_endpoint(vertex, Endpoint("vertex", "m"), settings).base_url
    regional = at_endpoint(vertex, Endpoint("vertex", "m", region="europe-west4"), settings).base_url
    assert regional.startswith(
        "https://europe-west4-aiplatform.googleapis.com/v1beta1/projects/p/locations/europe-west4/"
    )
    deployed = at_endpoint(azure, Endpoint("azure_deployments", "a/b"), settings)
    assert deployed.base_url == "https://r.openai.azure.com"
    assert deployed.path == "/openai/deployments/a%2Fb/chat/completions?api-version=2024-10-21"
    with pytest.raises(MissingSettingError, match="GOOGLE_CLOUD_PROJECT"):
        at_endpoint(vertex, Endpoint("vertex", "m"), NOTHING.get)
    assert not has_settings(azure, NOTHING.get)


def test_a_mode_that_a_provider_has_not_is_an_error_of_the_registry() -> None:
    assert CATALOG["openai"].dialect_for("chat", "responses") == "openai_responses"
    with pytest.raises(RegistryError, match="telepathy"):
        CATALOG["openai"].dialect_for("chat", "telepathy")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (ROW + "speed = 3\n", "speed"),
        (ROW + 'media = { smell = "image_url" }\n', "media"),
        (ROW + 'error_codes = { "1" = "bad_luck" }\n', "error_codes"),
        (ROW.replace("openai_chat", "smoke_signals"), "dialect"),
        (ROW.replace('"none"', '"cookie"'), "auth"),
        (ROW.replace('"none"', '"bearer"'), "needs a secret"),
        (ROW.replace('base_url = "http://gpu.example/v1"\n', ""), "base_url"),
        (ROW.replace('"none"', '"aws"') + 'secret = "S"\n', "aws_service"),
        (ROW + "name = \n", "mine.toml"),
    ],
)
def test_a_wrong_row_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(RegistryError, match=named):
        load_spec(write(tmp_path, text))


def test_a_base_url_can_be_replaced_for_known_providers_alone() -> None:
    moved = with_base_urls(CATALOG, {"openai": "http://127.0.0.1:9/v1"})
    assert moved["openai"].base_url == "http://127.0.0.1:9/v1"
    assert moved["groq"] == CATALOG["groq"]
    with pytest.raises(RegistryError, match="opneai"):
        with_base_urls(CATALOG, {"opneai": "http://127.0.0.1:9/v1"})
