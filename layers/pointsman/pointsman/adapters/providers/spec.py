"""The rows of the provider catalog: how an account is called. Data only; knows no dialect's code."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from pointsman.domain.errors import ProviderErrorKind, RegistryError
from pointsman.domain.request import Modality, ModelKind, Role

CATALOG = Path(__file__).parent / "catalog"
DialectName = Literal[
    "anthropic_messages",
    "bedrock_converse",
    "gemini_generate_content",
    "openai_chat",
    "bfl_images",
    "cohere_chat",
    "cohere_embed",
    "gemini_embeddings",
    "openai_embeddings",
    "openai_images",
    "openai_responses",
    "openai_speech",
    "openai_transcriptions",
    "perplexity_embeddings",
    "veo",
    "xai_images",
    "xai_speech_to_text",
    "xai_videos",
]
AuthKind = Literal["none", "bearer", "x-api-key", "x-goog-api-key", "x-key", "api-key", "aws"]
MediaForm = Literal["image_url", "input_audio", "file", "file_by_url", "document_url", "video_url"]
ReasoningForm = Literal["reasoning_effort", "reasoning", "none"]
# Under which name, or in which form, a provider takes back what the model thought in earlier turns.
ReplayForm = Literal["reasoning_details", "reasoning_content", "reasoning", "thinking_part", "none"]


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """One provider. `secret` names the key; `body` goes with every request, `stream_body` with streamed ones.

    `base_url` may hold `{region}`, which is the endpoint's or else `region`, and names in capitals such as
    `{AZURE_OPENAI_RESOURCE}`, which are looked up where secrets are; `regional_base_url` is for endpoints with a
    region. `path` takes the place of the dialect's; its `{model}` is the provider's name of the model. Auth `aws` is a
    bearer token where the secret is set and a signature for `aws_service` where it is not.

    `dialects` names the dialect of each kind of model that does not speak `dialect`, `modes` that of chat models whose
    card names a mode. `voices` gives the provider's own
    voice for OpenAI's names, and for none under `default`.

    `renames` gives our parameter's name on the wire, `media` the form in which each kind of part is sent (a kind
    that is not there cannot be sent), `error_codes` what this provider's own codes mean.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=False)

    name: str
    display_name: str
    dialect: DialectName
    base_url: str
    auth: AuthKind
    secret: str | None = None
    secret_is_optional: bool = False
    aws_service: str | None = None
    region: str | None = None
    regional_base_url: str | None = None
    path: str | None = None
    modes: Mapping[str, DialectName] = field(default_factory=dict[str, DialectName])
    connect_timeout_s: float = 5.0
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    stream_body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    renames: Mapping[str, str] = field(default_factory=dict[str, str])
    dialects: Mapping[ModelKind, DialectName] = field(default_factory=dict[ModelKind, DialectName])
    voices: Mapping[str, str] = field(default_factory=dict[str, str])
    roles: Mapping[Role, Role] = field(default_factory=dict[Role, Role])
    media: Mapping[Modality, MediaForm] = field(default_factory=dict[Modality, MediaForm])
    error_codes: Mapping[str, ProviderErrorKind] = field(default_factory=dict[str, ProviderErrorKind])
    reasoning: ReasoningForm = "none"
    reasoning_replay: ReplayForm = "none"
    tool_call_id_length: int | None = None
    message_names: bool = True
    media_in_tool_results: bool = False
    cache_hints: bool = False

    def __post_init__(self) -> None:
        if self.auth != "none" and not self.secret:
            raise ValueError(f"auth {self.auth!r} needs a secret")
        if self.auth == "aws" and not (self.aws_service and self.region):
            raise ValueError("auth 'aws' needs an aws_service and a region")

    @property
    def needs_no_key(self) -> bool:
        return self.auth == "none" or (self.auth != "aws" and self.secret_is_optional)

    def dialect_for(self, kind: ModelKind, mode: str | None = None) -> DialectName:
        """RegistryError where a card names a mode that this provider does not have."""
        if mode is None:
            return self.dialects.get(kind, self.dialect)
        if mode not in self.modes:
            raise RegistryError(f"provider {self.name!r} has no mode {mode!r}")
        return self.modes[mode]


_ROW = TypeAdapter(ProviderSpec)


def load_spec(path: Path) -> ProviderSpec:
    """Raises RegistryError where a key is unknown, missing or of the wrong kind."""
    try:
        row = tomllib.loads(path.read_text(encoding="utf-8"))
        return _ROW.validate_python({**row, "name": path.stem})
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise RegistryError(f"provider catalog, {path.name}: {error}") from error


def load_catalog(*own_folders: Path) -> dict[str, ProviderSpec]:
    """The rows that come along, and those of the operator's own folders, which go before them, where they exist."""
    folders = (CATALOG, *own_folders)
    return {path.stem: load_spec(path) for folder in folders for path in sorted(folder.glob("*.toml"))}


def with_base_urls(catalog: Mapping[str, ProviderSpec], base_urls: Mapping[str, str]) -> dict[str, ProviderSpec]:
    """The same catalog with some providers at another address, such as simulated or self-hosted ones."""
    unknown = sorted(base_urls.keys() - catalog.keys())
    if unknown:
        raise RegistryError(f"base URLs for providers that the catalog does not have: {', '.join(unknown)}")
    return {
        name: replace(spec, base_url=base_urls[name], regional_base_url=None) if name in base_urls else spec
        for name, spec in catalog.items()
    }
