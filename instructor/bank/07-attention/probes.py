"""Random queries, keys and values; one head and several; everything allowed, causal, and a mask with holes (every row sees itself)."""

import numpy as np

NAMES = ("attention",)
POINTS = {"all": 1, "masked": 2}


def inputs(rng):
    cases = []
    shapes = [(3, 4, 1, "all"), (5, 8, 2, "all"), (4, 12, 4, "all"), (4, 4, 1, "causal"), (5, 8, 2, "causal"), (6, 12, 3, "holes")]
    for tokens, width, heads, kind in shapes:
        allowed = np.ones((tokens, tokens), bool)
        if kind == "causal":
            allowed = np.tril(allowed)
        elif kind == "holes":
            allowed = (rng.random((tokens, tokens)) < 0.5) | np.eye(tokens, dtype=bool)
        case = {name: (3 * rng.normal(size=(tokens, width))).tolist() for name in "QKV"}
        cases.append(case | {"heads": heads, "allowed": allowed.tolist(), "part": "all" if kind == "all" else "masked"})
    return cases


def call(namespace, case):
    output, weights = namespace["attention"](*(np.array(case[name]) for name in "QKV"), case["heads"], np.array(case["allowed"]))
    return [np.asarray(output, float).tolist(), np.asarray(weights, float).tolist()]
