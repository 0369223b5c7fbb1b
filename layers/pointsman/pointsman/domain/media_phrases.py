"""Words that ask for a picture, a spoken text, a transcript or a film, in twelve languages. Patterns alone.

All are looked for in lower case at the head of what the user said last. A verb of making has to stand near its medium:
"draw a cat" is a wish, "a poem about drawing cats" is not.
"""

import re
from re import Pattern

# Verbs that make something of any medium, and up to a few words until the medium is named.
_MAKE = (
    r"(?:create|generate|make|produce|design|render|draw|paint|whip up|show me|give me|i (?:want|need|would like)"
    r"|i'd (?:like|love)|(?:can|could) you (?:make|create|do))\b"
)
_MACHEN = r"(?:erstelle?|generiere?|mach\w*|entwirf|zeichne|male|erzeuge?)\b"
_FAIRE = r"(?:crée[rz]?|génère[rz]?|génére[rz]|fai[st]|faire|conçois|réalise[rz]?)\b"
_HACER = r"(?:crea|genera|haz|hazme|diseña|produce|crear|generar)\b"
_FAZER = r"(?:crie|gere|faça|faz|desenhe|produza|cria)\b"
_FARE = r"(?:crea|genera|fai|fammi|disegna|realizza|produci)\b"
_SDELAT = r"(?:созда\w+|сгенерир\w+|сдела\w+|нарис\w+|изобраз\w+)\b"
_GAP = r"[^.!?\n]{0,40}?"

_PICTURE = (
    r"\b(?:image|picture|photo(?:graph)?s?|illustration|drawing|painting|poster|logo|sketch|portrait|wallpaper|icon"
    r"|infographic|artwork|cartoon|images|pictures|pic|doodle|sticker|avatar|(?:album|book) cover|colou?ring page)\b"
)
_BILD = r"\b(?:bild|illustration|foto|poster|logo|zeichnung|gemälde)\b"
_DESSIN = r"\b(?:image|illustration|dessin|photo|affiche|logo|peinture)\b"
_IMAGEN = r"\b(?:imagen|imágenes|ilustración|dibujo|foto|póster|logo|cartel|retrato)\b"
_IMAGEM = r"\b(?:imagem|ilustração|desenho|foto|pôster|logo|logotipo|retrato)\b"
_IMMAGINE = r"\b(?:immagine|illustrazione|disegno|foto|poster|logo|ritratto)\b"
_KARTINA = r"\b(?:картин\w+|изображени\w+|рисун\w+|иллюстраци\w+|фото\w*|плакат\w*|логотип\w*)"
_STYLE = (
    r"(?:digital (?:art|painting)|concept art|artstation|octane|unreal engine|highly detailed|intricate(?:ly)?|8k|4k"
    r"|hyper-?realis\w+|photo-?realis\w+|cinematic lighting|matte painting|oil painting|watercolou?r|volumetric|bokeh"
    r"|sharp focus|depth of field|studio lighting|art by|illustration|portrait of|trending on|anime style|low poly"
    r"|isometric|ultra detailed|vibrant colou?rs)"
)
_ASKING = r"\b(?:write|explain|what|how|why)\b"
_START = (
    r"(?:^|[\n.!?,:;]\s*)" r"(?:(?:please|can you|could you|would you|pls|hey|hi|now|ok|okay|bitte|por favor)[\s,]+)*"
)
# Conclusions are drawn too, and of a picture one may want its caption alone.
_NOT_DRAWN = (
    r"(?:up\b|(?:a |the )?(?:conclusions?|line|distinction|comparison)|attention|inferences?|parallels|on\b|from\b)"
)
_NO_PICTURE = r"(?:description|prompt|caption|ideas?|i (?:took|found|have)|processing|classif\w*|gallery|viewer)"

IMAGE: Pattern[str] = re.compile(
    "|".join(
        (
            rf"{_START}(?:draw|paint|sketch|doodle|illustrate|render|photograph)\b(?!\s+{_NOT_DRAWN})\s+\S",
            rf"(?:{_MAKE}{_GAP}{_PICTURE})(?!\s*{_NO_PICTURE})",
            rf"{_MACHEN}{_GAP}{_BILD}",
            rf"{_FAIRE}{_GAP}{_DESSIN}",
            rf"{_HACER}{_GAP}{_IMAGEN}",
            rf"{_FAZER}{_GAP}{_IMAGEM}",
            rf"{_FARE}{_GAP}{_IMMAGINE}",
            rf"{_SDELAT}{_GAP}{_KARTINA}",
            r"^(?:zeichne|male)\s|^dessine[rz]?(?:-moi)?\s|^dibuja(?:me)?\s|^desenhe\s|^disegna(?:mi)?\s|^нарису\w+\s",
            r"(?:画|畫)(?:一|个|個|幅|张|張|出)|(?:生成|制作|设计|做|创建)[^。\n]{0,12}(?:图片|图像|图|画|海报|照片|插画|标志)",
            r"(?:絵|イラスト|画像|ポスター|ロゴ)[^。\n]{0,14}(?:描いて|作って|生成|作成)|を描いて",
            r"(?:그림|이미지|사진|포스터|일러스트|로고)[^.\n]{0,14}(?:그려|만들어|생성)|그려\s?줘",
            r"(?:चित्र|तस्वीर|इमेज|पोस्टर)[^।\n]{0,14}(?:बना|तैयार)",
            r"(?:أنشئ|ارسم|صمم|اصنع|ولد|توليد)[^.\n]{0,12}(?:صورة|رسم|لوحة|شعار|ملصق)|^ارسم\s",
            r"^(?:an? )?(?:\w+ )?(?:photo(?:graph)?|picture|illustration|drawing|painting|portrait|render|sticker) of"
            r" (?!my\b)",
            rf"{_STYLE}(?:(?!{_ASKING}).)*?{_STYLE}(?!.*{_ASKING})",
        )
    )
)
# What somebody sees before their eyes and says no more of: one sentence without a verb of asking.
DESCRIPTION: Pattern[str] = re.compile(r"^(?:an?|two|three|several) [^?!\n:;]{8,220}$")
EDIT: Pattern[str] = re.compile(
    r"\b(?:remove|replace|add|change|swap|erase|crop|resize|brighten|darken|blur|recolou?r|turn|make|put|blend|restore"
    r"|colou?rize|retouch|enhance|extend|edit|get rid of|sharpen|take (?:out|away)|cut out|whiten|photoshop"
    r"|same (?:picture|photo|image) but|(?:must|has to|have to|should) (?:be|go))\b"
    r"|\b(?:entferne|ersetze|füge|ändere|mach\w*|supprime|remplace|ajoute|change|quita|elimina|añade|cambia|reemplaza"
    r"|remova|adicione|troque|rimuovi|sostituisci|aggiungi|cambia|убери|замени|добавь|измени|enlève\w*|enlever|rend(?:s|re)"
    r"|tira\w*|togli\w*|quitar)\b"
    r"|去掉|加上|改成|换成|替换|删除|追加して|消して|変えて|置き換え|바꿔|추가해|지워|제거|हटा|बदल|जोड़|أضف|غير|غيّر|احذف|استبدل"
)
SPEECH: Pattern[str] = re.compile(
    "|".join(
        (
            r"\b(?:read|speak|say|recite|narrate)\b[^.!?\n]{0,40}\b(?:aloud|out ?loud)\b",
            r"\b(?:text[ -]to[ -]speech|tts)\b",
            rf"{_START}(?:read|speak|say|recite|narrate)\b[^!?\n]{{0,60}}\b(?:voice|accent|like a narrator)\b",
            rf"{_START}read (?:this|it|that|the following)\b[^.!?\n]{{0,20}}\b(?:out|to me)\b",
            r"\b(?:turn|convert|make|transform)\b[^.!?\n]{0,40}\b(?:into|to)\s+(?:speech|audio|voice|a voice"
            r"|an? (?:mp3|audio))",
            rf"{_MAKE}{_GAP}\b(?:voice-?over|narration|mp3|audio|recording|voice clip|spoken)\b{_GAP}"
            r"\b(?:of|saying|for|that says)\b",
            r"\blies\b[^.!?\n]{0,60}\bvor\b|\blis\b[^.!?\n]{0,40}\bvoix\b|\blee\b[^.!?\n]{0,40}\bvoz\b",
            r"\b(?:laut vor|vorlesen)\b|\bin sprache um\b|\bà (?:voix haute|haute voix)\b|\ben parole\b"
            r"|\ben voz alta\b",
            r"\b(?:texto en voz|texto em fala|testo in voce|em voz alta|ad alta voce)\b|\bвслух\b|\bозвуч\w+",
            r"(?:朗读|声[^。\n]{0,4}(?:读|念)|念出来|读出来|转成语音|转换成语音|转为语音|读一下)|読み上げて|音声にして|音声に変換",
            r"소리 내어|읽어\s?줘|음성으로|ज़ोर से|आवाज़ में|बोलकर|بصوت عال|إلى صوت",
        )
    )
)
TRANSCRIBE: Pattern[str] = re.compile(
    r"\btranscri\w+|\bwrite (?:down|out)\b|\bwhat (?:is|are|was|were|do(?:es)?|did)\b[^.!?\n]{0,30}\b(?:said"
    r"|say|saying|spoken)\b"
    r"|\bsubtitles?\b|\bcaptions?\b|\bspeech[ -]to[ -]text\b|\btype (?:up|out)\b|\bto text\b"
    r"|\btranskri\w+|\bwas (?:sagt|wird gesagt)\b|\buntertitel\b|\bsous-titres\b|\bsubtítulos\b|\blegendas\b"
    r"|\bsottotitoli\b"
    r"|\btrascriv\w+|\bрасшифру\w+|\bсубтитр\w+"
    r"|转写|转成文字|字幕|听写|文字起こし|書き起こ|받아\s?적|자막|सबटाइटल|लिखो|إلى نص|فرغ"
)
_FILM = r"(?<!audio )(?<!music for a )\b(?:video|clip|animation|film|movie|footage|timelapse|time-lapse|animated|gif)\b"
_NO_FILM = r"(?:script|idea|title|description|summary|outline|game|editor|player|transcript)"
VIDEO: Pattern[str] = re.compile(
    "|".join(
        (
            rf"{_MAKE}{_GAP}{_FILM}(?!\s*{_NO_FILM})",
            _START + r"(?:animate|film)\s+\S",
            r"^(?:an? )?(?:[\w-]+ ){0,4}(?:clip|video|animation|footage|time-?lapse) of (?!my\b)",
            r"^v[ií]d[ée]o de (?!mi\b)",
            r"^[^?!\n]{0,240}\b(?:slow motion|drone shot|tracking shot|camera (?:pans|zooms|tilts|follows|dolly))",
            rf"{_MACHEN}{_GAP}(?:\b(?:video|clip|film|animation)\b|\w*video\b)",
            rf"{_FAIRE}{_GAP}\b(?:vidéo|clip|film|animation)\b",
            rf"{_HACER}{_GAP}\b(?:v[ií]deo|clip|película|animación)\b",
            rf"{_FAZER}{_GAP}\b(?:v[ií]deo|clipe|filme|animação)\b",
            rf"{_FARE}{_GAP}\b(?:video|clip|filmato|animazione)\b",
            rf"{_SDELAT}{_GAP}\b(?:видео\w*|ролик\w*|клип\w*)|анимационн\w+ видео",
            r"(?:生成|制作|做|创建|拍)[^。\n]{0,12}(?:视频|短片|动画)|(?:動画|映像|ビデオ)[^。\n]{0,20}(?:作って|作成|生成)",
            r"(?:동영상|영상|비디오|클립)[^.\n]{0,14}(?:만들|생성)|वीडियो[^।\n]{0,14}(?:बना|तैयार)",
            r"(?:أنشئ|اصنع|ولد)[^.\n]{0,12}(?:فيديو|مقطع)",
        )
    )
)
# A question about a thing is no order to make it.
ASKS_ABOUT: Pattern[str] = re.compile(
    r"^\W*(?:how|what|why|when|where|who|which|is|are|was|does|do|did|should|explain|describe|write"
    r"|summari[sz]e|translate"
    r"|list|suggest|give me (?:ideas|tips|a list)|tell me|wie|was|warum|cómo|qué|por qué|comment|quoi|pourquoi|como"
    r"|che cosa|come|perché|как|что|почему|write me|answer|classify|identify|extract|act as|you are|imagine you"
    r"|recommend|pick|choose|select|in this task|given|read the following|q:|question)\b|^(?:怎么|如何|为什么|什么)"
)
CODE: Pattern[str] = re.compile(
    r"```|\b(?:function|python|javascript|html|css|svg|code|script|sql|latex|tikz|matplotlib|plot|ascii|turtle|json"
    r"|react|canvas"
    r"|mermaid|excel|powerpoint|ffmpeg|opencv|diagram|plugins?|captions?|hashtags?|categor\w+)\b|代码|文案"
)
