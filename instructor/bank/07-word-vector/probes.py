"""Words of one piece and several, at the very beginning (where the special tokens' (0, 0) tempts), and pieces that reach beyond the word."""

import numpy as np

NAMES = ("word_vector",)
LAYOUTS = [
    ([(0, 0), (0, 1), (1, 3), (4, 6), (6, 7), (0, 0)], [(0, 2), (0, 1), (4, 6), (1, 3), (4, 7)]),
    ([(0, 0), (0, 2), (3, 5), (5, 6), (6, 8), (9, 10), (0, 0)], [(0, 1), (3, 6), (5, 8), (9, 10), (4, 7)]),
]


def inputs(rng):
    cases = []
    for offsets, spans in LAYOUTS:
        hidden = (rng.normal(size=(len(offsets), 4)) + 3 * np.arange(len(offsets))[:, None]).tolist()
        cases += [{"hidden": hidden, "offsets": offsets, "start": a, "end": b} for a, b in spans]
    return cases


def call(namespace, case):
    offsets = [tuple(pair) for pair in case["offsets"]]
    return np.asarray(namespace["word_vector"](np.array(case["hidden"]), offsets, case["start"], case["end"]), float).tolist()
