"""`make bench-peers`: our whole path beside LiteLLM's proxy and Portkey's gateway, which only pass requests through."""
