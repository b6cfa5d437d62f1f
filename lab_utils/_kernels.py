"""Loops that Python is too slow for, compiled by numba: reading words from bytes, and counting neighbours.

They hold no global state and release the interpreter's lock (``nogil``), so that plain Python threads run them side by side.
"""

import numpy as np
from numba import njit


def _compiled(function):
    try:
        return njit(function, nogil=True, cache=True)
    except RuntimeError:  # no folder in which the compiled code could be kept: compile in each session
        return njit(function, nogil=True)


@_compiled
def scan(block, word_end, line_end, learn, slots, hashes, counts, ends, pool, known):
    """Turn bytes into a stream of word numbers in which -1 ends a line; empty words are skipped.

    The words are in a hash table with open addressing: ``slots`` holds word number + 1 (0: free); word ``i`` has the hash
    ``hashes[i]``, was seen ``counts[i]`` times and has the bytes ``pool[ends[i]:ends[i + 1]]``. An unknown word is added
    if ``learn``, else left out.

    Returns
    -------
    stream : (n,) int32
    known : int
        Number of words in the table.
    """
    stream = np.empty(block.size, np.int32)
    n = 0
    mask = slots.size - 1
    start = 0
    code = np.uint64(14695981039346656037)  # FNV-1a
    for i in range(block.size):
        byte = block[i]
        if byte != word_end and byte != line_end:
            code = (code ^ np.uint64(byte)) * np.uint64(1099511628211)
            continue
        length = i - start
        if length:
            slot = np.int64(code ^ (code >> np.uint64(32))) & mask
            word = slots[slot] - 1
            while word >= 0:
                if hashes[word] == code and ends[word + 1] - ends[word] == length:
                    here = ends[word]
                    k = 0
                    while k < length and pool[here + k] == block[start + k]:
                        k += 1
                    if k == length:
                        break
                slot = (slot + 1) & mask
                word = slots[slot] - 1
            if word < 0 and learn:
                word = known
                slots[slot] = known + 1
                hashes[known] = code
                here = ends[known]
                for k in range(length):
                    pool[here + k] = block[start + k]
                ends[known + 1] = here + length
                known += 1
            if word >= 0:
                counts[word] += 1
                stream[n] = word
                n += 1
        if byte == line_end:
            stream[n] = -1
            n += 1
        start = i + 1
        code = np.uint64(14695981039346656037)
    return stream[:n].copy(), known


@_compiled
def rehash(slots, hashes, known):
    """Fill an empty table of ``slots`` with the first ``known`` words."""
    mask = slots.size - 1
    for word in range(known):
        code = hashes[word]
        slot = np.int64(code ^ (code >> np.uint64(32))) & mask
        while slots[slot]:
            slot = (slot + 1) & mask
        slots[slot] = word + 1


@_compiled
def split_lines(stream):
    """A stream in which -1 ends a line → (ids, offsets): line ``s`` is ``ids[offsets[s]:offsets[s + 1]]``."""
    ids = np.empty(stream.size, np.int32)
    offsets = np.zeros(stream.size + 1, np.int64)
    n = lines = 0
    for word in stream:
        if word < 0:
            lines += 1
            offsets[lines] = n
        else:
            ids[n] = word
            n += 1
    return ids[:n].copy(), offsets[:lines + 1].copy()


@_compiled
def join_lines(ids, offsets):
    """The opposite of `split_lines`."""
    stream = np.full(ids.size + offsets.size - 1, -1, np.int32)
    for line in range(offsets.size - 1):
        for k in range(offsets[line], offsets[line + 1]):
            stream[k + line] = ids[k]
    return stream


@_compiled
def pair_up(stream, first, last, window, size, weights, frequent, keys):
    """Look from each word at places ``first`` … ``last - 1`` to its right, up to the edge of the window or the end of line.

    A pair of two frequent words is added to a small square that stays in the processor's cache. Any other becomes a
    number, (smaller word · size + larger word) · kinds + kind of weight, to be sorted later: counting in a matrix of
    size² cells would wait for memory at every step.

    Parameters
    ----------
    stream : (n,) int32
        Word numbers; -1 ends a line.
    weights : (window,) float64, or (1,) if all distances weigh the same
    frequent : (m, m) float64
        Gets the pairs of words below m, in its upper triangle.
    keys : ((last - first) * window,) unsigned integer
        Gets the other pairs.

    Returns
    -------
    int
        How many keys there are.
    """
    common, kinds = frequent.shape[0], weights.size
    n = 0
    for place in range(first, last):
        word = stream[place]
        if word < 0:
            continue
        kind = 0
        for other in range(place + 1, min(place + 1 + window, stream.size)):
            neighbour = stream[other]
            if neighbour < 0:
                break
            low, high = min(word, neighbour), max(word, neighbour)
            if high < common:
                frequent[low, high] += weights[kind]
            else:
                keys[n] = (low * size + high) * kinds + kind
                n += 1
            if kinds > 1:
                kind += 1
    return n


@_compiled
def add_runs(keys, size, weights):
    """Sum the weights of equal pairs in sorted keys: the cells of a (size, size) matrix in compressed rows."""
    kinds = weights.size
    cells = 0
    for i in range(keys.size):
        if i == 0 or keys[i] // kinds != keys[i - 1] // kinds:
            cells += 1
    values = np.zeros(cells)
    columns = np.empty(cells, np.int32)
    starts = np.zeros(size + 1, np.int64)
    cell = -1
    previous = -1
    for key in keys:
        pair = np.int64(key) // kinds
        if pair != previous:
            cell += 1
            columns[cell] = pair % size
            starts[pair // size + 1] += 1
            previous = pair
        values[cell] += weights[np.int64(key) - pair * kinds]
    return values, columns, np.cumsum(starts)
