"""오른쪽 문맥만 더함"""
def harmonic_counts(tokens, window):
    weights = Counter()
    for i in range(len(tokens)):
        for d in range(1, window + 1):
            if i + d < len(tokens):
                weights[tokens[i], tokens[i + d]] += 1 / d
    return weights
