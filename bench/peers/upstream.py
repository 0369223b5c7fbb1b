"""The provider behind all contestants: OpenAI's chat completions, at the pace of a fast model and for next to no CPU.

Run as a program with its port. A stream is 55 chunks 10 ms apart, the first at once; a whole answer takes 100 ms.
"""

import asyncio
import json
import sys
from typing import Any

CHUNKS, CHUNK_EVERY_S, WHOLE_AFTER_S = 55, 0.01, 0.1
WORD = "wavelength "
USAGE = {"prompt_tokens": 135, "completion_tokens": CHUNKS, "total_tokens": 135 + CHUNKS}


def main(port: int) -> None:
    asyncio.run(_serve(port))


async def _serve(port: int) -> None:
    async with await asyncio.start_server(_answer_all, "127.0.0.1", port, backlog=512) as server:
        await server.serve_forever()


async def _answer_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while (asked := await _read_request(reader)) is not None:
            await (_stream(writer, asked) if asked.get("stream") else _answer(writer, asked))
    except ConnectionError:
        pass
    finally:
        writer.close()


async def _read_request(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    """The body of the next request, None where the caller has hung up; one without a body asks for our health."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
    except asyncio.IncompleteReadError:
        return None
    if not head.startswith(b"post "):
        return {"model": "healthy"}
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    return json.loads(await reader.readexactly(int(length)))


async def _answer(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
    message = {"role": "assistant", "content": WORD * CHUNKS, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    content = json.dumps({**_frame("chat.completion", asked), "choices": [choice], "usage": USAGE}).encode()
    await asyncio.sleep(WHOLE_AFTER_S)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
    writer.write(b"content-length: %d\r\n\r\n%b" % (len(content), content))
    await writer.drain()


async def _stream(writer: asyncio.StreamWriter, asked: dict[str, Any]) -> None:
    frame = _frame("chat.completion.chunk", asked)
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    began = asyncio.get_running_loop().time()
    for number in range(CHUNKS):
        await asyncio.sleep(began + number * CHUNK_EVERY_S - asyncio.get_running_loop().time())
        role = {} if number else {"role": "assistant"}
        await _send(writer, {**frame, "choices": [_choice({**role, "content": WORD}, None)]})
    await _send(writer, {**frame, "choices": [_choice({}, "stop")]})
    await _send(writer, {**frame, "choices": [], "usage": USAGE})
    writer.write(_chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
    await writer.drain()


def _frame(kind: str, asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "chatcmpl-BzQ3example",
        "object": kind,
        "created": 1_790_000_000,
        "model": asked["model"],
        "service_tier": "default",
        "system_fingerprint": "fp_44709d6fcb",
    }


def _choice(delta: dict[str, Any], finish_reason: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}


async def _send(writer: asyncio.StreamWriter, event: dict[str, Any]) -> None:
    writer.write(_chunk(b"data: %b\n\n" % json.dumps(event, separators=(",", ":")).encode()))
    await writer.drain()


def _chunk(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


if __name__ == "__main__":
    main(int(sys.argv[1]))
