"""가중하지 않고 횟수를 셈"""
def harmonic_counts(tokens, window):
    weights = Counter()
    for i in range(len(tokens)):
        for j in range(len(tokens)):
            if 0 < abs(i - j) <= window:
                weights[tokens[i], tokens[j]] += 1
    return weights
