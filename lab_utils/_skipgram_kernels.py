"""The inner loops of word2vec with negative sampling, compiled by numba.

They release the interpreter's lock (``nogil``): plain Python threads train the same two matrices side by side without
locks (Hogwild; Recht et al., 2011). Each pair draws negative samples of its own, as in word2vec; sharing them among all
neighbours of a word (Ji et al., 2016) would be faster, but is another algorithm.
"""

import numpy as np
from numba import njit


def _compiled(function):
    # fastmath: sums may be reordered, so that 8 or 16 products are added at a time
    try:
        return njit(function, nogil=True, cache=True, fastmath=True)
    except RuntimeError:  # no folder in which the compiled code could be kept: compile in each session
        return njit(function, nogil=True, fastmath=True)


@_compiled
def alias_table(shares):
    """Two arrays from which a number is drawn with these shares in two steps (Walker, 1974; Vose, 1991).

    Pick a place uniformly; keep it with probability ``keep[place]``, else take ``other[place]``. It needs 8 bytes a word
    where word2vec's own table needs 400 MB and misses every cache.

    Parameters
    ----------
    shares : (V,) float64, sum 1

    Returns
    -------
    keep : (V,) float32
    other : (V,) int32
    """
    size = shares.size
    keep, other = np.ones(size, np.float32), np.arange(size).astype(np.int32)
    scaled = shares * size
    small, large = np.empty(size, np.int64), np.empty(size, np.int64)
    smalls = larges = 0
    for i in range(size):
        if scaled[i] < 1:
            small[smalls] = i
            smalls += 1
        else:
            large[larges] = i
            larges += 1
    while smalls and larges:
        smalls -= 1
        poor, rich = small[smalls], large[larges - 1]
        keep[poor], other[poor] = scaled[poor], rich
        scaled[rich] -= 1 - scaled[poor]  # what the poor one lacks comes from the rich one
        if scaled[rich] < 1:
            larges -= 1
            small[smalls] = rich
            smalls += 1
    return keep, other


@_compiled
def _next(state):
    """A step of splitmix64 (Steele, Lea & Flood, 2014): 64 random bits; ``state`` is (1,) uint64."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@_compiled
def _below(state, limit):
    """A random integer from 0 to limit - 1, from the upper 32 bits."""
    return np.int64(((_next(state) >> np.uint64(32)) * np.uint64(limit)) >> np.uint64(32))


@_compiled
def _uniform(state):
    return np.float32(_next(state) >> np.uint64(40)) * np.float32(2.0**-24)


@_compiled
def draw(state, keep, other):
    """A word number from the tables of `alias_table`."""
    bits = _next(state)
    place = np.int64(((bits >> np.uint64(32)) * np.uint64(keep.size)) >> np.uint64(32))
    coin = np.float32(bits & np.uint64(0xFFFFFF)) * np.float32(2.0**-24)
    return np.int64(place) if coin < keep[place] else np.int64(other[place])


@_compiled
def _push(inputs, row, out, sigmoids, limit, targets, rate, gradient):
    """One input vector against the right word ``targets[0]`` and the wrong ones after it.

    Moves the rows of ``out`` at once and leaves in ``gradient`` what the input vector is to be moved by.
    """
    size = inputs.shape[1]
    steps = np.float32(sigmoids.size / (2 * limit))
    for d in range(size):
        gradient[d] = 0
    for t in range(targets.size):
        target = targets[t]
        if t and target == targets[0]:  # the right word drawn as a wrong one: skipped, as in word2vec
            continue
        dot = np.float32(0)
        for d in range(size):
            dot += inputs[row, d] * out[target, d]
        label = np.float32(1) if t == 0 else np.float32(0)
        if dot >= limit:
            step = (label - np.float32(1)) * rate
        elif dot <= -limit:
            step = label * rate
        else:
            step = (label - sigmoids[np.int64((dot + limit) * steps)]) * rate
        for d in range(size):
            gradient[d] += step * out[target, d]
            out[target, d] += step * inputs[row, d]


@_compiled
def train(ids, offsets, first, last, keep_word, keep, other, window, negatives, sigmoids, limit, vectors, contexts,
          rate, total, before, seed, cbow):
    """Train on the sentences ``first`` … ``last - 1``, one after another.

    Parameters
    ----------
    ids : (N,) int32
    offsets : (S + 1,) int64
        Sentence ``s`` is ``ids[offsets[s]:offsets[s + 1]]``.
    keep_word : (V,) float32
        Probability with which a place of the corpus survives subsampling.
    keep, other : (V,) float32, (V,) int32
        See `alias_table`: how wrong words are drawn.
    sigmoids : (n,) float32
        The sigmoid at n points between -limit and limit.
    vectors, contexts : (V, d) float32
        Changed in place.
    rate, total, before : float, int, int
        The learning rate falls linearly from ``rate`` at word 0 to 0 at word ``total`` (never below a ten-thousandth);
        ``before`` words were read in earlier epochs.
    seed : int
    cbow : bool

    Returns
    -------
    int
        How many words survived subsampling.
    """
    size = vectors.shape[1]
    longest = 0
    for s in range(first, last):
        longest = max(longest, offsets[s + 1] - offsets[s])
    sentence = np.empty(longest, np.int64)
    targets = np.empty(negatives + 1, np.int64)
    gradient = np.empty(size, np.float32)
    mean = np.empty((1, size), np.float32)
    state = np.empty(1, np.uint64)
    state[0] = seed
    trained = 0
    for s in range(first, last):
        n = 0
        for place in range(offsets[s], offsets[s + 1]):
            if _uniform(state) < keep_word[ids[place]]:
                sentence[n] = ids[place]
                n += 1
        trained += n
        now = np.float32(rate * max(1 - (before + offsets[s]) / total, 1e-4))
        for i in range(n):
            targets[0] = sentence[i]
            reach = 1 + _below(state, window)  # near words more often: a window of 1, 2, … or `window`
            begin, end = max(0, i - reach), min(n, i + reach + 1)
            if not cbow:
                for j in range(begin, end):
                    if j != i:
                        word = sentence[j]
                        for t in range(1, negatives + 1):
                            targets[t] = draw(state, keep, other)
                        _push(vectors, word, contexts, sigmoids, limit, targets, now, gradient)
                        for d in range(size):
                            vectors[word, d] += gradient[d]
            elif end - begin > 1:
                share = np.float32(1 / (end - begin - 1))
                for t in range(1, negatives + 1):
                    targets[t] = draw(state, keep, other)
                for d in range(size):
                    mean[0, d] = 0
                for j in range(begin, end):
                    if j != i:
                        word = sentence[j]
                        for d in range(size):
                            mean[0, d] += share * vectors[word, d]
                _push(mean, 0, contexts, sigmoids, limit, targets, now, gradient)
                for j in range(begin, end):
                    if j != i:
                        word = sentence[j]
                        for d in range(size):
                            vectors[word, d] += gradient[d]
    return trained
