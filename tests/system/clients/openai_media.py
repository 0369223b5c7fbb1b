"""What a user of OpenAI's Python SDK does with the endpoints for media; prints one JSON object of what came back.

Runs in an environment of its own, which has the SDK and nothing of ours: `python openai_media.py BASE_URL`.
"""

import base64
import io
import json
import struct
import sys
import wave
import zlib
from typing import Any

from openai import APIStatusError, OpenAI


def main() -> None:
    client = OpenAI(base_url=sys.argv[1], api_key="dev", max_retries=0)
    scenarios = {
        "embeddings": embed,
        "image": draw,
        "image_streamed": draw_streamed,
        "edit": edit,
        "speech": speak,
        "speech_streamed": speak_streamed,
        "transcription": transcribe,
        "transcription_streamed": transcribe_streamed,
        "subtitles": write_subtitles,
        "video": film,
        "chat": draw_through_chat,
        "chat_streamed": draw_through_streamed_chat,
        "chat_speech": speak_through_chat,
        "chat_transcription": transcribe_through_chat,
        "chat_video": film_through_chat,
        "errors": provoke_errors,
    }
    print(json.dumps({name: scenario(client) for name, scenario in scenarios.items()}))


def embed(client: OpenAI) -> Any:
    reply = client.embeddings.create(model="auto", input=["good morning", "good night"])
    plain = client.embeddings.create(model="auto", input="good morning", encoding_format="float", dimensions=16)
    return {
        "model": reply.model,
        "vectors": len(reply.data),
        "length": len(reply.data[0].embedding),
        "dimensions": len(plain.data[0].embedding),
        "tokens": reply.usage.total_tokens,
    }


def draw(client: OpenAI) -> Any:
    reply = client.images.generate(
        model="auto", prompt="a lighthouse at dusk", n=2, size="1024x1536", extra_body={"routing": {}}
    )
    assert reply.data is not None
    ledger: Any = (reply.model_extra or {})["routing"]
    return {
        "count": len(reply.data),
        "is_png": all(base64.b64decode(image.b64_json or "").startswith(b"\x89PNG") for image in reply.data),
        "size": reply.size,
        "served": ledger["served"],
        "cost_usd": ledger["cost_usd"],
        "kind": ledger["kind"]["kind"],
    }


def draw_streamed(client: OpenAI) -> Any:
    events = list(client.images.generate(model="auto", prompt="a lighthouse", stream=True, partial_images=0))
    return [event.type for event in events]


def edit(client: OpenAI) -> Any:
    picture = ("photo.png", png(), "image/png")
    reply = client.images.edit(
        model="auto", image=[picture, picture], prompt="make it green", extra_body={"routing": {"objective": "cost"}}
    )
    assert reply.data is not None
    return {"count": len(reply.data), "objective": (reply.model_extra or {})["routing"]["objective"]["name"]}


def speak(client: OpenAI) -> Any:
    with client.audio.speech.with_streaming_response.create(
        model="auto", voice="alloy", input="Good morning to all of you.", response_format="wav"
    ) as reply:
        sound, headers = reply.read(), reply.headers
    with wave.open(io.BytesIO(sound)) as reader:
        seconds = reader.getnframes() / reader.getframerate()
    return {
        "type": headers["content-type"],
        "model": headers["x-pointsman-model"],
        "costs": float(headers["x-pointsman-cost-usd"]) > 0,
        "sounds": seconds > 1,
    }


def speak_streamed(client: OpenAI) -> Any:
    with client.audio.speech.with_streaming_response.create(
        model="auto", voice="alloy", input="Good morning.", response_format="mp3", stream_format="sse"
    ) as reply:
        lines = [line for line in reply.iter_lines() if line.startswith("data: ")]
    events = [json.loads(line.removeprefix("data: ")) for line in lines]
    return {"types": sorted({event["type"] for event in events}), "usage": events[-1]["usage"]["total_tokens"] > 0}


def transcribe(client: OpenAI) -> Any:
    plain = client.audio.transcriptions.create(model="auto", file=("talk.wav", wav(), "audio/wav"))
    text: Any = client.audio.transcriptions.create(
        model="auto", file=("talk.wav", wav(), "audio/wav"), response_format="text"
    )
    timed: Any = client.audio.transcriptions.create(
        model="auto",
        file=("talk.wav", wav()),
        response_format="verbose_json",
        timestamp_granularities=["word"],
        extra_body={"routing": {"objective": "cost"}},
    )
    return {
        "text": plain.text,
        "as_text": text.strip(),
        "words": len(timed.words),
        "kind": timed.model_extra["routing"]["kind"]["kind"],
        "seconds": timed.usage.seconds,
    }


def transcribe_streamed(client: OpenAI) -> Any:
    events = list(client.audio.transcriptions.create(model="auto", file=("talk.wav", wav()), stream=True))
    return {"types": sorted({event.type for event in events}), "text": events[-1].text}  # type: ignore[union-attr]


def write_subtitles(client: OpenAI) -> Any:
    text: Any = client.audio.transcriptions.create(model="auto", file=("talk.wav", wav()), response_format="srt")
    return text.splitlines()[:2]


def film(client: OpenAI) -> Any:
    begun = client.videos.create(model="auto", prompt="a calm ocean wave", seconds="8", size="1280x720")
    done = client.videos.poll(begun.id, poll_interval_ms=200)
    content = client.videos.download_content(done.id).read()
    return {
        "begun": begun.status,
        "done": done.status,
        "progress": done.progress,
        "seconds": done.seconds,
        "is_film": content[4:8] == b"ftyp",
        "costs": float((begun.model_extra or {})["usage"]["cost"]),
    }


def draw_through_chat(client: OpenAI) -> Any:
    reply: Any = client.chat.completions.create(
        model="auto", messages=[user("Draw a lighthouse at dusk")], extra_body={"routing": {}}
    )
    kept: Any = client.chat.completions.create(
        model="auto",
        messages=[user("Draw a lighthouse at dusk")],
        modalities=["text"],
        extra_body={"routing": {}},
    )
    return {
        "images": [image["image_url"]["url"][:22] for image in reply.choices[0].message.images],
        "why": reply.routing["kind"]["why"],
        "kept_in_text": kept.routing["kind"],
        "hello": kind_of(client, "hi"),
        "poem": kind_of(client, "Write a poem about somebody who draws a lighthouse."),
    }


def kind_of(client: OpenAI, text: str) -> str:
    reply: Any = client.chat.completions.create(model="auto", messages=[user(text)], extra_body={"routing": {}})
    return reply.routing["kind"]["kind"]


def draw_through_streamed_chat(client: OpenAI) -> Any:
    chunks: Any = client.chat.completions.create(
        model="auto", messages=[user("Draw a lighthouse at dusk")], stream=True
    )
    deltas = [choice.delta.model_dump() for chunk in chunks for choice in chunk.choices]
    return [image["image_url"]["url"][:22] for delta in deltas for image in delta.get("images") or ()]


def speak_through_chat(client: OpenAI) -> Any:
    reply: Any = client.chat.completions.create(
        model="auto", messages=[user("Read this aloud: Good morning to all of you.")], extra_body={"routing": {}}
    )
    return {
        "kind": reply.routing["kind"]["kind"],
        "bytes": len(base64.b64decode(reply.choices[0].message.audio.data)),
        "content": reply.choices[0].message.content,
    }


def transcribe_through_chat(client: OpenAI) -> Any:
    sound = {"type": "input_audio", "input_audio": {"data": base64.b64encode(wav()).decode(), "format": "wav"}}
    asked: Any = {"role": "user", "content": [{"type": "text", "text": "Write down what is said."}, sound]}
    reply: Any = client.chat.completions.create(model="auto", messages=[asked], extra_body={"routing": {}})
    return {"kind": reply.routing["kind"]["kind"], "text": reply.choices[0].message.content}


def film_through_chat(client: OpenAI) -> Any:
    reply: Any = client.chat.completions.create(
        model="auto",
        messages=[user("Make a five-second clip of a calm ocean wave at sunset.")],
        extra_body={"routing": {}},
    )
    told = reply.choices[0].message.content
    job = next(line.removeprefix("Job: ") for line in told.splitlines() if line.startswith("Job: "))
    return {
        "kind": reply.routing["kind"]["kind"],
        "status": client.videos.retrieve(job).object,
        "seconds": client.videos.retrieve(job).seconds,
        "says_where": f"/v1/videos/{job}/content" in told,
    }


def provoke_errors(client: OpenAI) -> Any:
    return {
        "prompt": refusal(lambda: client.images.generate(model="auto", prompt="")),
        "tokens": refusal(lambda: client.embeddings.create(model="auto", input=[1, 2])),
        "picture": refusal(lambda: client.images.edit(model="auto", image=b"no picture", prompt="green")),
        "video": refusal(lambda: client.videos.retrieve("video_unknown")),
        "kind": refusal(lambda: client.images.generate(model="openai/gpt-6-luna", prompt="a cat")),
    }


def refusal(call: Any) -> Any:
    try:
        call()
    except APIStatusError as error:
        return [error.status_code, error.param]
    return "nothing was refused"


def user(text: str) -> Any:
    return {"role": "user", "content": text}


def png() -> bytes:
    header = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress((b"\0" + bytes(12)) * 4)), (b"IEND", b""))
    told = [struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def wav() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(24_000)
        writer.writeframes(bytes(2 * 24_000 * 3))
    return file.getvalue()


if __name__ == "__main__":
    main()
