"""모르는 낱말까지 분모에 넣음"""
def mean_vector(tokens, table, idf, d):
    total = sum((idf[t] * table[t] for t in tokens if t in table), np.zeros(d))
    weight = sum(idf.get(t, 1.0) for t in tokens)
    return total / weight if weight else total
