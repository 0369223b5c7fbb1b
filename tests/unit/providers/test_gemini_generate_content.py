"""Google's dialect where its fixtures do not reach: what it refuses, and how signatures travel."""

from dataclasses import replace
from typing import Any

import pytest
from pointsman.adapters.providers.dialects import gemini_generate_content
from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.gemini_generate_content.decode_finish import FINISH_REASONS
from pointsman.domain.errors import RequestError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.reply import Choice, assemble
from pointsman.domain.request import ChatRequest, MediaPart, Message, ResponseFormat, TextPart, Tool, ToolCall

from tests.conformance.cards import card_with
from tests.unit.providers.dialect_calls import body_for, call_for, decode_stream, say

EVERYTHING = card_with(parameters=("logit_bias", "service_tier", "stop", "n", "top_logprobs"))


def body(request: ChatRequest, **options: Any) -> Any:
    return body_for(gemini_generate_content, request, row="google", **options)


def reply(*parts: dict[str, Any], finish: str | None = "STOP") -> dict[str, Any]:
    candidate = {"content": {"role": "model", "parts": list(parts)}, "finishReason": finish}
    return {"candidates": [candidate], "responseId": "r1", "usageMetadata": {"totalTokenCount": 0}}


def answer(*parts: dict[str, Any]) -> Choice:
    return assemble(gemini_generate_content.decode(reply(*parts))).choices[0]


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (ChatRequest((say(),), tools=(Tool("f"),), parallel_tool_calls=False), "parallel_tool_calls"),
        (ChatRequest((say(), Message("tool", tool_call_id="c9"))), "messages[1].tool_call_id"),
        (ChatRequest((say(""),)), "messages[0].content"),
        (ChatRequest((say(),), parameters={"logit_bias": {}}), "logit_bias"),
        (ChatRequest((say(),), parameters={"service_tier": "fast"}), "service_tier"),
    ],
)
def test_what_gemini_cannot_take_is_refused_by_field(request_: ChatRequest, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        body(request_, card=EVERYTHING)
    assert caught.value.field == field


def test_parameters_go_by_google_s_names() -> None:
    request = ChatRequest(
        (say(),),
        parameters={"stop": "END", "n": 2, "top_logprobs": 3, "service_tier": "default"},
        response_format=ResponseFormat("json_object"),
        output_modalities=("text", "image"),
    )
    sent = body(request, card=EVERYTHING)
    assert sent["serviceTier"] == "standard"
    assert sent["generationConfig"] == {
        "stopSequences": ["END"],
        "candidateCount": 2,
        "logprobs": 3,
        "responseMimeType": "application/json",
        "responseModalities": ["TEXT", "IMAGE"],
    }


def test_a_model_s_name_cannot_leave_its_place_in_the_path() -> None:
    call = replace(call_for(ChatRequest((say(),)), row="google"), upstream_model="../files?x=")
    assert gemini_generate_content.encode(call).path == "/models/..%2Ffiles%3Fx%3D:generateContent"


BEFORE_GEMINI_3 = card_with(features=("thinking_budget",))


@pytest.mark.parametrize(
    ("mime_type", "card", "is_inside"),
    [
        ("image/png", card_with(), True),
        ("audio/wav", card_with(), False),
        ("image/png", BEFORE_GEMINI_3, False),
    ],
)
def test_media_of_a_tool_s_result_go_inside_it_or_follow(mime_type: str, card: ModelCard, is_inside: bool) -> None:
    media = MediaPart("image", mime_type, base64_data="AA")
    asked = Message("assistant", tool_calls=(ToolCall("c1", "f", "{}"),))
    answered = Message("tool", (TextPart("1"), media), tool_call_id="c1")
    response, *beside = body(ChatRequest((say(), asked, answered)), card=card)["contents"][2]["parts"]
    inline = {"inlineData": {"mimeType": mime_type, "data": "AA"}}
    assert response["functionResponse"].get("parts", []) == ([inline] if is_inside else [])
    assert beside == ([] if is_inside else [inline])


@pytest.mark.parametrize(
    ("text", "response"),
    [('{"degrees": 18}', {"degrees": 18}), ("18 degrees", {"result": "18 degrees"}), ("[18]", {"result": "[18]"})],
)
def test_a_result_that_is_an_object_goes_as_it_is(text: str, response: Any) -> None:
    asked = Message("assistant", tool_calls=(ToolCall("c1", "f", "{}"),))
    sent = body(ChatRequest((say(), asked, Message("tool", (TextPart(text),), tool_call_id="c1"))))
    assert sent["contents"][2]["parts"][0]["functionResponse"]["response"] == response


def test_a_tool_that_failed_says_so() -> None:
    calls = Message("assistant", tool_calls=(ToolCall("c1", "f", "{}"),))
    told = Message("tool", (TextPart("no such city"),), tool_call_id="c1", is_error=True)
    sent = body(ChatRequest((say(), calls, told)))
    assert sent["contents"][2]["parts"][0]["functionResponse"]["response"] == {"error": "no such city"}


def test_what_is_decoded_is_sent_back_with_its_signatures() -> None:
    call = {"functionCall": {"name": "f", "args": {"a": 1}}, "thoughtSignature": "Y2FsbA=="}
    said = answer({"text": "Let me see.", "thoughtSignature": "dGV4dA=="}, call, {"functionCall": {"name": "g"}})
    turn = Message(
        "assistant", (TextPart(said.text),), tool_calls=said.tool_calls, reasoning_details=said.reasoning_details
    )
    parts = body(ChatRequest((say(), turn)))["contents"][1]["parts"]
    assert parts == [
        {"text": "Let me see.", "thoughtSignature": "dGV4dA=="},
        {"functionCall": {"id": "call_r1_0", "name": "f", "args": {"a": 1}}, "thoughtSignature": "Y2FsbA=="},
        {"functionCall": {"id": "call_r1_1", "name": "g", "args": {}}},
    ]


def test_a_signature_without_text_travels_in_an_empty_part() -> None:
    turn = Message("assistant", reasoning_details=answer({"text": "", "thoughtSignature": "dA=="}).reasoning_details)
    assert body(ChatRequest((say(), turn)))["contents"][1]["parts"] == [{"text": "", "thoughtSignature": "dA=="}]


def test_models_before_gemini_3_get_unsigned_calls_as_they_are() -> None:
    asked = Message("assistant", tool_calls=(ToolCall("c1", "f", "{}"),))
    sent = body(ChatRequest((say(), asked)), card=card_with(features=("thinking_budget",)))
    assert "thoughtSignature" not in sent["contents"][1]["parts"][0]


def test_a_part_that_holds_nothing_says_nothing() -> None:
    assert answer({}, {"text": "Hi"}, {"partMetadata": {"any": 1}}).text == "Hi"


def test_media_may_come_as_a_link() -> None:
    (film,) = answer({"fileData": {"mimeType": "video/mp4", "fileUri": "https://example.com/a.mp4"}}).media
    assert (film.kind, film.mime_type, film.url) == ("video", "video/mp4", "https://example.com/a.mp4")


def test_no_more_of_a_prompt_is_media_than_was_fresh() -> None:
    counts = {"promptTokenCount": 10, "cachedContentTokenCount": 8, "totalTokenCount": 10}
    told = {**counts, "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 5}]}
    usage = assemble(gemini_generate_content.decode({**reply({"text": "Hi"}), "usageMetadata": told})).usage
    assert {kind: count for kind, count in usage.tokens.items() if count} == {"cache_read": 8, "audio_input": 2}


@pytest.mark.parametrize("reason", sorted(name for name, known in FINISH_REASONS.items() if known == "error"))
def test_an_answer_that_broke_off_is_a_failure(reason: str) -> None:
    with pytest.raises(MalformedReplyError, match=reason):
        list(gemini_generate_content.decode(reply(finish=reason)))


@pytest.mark.parametrize(
    "answered",
    [
        reply(finish="BORED"),
        reply(finish=None),
        reply({"hologram": {}}),
        reply({"functionCall": {"name": "f", "partialArgs": []}}),
        {"candidates": [], "responseId": "r1"},
    ],
)
def test_what_is_not_known_is_malformed_and_not_guessed(answered: dict[str, Any]) -> None:
    with pytest.raises(MalformedReplyError):
        list(gemini_generate_content.decode(answered))


def test_steps_that_google_took_itself_are_no_part_of_the_answer() -> None:
    assert answer({"executableCode": {"code": "1"}}, {"codeExecutionResult": {}}, {"text": "2"}).text == "2"


def test_sketches_among_the_thoughts_are_no_part_of_the_answer() -> None:
    data = {"inlineData": {"mimeType": "image/png", "data": "AA"}}
    assert answer({**data, "thought": True}, data).media == (MediaPart("image", "image/png", base64_data="AA"),)


def test_a_stream_that_ends_before_its_reason_is_broken() -> None:
    with pytest.raises(MalformedReplyError):
        decode_stream(gemini_generate_content, [reply({"text": "a"}, finish=None)])


def test_an_error_in_a_stream_is_an_error() -> None:
    with pytest.raises(InStreamError):
        decode_stream(gemini_generate_content, [reply({"text": "a"}, finish=None), {"error": {"code": 503}}])
