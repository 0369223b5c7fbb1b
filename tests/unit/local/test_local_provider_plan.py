import socket

from pointsman.adapters.providers.spec import DialectName, ProviderSpec, load_catalog

from local.provider_plan import plan_providers

PORT = 1001


def spec(name: str, base_url: str, secret: str | None = "A_KEY", dialect: DialectName = "openai_chat") -> ProviderSpec:
    auth = "bearer" if secret else "none"
    return ProviderSpec(name=name, display_name=name, dialect=dialect, base_url=base_url, auth=auth, secret=secret)


def test_a_provider_without_its_key_is_simulated_under_its_own_path() -> None:
    plan = plan_providers({"groq": spec("groq", "https://api.groq.com/openai/v1")}, {}, port=PORT)
    assert plan.urls == {"groq": "http://127.0.0.1:1001/groq/openai/v1"}
    assert plan.real == ()


def test_a_provider_with_its_key_stays_real() -> None:
    plan = plan_providers({"groq": spec("groq", "https://api.groq.com/openai/v1")}, {"A_KEY": "k"}, port=PORT)
    assert (plan.real, plan.urls) == (("groq",), {})


def test_an_empty_key_is_no_key() -> None:
    plan = plan_providers({"groq": spec("groq", "https://api.groq.com")}, {"A_KEY": ""}, port=PORT)
    assert plan.urls == {"groq": "http://127.0.0.1:1001/groq"}


def test_a_keyless_provider_is_real_only_while_something_listens_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        assert plan_providers({"ollama": spec("ollama", url, None)}, {}, port=PORT).real == ("ollama",)
    plan = plan_providers({"ollama": spec("ollama", url, None)}, {}, port=PORT)
    assert (plan.real, plan.keyless) == ((), ("ollama",))


def test_every_provider_of_the_catalog_is_real_or_simulated() -> None:
    catalog = load_catalog()
    plan = plan_providers(catalog, {}, port=PORT)
    assert set(plan.real) | plan.urls.keys() == catalog.keys()
    assert not set(plan.real) & plan.urls.keys()
