"""Words and phrases of several languages that tell what a text asks for, by kind, all in small letters."""

from collections.abc import Mapping
from typing import NamedTuple


class Vocabulary(NamedTuple):
    """Each field is alternatives of a regular expression.

    `words` and `phrases` stand between borders of words, `signs` anywhere: they are of scripts that write without
    spaces. A word is written out, or a stem that may (`stem\\w*`) or must (`stem\\w+`) go on. No phrase begins with
    one of the words, and each in ASCII holds one of `in_phrases`, which are written as words are.
    """

    words: str = ""
    phrases: str = ""
    in_phrases: str = ""
    signs: str = ""

    @property
    def in_ascii(self) -> str:
        return rf"\b(?:{'|'.join(filter(None, (self.words, self.phrases)))})\b"

    @property
    def everywhere(self) -> str:
        return "|".join(filter(None, (self.in_ascii, self.signs)))


# Each is measured of the whole text, of its first and of its last line. Mostly they name a task.
INSTRUCTIONS: Mapping[str, Vocabulary] = {
    "second_person": Vocabulary(
        words=r"you|your|tú|usted|du|vous|tu|você",
        signs=r"你|您|あなた|당신|вы|ты",
    ),
    "first_person": Vocabulary(
        words=r"i|my|me|we|our|ich|mein|je|mon|yo|mi",
        signs=r"我|私|나는|мой",
    ),
    "ask_who": Vocabulary(
        words=r"what|who|when|where|which|why|how|was|wer|wann|wo|warum|wie|qué|quién|cuándo|dónde|cómo|quoi"
        r"|qui|quand|où|comment|que|quem|onde|come|cosa|chi|что|кто|когда|где|как",
        signs=r"什么|谁|怎么|如何|何|誰|どう|무엇|누가|어떻게|क्या|कौन|ماذا|كيف|من هو",
    ),
    "write": Vocabulary(
        words=r"writ\w*|compos\w*|draft|escrib\w+|schreib\w*|écri\w+|escrev\w+|scriv\w+|напиши\w*",
        signs=r"写|寫|書いて|작성|써|लिख|اكتب",
    ),
    "poem_story": Vocabulary(
        words=r"poem|story|haiku|lyrics|song|novel|tale|poema|cuento|gedicht|geschichte|poème|histoire"
        r"|стих\w*|рассказ",
        signs=r"诗|故事|小説|詩|物語|시를|이야기|कविता|कहानी|قصيدة|قصة",
    ),
    "letter": Vocabulary(
        words=r"email|letter|report|proposal|memo|essay|blog|article|resume|speech|carta|brief|lettre|письмо",
        phrases=r"e-mail",
        in_phrases=r"mail",
        signs=r"邮件|报告|信|文章|メール|レポート|이메일|보고서|ईमेल|رسالة",
    ),
    "summarise": Vocabulary(
        words=r"summar\w+|tldr|resum\w+|zusammenfass\w+|résum\w+|riassum\w+|резюм\w+|кратко",
        phrases=r"tl;dr|key points|main idea|main points",
        in_phrases=r"tl|key|main",
        signs=r"总结|摘要|概括|要約|まとめ|요약|सारांश|لخص",
    ),
    "translate": Vocabulary(
        words=r"translat\w+|traduc\w+|traduz\w+|übersetz\w+|tradui\w+|перевед\w+|перевод\w*",
        signs=r"翻译|翻譯|翻訳|번역|अनुवाद|ترجم",
    ),
    "rewrite": Vocabulary(
        words=r"rewrit\w+|rephras\w+|paraphras\w+|proofread\w*|correct|polish|improve|shorten|formal|tone"
        r"|reescrib\w+|umschreib\w*|formulier\w*|réécri\w+|reformul\w+|перепиши|исправь",
        signs=r"改写|润色|修改|書き直|言い換え|다시 써|고쳐|सुधार|أعد",
    ),
    "extract": Vocabulary(
        words=r"extract\w*|identify|entities|extrae\w*|extrai\w*|extrah\w+|извлек\w+",
        phrases=r"find all|list all|named entit\w+",
        in_phrases=r"find|list|named",
        signs=r"提取|抽取|抽出|추출|निकाल|استخرج",
    ),
    "classify": Vocabulary(
        words=r"classif\w+|categor\w+|sentiment|label|topic|clasific\w+|klassifizier\w*|classer|classez|классифиц\w+",
        phrases=r"positive or negative|true or false",
        in_phrases=r"positive|true",
        signs=r"分类|情感|分類|感情|분류|वर्गीकृत|صنف",
    ),
    "brainstorm": Vocabulary(
        words=r"idea|ideas|brainstorm\w*|suggest\w*|plan|itinerary|strateg\w+|ideen|idées|idee|ideias|план|идеи"
        r"|sugier\w+",
        signs=r"主意|建议|计划|アイデア|提案|아이디어|계획|विचार|योजना|أفكار|خطة",
    ),
    "roleplay": Vocabulary(
        words=r"pretend|roleplay|actúa|притворись|представь",
        phrases=r"role-play|act as|you are a|you are an|you are the|imagine you|in character|stay in|act like|acts like"
        r"|spiel\w* die rolle|joue le rôle",
        in_phrases=r"role|act|acts|you|character|stay|rolle",
        signs=r"扮演|假装|演じて|역할|भूमिका|تظاهر",
    ),
    "code": Vocabulary(
        words=r"python|javascript|java|typescript|rust|sql|html|css|bash|regex|algorithm|script|program"
        r"|code|código|programm|codice|программ\w+|код",
        phrases=r"c\+\+",
        in_phrases=r"c",
        signs=r"代码|编程|程序|コード|코드|प्रोग्राम|كود",
    ),
    "debug": Vocabulary(
        words=r"bug|debug\w*|error|exception|traceback|fix|refactor\w*|optimise|optimize|ошибк\w+",
        phrases=r"unit test|unit tests|explain this code|explain this function|explain the code|explain the function",
        in_phrases=r"unit|explain",
        signs=r"报错|调试|エラー|오류",
    ),
    "maths": Vocabulary(
        words=r"solve|calculat\w+|comput\w+|equation|probability|sum|percent\w*|cuánt\w+|combien|quanti|сколько",
        phrases=r"how many|how much|wie viel\w*",
        in_phrases=r"many|much|viel\w*",
        signs=r"计算|多少|求|いくら|何人|얼마|몇|कितन|كم",
    ),
    "image": Vocabulary(
        words=r"image|picture|photo\w*|draw\w*|paint\w*|illustrat\w+|logo|render|portrait|imagen|bild|dessin\w*"
        r"|imagem|immagine|картин\w+|нарисуй|фото",
        signs=r"图片|画|照片|画像|写真|描いて|그림|사진|चित्र|صورة",
    ),
    "edit_image": Vocabulary(
        words=r"background|crop|resize|brightness|blur|hintergrund|fondo|фон",
        phrases=r"remove the|replace the|make it look|arrière-plan",
        in_phrases=r"remove|replace|look",
        signs=r"背景|배경|पृष्ठभूमि|خلفية",
    ),
    "style": Vocabulary(
        words=r"4k|8k|hd|octane|cinematic|hyperreal\w+",
        phrases=r"highly detailed|trending on artstation|digital art|unreal engine",
        in_phrases=r"highly|trending|digital|unreal",
    ),
    "video": Vocabulary(
        words=r"video|clip|footage|film|scene|vídeo|vidéo|видео|camera|zoom",
        signs=r"视频|動画|ビデオ|영상|비디오|वीडियो|فيديو",
    ),
    "sound": Vocabulary(
        words=r"audio|sound\w*|music|voice|speech|song|podcast|recording|transcri\w+|sonido|musik|son|musique|звук"
        r"|музык\w+",
        signs=r"音频|音乐|声音|音声|音楽|소리|음악|ध्वनि|संगीत|صوت|موسيقى",
    ),
    "passage": Vocabulary(
        words=r"passage|context|paragraph|pasaje|texto|abschnitt|texte|отрывок|текст",
        phrases=r"according to|based on|text below|following text|following article",
        in_phrases=r"according|based|below|following",
        signs=r"根据|下文|文章|次の文|다음 글|본문|अनुच्छेद|النص",
    ),
    "tool": Vocabulary(
        words=r"tool|tools|api|book|schedule|send|order|weather|remind|calendar|latest|news",
        phrases=r"function call\w*|search the web|search for|price of|find me",
        in_phrases=r"function|search|price|find",
        signs=r"搜索|查询|予約|検索|검색|예약|खोज|ابحث",
    ),
    "explain": Vocabulary(
        words=r"explain|describe|define|meaning|difference|explica|erklär\w*|expliqu\w+|spieg\w+|объясн\w+",
        phrases=r"tell me",
        in_phrases=r"tell",
        signs=r"解释|说明|説明|설명|समझा|اشرح",
    ),
}
# Of the whole text alone.
CODE_WORDS = Vocabulary(words=r"def|class|import|return|function|const|let|var|void|public|static|print")
_MEDIA = r"image|picture|photo|video|clip|audio|recording|track|screenshot|chart|diagram|figure"
_BEINGS = r"man|woman|boy|girl|person|people|guy|lady|child|dog|cat|car|player|speaker"
# Of the whole text alone, and not how often.
FOUND_PHRASES: Mapping[str, Vocabulary] = {
    "given_media": Vocabulary(
        phrases=rf"(?:in|of|from|on) (?:the|this|that|my) (?:attached |uploaded )?(?:{_MEDIA})", in_phrases=_MEDIA
    ),
    "shown": Vocabulary(phrases=rf"(?:the|this|that) (?:{_BEINGS})", in_phrases=_BEINGS),
}
