"""더하지 않고 덮어씀: 마지막 거리만 남습니다"""
def harmonic_counts(tokens, window):
    weights = {}
    for i in range(len(tokens)):
        for j in range(len(tokens)):
            if 0 < abs(i - j) <= window:
                weights[tokens[i], tokens[j]] = 1 / abs(i - j)
    return weights
