"""The provider catalog: rows are data, and wrong rows do not load."""

from pathlib import Path

import pytest
from pointsman.adapters.providers.spec import load_catalog, load_spec, with_base_urls
from pointsman.domain.errors import RegistryError

CATALOG = load_catalog()
ROW = 'display_name = "Mine"\ndialect = "openai_chat"\nbase_url = "http://gpu.example/v1"\nauth = "none"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_self_hosted_provider_is_a_row_alone(tmp_path: Path) -> None:
    write(tmp_path, ROW)
    assert load_catalog(tmp_path)["mine"].base_url == "http://gpu.example/v1"


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
