"""Every function folder is declared, and each function can be watched, published and found."""

from pathlib import Path
from typing import Any

from local.sam_template import functions, resources

ROOT = Path(__file__).parents[2]
APP_LINES = 10


def test_every_folder_is_a_function_and_every_function_a_folder(template: dict[str, Any]) -> None:
    folders = {f"functions/{path.parent.name}" for path in (ROOT / "functions").glob("*/app.py")}
    assert folders == {function["CodeUri"] for function in functions(template).values()}


def test_a_function_folder_holds_no_logic(template: dict[str, Any]) -> None:
    for function in functions(template).values():
        lines = (ROOT / function["CodeUri"] / "app.py").read_text().splitlines()
        assert function["Handler"] == "app.handler"
        assert len(lines) <= APP_LINES


def test_functions_run_where_layers_are_built_for(template: dict[str, Any]) -> None:
    layers = resources(template, "AWS::Serverless::LayerVersion")
    for function in functions(template).values():
        used = [layers[layer["Ref"]] for layer in function["Layers"]]
        assert used
        assert all(function["Runtime"] in layer["CompatibleRuntimes"] for layer in used)
        assert all(function["Architectures"] == layer["CompatibleArchitectures"] for layer in used)


def test_layers_hold_their_source_without_a_python_folder(template: dict[str, Any]) -> None:
    # SAM puts everything under python/ by itself: such a folder would end as python/python/.
    for layer in resources(template, "AWS::Serverless::LayerVersion").values():
        folder = ROOT / layer["ContentUri"]
        assert (folder / "requirements.txt").is_file()
        assert not (folder / "python").exists()


def test_a_layer_only_change_is_published(template: dict[str, Any]) -> None:
    for function in functions(template).values():
        assert function["AutoPublishAlias"] == "live"
        assert function["AutoPublishAliasAllProperties"] is True


def test_every_function_is_traced_and_its_log_is_not_kept_for_ever(template: dict[str, Any]) -> None:
    log_groups = resources(template, "AWS::Logs::LogGroup")
    for function in functions(template).values():
        assert function["Tracing"] == "Active"
        assert "RetentionInDays" in log_groups[function["LoggingConfig"]["LogGroup"]["Ref"]]


def test_no_function_outlives_what_api_gateway_waits_for(template: dict[str, Any]) -> None:
    assert functions(template)["RouterFunction"]["Timeout"] <= 29
