"""A unigram tokenizer with byte fallback: any text becomes tokens of the vocabulary, and comes back unchanged."""

from collections.abc import Iterable

BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
SPECIAL = ["<pad>", "<s>", "</s>", "<unk>"]  # numbers 0-3: PAD, BEGIN, END, UNKNOWN of `model`


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

    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    if vocabulary <= len(SPECIAL) + len(BYTES) + 1:
        raise ValueError(f"어휘는 특수 토큰과 바이트 {len(SPECIAL) + len(BYTES)}개보다 커야 합니다: {vocabulary}.")
    learner = Tokenizer(models.Unigram())
    learner.normalizer = normalizers.NFC()
    learner.pre_tokenizer = pre_tokenizers.Metaspace()
    learner.train_from_iterator(texts, trainers.UnigramTrainer(vocab_size=vocabulary - len(SPECIAL) - len(BYTES) + 1, unk_token="<unk>",
                                                               special_tokens=["<unk>"], show_progress=False))
    pieces = [(piece, score) for piece, score in json.loads(learner.to_str())["model"]["vocab"] if piece != "<unk>"]
    lowest = min((score for _, score in pieces), default=0.0)
    known = [(token, 0.0) for token in SPECIAL] + [(token, lowest - 10) for token in BYTES] + pieces
    tokenizer = Tokenizer(models.Unigram(known, unk_id=SPECIAL.index("<unk>"), byte_fallback=True))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()])
    return tokenizer
