"""Surface features of a text: lengths, scripts, shapes and words of instruction in several languages.

They carry what an embedding loses. Plain counts and shares; the meta-model scales them. Words of instruction are
counted once more in the first and in the last line: a long paste has its instruction at either end. Capitals are read
as small letters: how somebody types says nothing of what is asked for.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from math import log1p

# Shares of all characters, by kind of character.
_SHARES = {
    "digit": r"\d",
    "space": r"\s",
    "punctuation": r"[.,;:!?'\"()\[\]。，、！？]",
    "code_sign": r"[{}<>=_;\\/|&*#@$%^~`]",
    "math_sign": r"[+\-*/=^×÷√∑∫≤≥≠π°]",
    "latin": r"[a-z]",
}
# The same of scripts that ASCII has nothing of.
_SCRIPTS = {
    "latin_accented": r"[À-ɏ]",
    "cyrillic": r"[Ѐ-ӿ]",
    "arabic": r"[؀-ۿ]",
    "indic": r"[ऀ-෿]",
    "thai": r"[฀-๿]",
    "kana": r"[぀-ヿ]",
    "hangul": r"[가-힯]",
    "han": r"[一-鿿]",
}
# Logarithms of counts of shapes.
_COUNTS = {
    "words": r"\w+",
    "lines": r"\n",
    "blank_lines": r"\n\s*\n",
    "sentences": r"[.!?。！？](?:\s|$)",
    "question_marks": r"[?？؟]",
    "numbers": r"\d+(?:[.,]\d+)*",
    "bullets": r"(?m)^\s*(?:[-*•]|\d+[.)])\s",
    "options": r"(?m)(?:^|\s)\(?[a-j][.):]\s",
    "code_fences": r"```",
    "indents": r"(?m)^(?: {4}|\t)\S",
    "calls": r"\w\(",
    "code_words": r"\b(?:def|class|import|return|function|const|let|var|void|public|static|print)\b",
    "latex": r"\\[a-z]+|\$[^$\n]+\$",
    "links": r"https?://|www\.",
    "quotes": r"[\"“”«»「」]",
    "json_keys": r"\"\w+\"\s*:",
    "tags": r"</?\w+[^>]*>",
    "currency": r"[$€£¥₹]\s?\d",
    "blanks": r"___+|\[(?:blank|mask)\]",
    "speakers": r"(?m)^\s*[^\W\d_]\w{0,14}:\s",
    "mentions": r"(?:^|\s)[@#]\s?\w+",
    "commas": r"[,，、،]",
    "arrows": r"=>|->|→",
}
# Logarithms of counts of words, mostly such as name a task: those that stand between spaces and the like, and signs of
# scripts that write without, of which ASCII has nothing.
_WORDS = {
    "second_person": (r"you|your|tú|usted|du|vous|tu|você", r"你|您|あなた|당신|вы|ты"),
    "first_person": (r"i|my|me|we|our|ich|mein|je|mon|yo|mi", r"我|私|나는|мой"),
    "ask_who": (
        r"what|who|when|where|which|why|how|was|wer|wann|wo|warum|wie|qué|quién|cuándo|dónde|cómo|quoi"
        r"|qui|quand|où|comment|que|quem|onde|come|cosa|chi|что|кто|когда|где|как",
        r"什么|谁|怎么|如何|何|誰|どう|무엇|누가|어떻게|क्या|कौन|ماذا|كيف|من هو",
    ),
    "write": (
        r"writ\w*|compos\w*|draft|escrib\w+|schreib\w*|écri\w+|escrev\w+|scriv\w+|напиши\w*",
        r"写|寫|書いて|작성|써|लिख|اكتب",
    ),
    "poem_story": (
        r"poem|story|haiku|lyrics|song|novel|tale|poema|cuento|gedicht|geschichte|poème|histoire"
        r"|стих\w*|рассказ",
        r"诗|故事|小説|詩|物語|시를|이야기|कविता|कहानी|قصيدة|قصة",
    ),
    "letter": (
        r"e-?mail|letter|report|proposal|memo|essay|blog|article|resume|cover letter|speech|carta|brief"
        r"|lettre|письмо",
        r"邮件|报告|信|文章|メール|レポート|이메일|보고서|ईमेल|رسالة",
    ),
    "summarise": (
        r"summar\w+|tl;?dr|key points|main (?:idea|points)|resum\w+|zusammenfass\w+|résum\w+|riassum\w+"
        r"|резюм\w+|кратко",
        r"总结|摘要|概括|要約|まとめ|요약|सारांश|لخص",
    ),
    "translate": (
        r"translat\w+|traduc\w+|traduz\w+|übersetz\w+|tradui\w+|перевед\w+|перевод\w*",
        r"翻译|翻譯|翻訳|번역|अनुवाद|ترجم",
    ),
    "rewrite": (
        r"rewrit\w+|rephras\w+|paraphras\w+|proofread\w*|correct|polish|improve|shorten|formal|tone"
        r"|reescrib\w+|umschreib\w*|formulier\w*|réécri\w+|reformul\w+|перепиши|исправь",
        r"改写|润色|修改|書き直|言い換え|다시 써|고쳐|सुधार|أعد",
    ),
    "extract": (
        r"extract\w*|identify|find all|list all|named entit\w+|entities|extra[ei]\w*|extrah\w+|извлек\w+",
        r"提取|抽取|抽出|추출|निकाल|استخرج",
    ),
    "classify": (
        r"classif\w+|categor\w+|sentiment|label|positive or negative|true or false|topic|clasific\w+"
        r"|klassifizier\w*|class(?:er|ez|ifie)|классифиц\w+",
        r"分类|情感|分類|感情|분류|वर्गीकृत|صنف",
    ),
    "brainstorm": (
        r"ideas?|brainstorm\w*|suggest\w*|plan|itinerary|strateg\w+|ideen|idées|idee|ideias|план|идеи"
        r"|sugier\w+",
        r"主意|建议|计划|アイデア|提案|아이디어|계획|विचार|योजना|أفكار|خطة",
    ),
    "roleplay": (
        r"pretend|role-?play|act as|you are (?:a|an|the)|imagine you|in character|stay in|acts? like"
        r"|actúa|spiel\w* die rolle|joue le rôle|притворись|представь",
        r"扮演|假装|演じて|역할|भूमिका|تظاهر",
    ),
    "code": (
        r"python|javascript|java|typescript|rust|sql|html|css|c\+\+|bash|regex|algorithm|script|program"
        r"|code|código|programm|codice|программ\w+|код",
        r"代码|编程|程序|コード|코드|प्रोग्राम|كود",
    ),
    "debug": (
        r"bug|debug\w*|error|exception|traceback|fix|refactor\w*|optimi[sz]e|unit tests?|explain (?:this|the)"
        r" (?:code|function)|ошибк\w+",
        r"报错|调试|エラー|오류",
    ),
    "maths": (
        r"solve|calculat\w+|comput\w+|equation|probability|sum|how many|how much|percent\w*|cuánt\w+"
        r"|wie viel\w*|combien|quanti|сколько",
        r"计算|多少|求|いくら|何人|얼마|몇|कितन|كم",
    ),
    "image": (
        r"image|picture|photo\w*|draw\w*|paint\w*|illustrat\w+|logo|render|portrait|imagen|bild|dessin\w*"
        r"|imagem|immagine|картин\w+|нарисуй|фото",
        r"图片|画|照片|画像|写真|描いて|그림|사진|चित्र|صورة",
    ),
    "edit_image": (
        r"background|remove the|replace the|crop|resize|brightness|make it look|blur|hintergrund|fondo"
        r"|arrière-plan|фон",
        r"背景|배경|पृष्ठभूमि|خلفية",
    ),
    "style": (
        r"4k|8k|hd|highly detailed|trending on artstation|octane|cinematic|digital art|unreal engine"
        r"|hyperreal\w+",
        "",
    ),
    "video": (
        r"video|clip|footage|film|scene|vídeo|vidéo|видео|camera|zoom",
        r"视频|動画|ビデオ|영상|비디오|वीडियो|فيديو",
    ),
    "sound": (
        r"audio|sound\w*|music|voice|speech|song|podcast|recording|transcri\w+|sonido|musik|son|musique|звук"
        r"|музык\w+",
        r"音频|音乐|声音|音声|音楽|소리|음악|ध्वनि|संगीत|صوت|موسيقى",
    ),
    "passage": (
        r"passage|context|paragraph|according to|based on|text below|following (?:text|article)|pasaje"
        r"|texto|abschnitt|texte|отрывок|текст",
        r"根据|下文|文章|次の文|다음 글|본문|अनुच्छेद|النص",
    ),
    "tool": (
        r"tools?|api|function call\w*|search (?:the web|for)|book|schedule|send|order|weather|price of|remind"
        r"|calendar|latest|news|find me",
        r"搜索|查询|予約|検索|검색|예약|खोज|ابحث",
    ),
    "explain": (
        r"explain|describe|define|tell me|meaning|difference|explica|erklär\w*|expliqu\w+|spieg\w+"
        r"|объясн\w+",
        r"解释|说明|説明|설명|समझा|اشرح",
    ),
}
# Whether a shape is found at all.
_ENDS = {
    "ends_asking": r"[?？؟][\s\"')\]]*$",
    "ends_colon": r"[:：]\s*$",
    "ends_closed": r"[.!。！]\s*$",
    "starts_asking": r"^\s*(?:what|who|when|where|which|why|how|is|are|can|could|do|does|did|will|should)\b",
    "single_line": r"^[^\n]*$",
    "starts_article": r"^\s*(?:an?|the|two|three|four|some)\s",
    "starts_edit": r"^\s*(?:add|make|remove|replace|turn|change|put|swap|let|have|give|get rid|erase|convert)\s",
    "starts_role": r"^\s*(?:you are|you're|act as|i want you to act|pretend|imagine you|be (?:a|an|the|my)"
    r"|let'?s play)\b",
    "starts_chat": r"^\s*(?:hi|hey|hello|thanks|thank you|hallo|hola|bonjour|salut|ciao|oi"
    r"|привет|你好|こんにちは|안녕)\b",
    "ends_cue": r"\b(?:answer|a|label|sentiment|topic|category|class|intent|output|response|summary|translation"
    r"|entities|keywords|title|tl;?dr)\s*[:：]\s*$",
    "given_media": r"\b(?:in|of|from|on) (?:the|this|that|my) (?:attached |uploaded )?(?:image|picture|photo"
    r"|video|clip|audio|recording|track|screenshot|chart|diagram|figure)\b",
    "shown": r"\b(?:the|this|that) (?:man|woman|boy|girl|person|people|guy|lady|child|dog|cat|car|player"
    r"|speaker)\b",
    "tool_schema": r"\"(?:parameters|function|arguments|tool_calls?)\"|</?tools?>|\bapi\b|\bfunctions?: ",
    "signature": r"(?m)^\s*(?:def \w+\(.*\).*:|(?:public|static|bool|int|void|function)\s.*\{)\s*$",
}
Measure = Callable[[str], float]


def _size(text: str) -> float:
    return log1p(len(text))


def _share(pattern: re.Pattern[str]) -> Measure:
    return lambda text: sum(map(len, pattern.findall(text))) / max(len(text), 1)


def _share_beyond_ascii(pattern: re.Pattern[str]) -> Measure:
    return lambda text: 0.0 if text.isascii() else _share(pattern)(text)


def _count(pattern: re.Pattern[str]) -> Measure:
    return lambda text: log1p(len(pattern.findall(text)))


def _count_words(words: str, signs: str) -> Measure:
    """Most texts are in ASCII, and without the rest's rules and signs take less than half the time."""
    bordered = rf"\b(?:{words})\b"
    in_ascii = re.compile(bordered, re.ASCII)
    # Not at a start, which may never need it.
    everywhere = cache(lambda: re.compile("|".join(filter(None, (bordered, signs)))))
    return lambda text: log1p(len((in_ascii if text.isascii() else everywhere()).findall(text)))


def _found(pattern: re.Pattern[str]) -> Measure:
    return lambda text: float(pattern.search(text) is not None)


_TEXT_MEASURES: Mapping[str, Measure] = (
    {"characters": _size}
    | {name: _share(re.compile(f"(?:{pattern})+")) for name, pattern in _SHARES.items()}
    | {name: _share_beyond_ascii(re.compile(f"(?:{pattern})+")) for name, pattern in _SCRIPTS.items()}
    | {name: _count(re.compile(pattern)) for name, pattern in _COUNTS.items()}
    | {name: _found(re.compile(pattern)) for name, pattern in _ENDS.items()}
)
_WORD_MEASURES = {name: _count_words(words, signs) for name, (words, signs) in _WORDS.items()}
_LINE_MEASURES = {name: _TEXT_MEASURES[name] for name in ("characters", "ends_asking", "ends_colon", "ends_cue")}
SURFACE_NAMES: tuple[str, ...] = (
    *_TEXT_MEASURES,
    "longest_line",
    *_WORD_MEASURES,
    *(f"{line}_{name}" for line in ("first", "last") for name in (*_LINE_MEASURES, *_WORD_MEASURES)),
)
# Of a line, this much at its start (of the first) or its end (of the last) is read.
_LINE_LIMIT = 240


def surface_features(text: str) -> tuple[float, ...]:
    """One number per name in SURFACE_NAMES, each at least 0 and of the order of 1."""
    text = text.lower()
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    first, last = lines[0][:_LINE_LIMIT], lines[-1][-_LINE_LIMIT:]
    # A short text is its first and last line too.
    words = {part: tuple(_measure(_WORD_MEASURES, part)) for part in {text, first, last}}
    return (
        *_measure(_TEXT_MEASURES, text),
        max(map(len, lines)) / max(len(text), 1),
        *words[text],
        *(*_measure(_LINE_MEASURES, first), *words[first]),
        *(*_measure(_LINE_MEASURES, last), *words[last]),
    )


def _measure(measures: Mapping[str, Measure], text: str) -> Iterator[float]:
    return (measure(text) for measure in measures.values())
