"""Small HTTP servers that speak the providers' wire formats without calling any model."""
