"""What each event of the router must come to, whatever runs the function."""

from dataclasses import dataclass

from pointsman.domain.ledger import Outcome


@dataclass(frozen=True, slots=True)
class Expected:
    """`outcome` of the audit record; None where there shall be none."""

    status: int
    outcome: Outcome | None = None
    error_type: str | None = None
    param: str | None = None


EXPECTED = {
    "router_text": Expected(200, "answered"),
    "router_stream": Expected(200, "answered"),
    "router_image": Expected(200, "answered"),
    "router_tools": Expected(200, "answered"),
    "router_json_schema": Expected(200, "answered"),
    "router_ledger": Expected(200, "answered"),
    "router_base64_body": Expected(200, "answered"),
    "router_decision": Expected(200, "decided"),
    "router_messages": Expected(200, "answered"),
    "router_messages_stream": Expected(200, "answered"),
    "router_responses": Expected(200, "answered"),
    "router_responses_stream": Expected(200, "answered"),
    "router_embeddings": Expected(200, "answered"),
    "router_image_generation": Expected(200, "answered"),
    "router_image_edit": Expected(200, "answered"),
    "router_speech": Expected(200, "answered"),
    "router_transcription": Expected(200, "answered"),
    "router_video": Expected(200, "answered"),
    "router_count_tokens": Expected(200),
    "router_models": Expected(200),
    "router_key": Expected(200),
    "router_credits": Expected(200),
    "router_health": Expected(200),
    "router_bad_json": Expected(400, "rejected", "invalid_request"),
    "router_unknown_role": Expected(400, "rejected", "invalid_request", "messages[0].role"),
    "router_broken_image": Expected(400, "rejected", "invalid_request", "messages[0].content[0].image_url.url"),
    "router_unknown_model": Expected(400, "rejected", "model_not_found", "model"),
    "router_empty_allow_list": Expected(404, "rejected", "constraint_filtered", "plugins.allowed_models"),
    "router_no_key": Expected(401, error_type="authentication"),
    "router_wrong_key": Expected(401, error_type="authentication"),
    "router_responses_with_memory": Expected(400, "rejected", "invalid_request", "previous_response_id"),
    "router_embeddings_of_tokens": Expected(400, "rejected", "invalid_request", "input[0]"),
    "router_image_edit_without_image": Expected(400, "rejected", "invalid_request", "image"),
    "router_broken_form": Expected(400, "rejected", "invalid_request"),
    # Anthropic's form of an error has no code of its own.
    "router_messages_without_limit": Expected(400, "rejected"),
    "router_unknown_video": Expected(404, error_type="not_found"),
    "router_unknown_generation": Expected(404, error_type="not_found"),
    "router_unknown_path": Expected(404, error_type="not_found"),
}
