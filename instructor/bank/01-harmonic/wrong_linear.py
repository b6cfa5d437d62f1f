"""1/거리가 아니라 (창 − 거리 + 1)/창으로 가중 (word2vec의 방식)"""
def harmonic_counts(tokens, window):
    weights = Counter()
    for i in range(len(tokens)):
        for j in range(len(tokens)):
            d = abs(i - j)
            if 0 < d <= window:
                weights[tokens[i], tokens[j]] += (window - d + 1) / window
    return weights
