"""보통 사전과 get으로"""
def harmonic_counts(tokens, window):
    weights = {}
    for i in range(len(tokens)):
        for j in range(max(0, i - window), min(len(tokens), i + window + 1)):
            if i != j:
                pair = (tokens[i], tokens[j])
                weights[pair] = weights.get(pair, 0) + 1 / abs(i - j)
    return weights
