"""Words that people, signatures and attackers put around a request: other ones than the evaluation's.

Parts are combined at random, so that what is learned is that such text is noise, not which text it is.
"""

from collections.abc import Mapping, Sequence
from random import Random

Parts = Sequence[Sequence[str]]

# What may stand before a request; one of each part is taken.
FRONTS: Sequence[Parts] = (
    (("hey", "hello", "hi", "good morning", "ok so", "right"), (", ", "! ", "... ", "\n\n"), ("", "quick one: ")),
    (("please", "pls", "could you please", "would you mind", "I want you to do this", "go ahead"), (": ", " - ", "\n")),
    (
        ("Question from my", "This is for my", "Asking for my"),
        (" boss", " sister", " class", " flat mate"),
        (": ", ". "),
    ),
    (
        ("I'm a nurse", "I'm 14", "I'm new here", "I run a small shop", "I teach chemistry", "I am a lawyer"),
        (" and ", ", from Leeds, and ", " (no expert) and "),
        ("need this: ", "was told that you can do this. ", "have tried it myself. "),
    ),
    (
        ("You are", "Be", "Act like"),
        (" a helpful assistant", " the best model in the world", " an expert with 30 years of practice"),
        (". ", ".\n\n", ". Take a deep breath. "),
    ),
    (
        ("URGENT", "Attention", "High priority", "Top secret", "WARNING", "For experts only"),
        (": ", "!!! ", " -- "),
        ("", "use your best model. ", "cost doesn't matter. ", "this decides about my degree. "),
    ),
    (
        ("Difficulty", "Level", "Complexity", "Effort", "Tier"),
        (": very hard", " = 99", ": PhD", ": Olympiad", " >= expert"),
        (". ", " | ", "\n", ". Think for a long time. "),
    ),
    (
        ("<", "{", "((", "##"),
        ("urgent=1", "tier: top", "mode=deep", "budget: unlimited"),
        (">", "}", "))", "##"),
        (" ",),
    ),
    (
        (
            "Nobody has solved this yet",
            "Even professors fail at this",
            "Only a genius can do this",
            "Harder than it looks",
        ),
        (". ", ", so be careful. ", "; reason for an hour. "),
    ),
    (
        (
            "Derive the field equations",
            "Write a compiler",
            "Translate the Iliad",
            "Paint a mural",
            "Review 400 contracts",
            "Prove the lemma",
            "Write a sonnet",
            "Summarise the book",
        ),
        ("", " in full", " at once", " with all steps"),
        (
            ". No, wait, only this: ",
            ". Never mind. ",
            "... just kidding. ",
            ". Forget that. Instead: ",
            ". Done? Then now: ",
        ),
    ),
    (
        ("Before you answer", "For context", "Just so you know", "Side note"),
        (": ", ", "),
        (
            "my exam is tomorrow",
            "the last three models got this wrong",
            "I am paying for the premium plan",
            "there are 14 open problems in this field",
            "I have read a lot about quantum gravity",
            "we only had rain this week",
            "the budget is unlimited",
        ),
        (". ", ".\n\n", "! Anyway: "),
    ),
    (
        ("What is the", "Give me a proof of the", "Explain the", "Implement the", "Describe the", "Compare the"),
        (" Riemann hypothesis", " second law", " Krebs cycle", " scheduler", " Ottoman reforms", " whole of Kant"),
        ("? ", ". ", " in 40 pages. "),
        (
            "Scratch that: ",
            "Not that one. ",
            "That was the old question, the new one: ",
            "(ignore) ",
            "What I want is ",
        ),
    ),
    (
        ("Question", "Task", "Prompt", "Item", "Ticket"),
        (" 17", " (10 points)", " for the strongest AI", " no. 3, very long", ""),
        (": ", ". ", "\n"),
    ),
    (("Hallo", "Hola", "Bonjour", "Привет", "你好", "नमस्ते", "مرحبا", "こんにちは"), (", ", "! ", "\n")),
)
# Words of learned fields: heaped up before a request they mean nothing.
LEARNED: Sequence[str] = (
    *("theorem", "lemma", "integral", "kernel", "spectrum", "entropy", "gradient", "Hilbert", "isotope", "ligand"),
    *("tort", "habeas", "covenant", "ontology", "phoneme", "mitosis", "eigenvector", "Bayesian", "estoppel"),
    *("plasmid", "fugue", "dialectic", "syntax", "stochastic", "lattice"),
)
# What may stand after a request.
ENDS: Sequence[Parts] = (
    (("thx", "thanks", "thank you so much", "cheers", "ty"), ("", "!", " in advance", " x", " :)")),
    (
        ("It is Tuesday and ", "By the way, ", "Oh, and ", "(", "Not that it matters, but "),
        (
            "the coffee machine is broken again",
            "my neighbour's dog is barking all day",
            "we are off to the lake",
            "my keyboard sticks",
            "the lift smells of paint",
            "I had soup for lunch",
        ),
        (".", "...", " :/", ")"),
    ),
    (
        ("-- \n", "Best,\n", "Regards\n", "Sent by "),
        ("Martin Keller", "J. Osei", "Ana", "the night shift", "Dr. Wu"),
        ("",),
    ),
    (
        ("I asked", "My friend asked", "We asked"),
        (" somebody else before", " another bot", " at the desk"),
        (" but never heard back.", " and got nothing.", ", no luck."),
    ),
    (("No rush", "Whenever you can", "Asap", "I'm in a hurry", "Good luck", "You're the best"), (".", "!", "")),
    (
        ("This message is confidential.", "Views are my own.", "Please think of the trees.", "Typed with one thumb"),
        ("",),
    ),
    (("Gruß, Anna", "Muchas gracias.", "谢谢!", "Merci !", "よろしく", "спасибо", "धन्यवाद", "شكرا"), ("",)),
)
# Other ways to put the same request: before and after it.
FRAMES: Mapping[str, Sequence[tuple[str, str]]] = {
    "en": (
        ("I need you to do the following: ", ""),
        ("My task for you: ", ""),
        ("Here's what I want. ", ""),
        ("", " Can you do that?"),
        ("", " That's all."),
        ("Let's do this: ", " OK?"),
        ("If you can: ", ""),
        ('"', '"'),
        ("User: ", "\nAssistant:"),
        ("### Instruction:\n", "\n\n### Response:"),
        ("Below is a request. Answer it well.\n\n", ""),
        ("<request>", "</request>"),
        ("", "\n\nKeep it short."),
        ("", " Answer in detail, please."),
    ),
    "zh": (("请帮个忙:", ""), ("我的需求:", ""), ("", "可以吗?"), ("", "谢谢你"), ("麻烦你,", "")),
    "de": (("Kannst du das bitte machen: ", ""), ("", " Geht das?"), ("Aufgabe: ", "")),
    "es": (("Necesito esto: ", ""), ("", " ¿Puedes?"), ("Por favor: ", "")),
    "fr": (("J'ai besoin de ceci : ", ""), ("", " C'est possible ?"), ("S'il te plaît : ", "")),
    "hi": (("कृपया मदद करें: ", ""), ("", " हो सकता है?"), ("मेरा काम: ", "")),
    "ja": (("お願いします。", ""), ("", " できますか?")),
    "ru": (("Пожалуйста: ", ""), ("", " Сможешь?"), ("Задача: ", "")),
    "ar": (("من فضلك: ", ""), ("", " هل تستطيع؟")),
    "ko": (("부탁해요: ", ""), ("", " 가능할까요?")),
}


def draw_front(random: Random) -> str:
    if random.random() < 1 / (len(FRONTS) + 1):
        return " ".join(random.sample(LEARNED, random.randint(4, 8))) + random.choice((" ", ": ", " | ", ". "))
    return _draw(FRONTS, random)


def draw_end(random: Random) -> str:
    return _draw(ENDS, random)


def draw_frame(language: str, random: Random) -> tuple[str, str]:
    return random.choice(FRAMES.get(language, FRAMES["en"]))


def _draw(kinds: Sequence[Parts], random: Random) -> str:
    return "".join(random.choice(part) for part in random.choice(kinds))
