"""The two loops of `glove` that Python is too slow for, compiled by numba; plain threads run them side by side."""

import numpy as np
from numba import njit


def _compiled(function, **options):
    # error_model="numpy": no test for division by zero in the innermost loop, which would keep it from using vector instructions.
    options |= {"nogil": True, "error_model": "numpy"}
    try:
        return njit(function, cache=True, **options)
    except RuntimeError:  # no folder in which the compiled code could be kept: compile in each session
        return njit(function, **options)


def arrange(starts, columns, values, place, size, blocks, x_max, alpha, seed):
    """Sort the cells of a matrix into square tiles of ``size`` words by ``size`` contexts, in random order within each tile.

    Parameters
    ----------
    starts, columns, values : (V + 1,) int64, (n,) int32, (n,) float64
        Compressed rows.
    place : (V,) int32
        Where each word stands now.

    Returns
    -------
    within : (n, 2) uint16
        Row and column within the tile.
    targets : (n, 2) float32
        log X and f(X).
    tiles : (blocks² + 1,) int64
        Tile ``t`` has the cells ``tiles[t]`` … ``tiles[t + 1] - 1``.
    """
    tiles = np.zeros(blocks * blocks + 1, np.int64)
    for row in range(starts.size - 1):
        for n in range(starts[row], starts[row + 1]):
            tiles[place[row] // size * blocks + place[columns[n]] // size + 1] += 1
    tiles = np.cumsum(tiles)
    free = tiles[:-1].copy()
    within = np.empty((values.size, 2), np.uint16)
    targets = np.empty((values.size, 2), np.float32)
    for row in range(starts.size - 1):
        for n in range(starts[row], starts[row + 1]):
            a, b = place[row], place[columns[n]]
            tile = a // size * blocks + b // size
            to = free[tile]
            free[tile] += 1
            within[to, 0], within[to, 1] = a % size, b % size
            targets[to, 0], targets[to, 1] = np.log(values[n]), min(1.0, (values[n] / x_max) ** alpha)
    state = np.uint64(seed)
    for tile in range(blocks * blocks):
        for last in range(tiles[tile + 1] - 1, tiles[tile], -1):  # Fisher–Yates
            state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)  # Knuth's MMIX generator
            other = tiles[tile] + np.int64((state >> np.uint64(33)) % np.uint64(last - tiles[tile] + 1))
            for c in range(2):
                within[last, c], within[other, c] = within[other, c], within[last, c]
                targets[last, c], targets[other, c] = targets[other, c], targets[last, c]
    return within, targets, tiles


def descend(within, targets, tiles, chosen, size, blocks, words, contexts, word_biases, context_biases, first_square, costs):
    """One step of AdaGrad for each cell of the chosen tiles.

    Parameters
    ----------
    within, targets, tiles
        See `arrange`.
    chosen : (m,) int64
        Numbers of tiles.
    words, contexts : (V, 2, D) float32
        Vectors, and the sums of their squared gradients beside them: one stretch of memory for each word.
    word_biases, context_biases : (V, 2) float32
        Biases, and the sums of their squared gradients.
    first_square : float32
        What a vector's sum of squared gradients starts from; a bias's starts from 1.
    costs : (blocks²,) float64
        Gets the sum of ½ f(X) error² of each chosen tile.
    """
    for tile in chosen:
        first_word, first_context = tile // blocks * size, tile % blocks * size
        total = 0.0
        for n in range(tiles[tile], tiles[tile + 1]):
            a, b = first_word + np.int64(within[n, 0]), first_context + np.int64(within[n, 1])
            product = np.float32(0)
            for k in range(words.shape[2]):
                product += words[a, 0, k] * contexts[b, 0, k]
            error = product + word_biases[a, 0] + context_biases[b, 0] - targets[n, 0]
            g = targets[n, 1] * error
            total += 0.5 * np.float64(g) * np.float64(error)
            for k in range(words.shape[2]):
                w, c = words[a, 0, k], contexts[b, 0, k]
                square_w, square_c = words[a, 1, k], contexts[b, 1, k]
                words[a, 0, k] = w - g * c / np.sqrt(first_square + square_w)
                contexts[b, 0, k] = c - g * w / np.sqrt(first_square + square_c)
                words[a, 1, k] = square_w + (g * c) * (g * c)
                contexts[b, 1, k] = square_c + (g * w) * (g * w)
            square = word_biases[a, 1]
            word_biases[a, 0] -= g / np.sqrt(np.float32(1) + square)
            word_biases[a, 1] = square + g * g
            square = context_biases[b, 1]
            context_biases[b, 0] -= g / np.sqrt(np.float32(1) + square)
            context_biases[b, 1] = square + g * g
        costs[tile] = total


arrange = _compiled(arrange)
descend = _compiled(descend, fastmath=True)
