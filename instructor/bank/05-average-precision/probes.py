"""Rankings complete and cut off, with and without a hit."""

NAMES = ("average_precision",)


def inputs(rng):
    cases = [{"hits": [0, 0, 0], "n_relevant": 2}]
    for length, missing in ((1, 0), (5, 0), (10, 3), (20, 7), (30, 0)):
        hits = [int(x) for x in rng.random(length) < 0.4]
        hits[int(rng.integers(0, length))] = 1
        cases.append({"hits": hits, "n_relevant": sum(hits) + missing})
    return cases


def call(namespace, case):
    return float(namespace["average_precision"](case["hits"], case["n_relevant"]))
