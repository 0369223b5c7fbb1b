"""A picture to send in a form: of few bytes, and of such that are no text."""

import base64

_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAADElEQVR4nGNgIB0AAAA0AAF2Xq7DAAAAAElFTkSuQmCC"
# Name, content and kind, as httpx takes a file.
PICTURE = ("photo.png", base64.b64decode(_PNG), "image/png")
