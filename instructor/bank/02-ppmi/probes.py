"""Random sparse tables, symmetric and not, with frequent words; the result must be sparse and without negative cells."""

import numpy as np
from scipy import sparse

NAMES = ("ppmi",)


def inputs(rng):
    cases = []
    for symmetric in (True, True, False, False):
        table = rng.integers(0, 12, size=(6, 6)) * (rng.random((6, 6)) < 0.6)
        table = table + table.T if symmetric else table
        table[0] += 1
        table[:, 0] += 1
        cases.append({"counts": table.tolist()})
    return cases


def call(namespace, case):
    result = namespace["ppmi"](sparse.csr_array(np.array(case["counts"], dtype=float)))
    return {"sparse": bool(sparse.issparse(result)), "stored": int(result.nnz) if sparse.issparse(result) else -1,
            "values": np.asarray(result.toarray() if sparse.issparse(result) else result, dtype=float).tolist()}
