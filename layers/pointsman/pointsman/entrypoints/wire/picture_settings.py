"""How a picture shall be: what OpenAI's endpoints for images and its tool for them have in common."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from pointsman.entrypoints.wire.wire_model import Whole, WireModel


class PictureSettings(WireModel):
    size: Annotated[str, Field(pattern=r"^(auto|\d{2,5}x\d{2,5})$")] | None = None
    quality: Literal["auto", "low", "medium", "high"] | None = None
    background: Literal["auto", "opaque", "transparent"] | None = None
    output_format: Literal["png", "jpeg", "webp"] | None = None
    output_compression: Annotated[Whole, Field(ge=0, le=100)] | None = None
    moderation: Literal["auto", "low"] | None = None


NAMES: Final = tuple(PictureSettings.model_fields)


def told_settings(body: PictureSettings) -> dict[str, Any]:
    """Those that were told."""
    return {name: value for name in NAMES if (value := getattr(body, name)) is not None}
