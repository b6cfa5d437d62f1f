"""Random vectors of several lengths; answers are plain numbers."""

NAMES = ("cosine",)


def inputs(rng):
    return [{"u": rng.normal(size=n).tolist(), "v": rng.normal(size=n).tolist()} for n in (2, 3, 5, 20)] + [
        {"u": [1e6, 0.0], "v": [1e-6, 1e-6]}]


def call(namespace, case):
    return float(namespace["cosine"](case["u"], case["v"]))
