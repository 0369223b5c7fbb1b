"""Bedrock's dialect where its fixtures do not reach: what it refuses, and what each family of models is told."""

from dataclasses import replace
from typing import Any

import pytest
from pointsman.adapters.providers.dialects import bedrock_converse
from pointsman.adapters.providers.dialects.bedrock_converse.families import vendor_of
from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.domain.errors import RequestError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.reply import assemble
from pointsman.domain.request import (
    ChatRequest,
    MediaPart,
    Message,
    Reasoning,
    ResponseFormat,
    TextPart,
    Tool,
    ToolCall,
    ToolChoice,
)

from tests.conformance.cards import card_with
from tests.unit.providers.dialect_calls import call_for, decode_stream, say

CLAUDE, NOVA = "eu.anthropic.claude-opus-5-5-v1:0", "amazon.nova-2-lite-v1:0"
PDF = MediaPart("file", "application/pdf", base64_data="AA", filename="a/über.report_v1.pdf")
PICTURE = MediaPart("image", "image/png", base64_data="AA")
EVERYTHING = card_with(
    parameters=("n", "stop", "temperature", "service_tier", "logit_bias", "reasoning_effort"),
    reasoning_efforts=("none", "low"),
)


def body(request: ChatRequest, *, model: str = NOVA, card: ModelCard = EVERYTHING) -> Any:
    call = replace(call_for(request, row="bedrock", card=card), upstream_model=model)
    return bedrock_converse.encode(call).body


def called(arguments: str = "{}", call_id: str = "c1") -> Message:
    return Message("assistant", tool_calls=(ToolCall(call_id, "f", arguments),))


def result(call_id: str = "c1", *parts: MediaPart | TextPart) -> Message:
    return Message("tool", parts or (TextPart("1"),), tool_call_id=call_id)


def reply(*blocks: dict[str, Any], stop: str | None = "end_turn") -> dict[str, Any]:
    return {"output": {"message": {"content": list(blocks)}}, "stopReason": stop, "usage": {}}


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (ChatRequest((say(),), output_modalities=("text", "image")), "modalities"),
        (ChatRequest((say(),), response_format=ResponseFormat("json_object")), "response_format.type"),
        (ChatRequest((say(" "),)), "messages[0].content"),
        (ChatRequest((Message("assistant", (TextPart("Hi"),)), say())), "messages[0].role"),
        (ChatRequest((say(), called("{"))), "messages[1].tool_calls[0].function.arguments"),
        (
            ChatRequest((say("a", MediaPart("image", "image/*", url="https://example.com/a")),)),
            "messages[0].content[1]",
        ),
        (ChatRequest((say(), called(), result()), tool_choice=ToolChoice("none")), "tool_choice"),
        (ChatRequest((say(),), tools=(Tool("f"),), parallel_tool_calls=False), "parallel_tool_calls"),
        (ChatRequest((say(),), parameters={"logit_bias": {}}), "logit_bias"),
        (ChatRequest((say(),), parameters={"n": 2}), "n"),
        (ChatRequest((say(),), parameters={"temperature": 1.5}), "temperature"),
        (ChatRequest((say(),), parameters={"service_tier": "fast"}), "service_tier"),
    ],
)
def test_what_bedrock_cannot_take_is_refused_by_field(request_: ChatRequest, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        body(request_)
    assert caught.value.field == field


def test_parameters_go_by_bedrock_s_names() -> None:
    sent = body(ChatRequest((say(),), parameters={"stop": "END", "n": 1, "service_tier": "flex"}, max_output_tokens=9))
    assert sent["inferenceConfig"] == {"maxTokens": 9, "stopSequences": ["END"]}
    assert sent["serviceTier"] == {"type": "flex"}
    assert "serviceTier" not in body(ChatRequest((say(),), parameters={"service_tier": "auto"}))


def test_the_tools_of_a_conversation_are_declared_even_where_none_is_offered() -> None:
    sent = body(ChatRequest((say(), called(), result())))
    assert [tool["toolSpec"]["name"] for tool in sent["toolConfig"]["tools"]] == ["f"]


def test_tools_are_forbidden_by_not_offering_them() -> None:
    sent = body(ChatRequest((say(),), tools=(Tool("f"),), tool_choice=ToolChoice("none")))
    assert "toolConfig" not in sent


def test_only_claude_can_be_held_to_one_call_at_a_time() -> None:
    sent = body(ChatRequest((say(),), tools=(Tool("f"),), parallel_tool_calls=False), model=CLAUDE)
    assert sent["additionalModelRequestFields"]["tool_choice"] == {"type": "auto", "disable_parallel_tool_use": True}


def test_a_choice_stands_with_what_forbids_parallel_calls_and_nowhere_else() -> None:
    choice = ToolChoice("named", "f")
    request = ChatRequest((say(),), tools=(Tool("f"),), tool_choice=choice, parallel_tool_calls=False)
    sent = body(request, model=CLAUDE)
    told = {"type": "tool", "name": "f", "disable_parallel_tool_use": True}
    assert (sent["additionalModelRequestFields"], "toolChoice" in sent["toolConfig"]) == ({"tool_choice": told}, False)
    no_call = replace(request, tool_choice=ToolChoice("none"))
    assert not body(no_call, model=CLAUDE).keys() & {"additionalModelRequestFields", "toolConfig"}


def test_the_name_of_a_document_alone_stands_behind_the_results_of_tools() -> None:
    document = Message("user", (MediaPart("file", "application/pdf", base64_data="JVBERg==", filename="a.pdf"),))
    turn = body(ChatRequest((say(), called(), result(), document)))["messages"][-1]["content"]
    assert [next(iter(block)) for block in turn] == ["toolResult", "document", "text"]
    assert turn[-1] == {"text": "a 3-0"}


@pytest.mark.parametrize(
    ("model", "effort", "told"),
    [
        (CLAUDE, "low", {"thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}}),
        (CLAUDE, "none", {"thinking": {"type": "disabled"}}),
        (NOVA, "low", {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}}),
        (NOVA, "none", {"reasoningConfig": {"type": "disabled"}}),
        ("openai.gpt-oss-120b-1:0", "low", {"reasoning_effort": "low"}),
        ("qwen.qwen3-32b-v1:0", "low", {"reasoning_config": "low"}),
    ],
)
def test_each_family_is_told_in_its_own_words_how_much_to_think(model: str, effort: str, told: Any) -> None:
    sent = body(ChatRequest((say(),), reasoning=Reasoning(effort)), model=model)
    assert sent["additionalModelRequestFields"] == told


def test_a_family_that_nobody_knows_is_not_guessed_at() -> None:
    with pytest.raises(RequestError) as caught:
        body(ChatRequest((say(),), reasoning=Reasoning("low")), model="mistral.large-v1:0")
    assert caught.value.field == "reasoning"


@pytest.mark.parametrize(
    ("model", "vendor"),
    [
        ("us.amazon.nova-2-lite-v1:0", "amazon"),
        ("us-gov.anthropic.claude-v1:0", "anthropic"),
        ("arn:aws:bedrock:us-east-1:1:inference-profile/global.anthropic.claude-v1:0", "anthropic"),
        ("deepseek.r1-v1:0", "deepseek"),
        ("nonsense", ""),
    ],
)
def test_the_vendor_stands_in_the_model_s_name(model: str, vendor: str) -> None:
    assert vendor_of(model) == vendor


def test_a_document_alone_gets_a_text_beside_it_and_a_name_of_its_own() -> None:
    blocks = body(ChatRequest((Message("user", (PDF, PDF)),)))["messages"][0]["content"]
    assert [block["document"]["name"] for block in blocks[:-1]] == ["ber 0-0", "ber 0-1"]
    assert blocks[-1] == {"text": "ber 0-0, ber 0-1"}


@pytest.mark.parametrize(
    ("part", "block"),
    [
        (
            MediaPart("image", "image/png", url="s3://b/a.png"),
            {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://b/a.png"}}}},
        ),
        (
            MediaPart("video", "video/quicktime", base64_data="AA"),
            {"video": {"format": "mov", "source": {"bytes": "AA"}}},
        ),
        (MediaPart("audio", "audio/mpeg", base64_data="AA"), {"audio": {"format": "mp3", "source": {"bytes": "AA"}}}),
    ],
)
def test_media_go_by_bedrock_s_names_of_their_formats(part: MediaPart, block: Any) -> None:
    assert body(ChatRequest((say("a", part),)))["messages"][0]["content"][1] == block


def test_results_of_tools_have_pictures_within_them_and_are_never_empty() -> None:
    turns = body(ChatRequest((say(), called(), result("c1", TextPart(""), PICTURE))))["messages"]
    assert [next(iter(block)) for block in turns[2]["content"][0]["toolResult"]["content"]] == ["image"]
    turns = body(ChatRequest((say(), called(), result("c1", TextPart("")))))["messages"]
    assert turns[2]["content"][0]["toolResult"]["content"] == [{"json": {"result": ""}}]


def test_ids_that_bedrock_would_refuse_get_a_stand_in_and_stay_paired() -> None:
    long = "call_" + "x" * 80
    turns = body(ChatRequest((say(), called("{}", long), result(long))))["messages"]
    call_id = turns[1]["content"][0]["toolUse"]["toolUseId"]
    assert len(call_id) == 32
    assert turns[2]["content"][0]["toolResult"]["toolUseId"] == call_id


def test_cache_hints_are_for_models_that_keep_a_cache() -> None:
    hinted = Message("system", (TextPart("Be brief.", cache_control={"type": "ephemeral", "ttl": "1h"}),))
    request = ChatRequest((hinted, say()))
    assert body(request)["system"] == [{"text": "Be brief."}]
    cached = body(request, card=card_with(features=("prompt_caching",)))
    assert cached["system"] == [{"text": "Be brief."}, {"cachePoint": {"type": "default", "ttl": "1h"}}]


def test_hints_on_tools_and_results_and_failures_and_citations_are_told() -> None:
    hint = {"type": "ephemeral"}
    failed = Message("tool", (TextPart("no"),), tool_call_id="c1", is_error=True, cache_control=hint)
    request = ChatRequest(
        (say("a", replace(PDF, wants_citations=True)), called(), failed), tools=(Tool("f", cache_control=hint),)
    )
    sent = body(request, card=card_with(features=("prompt_caching",)))
    assert sent["messages"][0]["content"][1]["document"]["citations"] == {"enabled": True}
    assert sent["messages"][2]["content"][0]["toolResult"]["status"] == "error"
    assert sent["messages"][2]["content"][1] == sent["toolConfig"]["tools"][1] == {"cachePoint": {"type": "default"}}


def test_signed_thoughts_are_sent_back_as_they_came() -> None:
    blocks = [
        {"reasoningContent": {"reasoningText": {"text": "Hm.", "signature": "s"}}},
        {"reasoningContent": {"redactedContent": "cg=="}},
    ]
    thoughts = assemble(bedrock_converse.decode(reply(*blocks))).choices[0].reasoning_details
    sent = body(ChatRequest((say(), Message("assistant", (TextPart("Hi"),), reasoning_details=thoughts), say())))
    assert sent["messages"][1]["content"] == [*blocks, {"text": "Hi"}]


def test_thoughts_that_nobody_signed_or_others_had_stay_behind() -> None:
    thoughts = (
        {"type": "reasoning.text", "text": "Hm.", "format": "unknown"},
        {"type": "reasoning.text", "text": "Hm.", "signature": "s", "format": "anthropic-claude-v1"},
    )
    sent = body(ChatRequest((say(), Message("assistant", (TextPart("Hi"),), reasoning_details=thoughts), say())))
    assert sent["messages"][1]["content"] == [{"text": "Hi"}]


@pytest.mark.parametrize(
    "broken",
    [reply(stop="bored"), reply(stop=None), reply({"hologram": {}}), reply({}), reply(stop="malformed_tool_use")],
)
def test_what_is_not_known_is_malformed_and_not_guessed(broken: dict[str, Any]) -> None:
    with pytest.raises(MalformedReplyError):
        list(bedrock_converse.decode(broken))


def test_tools_of_bedrock_s_own_are_no_calls_of_ours() -> None:
    own = {"toolUseId": "t", "name": "nova_code_interpreter", "type": "server_tool_use"}
    whole = reply({"toolUse": {**own, "input": {"a": 1}}}, {"toolResult": {}}, {"text": "7"})
    told: list[tuple[str, Any]] = [
        ("contentBlockStart", {"contentBlockIndex": 0, "start": {"toolUse": own}}),
        ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"toolUse": {"input": "{}"}}}),
        ("contentBlockDelta", {"contentBlockIndex": 1, "delta": {"toolResult": [{"json": {}}]}}),
        ("contentBlockDelta", {"contentBlockIndex": 2, "delta": {"text": "7"}}),
        ("newerThanThis", {}),
        ("messageStop", {"stopReason": "end_turn"}),
    ]
    events = decode_stream(bedrock_converse, told)
    for answer in (assemble(bedrock_converse.decode(whole)), assemble(events)):
        assert (answer.choices[0].text, answer.choices[0].tool_calls) == ("7", ())


@pytest.mark.parametrize(
    "delta", [("contentBlockDelta", {"delta": {"hologram": 1}}), ("messageStart", {"role": "assistant"})]
)
def test_a_stream_with_an_unknown_delta_or_without_an_end_is_malformed(delta: tuple[str, Any]) -> None:
    with pytest.raises(MalformedReplyError):
        decode_stream(bedrock_converse, [delta])


def test_an_exception_in_a_stream_is_an_error_with_its_name() -> None:
    with pytest.raises(InStreamError) as caught:
        decode_stream(bedrock_converse, [("modelStreamErrorException", {"message": "m", "originalStatusCode": 500})])
    report = bedrock_converse.decode_error(caught.value.body)
    assert (report.codes, report.status, report.message) == (("ModelStreamErrorException",), 500, "m")


def test_pages_of_the_web_are_cited_in_openai_s_form_and_pictures_are_media() -> None:
    citation = {"location": {"web": {"url": "https://example.com"}}, "title": "A"}
    cited = {"citationsContent": {"content": [{"text": "x"}], "citations": [citation]}}
    picture = {"image": {"format": "png", "source": {"bytes": "AA"}}}
    choice = assemble(bedrock_converse.decode(reply(cited, picture))).choices[0]
    assert choice.annotations == (
        {"type": "url_citation", "url_citation": {"url": "https://example.com", "title": "A"}},
    )
    assert [(media.mime_type, media.base64_data) for media in choice.media] == [("image/png", "AA")]
