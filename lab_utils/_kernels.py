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
    ``hashes[i]``, was seen ``counts[i]`` times and has the bytes ``pool[ends[i]:ends[i + 1]]``. An unknown word is added if ``learn``, else left out.

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
def occurrences(stream, size, window):
    """Where each word occurs: word ``w`` at ``places[starts[w]:starts[w + 1]]`` of a stream with room at line ends.

    Each -1 becomes ``window`` times the number ``size``, which is no word, so that a window never reaches the next line.

    Returns
    -------
    spread : (m,) int32
    starts : (size + 1,) int64
    places : (n,) int32
    """
    starts = np.zeros(size + 1, np.int64)
    lines = 0
    for word in stream:
        if word >= 0:
            starts[word + 1] += 1
        else:
            lines += 1
    for word in range(size):
        starts[word + 1] += starts[word]
    spread = np.full(starts[size] + (lines + 2) * window, size, np.int32)
    places = np.empty(starts[size], np.int32)
    cursor = starts[:-1].copy()
    place = window
    for word in stream:
        if word < 0:
            place += window
        else:
            spread[place] = word
            places[cursor[word]] = place
            cursor[word] += 1
            place += 1
    return spread, starts, places


@_compiled
def count_rows(spread, starts, places, weights, first, last, room):
    """Rows ``first`` … ``last - 1`` of the word–word matrix, in compressed form (columns ascending).

    For each word, walk to every place where it occurs and add to each neighbour's cell the weight of its distance.

    Returns
    -------
    columns : (n,) int32
    values : (n,) float64
    lengths : (last - first,) int64
    """
    size = starts.size - 1
    row = np.zeros(size + 1)  # the last cell collects what lies beyond line ends
    columns = np.empty(room, np.int32)
    values = np.empty(room)
    lengths = np.empty(last - first, np.int64)
    n = 0
    for word in range(first, last):
        begin = n
        for k in range(starts[word], starts[word + 1]):
            place = places[k]
            for distance in range(1, weights.size + 1):
                row[spread[place - distance]] += weights[distance - 1]
                row[spread[place + distance]] += weights[distance - 1]
        for neighbour in range(size):
            if row[neighbour] != 0:
                columns[n] = neighbour
                values[n] = row[neighbour]
                row[neighbour] = 0
                n += 1
        lengths[word - first] = n - begin
    return columns[:n].copy(), values[:n].copy(), lengths
