"""Simulated media: small real pictures, sounds and films, in each provider's form."""
