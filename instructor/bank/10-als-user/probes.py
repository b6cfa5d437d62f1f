"""Users with many films, with fewer films than dimensions, with one, with none; several penalties."""

import numpy as np

NAMES = ("als_user",)


def inputs(rng):
    cases = [{"Q": rng.normal(size=(n, k)).tolist(), "e": rng.normal(size=n).tolist(), "penalty": penalty, "k": k}
             for n, k, penalty in ((12, 3, 2.0), (2, 4, 0.5), (1, 1, 1.0), (30, 5, 6.0))]
    return [*cases, {"Q": [], "e": [], "penalty": 0.7, "k": 3}]


def call(namespace, case):
    Q = np.array(case["Q"], dtype=float).reshape(-1, case["k"])
    return np.asarray(namespace["als_user"](Q, np.array(case["e"], dtype=float), case["penalty"]), dtype=float).ravel().tolist()
