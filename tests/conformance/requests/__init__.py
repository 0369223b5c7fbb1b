"""Recorded requests, read into the request that Pointsman would have got and compared with what it sends."""
