"""A Lambda runtime that streams: serves an ASGI app over Lambda's documented Runtime API. Knows nothing of routing."""
