"""Which losses each dialect declares, and each row of the catalog: whatever else changes there and back is a fault."""

from collections.abc import Iterator, Mapping, Sequence

from pointsman.adapters.providers.spec import DialectName, ProviderSpec

from tests.conformance.losses import (
    Loss,
    all_it_can_write,
    bare_schemas,
    details_are_told,
    documents_are_told_of,
    documents_have_names_of_their_own,
    efforts_are_budgets,
    failed_results_say_so_themselves,
    forbidden_tools_are_not_told,
    free_choice_is_said_by_silence,
    linked_media_are_files,
    named_tool_is_the_only_one,
    no_cache_hints,
    no_file_names,
    no_kind_of_linked_media,
    no_strict_tools,
    no_thoughts_but_of,
    one_answer_is_no_wish,
    one_call_at_a_time_needs_a_choice,
    one_role_for_instructions,
    parallel_by_nature,
    schemas_are_always_kept,
    signed_thoughts_alone,
    stand_in_signatures,
    streams_by_another_path,
    strict_for_all_tools_or_none,
    thoughts_as_text,
    tools_are_strict_or_not,
    unsigned_thoughts,
    used_tools_are_told,
)


def losses_of(spec: ProviderSpec, dialect: DialectName) -> Sequence[Loss]:
    return (*_LOSSES[dialect], *_losses_of_row(spec, dialect))


def _losses_of_row(spec: ProviderSpec, dialect: DialectName) -> Iterator[Loss]:
    """What a row of the catalog says that its provider does not take of OpenAI's words."""
    if dialect in ("openai_chat", "openai_responses") and "developer" in spec.roles:
        yield one_role_for_instructions
    if dialect == "openai_chat" and not spec.cache_hints:
        yield no_cache_hints
    if dialect == "openai_chat" and spec.reasoning_replay == "none":
        yield no_thoughts_but_of()
    elif dialect == "openai_chat" and spec.reasoning_replay != "reasoning_details":
        yield thoughts_as_text


_LOSSES: Mapping[DialectName, Sequence[Loss]] = {
    "openai_chat": (failed_results_say_so_themselves,),
    "openai_responses": (
        failed_results_say_so_themselves,
        no_cache_hints,
        no_thoughts_but_of("openai-responses-v1"),
        tools_are_strict_or_not,
        details_are_told,
        one_answer_is_no_wish,
    ),
    "cohere_chat": (
        failed_results_say_so_themselves,
        no_cache_hints,
        one_role_for_instructions,
        no_thoughts_but_of("unknown"),
        unsigned_thoughts,
        named_tool_is_the_only_one,
        strict_for_all_tools_or_none,
        free_choice_is_said_by_silence,
        parallel_by_nature,
        bare_schemas,
        efforts_are_budgets,
        one_answer_is_no_wish,
    ),
    "bedrock_converse": (
        one_role_for_instructions,
        signed_thoughts_alone,
        documents_have_names_of_their_own,
        documents_are_told_of,
        forbidden_tools_are_not_told,
        used_tools_are_told,
        parallel_by_nature,
        one_call_at_a_time_needs_a_choice,
        schemas_are_always_kept,
        streams_by_another_path,
        one_answer_is_no_wish,
    ),
    "anthropic_messages": (
        one_role_for_instructions,
        no_thoughts_but_of("anthropic-claude-v1"),
        no_kind_of_linked_media,
        bare_schemas,
        parallel_by_nature,
        one_call_at_a_time_needs_a_choice,
        all_it_can_write,
        one_answer_is_no_wish,
    ),
    "gemini_generate_content": (
        one_role_for_instructions,
        no_cache_hints,
        linked_media_are_files,
        no_file_names,
        no_thoughts_but_of("google-gemini-v1"),
        stand_in_signatures,
        bare_schemas,
        no_strict_tools,
        parallel_by_nature,
        streams_by_another_path,
    ),
}
