"""Pieces that replies of several media dialects share: streams where there are none, files, token counts."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from decimal import Decimal

from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_amount, as_count, as_object, as_text
from pointsman.adapters.providers.server_sent_events import ServerSentEvent
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import ReplyEvent, TokenClass, Usage, UsageReported
from pointsman.domain.request import MediaPart, Modality

# xAI counts money in ticks of 1e-10 dollars.
USD_PER_TICK = Decimal("1e-10")


async def never_streams(events: AsyncIterator[ServerSentEvent]) -> AsyncGenerator[ReplyEvent]:
    """For providers that answer in one piece whatever is asked."""
    async for event in events:
        raise MalformedReplyError(f"an event {event.name!r} where a whole reply was expected")
    for nothing in ():
        yield nothing


def refuse_error(body: JsonObject) -> None:
    """Some gateways answer 200 to what went wrong."""
    if body.get("error"):
        raise InStreamError(body)


def read_file(body: JsonObject, kind: Modality) -> MediaPart:
    """The part of a reply that is a file and no JSON."""
    data = as_text(body.get("base64_data"), "base64_data")
    if not data:
        raise MalformedReplyError("the file is empty")
    return MediaPart(kind, as_text(body.get("mime_type"), "mime_type").partition(";")[0], base64_data=data)


def read_token_usage(usage: JsonObject, *, media_output: TokenClass) -> Usage:
    """OpenAI's usage of media: input and output in tokens of text, image and sound."""
    given = as_object(usage.get("input_tokens_details") or usage.get("input_token_details"), "input_tokens_details")
    made = as_object(usage.get("output_tokens_details") or usage.get("output_token_details"), "output_tokens_details")
    image, audio = (
        as_count(given.get("image_tokens"), "image_tokens"),
        as_count(given.get("audio_tokens"), "audio_tokens"),
    )
    cached = as_count(given.get("cached_tokens"), "cached_tokens")
    output = as_count(usage.get("output_tokens"), "output_tokens")
    media = as_count(made.get("image_tokens") or made.get("audio_tokens"), "media_tokens")
    if not made and media_output != "output":
        media = output
    tokens: dict[TokenClass, int] = {
        "input": max(as_count(usage.get("input_tokens"), "input_tokens") - image - audio - cached, 0),
        "cache_read": cached,
        "image_input": image,
        "audio_input": audio,
    }
    tokens[media_output] = media if media_output != "output" else output
    if media_output != "output":
        tokens["output"] = max(output - media, 0)
    return Usage(tokens, read_cost(usage))


def read_cost(usage: Mapping[str, object]) -> Decimal | None:
    """In US dollars; xAI writes ticks."""
    if usage.get("cost_in_usd_ticks") is not None:
        return as_count(usage["cost_in_usd_ticks"], "cost_in_usd_ticks") * USD_PER_TICK
    cost = usage.get("cost")
    if isinstance(cost, dict):
        cost = as_object(usage.get("cost"), "cost").get("total_cost")
    return None if cost is None else as_amount(cost, "cost")


def report(usage: Usage) -> Iterator[UsageReported]:
    if usage.tokens or usage.provider_cost_usd is not None or usage.units:
        yield UsageReported(usage)
