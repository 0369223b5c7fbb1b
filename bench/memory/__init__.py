"""`make bench-memory`: what the endpoint's process keeps in memory after many mixed requests."""
