"""defaultdict와 모든 두 자리로"""
from collections import defaultdict


def harmonic_counts(tokens, window):
    weights = defaultdict(float)
    for i, a in enumerate(tokens):
        for j, b in enumerate(tokens):
            if 0 < abs(i - j) <= window:
                weights[a, b] += 1.0 / abs(i - j)
    return weights
