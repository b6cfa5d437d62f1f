"""Random sentences with repeated words; every weight is asked for, absent pairs count 0."""

NAMES = ("harmonic_counts",)


def inputs(rng):
    letters = list("가나다라")
    return [{"tokens": [letters[i] for i in rng.integers(0, 4, size=int(rng.integers(2, 14)))], "window": int(rng.integers(1, 6))}
            for _ in range(8)] + [{"tokens": ["가"], "window": 3}]


def call(namespace, case):
    weights = dict(namespace["harmonic_counts"](case["tokens"], case["window"]))
    words = sorted(set(case["tokens"]))
    return [[float(weights.get((a, b), 0.0)) for b in words] for a in words]
