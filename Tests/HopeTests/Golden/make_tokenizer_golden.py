"""Writes the golden files of the tokenizer tests with the Python package `tokenizers`.

    python3 -m pip install tokenizers
    python3 make_tokenizer_golden.py

tokenizer_golden.json            a tokenizer of 640 tokens, trained here, in the package's own format
tokenizer_golden_encodings.json  the training texts; sample texts with their pieces and tokens; token
                                 sequences, also such that are no UTF-8, with their text;
                                 the kind of every Unicode character, as runs
"""

import json
import pathlib
import random

import tokenizers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

HERE = pathlib.Path(__file__).parent
SPECIAL = ["<|endoftext|>", "<|user|>", "<|assistant|>", "<|system|>"]

TRAINING = [
    "The quick brown fox jumps over the lazy dog. The dog isn't amused; it's asleep.",
    "I've said it before and I'll say it again: they're late, we'd better go, I'm sure you don't mind.",
    "In 1984 there were 365 days, 12 months and 4 seasons; 2024 had 366 days.",
    "Once upon a time there was a small ferry that crossed the river every morning and every evening.",
    "The ferryman remembered everybody: the baker, the teacher, the children and the old woman.",
    "Die Fähre fährt über den Fluß, und die Kinder winken fröhlich vom Ufer. Schön ist das Leben!",
    "Le garçon a mangé une crêpe à la crème brûlée près de l'école où il étudie le français.",
    "漢字とひらがなとカタカナ。日本語の文章は空白なしで書かれる。漢字を学ぶ。",
    "Привет, мир! Как дела? Хорошо, спасибо. Русский язык красивый.",
    "Emoji 😀😃😄 family 👨‍👩‍👧‍👦 flags 🇩🇪🇫🇷 and skin tones 👍🏽👍🏿, hearts ❤️.",
    "def add(a, b):\n    return a + b\n\n\nclass Ferry:\n\tdef cross(self):\n\t\treturn self.river\n",
    "line one\r\nline two\r\n\r\nline four\ttab\t\ttwo tabs   three spaces\n",
] + [
    f"{name} has {count} {thing}s and wants {count + 1}; {name}'s {thing} is {colour}."
    for name in ["Anna", "Ben", "Chloé", "Dmitri"]
    for count, thing in [(3, "boat"), (12, "book"), (100, "apple")]
    for colour in ["red", "green", "yellow"]
]

SAMPLES = [
    "", " ", "  ", "a", " a", "  a", "a ", "a  ", "\n", "\n\n", "\n\na", " \n a", "\ta", "\t\ta\t",
    "Hello, world!", "hello   world", "   leading and trailing   ", "...and? yes!!! (no)",
    "it's I'm we're you've they'll he'd can't", "'s't're've'm'll'd", "IT'S 'S 'T 'RE", "' s 'sx 'l 'r",
    " 's 're", "''s", ".'s", "don't'", "'", "''", "a'", "l'école", "rock'n'roll",
    "123 4567 a1b2 3.14 1,000 ½ Ⅷ ٣ ๓ ²", "1st 2nd", "x=1;y=22\n",
    "漢字 とカナ 12漢字34", "한국어 텍스트", "ภาษาไทย", "नमस्ते दुनिया", "עברית وعربي", "Привет мир",
    "e\u0301 a\u0308\u0323 \u0301 x\u0300y", "Å Å Å", "ﬁ ﬂ ß ẞ İ ı ʰ ª º",
    "😀 😀😀 👨‍👩‍👧‍👦 🇩🇪 👍🏽 ❤️ 1️⃣", "a😀b 😀c", "\u200b\u200d\ufeff zero\u200bwidth",
    "\r\n\r\n", "a\r\nb\r\n  c\r\r\nd", "tab\tand\x0bvertical\x0cfeed", "nbsp\u00a0a \u00a0b\u00a0\u00a0c",
    "line\u2028sep\u2029par\u0085nel", "\u3000ideographic\u3000space\u3000\u3000x", "\u2003em \u2003em\u1680ogham",
    "\x00\x01\x02 \x1b[31m \x7f \x80\x9f", "\x1c\x1d\x1e\x1f unit", "\u180e mongolian \u2060",
    "$€£ +−×÷ ←→ ≤≥ _under_ `tick` ~^", "_a1_ __init__", "http://example.org/a?b=c&d=e#f", "<| user |> <|us er|>",
    "\U0001d400\U0001d7ce 𝒳 𐍈 \U0010ffff \ue000 \ufffd \uffff", "ﷺ ㎏ ① ㊙",
    "\u088f \u0c5c \U00011de0 newer than the pattern's Unicode", "a\u0301\u0302\u0303b",
    "".join(TRAINING[3].split()), "".join(TRAINING[7:9]).replace(" ", "") * 3,
    "the ferry " * 30, "ab" * 100, "z" * 33 + " " + "=" * 70 + " " * 40 + "\n" * 5 + "end",
] + TRAINING[:12]

SPECIAL_SAMPLES = [
    "<|user|>", "<|user|> Hello<|assistant|> Hi there<|endoftext|>", "a <|user|> b  <|system|>  c",
    "<|user|><|user|>x", "<|user|", "|<|user|>|", "<<|user|>>", "tail  <|endoftext|>", "no special",
]


def random_texts(count):
    """Texts of random characters, mostly of the kinds at which the pattern cuts."""
    source = random.Random(7)
    common = list(" \n\t'sltmdrve.aB1 ") + ["\r\n", "'s", "'ll", "é", "漢", "😀", "\u0301", "\u00a0", "\u2028"]
    texts = []
    for _ in range(count):
        parts = []
        for _ in range(source.randint(1, 24)):
            if source.random() < 0.8:
                parts.append(source.choice(common))
            else:
                value = source.choice([0x80, 0x300, 0x3000, 0x10000, 0x20000])
                value = source.randrange(value, value * 2)
                parts.append(chr(value) if not 0xD800 <= value < 0xE000 else "?")
        texts.append("".join(parts))
    return texts


def train():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=640, min_frequency=2, special_tokens=SPECIAL, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(TRAINING, trainer)
    return tokenizer


def pieces(tokenizer, text):
    return [text[a:b] for _, (a, b) in tokenizer.pre_tokenizer.pre_tokenize_str(text)]


def character_kinds(tokenizer):
    """Runs of characters of one kind, [first, kind]; found by what they join. Surrogates are left out."""
    def is_one_piece(text):
        return len(tokenizer.pre_tokenizer.pre_tokenize_str(text)) == 1

    runs = []
    for value in [*range(0xD800), *range(0xE000, 0x110000)]:
        kinds = [("letter", "a"), ("number", "1"), ("other", "!"), ("whitespace", "  ")]
        kind = next(name for name, start in kinds if is_one_piece(start + chr(value)))
        if not runs or runs[-1][1] != kind:
            runs.append([value, kind])
    return runs


def main():
    tokenizer = train()
    tokenizer.save(str(HERE / "tokenizer_golden.json"))
    source = random.Random(11)
    sequences = [[source.randrange(tokenizer.get_vocab_size()) for _ in range(12)] for _ in range(60)]
    sequences += [[source.randrange(4, 260) for _ in range(12)] for _ in range(60)]
    kinds = character_kinds(tokenizer)
    golden = {
        "made_with": f"tokenizers {tokenizers.__version__}",
        "training": TRAINING,
        "samples": [
            {"text": t, "pieces": pieces(tokenizer, t), "ids": tokenizer.encode(t).ids}
            for t in SAMPLES + random_texts(150)],
        "special_samples": [
            {"text": t, "pieces": [], "ids": tokenizer.encode(t).ids} for t in SPECIAL_SAMPLES],
        "sequences": [
            {
                "ids": s,
                "text": tokenizer.decode(s),
                "text_with_special": tokenizer.decode(s, skip_special_tokens=False),
            }
            for s in sequences],
        "kind_starts": [start for start, _ in kinds],
        "kind_letters": "".join(kind[0] for _, kind in kinds),
    }
    path = HERE / "tokenizer_golden_encodings.json"
    path.write_text(json.dumps(golden, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
