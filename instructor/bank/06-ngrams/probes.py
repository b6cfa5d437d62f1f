"""Words of one to eight letters, limits wider than the word, repeated letters."""

NAMES = ("ngrams",)


def inputs(rng):
    words = ["가", "먹다", "또또또", "고양이에게서는", *("".join(rng.choice(list("가나다라마"), int(rng.integers(1, 8)))) for _ in range(8))]
    limits = [(1, 3), (2, 2), (3, 6), (1, 12), (5, 5)]
    return [{"word": str(word), "low": low, "high": high} for word in words for low, high in limits]


def call(namespace, case):
    return list(namespace["ngrams"](case["word"], case["low"], case["high"]))
