"""Random sentences with repeated words; pairs are compared as a multiset, order aside."""

NAMES = ("window_pairs",)


def inputs(rng):
    letters = list("가나다라마바")
    cases = [{"tokens": [letters[i] for i in rng.integers(0, 6, size=int(rng.integers(2, 12)))], "window": int(rng.integers(1, 6))}
             for _ in range(8)]
    return [*cases, {"tokens": [], "window": 2}, {"tokens": ["가", "나"], "window": 10}]


def call(namespace, case):
    return sorted([str(center), str(context)] for center, context in list(namespace["window_pairs"](case["tokens"], case["window"])))
