"""How well texts come back: BLEU, and a summary of a model on held-out reviews."""

import math
from collections import Counter

import numpy as np


def bleu(references: list[list[str]], hypotheses: list[list[str]], longest: int = 4) -> float:
    """Corpus BLEU in percent with one reference each (Papineni et al., 2002): no smoothing, brevity penalty.

    Parameters
    ----------
    references, hypotheses : list of list of str
        Words of each text.
    """
    if len(references) != len(hypotheses):
        raise ValueError(f"글의 수가 다릅니다: {len(references)}와 {len(hypotheses)}.")
    right, total = np.zeros(longest), np.zeros(longest)
    for reference, hypothesis in zip(references, hypotheses, strict=True):
        for n in range(1, longest + 1):
            there = Counter(tuple(reference[i: i + n]) for i in range(len(reference) - n + 1))
            here = Counter(tuple(hypothesis[i: i + n]) for i in range(len(hypothesis) - n + 1))
            right[n - 1] += sum((here & there).values())
            total[n - 1] += sum(here.values())
    if not right.all():
        return 0.0
    expected, written = sum(map(len, references)), sum(map(len, hypotheses))
    return 100 * math.exp(min(0.0, 1 - expected / written) + np.log(right / total).mean())


def reconstruction(vae, texts: list[str]) -> dict[str, float]:
    """BLEU (of white-space words and of tokens), exact copies and token accuracy of greedy reconstructions."""
    back = vae.reconstruct(texts)
    pieces = [[str(i) for i in ids] for ids in vae.tokens(texts)], [[str(i) for i in ids] for ids in vae.tokens(back)]
    nats, accuracy = vae.log_likelihood(texts)
    lengths = np.array([len(ids) + 1 for ids in pieces[0]])
    return {
        "bleu_words": round(bleu([t.split() for t in texts], [t.split() for t in back]), 2),
        "bleu_tokens": round(bleu(*pieces), 2),
        "exact": round(float(np.mean([a == b for a, b in zip(texts, back, strict=True)])), 4),
        "token_accuracy": round(float((accuracy * lengths).sum() / lengths.sum()), 4),
        "nats_per_token": round(float(-nats.sum() / lengths.sum()), 4),
        "texts": len(texts),
    }
