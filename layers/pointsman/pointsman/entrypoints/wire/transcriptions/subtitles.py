"""A transcript as subtitles, from the times of its segments or, without these, of its words."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pointsman.domain.json_types import JsonObject

# A line of subtitles holds about as many words.
WORDS_A_LINE: Final = 10


def write_subtitles(form: str, transcript: JsonObject, text: str) -> str:
    cues = list(_cues(transcript, text))
    if form == "srt":
        return "\n".join(f"{n}\n{_clock(a, ',')} --> {_clock(b, ',')}\n{t}\n" for n, (a, b, t) in enumerate(cues, 1))
    return "WEBVTT\n\n" + "\n".join(f"{_clock(a, '.')} --> {_clock(b, '.')}\n{t}\n" for a, b, t in cues)


def _cues(transcript: JsonObject, text: str) -> Iterator[tuple[float, float, str]]:
    segments: Sequence[Any] = transcript.get("segments") or ()
    words: Sequence[Any] = transcript.get("words") or ()
    if segments:
        yield from ((float(s["start"]), float(s["end"]), str(s["text"]).strip()) for s in segments)
    elif words:
        for start in range(0, len(words), WORDS_A_LINE):
            line = words[start : start + WORDS_A_LINE]
            yield float(line[0]["start"]), float(line[-1]["end"]), " ".join(str(word["word"]) for word in line)
    else:
        yield 0.0, float(transcript.get("duration") or 0), text


def _clock(seconds: float, point: str) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"
