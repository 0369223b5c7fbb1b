"""Real files made from nothing but a seed: the same seed gives the same bytes. Knows no provider."""

import hashlib
import io
import math
import struct
import wave
import zlib

RATE_HZ = 24_000
LARGEST_SIDE_PX = 4_096
LONGEST_SOUND_S = 20.0
# MPEG 1 layer III, 128 kbit/s, 44.1 kHz: a frame of silence is its header and noughts.
_MP3_FRAME = bytes.fromhex("fffb9000") + bytes(413)
_MP3_FRAMES_PER_S = 44_100 / 1_152


def png(seed: str, *, width: int, height: int) -> bytes:
    """One colour, which the seed decides."""
    colour = hashlib.sha256(seed.encode()).digest()[:3]
    row = b"\0" + colour * min(width, LARGEST_SIDE_PX)
    header = struct.pack(">IIBBBBB", min(width, LARGEST_SIDE_PX), min(height, LARGEST_SIDE_PX), 8, 2, 0, 0, 0)
    pixels = zlib.compress(row * min(height, LARGEST_SIDE_PX), 9)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(name, data) for name, data in chunks)


def samples(text: str) -> bytes:
    """A tone of 16-bit samples, as long as the text takes to speak."""
    pitch_hz = 110 + hashlib.sha256(text.encode()).digest()[0]
    count = round(_spoken_s(text) * RATE_HZ)
    return struct.pack(
        f"<{count}h", *(round(8_000 * math.sin(2 * math.pi * pitch_hz * n / RATE_HZ)) for n in range(count))
    )


def wav(text: str) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(samples(text))
    return file.getvalue()


def mp3(text: str) -> bytes:
    return _MP3_FRAME * max(1, round(_spoken_s(text) * _MP3_FRAMES_PER_S))


def mp4(seed: str, *, seconds: int) -> bytes:
    """A film of one picture: header, index and a single sample, as a reader of containers expects them."""
    sample = png(seed, width=16, height=16)
    head = _box(b"ftyp", b"isom\0\0\2\0isommp41")
    data = _box(b"mdat", sample)
    index = _box(b"moov", _movie_header(seconds) + _track(seconds, size=len(sample), offset=len(head) + 8))
    return head + data + index


def _spoken_s(text: str) -> float:
    return min(LONGEST_SOUND_S, max(0.2, len(text) / 15))


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def _movie_header(seconds: int) -> bytes:
    fields = struct.pack(">IIIIIIHHII", 0, 0, 0, 1_000, seconds * 1_000, 0x10000, 0x0100, 0, 0, 0)
    return _box(b"mvhd", fields + _MATRIX + bytes(24) + struct.pack(">I", 2))


def _track(seconds: int, *, size: int, offset: int) -> bytes:
    header = struct.pack(">IIIIIIIIHHHH", 3, 0, 0, 1, 0, seconds * 1_000, 0, 0, 0, 0, 0, 0)
    header += _MATRIX + struct.pack(">II", 16 << 16, 16 << 16)
    media_header = _box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 1_000, seconds * 1_000, 0x55C4, 0))
    handler = _box(b"hdlr", struct.pack(">II4s12x", 0, 0, b"vide") + b"film\0")
    media = media_header + handler + _box(b"minf", _box(b"vmhd", bytes(12)) + _samples_table(seconds, size, offset))
    return _box(b"trak", _box(b"tkhd", header) + _box(b"mdia", media))


def _samples_table(seconds: int, size: int, offset: int) -> bytes:
    picture = bytes(6) + struct.pack(">H16xHHIIIH32xHh", 1, 16, 16, 0x480000, 0x480000, 0, 1, 24, -1)
    table = (
        _box(b"stsd", struct.pack(">II", 0, 1) + _box(b"png ", picture))
        + _box(b"stts", struct.pack(">IIII", 0, 1, 1, seconds * 1_000))
        + _box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1))
        + _box(b"stsz", struct.pack(">IIII", 0, 0, 1, size))
        + _box(b"stco", struct.pack(">III", 0, 1, offset))
    )
    where = _box(b"dref", struct.pack(">II", 0, 1) + _box(b"url ", struct.pack(">I", 1)))
    return _box(b"dinf", where) + _box(b"stbl", table)
