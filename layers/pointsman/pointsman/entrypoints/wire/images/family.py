"""OpenAI's images: generations and edits, as JSON or as a form."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from pointsman.domain.errors import RequestError
from pointsman.domain.request import ChatRequest, MediaPart, Message, TextPart
from pointsman.entrypoints.wire.family import WireFamily
from pointsman.entrypoints.wire.images.reply import ImageStream, encode_images
from pointsman.entrypoints.wire.media import decode_media
from pointsman.entrypoints.wire.media_answers import (
    MEDIA_PROBLEMS,
    FileField,
    decode_file,
    decode_media_preferences,
    told,
)
from pointsman.entrypoints.wire.parsing import parse_body
from pointsman.entrypoints.wire.picture_settings import PictureSettings, told_settings
from pointsman.entrypoints.wire.wire_model import Whole, WireModel
from pointsman.entrypoints.wire.wishes import WishesBody

MOST_IMAGES: Final = 10
# The dialects tell a mask from the other pictures by this name of its file.
MASK: Final = "mask"
PARAMETERS: Final = ("n", "user", "seed")


class ImageBody(PictureSettings, WishesBody):
    model: Annotated[str, Field(min_length=1)] = "auto"
    prompt: Annotated[str, Field(min_length=1, max_length=32_000)]
    n: Annotated[Whole, Field(ge=1, le=MOST_IMAGES)] | None = None
    response_format: Literal["b64_json"] | None = None
    partial_images: Annotated[Whole, Field(ge=0, le=3)] | None = None
    seed: Whole | None = None
    user: str | None = None


class ImageReference(WireModel):
    image_url: str


class EditBody(ImageBody):
    """A form gives `image`, `image[]` and `mask` as files, JSON gives `images` and `mask` by address."""

    image: FileField | list[FileField] | None = None
    images: tuple[ImageReference, ...] = ()
    mask: FileField | ImageReference | None = None


def decode_generation(body: ImageBody) -> ChatRequest:
    return _request(body, ())


def decode_edit(body: EditBody) -> ChatRequest:
    files = body.image if isinstance(body.image, list) else [body.image] if body.image else []
    pictures = [
        *(decode_file(file, "image", field=f"image[{n}]") for n, file in enumerate(files)),
        *(_decode_reference(picture, f"images[{n}].image_url") for n, picture in enumerate(body.images)),
    ]
    if not pictures:
        raise RequestError("Give the picture to be edited.", field="image")
    return _request(body, (*pictures, *_decode_mask(body)))


def _decode_mask(body: EditBody) -> tuple[MediaPart, ...]:
    if body.mask is None:
        return ()
    if isinstance(body.mask, ImageReference):
        part = _decode_reference(body.mask, "mask.image_url")
    else:
        part = decode_file(body.mask, "image", field="mask")
    return (MediaPart("image", part.mime_type, part.base64_data, part.url, MASK, facts=part.facts),)


def _decode_reference(picture: ImageReference, field: str) -> MediaPart:
    return decode_media("image", picture.image_url, field=field, default_mime="image/*")


def _request(body: ImageBody, pictures: tuple[MediaPart, ...]) -> ChatRequest:
    parameters: dict[str, Any] = told(**{name: getattr(body, name) for name in PARAMETERS}) | told_settings(body)
    message = Message("user", (TextPart(body.prompt), *pictures))
    return ChatRequest((message,), parameters=parameters, stream=body.stream, kind="image_generation")


GENERATIONS: Final[WireFamily[ImageBody]] = WireFamily(
    parse=lambda content, _headers: parse_body(content, ImageBody),
    decode_request=decode_generation,
    decode_preferences=decode_media_preferences,
    encode_reply=encode_images,
    open_stream=lambda body, telling: ImageStream("image_generation", body, telling),
    **MEDIA_PROBLEMS,
)
EDITS: Final[WireFamily[EditBody]] = WireFamily(
    parse=lambda content, _headers: parse_body(content, EditBody),
    decode_request=decode_edit,
    decode_preferences=decode_media_preferences,
    encode_reply=encode_images,
    open_stream=lambda body, telling: ImageStream("image_edit", body, telling),
    **MEDIA_PROBLEMS,
)
