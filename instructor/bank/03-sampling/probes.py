"""Counts with few large and many small ones; power and threshold vary. The two results are parts of their own."""

import numpy as np

NAMES = ("sampling",)
POINTS = {"가짜": 1, "부표집": 1}


def inputs(rng):
    cases = []
    for words, power, t in ((5, 0.75, 1e-2), (40, 0.75, 1e-3), (40, 0.5, 5e-3), (8, 1.0, 1e-1)):
        counts = np.sort((10_000 / np.arange(1, words + 1) ** rng.uniform(0.8, 1.4)).astype(int) + 1)[::-1]
        cases += [{"counts": counts.tolist(), "power": power, "t": t, "part": part} for part in POINTS]
    return cases


def call(namespace, case):
    noise, keep = namespace["sampling"](np.array(case["counts"]), case["power"], case["t"])
    return np.asarray(noise if case["part"] == "가짜" else keep, dtype=float).tolist()
