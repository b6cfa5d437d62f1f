"""낱말마다 횟수를 세어 무게에 곱함"""
def mean_vector(tokens, table, idf, d):
    weights = {t: n * idf[t] for t, n in Counter(tokens).items() if t in table}
    if not weights:
        return np.zeros(d)
    return sum(weight * np.asarray(table[t]) for t, weight in weights.items()) / sum(weights.values())
