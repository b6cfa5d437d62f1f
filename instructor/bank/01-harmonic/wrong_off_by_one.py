"""거리를 하나 크게 셈: 바로 옆이 1/2이 됩니다"""
def harmonic_counts(tokens, window):
    weights = Counter()
    for i in range(len(tokens)):
        for j in range(len(tokens)):
            if 0 < abs(i - j) <= window:
                weights[tokens[i], tokens[j]] += 1 / (abs(i - j) + 1)
    return weights
