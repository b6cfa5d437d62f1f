"""Documents of very different lengths, with exact copies before and after the one that is asked for."""

import numpy as np

NAMES = ("most_similar",)


def inputs(rng):
    cases = []
    for documents, width, n in ((6, 3, 3), (12, 4, 11), (20, 8, 5), (15, 5, 10)):
        vectors = rng.normal(size=(documents, width)) * rng.uniform(0.2, 20, (documents, 1))
        asked = int(rng.integers(2, documents - 2))
        vectors[int(rng.integers(0, asked))] = 2 * vectors[asked]
        cases.append({"doc_emb": vectors.tolist(), "doc_idx": asked, "n": n})
    return cases


def call(namespace, case):
    return [int(i) for i in namespace["most_similar"](np.array(case["doc_emb"]), case["doc_idx"], case["n"])]
