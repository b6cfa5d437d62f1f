"""A unigram tokenizer with byte fallback: any text becomes tokens of the vocabulary, and comes back unchanged.

Unchanged means: composed (NFC), without one leading space, and with a space for the sign ▁ (U+2581).
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable

BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
SPECIAL = ["<pad>", "<s>", "</s>", "<unk>"]  # numbers 0-3: PAD, BEGIN, END, UNKNOWN of `model`
FORGED = r"<(?=(?:pad|/?s|unk|0x[0-9A-F]{2})>)"  # a text that spells a token's name: cut after the <, it stays text


def train_tokenizer(texts: Iterable[str], vocabulary: int):
    """Learn a vocabulary from texts (unigram language model, Kudo, 2018).

    Texts are composed (NFC); NFKC would break ㅋㅋ and ㅠㅠ. What the vocabulary lacks is spelt as UTF-8 bytes.

    Parameters
    ----------
    texts : iterable of str
    vocabulary : int
        Size with the 4 special tokens and the 256 bytes.

    Returns
    -------
    tokenizers.Tokenizer
    """
    import json

    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    if vocabulary <= len(SPECIAL) + len(BYTES) + 1:
        raise ValueError(f"어휘는 특수 토큰과 바이트 {len(SPECIAL) + len(BYTES)}개보다 커야 합니다: {vocabulary}.")
    texts = [unicodedata.normalize("NFC", text) for text in texts]
    characters = Counter(character for text in texts for character in text)
    room = vocabulary - len(SPECIAL) - len(BYTES)
    if len(characters) >= room:  # the trainer wants a place for each: half the places for the frequent ones, bytes for the others
        frequent = set(sorted(characters, key=lambda character: (-characters[character], character))[: room // 2])
        texts = ["".join(character if character in frequent else " " for character in text) for text in texts]
    words = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(), pre_tokenizers.Split(Regex(FORGED), "isolated")])
    learner = Tokenizer(models.Unigram())
    learner.normalizer = normalizers.NFC()
    learner.pre_tokenizer = words
    learner.train_from_iterator(texts, trainers.UnigramTrainer(vocab_size=room + 1, unk_token="<unk>",
                                                               special_tokens=["<unk>"], show_progress=False))
    pieces = [(piece, score) for piece, score in json.loads(learner.to_str())["model"]["vocab"] if piece != "<unk>"]
    lowest = min((score for _, score in pieces), default=0.0)
    # The trainer appends rare characters in an order of chance, each 0.0001 above the one before: one score for all, and numbers by spelling.
    rare = lowest + 1e-4 * (len(characters) + 1)
    pieces = sorted((piece, lowest if score <= rare else round(score, 6)) for piece, score in pieces)
    known = [(token, 0.0) for token in SPECIAL] + [(token, lowest - 10) for token in BYTES] + pieces
    tokenizer = Tokenizer(models.Unigram(known, unk_id=SPECIAL.index("<unk>"), byte_fallback=True))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = words
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()])
    return tokenizer
